/* SPDX-License-Identifier: MIT */
/* Logarithms are rounded to 2^-10, so that the last bits in which libraries differ do not count. */
#include "story/term_vector.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

#define COMMON_SHARE 0.3
#define COMMON_LEAST 3 /* texts that are never too many */
#define POWER 0.75
#define STRONG 2.5
/* Terms of so few texts, or so small a share of all, are rare; what two texts of one story share of
 * them is at least so much of the cosine. Forms are alike in words that hundreds have. */
#define RARE_LEAST 48
#define RARE_SHARE 0.0075
#define RARE_MASS 0.03
/* Of fewer texts hardly anything is known: two of them would have no rare words at all. */
#define TEXTS_LEAST 32
#define STEPS 1024.0
/* Terms ahead of the one that is weighed whose counts are fetched. */
#define AHEAD 16

typedef struct ndup__chosen_term {
    uint32_t term;
    uint32_t texts;
    double weight;
} chosen_term;

static double rounded(double value)
{
    return floor(value * STEPS + 0.5) / STEPS;
}

static double rarity_of(double texts, double all)
{
    return texts < all ? rounded(pow(log(all / texts), POWER)) : 0;
}

static ndup_status know_rarities(ndup__term_chooser *chooser, double all, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (chooser->rarities == NULL) {
        status = ndup__resize(chooser->allocator, &chooser->rarities, 0, NDUP__RARITIES,
                              sizeof *chooser->rarities, error);
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && chooser->known_for != all && i < NDUP__RARITIES;
         i++) {
        chooser->rarities[i] = i > 0 ? rarity_of((double)i, all) : 0;
    }
    chooser->known_for = all;
    return status;
}

static int heaviest_first(const void *left, const void *right)
{
    const chosen_term *x = left;
    const chosen_term *y = right;
    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    return x->term < y->term ? -1 : x->term > y->term;
}

static int rarest_first(const void *left, const void *right)
{
    const chosen_term *x = left;
    const chosen_term *y = right;
    if (x->texts != y->texts) {
        return x->texts < y->texts ? -1 : 1;
    }
    return x->term < y->term ? -1 : x->term > y->term;
}

static int by_term(const void *left, const void *right)
{
    const ndup__weighted_term *x = left;
    const ndup__weighted_term *y = right;
    return x->term < y->term ? -1 : x->term > y->term;
}

/* Leaves the terms that are kept, heaviest first, in chooser->chosen. Returns how many. */
static size_t choose(ndup__term_chooser *chooser, const ndup__term_counts *counts,
                     const ndup__term *terms, size_t count)
{
    double all = chooser->known_for;
    double share = COMMON_SHARE * (double)counts->texts;
    double most = share > COMMON_LEAST ? share : COMMON_LEAST;
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count) {
            ndup__term_counts_prefetch(counts, &terms[i + AHEAD]);
        }
        uint32_t texts = ndup__term_counts_get(counts, &terms[i]);
        bool is_full = !terms[i].is_word && texts == NDUP__PAIR_TEXTS_MOST;
        if (texts > 1 && (double)texts <= most && !is_full) {
            chooser->chosen[chosen++] =
                (chosen_term){.term = (uint32_t)(terms[i].hash >> 33),
                              .texts = texts,
                              .weight = rounded(log1p((double)terms[i].count)) *
                                        (texts < NDUP__RARITIES ? chooser->rarities[texts]
                                                                : rarity_of(texts, all))};
        }
    }
    qsort(chooser->chosen, chosen, sizeof *chooser->chosen, heaviest_first);
    return chosen < NDUP__TERMS_KEPT ? chosen : NDUP__TERMS_KEPT;
}

ndup_status ndup__term_vector_make(ndup__term_vector *vector, ndup__rarest_terms *rarest,
                                   ndup__term_chooser *chooser, const ndup__term_counts *counts,
                                   const ndup__term *terms, size_t count, ndup_error *error)
{
    *vector = (ndup__term_vector){.terms = NULL};
    rarest->count = 0;
    ndup_status status = ndup__reserve(chooser->allocator, &chooser->chosen, &chooser->capacity,
                                       count + 1, sizeof *chooser->chosen, error);
    if (status == NDUP_STATUS_OK) {
        double all = counts->texts > TEXTS_LEAST ? (double)counts->texts : TEXTS_LEAST;
        status = know_rarities(chooser, all, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t kept = choose(chooser, counts, terms, count);
    status =
        ndup__resize(chooser->allocator, &vector->terms, 0, kept, sizeof *vector->terms, error);
    if (status != NDUP_STATUS_OK || kept == 0) {
        return status;
    }
    vector->count = (uint32_t)kept;
    double squares = 0;
    for (size_t i = 0; i < kept; i++) {
        squares += chooser->chosen[i].weight * chooser->chosen[i].weight;
    }
    double length = sqrt(squares);
    double rare =
        RARE_SHARE * chooser->known_for > RARE_LEAST ? RARE_SHARE * chooser->known_for : RARE_LEAST;
    for (size_t i = 0; i < kept; i++) {
        vector->terms[i] =
            (ndup__weighted_term){.term = chooser->chosen[i].term & INT32_MAX,
                                  .is_rare = chooser->chosen[i].texts <= rare,
                                  .weight = (float)(chooser->chosen[i].weight / length)};
    }
    qsort(vector->terms, kept, sizeof *vector->terms, by_term);
    qsort(chooser->chosen, kept, sizeof *chooser->chosen, rarest_first);
    size_t asked = chooser->asks_all ? NDUP__TERMS_KEPT : NDUP__TERMS_ASKED;
    for (; rarest->count < asked && rarest->count < kept; rarest->count++) {
        rarest->terms[rarest->count] = chooser->chosen[rarest->count].term;
    }
    return NDUP_STATUS_OK;
}

void ndup__term_vector_free(ndup__term_vector *vector, const ndup_allocator *allocator)
{
    ndup__free(allocator, &vector->terms, vector->count, sizeof *vector->terms);
    vector->count = 0;
}

void ndup__term_chooser_deinit(ndup__term_chooser *chooser)
{
    ndup__free(chooser->allocator, &chooser->chosen, chooser->capacity, sizeof *chooser->chosen);
    ndup__free(chooser->allocator, &chooser->rarities,
               chooser->rarities != NULL ? NDUP__RARITIES : 0, sizeof *chooser->rarities);
}

double ndup__term_score(const ndup__term_vector *a, const ndup__term_vector *b)
{
    double sum = 0;
    double squares = 0;
    double rare = 0;
    uint32_t i = 0;
    uint32_t k = 0;
    while (i < a->count && k < b->count) {
        uint32_t x = a->terms[i].term;
        uint32_t y = b->terms[k].term;
        if (x == y) {
            double both = (double)a->terms[i].weight * (double)b->terms[k].weight;
            sum += both;
            rare += a->terms[i].is_rare ? both : 0;
            squares += both * both;
        }
        i += x <= y;
        k += y <= x;
    }
    return sum > 0 && rare >= RARE_MASS ? sum - STRONG * squares / sum : 0;
}
