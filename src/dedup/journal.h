/* SPDX-License-Identifier: MIT */
/* Decisions about classes, in a file that grows while they are made. Who dies loses those of the
 * last second, and reads the rest back. */
#ifndef NDUP__DEDUP_JOURNAL_H
#define NDUP__DEDUP_JOURNAL_H

#include "dedup/matcher.h"
#include "neardup/allocator.h"

typedef enum ndup__judgement_kind {
    NDUP__JUDGED_KEPT,
    NDUP__JUDGED_FORM, /* kept, of one form with the match */
    NDUP__JUDGED_DROPPED
} ndup__judgement_kind;

/* Classes are told by their ranks in keep order, which do not depend on how they were numbered. */
typedef struct ndup__judgement {
    uint32_t rank;
    ndup__judgement_kind kind;
    uint32_t other;    /* rank of match.other; not of what is kept without a form */
    ndup__match match; /* the same */
} ndup__judgement;

/* What was compared up to a decision: ndup__verifier's counts of all workers. */
typedef struct ndup__judge_counts {
    uint64_t proposed;
    uint64_t verified;
    uint64_t similar;
    uint64_t crowded;
    uint64_t capped;
    uint64_t histogram[101];
} ndup__judge_counts;

/* A match as it is stored. */
typedef struct ndup__stored_match {
    double similarity;
    double containment;
    double other_containment;
    uint32_t other; /* its rank */
    uint32_t span_tokens;
    uint32_t span_offset;
    uint32_t span_bytes;
    uint32_t is_form;
    uint32_t unused;
} ndup__stored_match;

/* Zero-initialised it may be closed. First read what there is to its end, then add. Threads:
 * single-owner. */
typedef struct ndup__journal {
    const ndup_allocator *allocator;
    const char *path; /* borrowed */
    int descriptor;
    uint64_t identity;
    uint64_t class_count;
    uint64_t end;              /* of what is whole in the file */
    uint64_t rank_end;         /* classes of smaller ranks are decided, or need no decision */
    ndup__judge_counts counts; /* up to there */
    double written, synced;    /* when, by the clock */
    /* Decisions that were read last, or wait to be written. */
    uint32_t *ranks; /* [count] */
    size_t rank_capacity;
    uint8_t *kinds; /* [count] */
    size_t kind_capacity;
    size_t count;
    ndup__stored_match *matches; /* [match_count] of those that have one */
    size_t match_capacity;
    size_t match_count;
} ndup__journal;

/* Opens the journal of the run of this identity over so many classes, and begins one where there is
 * none, or that of another. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__journal_open(ndup__journal *journal, const char *path,
                                              uint64_t identity, uint64_t class_count,
                                              const ndup_allocator *allocator, ndup_error *error);
void ndup__journal_close(ndup__journal *journal);

/* Reads the next decisions. *more is false behind the last that are whole: what stands there is cut
 * off, damaged or not, since it can be decided again. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__journal_read(ndup__journal *journal, bool *more,
                                              ndup_error *error);
/* The i-th of those read. *match_at begins as zero. match.other is not set. */
ndup__judgement ndup__journal_get(const ndup__journal *journal, size_t i, size_t *match_at);

/* Adds a decision, of a higher rank than those before. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__journal_add(ndup__journal *journal,
                                             const ndup__judgement *decision, ndup_error *error);

/* All below the rank is decided. Writes about once a second, and when it was the last; every few
 * seconds it waits for the disk. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__journal_reach(ndup__journal *journal, uint64_t rank,
                                               const ndup__judge_counts *counts, ndup_error *error);

/* How far the decisions in a file reach, for who looks at it from outside: 0 where it cannot be
 * read. */
uint64_t ndup__journal_reached(uint64_t *class_count, const char *path, uint64_t identity);

#endif
