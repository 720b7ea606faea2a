/* SPDX-License-Identifier: MIT */
/* The vectors of all texts, one behind the other: the first in memory, the rest in temporary files
 * that are mapped, so that those of texts long past need no memory. */
#ifndef NDUP__STORY_VECTOR_STORE_H
#define NDUP__STORY_VECTOR_STORE_H

#include "spill/column.h"
#include "story/term_vector.h"

/* Bytes in memory before a file is made. */
#define NDUP__VECTORS_HELD ((uint64_t)64 << 20)

/* Zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__vector_store {
    const ndup_allocator *allocator;
    const char *folder;    /* of the temporary files; NULL: TMPDIR or /tmp */
    ndup__column *columns; /* [count] each as large as all before it, to a limit */
    size_t count, capacity;
    uint64_t used;  /* bytes of the last column */
    uint64_t total; /* bytes of all columns */
} ndup__vector_store;

/* Copies a vector to where it stays, and lets it show there; the terms that it had are freed.
 * Errors: MEMORY; those of making a temporary file; then the vector is as it was. */
NDUP_NODISCARD ndup_status ndup__vectors_keep(ndup__vector_store *store, ndup__term_vector *vector,
                                              ndup_error *error);

/* Says that vectors before this one of the store will hardly be asked for: those in files give up
 * the memory they have, until they are. */
void ndup__vectors_let_go(const ndup__vector_store *store, const ndup__term_vector *vector);

void ndup__vectors_deinit(ndup__vector_store *store);

#endif
