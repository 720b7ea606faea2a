/* SPDX-License-Identifier: MIT */
/* Label files in memory. */
#ifndef NDUP__EVAL_GOLD_H
#define NDUP__EVAL_GOLD_H

#include <stdbool.h>

#include "base/arena.h"
#include "neardup/eval.h"

/* What a labelled pair counts as. */
typedef enum ndup__gold_class {
    NDUP__GOLD_NEGATIVE,
    NDUP__GOLD_POSITIVE,
    NDUP__GOLD_IGNORED
} ndup__gold_class;

/* One line: two ids and what the pair counts as, or an id and its cluster. */
typedef struct ndup__gold_row {
    ndup_text a;
    ndup_text b;     /* the second id, or the cluster */
    ndup_text level; /* as written; empty where there is none */
    ndup__gold_class counts_as;
} ndup__gold_row;

struct ndup_gold {
    const ndup_allocator *allocator;
    bool is_clusters;
    char *bytes; /* the file; the rows point into it */
    size_t length;
    size_t capacity;
    ndup__gold_row *rows; /* pairs: each pair once, the last line about it counts */
    size_t count;
    size_t row_capacity;
};

#endif
