/* SPDX-License-Identifier: MIT */
/* Pairing the repeats of a flag run with those of an earlier one. */
#ifndef NDUP__FLAG_FLAG_KNOWN_H
#define NDUP__FLAG_FLAG_KNOWN_H

#include "neardup/flag.h"

/* Threads: single-owner. Memory: 8 bytes a finding of the baseline, 9 a repeat that is not known.
 */
typedef struct ndup__flag_known {
    const ndup_allocator *allocator;
    const ndup_baseline *baseline; /* NULL: there is none, and nothing happens */
    uint32_t *taken_of_text;       /* [findings] at the first of a text: how many of it are taken */
    uint32_t *taken_here;          /* [findings] at the first of a text and id: the same */
    uint64_t *waiting; /* [waiting_count] hashes of the passages that are not known so far */
    size_t waiting_count;
    size_t waiting_capacity;
    bool *moved; /* [waiting_count] after the end: known after all */
    uint64_t count;
} ndup__flag_known;

/* To be deinitialised even after a failure. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__flag_known_init(ndup__flag_known *known,
                                                 const ndup_baseline *baseline,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);
void ndup__flag_known_deinit(ndup__flag_known *known);

/* Sets `known` of the repeats of the next document: those of which a finding is left about the same
 * passage of the same document. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__flag_known_mark(ndup__flag_known *known,
                                                 const ndup_document *document,
                                                 ndup_repeat *repeats, size_t count,
                                                 ndup_error *error);

/* After the last document: fills `moved`, for repeats of which a finding is left about the same
 * passage of any document. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__flag_known_end(ndup__flag_known *known, ndup_error *error);

#endif
