/* SPDX-License-Identifier: MIT */
/* Comparing the numbers of two texts with the rest of their words. */
#include "similarity/figures.h"

#include <stdlib.h>

#include "neardup/preset.h"
#include "similarity/jaccard.h"

bool ndup__figures_are_dense(size_t number_count, size_t token_count)
{
    return number_count > 0 && (double)number_count >= NDUP_NUMBER_SHARE * (double)token_count;
}

double ndup__figures_agreement(const ndup__figures *a, const ndup__figures *b)
{
    if (!ndup__figures_are_dense(a->number_count, a->token_count) ||
        !ndup__figures_are_dense(b->number_count, b->token_count)) {
        return 1;
    }
    size_t numbers =
        ndup__multiset_intersection(a->numbers, a->number_count, b->numbers, b->number_count);
    size_t tokens =
        ndup__multiset_intersection(a->tokens, a->token_count, b->tokens, b->token_count);
    size_t number_changes = a->number_count + b->number_count - 2 * numbers;
    size_t changes = a->token_count + b->token_count - 2 * tokens;
    if (changes > 2 * number_changes) {
        return 1;
    }
    return ndup__jaccard(numbers, a->number_count, b->number_count);
}

static int ascending(const void *left, const void *right)
{
    const uint64_t *x = left;
    const uint64_t *y = right;
    return (*x > *y) - (*x < *y);
}

void ndup__figures_sort(uint64_t *hashes, size_t count)
{
    if (count > 1) {
        qsort(hashes, count, sizeof *hashes, ascending);
    }
}
