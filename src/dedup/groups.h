/* SPDX-License-Identifier: MIT */
/* Who survives: the groups of a run and the verified pairs they rest on. */
#ifndef NDUP__DEDUP_GROUPS_H
#define NDUP__DEDUP_GROUPS_H

#include "dedup/verify.h"

/* A verified pair of classes, a before b in keep order. */
typedef struct ndup__class_pair {
    uint32_t a;
    uint32_t b;
    double similarity;
    double containment_a; /* of a in b */
    double containment_b;
    bool is_form;
    bool is_contained; /* b in a, as the rule asks */
} ndup__class_pair;

typedef struct ndup__class_pairs {
    const ndup_allocator *allocator;
    ndup__class_pair *items;
    size_t count;
    size_t capacity;
} ndup__class_pairs;

NDUP_NODISCARD ndup_status ndup__class_pairs_add(ndup__class_pairs *pairs,
                                                 const ndup__class_pair *pair, ndup_error *error);
/* Adds all pairs of another list. */
NDUP_NODISCARD ndup_status ndup__class_pairs_append(ndup__class_pairs *pairs,
                                                    const ndup__class_pairs *others,
                                                    ndup_error *error);
/* In keep order of a, then of b. */
void ndup__class_pairs_sort(ndup__class_pairs *pairs, const ndup__table *table);
void ndup__class_pairs_deinit(ndup__class_pairs *pairs);

/* The decision about every class: survivors[c] is c when it is kept, else the kept class it was
 * compared with, and matches[match_of[c]] says how. */
typedef struct ndup__groups {
    const ndup_allocator *allocator;
    size_t class_count;
    uint32_t *survivors; /* [class_count] */
    uint32_t *match_of;  /* [class_count] with the survivor, of kept classes with one of the same
                            form; NDUP__NO_CLASS: there is none */
    ndup__match *matches;
    size_t match_count;
    size_t match_capacity;
} ndup__groups;

NDUP_NODISCARD ndup_status ndup__groups_init(ndup__groups *groups, size_t class_count,
                                             const ndup_allocator *allocator,
                                             const ndup__breath *breath, ndup_error *error);
void ndup__groups_deinit(ndup__groups *groups);
NDUP_NODISCARD ndup_status ndup__groups_drop(ndup__groups *groups, uint32_t class_number,
                                             const ndup__match *match, ndup_error *error);

/* Notes that a class which stays fills the form of another that does. */
NDUP_NODISCARD ndup_status ndup__groups_note_form(ndup__groups *groups, uint32_t class_number,
                                                  const ndup__match *match, ndup_error *error);

/* The match of a kept class with one of the same form, or NULL. */
const ndup__match *ndup__groups_form(const ndup__groups *groups, uint32_t class_number);

struct ndup__containers;
struct ndup__journal;

/* Everything that judging needs beside the run. Threads: single-owner. */
typedef struct ndup__judge {
    ndup__run *run;
    ndup__rows rows;
    ndup__buckets buckets;
    ndup__sets *sets;
    ndup__odd_sketches odd;
    ndup__frequencies frequencies;
    ndup__verifier *verifiers;           /* [workers] */
    struct ndup__containers *containers; /* NULL where the rule asks for none */
    struct ndup__journal *journal;       /* of leaders; NULL: nobody keeps one */
} ndup__judge;

/* Buckets the sketches (not with options.exact) and makes the verifiers. */
NDUP_NODISCARD ndup_status ndup__judge_init(ndup__judge *judge, ndup__run *run, ndup_error *error);
void ndup__judge_deinit(ndup__judge *judge);

/* Adds what was compared so far to the summary. */
void ndup__judge_count(const ndup__judge *judge);

/* The greedy leader rule over the candidates that the bands propose (DESIGN: promise 2). The same
 * for any number of workers. */
NDUP_NODISCARD ndup_status ndup__judge_leaders(ndup__judge *judge, ndup__groups *groups,
                                               ndup_error *error);

/* All pairs that verify, of those that the bands propose and, where the rule asks for containment,
 * those that share grams. */
NDUP_NODISCARD ndup_status ndup__judge_pairs(ndup__judge *judge, ndup__class_pairs *pairs,
                                             ndup_error *error);

/* All pairs at or above the threshold, by an exact join. */
NDUP_NODISCARD ndup_status ndup__judge_exact_pairs(ndup__judge *judge, ndup__class_pairs *pairs,
                                                   ndup_error *error);

/* The greedy leader rule over given sorted pairs; of several survivors the most similar is named.
 */
NDUP_NODISCARD ndup_status ndup__leaders_of_pairs(ndup__groups *groups, ndup__judge *judge,
                                                  const ndup__class_pairs *pairs,
                                                  ndup_error *error);

/* Connected components of given sorted pairs; similarities to the survivor are computed exactly. */
NDUP_NODISCARD ndup_status ndup__components_of_pairs(ndup__groups *groups, ndup__judge *judge,
                                                     const ndup__class_pairs *pairs,
                                                     ndup_error *error);

/* Whether a document that may never be dropped has this class. */
bool ndup__table_is_protected(const ndup__table *table, uint32_t class_number);

#endif
