/* SPDX-License-Identifier: MIT */
/* Winnowing: which runs of tokens of a text are fingerprinted, so that every run that two texts
 * share is met in both. Source: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for
 * document fingerprinting", 2003. */
#ifndef NDUP__PASSAGE_WINNOW_H
#define NDUP__PASSAGE_WINNOW_H

#include "passage/passage_text.h"

/* The least run that must be found, and what follows from it. Units: words, or as many tokens as
 * count the same. */
typedef struct ndup__winnow_size {
    unsigned least;  /* w + k - 1 */
    unsigned gram;   /* k: the tokens that are hashed together */
    unsigned window; /* w: of the grams that begin in so many words one is taken */
} ndup__winnow_size;

#define NDUP__WINNOW_LEAST 5
#define NDUP__WINNOW_MOST 1000

/* Half of it each: k = w = 8 for 15 words. Longer grams would meet by chance less often, wider
 * windows would leave fewer of them; halves do both. */
ndup__winnow_size ndup__winnow_size_for(unsigned least);

/* Tokens in front of a gram and behind it that its surroundings tell of. */
#define NDUP__AROUND 8

/* A gram that was taken. */
typedef struct ndup__gram {
    uint64_t hash;
    uint32_t token; /* its first one */
    /* Four bits of each of the tokens in front of it and behind it, nearest first; beyond the ends
     * of the text zeros. */
    uint32_t before;
    uint32_t behind;
} ndup__gram;

struct ndup__gram_waiting;

/* Zero-initialise with ndup__winnow_init, free at the end. Threads: single-owner. */
typedef struct ndup__winnow {
    const ndup_allocator *allocator;
    ndup__winnow_size size;
    uint64_t *powers; /* [power_count] of the base of the hash */
    size_t power_count;
    struct ndup__gram_waiting *queue; /* the grams of the window that may yet be its least */
    size_t queue_capacity;            /* a power of two */
    ndup__gram *grams;                /* [count], in text order: the result */
    size_t count;
    size_t capacity;
} ndup__winnow;

NDUP_NODISCARD ndup_status ndup__winnow_init(ndup__winnow *winnow, ndup__winnow_size size,
                                             const ndup_allocator *allocator, ndup_error *error);
void ndup__winnow_deinit(ndup__winnow *winnow);

/* Leaves the grams of a text in winnow->grams: of every window the least hash, the rightmost of
 * equal ones. Two texts that share a run of `least` words, or of tokens that count as much (three
 * quarters of a word more where scripts mix), have a gram of it at the same place of the run. Some
 * 2 / (w + 1) grams a word. Errors: MEMORY. Cost: linear. */
NDUP_NODISCARD ndup_status ndup__winnow_text(ndup__winnow *winnow, const ndup__passage_text *text,
                                             ndup_error *error);

/* Whether two places of one gram may lie in a run of `least` words: false only where they do not.
 */
static inline bool ndup__may_be_run(const ndup__winnow_size *size, uint32_t before_a,
                                    uint32_t before_b, uint32_t behind_a, uint32_t behind_b)
{
    uint32_t before = before_a ^ before_b;
    uint32_t behind = behind_a ^ behind_b;
    if (before == 0 || behind == 0) {
        return true;
    }
    unsigned same = (unsigned)(__builtin_ctz(before) / 4 + __builtin_ctz(behind) / 4);
    return same >= size->least - size->gram;
}

#endif
