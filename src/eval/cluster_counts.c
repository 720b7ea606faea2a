/* SPDX-License-Identifier: MIT */
/* Documents sorted by label, then by prediction, fall into cells: those with both alike. */
#include "eval/cluster_counts.h"

#include <stdbool.h>
#include <stdlib.h>

double ndup__ratio(double part, double whole, double otherwise)
{
    return whole > 0 ? part / whole : otherwise;
}

double ndup__f1(double precision, double recall)
{
    return ndup__ratio(2 * precision * recall, precision + recall, 0);
}

void ndup__measure_pairs(ndup_pair_measures *measures)
{
    double right = (double)measures->true_positives;
    measures->precision = ndup__ratio(right, right + (double)measures->false_positives, 1);
    measures->recall = ndup__ratio(right, (double)measures->gold_positives, 1);
    measures->f1 = ndup__f1(measures->precision, measures->recall);
}

static int by_gold(const void *left, const void *right)
{
    const ndup__labelled *x = left;
    const ndup__labelled *y = right;
    if (x->gold != y->gold) {
        return x->gold < y->gold ? -1 : 1;
    }
    return (x->predicted > y->predicted) - (x->predicted < y->predicted);
}

static int by_prediction(const void *left, const void *right)
{
    const ndup__labelled *x = left;
    const ndup__labelled *y = right;
    if (x->predicted != y->predicted) {
        return x->predicted < y->predicted ? -1 : 1;
    }
    return (x->gold > y->gold) - (x->gold < y->gold);
}

static double pairs_of(double n)
{
    return n * (n - 1) / 2;
}

/* Sums over the groups of one side. */
typedef struct group_sums {
    double pairs;  /* pairs inside groups */
    double shared; /* pairs inside cells: same group on both sides */
    double b3;     /* sum over cells of size * size / group size */
} group_sums;

static group_sums sum_groups(const ndup__labelled *items, size_t count, bool gold_side)
{
    group_sums sums = {0};
    for (size_t begin = 0; begin < count;) {
        size_t end = begin;
        double squares = 0;
        while (end < count && (gold_side ? items[end].gold == items[begin].gold
                                         : items[end].predicted == items[begin].predicted)) {
            size_t cell = end;
            while (cell < count && items[cell].gold == items[end].gold &&
                   items[cell].predicted == items[end].predicted) {
                cell++;
            }
            double size = (double)(cell - end);
            sums.shared += pairs_of(size);
            squares += size * size;
            end = cell;
        }
        sums.pairs += pairs_of((double)(end - begin));
        sums.b3 += squares / (double)(end - begin);
        begin = end;
    }
    return sums;
}

void ndup__measure_clusters(ndup_cluster_measures *measures, ndup__labelled *items, size_t count)
{
    if (count > 1) {
        qsort(items, count, sizeof *items, by_gold);
    }
    group_sums gold = sum_groups(items, count, true);
    if (count > 1) {
        qsort(items, count, sizeof *items, by_prediction);
    }
    group_sums predicted = sum_groups(items, count, false);
    double n = (double)count;
    double expected = ndup__ratio(gold.pairs * predicted.pairs, pairs_of(n), 0);
    double mean = (gold.pairs + predicted.pairs) / 2;
    measures->adjusted_rand =
        mean > expected || mean < expected ? (gold.shared - expected) / (mean - expected) : 1;
    measures->pair_precision = ndup__ratio(gold.shared, predicted.pairs, 1);
    measures->pair_recall = ndup__ratio(gold.shared, gold.pairs, 1);
    measures->pair_f1 = ndup__f1(measures->pair_precision, measures->pair_recall);
    measures->b3_precision = ndup__ratio(predicted.b3, n, 1);
    measures->b3_recall = ndup__ratio(gold.b3, n, 1);
    measures->b3_f1 = ndup__f1(measures->b3_precision, measures->b3_recall);
}
