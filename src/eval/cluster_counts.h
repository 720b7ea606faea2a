/* SPDX-License-Identifier: MIT */
/* Measures of groups against labels, from documents with the numbers of both. */
#ifndef NDUP__EVAL_CLUSTER_COUNTS_H
#define NDUP__EVAL_CLUSTER_COUNTS_H

#include "neardup/eval.h"

/* A labelled document: its label and its predicted group, as numbers. */
typedef struct ndup__labelled {
    uint64_t gold;
    uint64_t predicted;
} ndup__labelled;

/* part / whole, or `otherwise` where whole is 0. */
double ndup__ratio(double part, double whole, double otherwise);
/* Harmonic mean. */
double ndup__f1(double precision, double recall);

/* Fills all measures but the threshold. Reorders items[count]. */
void ndup__measure_clusters(ndup_cluster_measures *measures, ndup__labelled *items, size_t count);

/* Fills precision, recall and F1 from the counts. */
void ndup__measure_pairs(ndup_pair_measures *measures);

#endif
