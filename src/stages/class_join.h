/* SPDX-License-Identifier: MIT */
/* The classes of all parts of a set, each once: by their hashes, as a table joins them. */
#ifndef NDUP__STAGES_CLASS_JOIN_H
#define NDUP__STAGES_CLASS_JOIN_H

#include "stages/part_set.h"

/* Classes are numbered in the order in which they are met. Threads: immutable once made. */
typedef struct ndup__class_join {
    const ndup__part_set *set;
    const ndup_allocator *allocator;
    uint64_t *starts;  /* [parts + 1] of each part's classes among those of all parts */
    uint32_t *numbers; /* [starts[parts]] number of each of these */
    uint32_t *firsts;  /* [count] lowest document */
    size_t count;
    size_t capacity; /* of firsts */
} ndup__class_join;

/* Errors: MEMORY; LIMIT for more documents than a table can hold. */
NDUP_NODISCARD ndup_status ndup__class_join_make(ndup__class_join *join, const ndup__part_set *set,
                                                 ndup_error *error);
void ndup__class_join_free(ndup__class_join *join);

#endif
