/* SPDX-License-Identifier: MIT */
/* The titles of a run's documents, for outputs that show them beside ids. */
#ifndef NDUP__DEDUP_TITLES_H
#define NDUP__DEDUP_TITLES_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* Longer titles are cut, at a character. */
#define NDUP__TITLE_BYTES 200

/* Zero-initialise and set the allocator. Memory: 8 bytes a document up to the last one that has a
 * title, and the titles. Threads: single-owner while it is filled, then immutable. */
typedef struct ndup__titles {
    const ndup_allocator *allocator;
    uint64_t *ends; /* [count] of each title in bytes */
    size_t count;
    size_t empty; /* documents behind those, none of which has a title */
    size_t capacity;
    char *bytes;
    size_t byte_capacity;
} ndup__titles;

/* Appends the title of the next document. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__titles_add(ndup__titles *titles, ndup_text title,
                                            ndup_error *error);

/* Empty where none was added. */
ndup_text ndup__titles_get(const ndup__titles *titles, size_t document);

void ndup__titles_deinit(ndup__titles *titles);

#endif
