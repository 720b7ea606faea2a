/* SPDX-License-Identifier: MIT */
/* Decoding parts of a compressed input on threads of its own, ahead of the reader. */
#ifndef NDUP__CODEC_AHEAD_H
#define NDUP__CODEC_AHEAD_H

#include <stdbool.h>

#include "codec/codec.h"
#include "codec/frame_points.h"

/* A queue of parts: runs of whole zstd frames, which need nothing of each other. They are decoded
 * by helper threads, and by the reader itself when it would have to wait, and handed out in their
 * order. Memory: for each helper and the reader a part, and at most NDUP__AHEAD_BYTES decoded; what
 * decodes to more, or is damaged, is decoded step by step when it is read. Threads: single-owner.
 */
typedef struct ndup__ahead ndup__ahead;

#define NDUP__AHEAD_BYTES ((size_t)16 << 20)

/* Starts `helpers` (>= 1) threads. Where decoding can begin is listed in `points` as it is read;
 * NULL: it is not. Errors: MEMORY, LIMIT when there can be no more threads. */
NDUP_NODISCARD ndup_status ndup__ahead_open(ndup__ahead **ahead, const ndup__codec *codec,
                                            unsigned helpers, ndup__frame_points *points,
                                            const ndup_allocator *allocator, ndup_error *error);
void ndup__ahead_close(ndup__ahead *ahead);

/* Whether another part can be added. */
bool ndup__ahead_has_room(const ndup__ahead *ahead);

/* Whether everything that was added has been read. */
bool ndup__ahead_is_empty(const ndup__ahead *ahead);

/* Bytes that were added and are not used up. */
size_t ndup__ahead_pending(const ndup__ahead *ahead);

/* Adds a copy of a part; there must be room. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__ahead_add(ndup__ahead *ahead, const unsigned char *bytes,
                                           size_t length, ndup_error *error);

/* Moves decoded bytes of the first part to buffer[0..capacity); *got may be 0 at a part's end. Must
 * not be empty. Errors: CORRUPT and MEMORY, as a codec's decode gives them with *problem, or in
 * `error` when *problem is NULL. */
NDUP_NODISCARD ndup_status ndup__ahead_read(ndup__ahead *ahead, unsigned char *buffer,
                                            size_t capacity, size_t *got, const char **problem,
                                            ndup_error *error);

#endif
