/* SPDX-License-Identifier: MIT */
/* The best pair is looked for anew after every join: items are few. */
#include "story/average_link.h"

#include <stdbool.h>

typedef struct best_pair {
    size_t a, b;
    double mean;
} best_pair;

static bool find_best(best_pair *best, const ndup__linkage *linkage, double bar)
{
    bool any = false;
    best->mean = bar;
    for (size_t i = 0; i < linkage->count; i++) {
        for (size_t k = i + 1; linkage->part[i] == i && k < linkage->count; k++) {
            double mean = linkage->sums[i][k] / (linkage->sizes[i] * linkage->sizes[k]);
            if (linkage->part[k] == k && (any ? mean > best->mean : mean >= best->mean)) {
                *best = (best_pair){i, k, mean};
                any = true;
            }
        }
    }
    return any;
}

static void join(ndup__linkage *linkage, size_t a, size_t b)
{
    for (size_t i = 0; i < linkage->count; i++) {
        linkage->sums[a][i] += linkage->sums[b][i];
        linkage->sums[i][a] = linkage->sums[a][i];
        linkage->part[i] = linkage->part[i] == b ? a : linkage->part[i];
    }
    linkage->sizes[a] += linkage->sizes[b];
}

void ndup__average_link(ndup__linkage *linkage, double bar)
{
    best_pair best;
    for (size_t i = 0; i < linkage->count; i++) {
        linkage->part[i] = i;
    }
    while (find_best(&best, linkage, bar)) {
        join(linkage, best.a, best.b);
    }
}
