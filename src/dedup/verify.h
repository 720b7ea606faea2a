/* SPDX-License-Identifier: MIT */
/* From buckets to verified pairs: gathering candidates, sifting them by sketch, comparing them
 * exactly. */
#ifndef NDUP__DEDUP_VERIFY_H
#define NDUP__DEDUP_VERIFY_H

#include "dedup/journal.h"
#include "dedup/matcher.h"
#include "dedup/odd_sketches.h"
#include "dedup/run.h"
#include "dedup/sets.h"
#include "lsh/leaders.h"
#include "similarity/spans.h"

/* Share of pairs at the threshold that sifting by sketch may lose; the second, where the document's
 * buckets are so full of look-alikes that one was split, which loses more. */
#define NDUP__SIFT_LOSS 0.0005
#define NDUP__SIFT_LOSS_SPLIT 0.01

/* A document with more candidates is in a crowd: odd sketches tell most of them apart. */
#define NDUP__CROWD 8

/* What comparisons may cost a document that find no near-duplicate; then its other candidates,
 * which its sketch makes less like it, are left. One with a text that is unlike it costs more than
 * one with the same form of other figures, of which there may be many before its own copy. */
#define NDUP__VAIN_MOST 64
#define NDUP__VAIN_UNLIKE 4
#define NDUP__VAIN_FORM 1

/* Two classes that were compared exactly; match.other is the second. */
typedef struct ndup__comparison {
    ndup__match match;
    bool similar;
} ndup__comparison;

typedef struct ndup__candidate {
    uint32_t class_number;
    uint32_t rank;
    uint16_t chosen;    /* slots that agree since the two share a bucket */
    uint16_t agreement; /* slots that agree of all */
} ndup__candidate;

/* Work space and counts of one worker. Threads: single-owner. */
typedef struct ndup__verifier {
    const ndup__run *run;
    const ndup__rows *rows;
    ndup__sets *sets;
    ndup__odd_sketches *odd; /* of classes in split buckets */
    ndup__matcher matcher;
    ndup__stopwatch *watch;       /* laps CANDIDATES and VERIFY; started by the caller */
    const ndup__set *held;        /* pinned set of the class asked about last */
    uint16_t *agreement_least;    /* [2][slots + 1] whether buckets are split; `chosen`.
 0: not reckoned yet */
    ndup__set_reader held_reader; /* of held sets */
    ndup__set_reader reader;      /* of those they are compared with */
    uint8_t *seen;                /* bit per class: among the candidates already */
    ndup__candidate *candidates;
    size_t candidate_count;
    size_t candidate_capacity;
    ndup_status gather_status;
    bool is_capped;    /* since it was cleared, candidates were left out */
    bool is_crowded;   /* the class asked about has split buckets, or many candidates */
    size_t gathered;   /* candidates before sifting, of the class asked about */
    unsigned in_vain;  /* cost of comparisons of the candidates gathered last that found no
                          near-duplicate */
    uint64_t proposed; /* candidates before sifting, of all classes */
    uint64_t verified;
    uint64_t similar;
    uint64_t crowded; /* documents */
    uint64_t capped;  /* documents */
    uint64_t histogram[101];
} ndup__verifier;

NDUP_NODISCARD ndup_status ndup__verifier_init(ndup__verifier *verifier, const ndup__run *run,
                                               const ndup__rows *rows, ndup__sets *sets,
                                               ndup__odd_sketches *odd,
                                               const ndup__frequencies *frequencies,
                                               ndup_error *error);
void ndup__verifier_deinit(ndup__verifier *verifier);

/* Gathers the leaders with rank in [since, before) that share a bucket with the class and pass the
 * sift, best agreement first, then by rank. */
NDUP_NODISCARD ndup_status ndup__verifier_gather(ndup__verifier *verifier,
                                                 const ndup__leaders *leaders,
                                                 uint32_t class_number, uint32_t since,
                                                 uint32_t before, ndup_error *error);

/* Whether two classes are worth comparing: of a crowd, most are not. */
NDUP_NODISCARD ndup_status ndup__verifier_may_match(ndup__verifier *verifier, bool *may,
                                                    uint32_t class_number, uint32_t other,
                                                    ndup_error *error);

/* Compares two classes exactly and counts nothing: who compares in advance may not need it. */
NDUP_NODISCARD ndup_status ndup__verifier_try(ndup__verifier *verifier, ndup__comparison *made,
                                              uint32_t class_number, uint32_t other,
                                              ndup_error *error);

/* Counts a comparison that was needed. */
void ndup__verifier_tally(ndup__verifier *verifier, const ndup__comparison *made);

/* What a comparison takes of NDUP__VAIN_MOST. */
unsigned ndup__cost_in_vain(const ndup__comparison *made);

/* All of these for two classes. *similar: whether they are near-duplicates under the run's
 * matching; forms are, where the run drops them. Similarities below 0.9 of the threshold may be
 * left at 0. With options.spans, similar pairs get their longest shared run. */
NDUP_NODISCARD ndup_status ndup__verifier_compare(ndup__verifier *verifier, ndup__match *match,
                                                  bool *similar, uint32_t class_number,
                                                  uint32_t other, ndup_error *error);

/* Whether the run's share of the shingles of a class stands in another, which has no fewer.
 * *contained is false for two that fill one form, unless the run drops them. Containments below
 * that may be left at 0. Otherwise as ndup__verifier_compare. */
NDUP_NODISCARD ndup_status ndup__verifier_contain(ndup__verifier *verifier, ndup__match *match,
                                                  bool *contained, uint32_t class_number,
                                                  uint32_t other, ndup_error *error);

/* Measures a pair that is known to belong together: the figures are exact whatever they are. */
NDUP_NODISCARD ndup_status ndup__verifier_measure(ndup__verifier *verifier, ndup__match *match,
                                                  uint32_t class_number, uint32_t other,
                                                  ndup_error *error);

/* Adds the counts to the run's summary. */
void ndup__verifier_count(const ndup__verifier *verifier, ndup_summary *summary);

/* The counts of one worker are added, and those of an earlier process are taken over. */
void ndup__verifier_add_counts(ndup__judge_counts *counts, const ndup__verifier *verifier);
void ndup__verifier_resume(ndup__verifier *verifier, const ndup__judge_counts *counts);

#endif
