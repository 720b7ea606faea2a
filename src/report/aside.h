/* SPDX-License-Identifier: MIT */
/* JSON that is put aside in a temporary file, to be written later and in another order. */
#ifndef NDUP__REPORT_ASIDE_H
#define NDUP__REPORT_ASIDE_H

#include "report/out.h"

/* A piece that was put aside, and in it, behind what a page shows at once, what is folded away. */
typedef struct ndup__aside_piece {
    uint64_t place;
    size_t bytes; /* of what is shown at once */
    size_t all_bytes;
} ndup__aside_piece;

/* Threads: single-owner. Memory: a buffer. */
typedef struct ndup__aside {
    ndup__out out;  /* pieces are written here */
    int descriptor; /* -1 = none */
    uint64_t stored;
} ndup__aside;

/* `folder` holds the temporary file, which has no name; NULL = TMPDIR or /tmp. To be deinitialised
 * even after a failure. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__aside_init(ndup__aside *aside, const char *folder,
                                            const ndup_allocator *allocator, ndup_error *error);
void ndup__aside_deinit(ndup__aside *aside);

/* Begins a piece, and says where. */
uint64_t ndup__aside_begin(ndup__aside *aside);

/* Ends a piece, and gives its length. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__aside_end(size_t *bytes, ndup__aside *aside, uint64_t begin,
                                           ndup_error *error);

/* After the last piece, before the first is copied. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__aside_complete(ndup__aside *aside, ndup_error *error);

/* Writes what a piece shows at once, or what is folded away in it. Errors: IO, MEMORY, those of
 * `out`. */
NDUP_NODISCARD ndup_status ndup__aside_copy_half(ndup__out *out, const ndup__aside *aside,
                                                 const ndup__aside_piece *piece, bool of_folded,
                                                 ndup_error *error);

/* Writes a piece. Errors: IO, MEMORY, those of `out`. */
NDUP_NODISCARD ndup_status ndup__aside_copy(ndup__out *out, const ndup__aside *aside,
                                            uint64_t begin, size_t bytes, ndup_error *error);

#endif
