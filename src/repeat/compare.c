/* SPDX-License-Identifier: MIT */
/* Exact comparison of two units. */
#include "repeat/compare.h"

#include "base/alloc.h"
#include "neardup/flag.h"
#include "similarity/jaccard.h"
#include "text/shingle.h"

/* Dense figures must agree this much, as between documents. */
#define FIGURES_AGREEMENT 0.75

void ndup__comparer_init(ndup__comparer *comparer, const ndup_allocator *allocator)
{
    *comparer = (ndup__comparer){
        .allocator = allocator,
        .characters = {.allocator = allocator},
        .numbers_a = {.allocator = allocator, .wants_numbers = true},
        .numbers_b = {.allocator = allocator, .wants_numbers = true},
        .figures = {.allocator = allocator},
        .runs = {.allocator = allocator},
    };
    ndup__comparer_reset(comparer);
}

static ndup_status set_side(ndup__comparer *comparer, ndup__compare_side *side,
                            const ndup__profile *profile, size_t unit, ndup_error *error)
{
    ndup_text text = ndup__profile_text(profile, unit);
    side->unit = NDUP_NONE;
    side->text = text;
    side->words = ndup__profile_tokens(profile, unit);
    side->word_count = profile->of[unit].token_count;
    ndup__tokens *characters = &comparer->characters;
    ndup_status status =
        ndup__tokenize(characters, NDUP__TOKEN_CHARACTERS, text.bytes, text.length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t count = ndup__shingle_count(characters->count, NDUP__COMPARE_SHINGLE);
    status = ndup__reserve(comparer->allocator, &side->shingles, &side->capacity, count,
                           sizeof *side->shingles, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(comparer->allocator, &comparer->scratch, &comparer->scratch_capacity,
                               count, sizeof *comparer->scratch, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__shingle(side->shingles, characters->hashes, characters->count, NDUP__COMPARE_SHINGLE);
        side->count = ndup__sort_distinct(side->shingles, comparer->scratch, count);
        side->unit = unit;
    }
    return status;
}

void ndup__comparer_reset(ndup__comparer *comparer)
{
    comparer->a.unit = NDUP_NONE;
    for (size_t i = 0; i < NDUP__COMPARE_KEPT; i++) {
        comparer->kept[i].unit = NDUP_NONE;
    }
}

/* What was side a until now may be compared with later units. */
static void keep_side(ndup__comparer *comparer)
{
    ndup__compare_side *kept = &comparer->kept[comparer->a.unit % NDUP__COMPARE_KEPT];
    ndup__compare_side side = comparer->a;
    comparer->a = *kept;
    *kept = side;
}

ndup_status ndup__comparer_set(ndup__comparer *comparer, const ndup__profile *profile, size_t unit,
                               ndup_error *error)
{
    if (comparer->a.unit != NDUP_NONE) {
        keep_side(comparer);
    }
    return set_side(comparer, &comparer->a, profile, unit, error);
}

ndup_status ndup__comparer_compare(ndup__comparer *comparer, ndup__likeness *likeness,
                                   const ndup__profile *profile, size_t unit, ndup_error *error)
{
    const ndup__compare_side *a = &comparer->a;
    ndup__compare_side *b = &comparer->kept[unit % NDUP__COMPARE_KEPT];
    ndup_status status =
        b->unit == unit ? NDUP_STATUS_OK : set_side(comparer, b, profile, unit, error);
    comparer->b = b;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t shared = ndup__intersection(a->shingles, a->count, b->shingles, b->count, 0);
    size_t smaller = a->count < b->count ? a->count : b->count;
    likeness->similarity = ndup__jaccard(shared, a->count, b->count);
    likeness->containment = ndup__containment(shared, smaller);
    return NDUP_STATUS_OK;
}

static ndup_status read_figures(ndup__tokens *tokens, ndup__figures *figures,
                                const ndup__compare_side *side, ndup_error *error)
{
    ndup_status status =
        ndup__tokenize(tokens, NDUP__TOKEN_WORDS, side->text.bytes, side->text.length, error);
    *figures =
        (ndup__figures){tokens->numbers, tokens->number_count, side->words, side->word_count};
    return status;
}

ndup_status ndup__comparer_figures(ndup__comparer *comparer, bool *same, ndup_error *error)
{
    ndup__figures a;
    ndup__figures b;
    double agreement = 1;
    ndup_status status = read_figures(&comparer->numbers_a, &a, &comparer->a, error);
    if (status == NDUP_STATUS_OK) {
        status = read_figures(&comparer->numbers_b, &b, comparer->b, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__figures_agreement(&agreement, &comparer->figures, &a, &b, FIGURES_AGREEMENT,
                                         error);
    }
    *same = agreement >= FIGURES_AGREEMENT;
    return status;
}

ndup_status ndup__comparer_longest(ndup__comparer *comparer, double *share, ndup_error *error)
{
    const ndup__compare_side *a = &comparer->a;
    const ndup__compare_side *b = comparer->b;
    ndup__shared_run run = {0};
    size_t shorter = a->word_count < b->word_count ? a->word_count : b->word_count;
    ndup_status status = ndup__longest_run(&run, &comparer->runs, a->words, a->word_count, b->words,
                                           b->word_count, error);
    *share = shorter > 0 ? (double)run.length / (double)shorter : 0;
    return status;
}

static void deinit_side(ndup__comparer *comparer, ndup__compare_side *side)
{
    ndup__free(comparer->allocator, &side->shingles, side->capacity, sizeof *side->shingles);
}

void ndup__comparer_deinit(ndup__comparer *comparer)
{
    deinit_side(comparer, &comparer->a);
    for (size_t i = 0; i < NDUP__COMPARE_KEPT; i++) {
        deinit_side(comparer, &comparer->kept[i]);
    }
    ndup__tokens_deinit(&comparer->characters);
    ndup__tokens_deinit(&comparer->numbers_a);
    ndup__tokens_deinit(&comparer->numbers_b);
    ndup__free(comparer->allocator, &comparer->scratch, comparer->scratch_capacity,
               sizeof *comparer->scratch);
    ndup__figure_room_deinit(&comparer->figures);
    ndup__run_finder_deinit(&comparer->runs);
}
