/* SPDX-License-Identifier: MIT */
/* Reading the duplicates of an earlier run. */
#ifndef NDUP__PLAN_BASELINE_READ_H
#define NDUP__PLAN_BASELINE_READ_H

#include <stdbool.h>

#include "neardup/baseline.h"

/* A document that was dropped. */
typedef struct ndup__finding {
    uint64_t id_hash; /* ndup__id_hash */
    uint64_t text_hash;
} ndup__finding;

struct ndup_baseline {
    const ndup_allocator *allocator;
    ndup__finding *findings; /* [count] by text_hash, then by id_hash */
    size_t count;
    size_t capacity;
    bool is_plan; /* of dedup: holds documents, not passages */
};

/* Fills the findings of an empty baseline from a plan or a SARIF file. */
NDUP_NODISCARD ndup_status ndup__baseline_read(ndup_baseline *baseline, const char *path,
                                               ndup_error *error);

#endif
