/* SPDX-License-Identifier: MIT */
/* Near by the similarity of shingles, contained by words in one piece; refrains by the words in
 * which the two differ. */
#include "repeat/pair.h"

#include "repeat/candidates.h"
#include "repeat/refrain.h"

/* A contained unit: this share of its shingles, in one piece of at least so many of its words. */
#define CONTAINED_SHARE 0.9
#define CONTAINED_RUN 0.8
/* A part of less than a quarter is a phrase among others. The first paragraph of a report says what
 * the headline and the summary above it say, in a longer sentence: there, half. */
#define CONTAINED_SIMILARITY 0.15
#define CONTAINED_SIMILARITY_IN_LEAD 0.5
#define LEAD_UNITS 4
/* A line of so few words that says another word says another thing. */
#define LINE_TOKENS_MOST 14
/* Fewer words, and a few others, are a phrase that comes up again. */
#define PHRASE_TOKENS_LEAST 7

void ndup__pairs_init(ndup__pairs *pairs, const ndup_allocator *allocator, double threshold)
{
    pairs->threshold = threshold;
    ndup__comparer_init(&pairs->comparer, allocator);
    ndup__wording_room_init(&pairs->words, allocator);
}

/* Headlines and captions are meant to stand once, however short. */
static bool is_marked(const ndup__profile *profile, size_t unit)
{
    ndup_unit_kind kind = profile->units[unit].kind;
    return kind == NDUP_UNIT_HEADLINE || kind == NDUP_UNIT_CAPTION;
}

/* The refrain that a near repeat is: a form with other values, a line of a series. */
static ndup_status judge_near(ndup__pair *pair, ndup__pairs *pairs, const ndup__profile *profile,
                              ndup_error *error)
{
    size_t unit = pair->made.unit;
    size_t first = pair->made.first;
    size_t tokens = profile->of[unit].token_count;
    size_t others = profile->of[first].token_count;
    ndup__wording wording;
    bool same = true;
    ndup_status status =
        ndup__wording_compare(&wording, &pairs->words, profile, first, unit, error);
    if (status == NDUP_STATUS_OK && wording.may_differ_in_figures && !wording.adds_at_ends) {
        status = ndup__comparer_figures(&pairs->comparer, &same, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_text entry = ndup__profile_text(profile, first);
    bool is_brief = tokens < PHRASE_TOKENS_LEAST || others < PHRASE_TOKENS_LEAST;
    bool is_line = tokens <= LINE_TOKENS_MOST || others <= LINE_TOKENS_MOST;
    pair->repeats = true;
    pair->replaces = wording.replaces;
    if (!wording.replaces && ndup__is_contents_entry(entry)) {
        pair->made.refrain = NDUP_REFRAIN_CONTENTS;
    } else if (wording.other_numbers || !same) {
        pair->made.refrain = NDUP_REFRAIN_FIGURES;
    } else if (ndup__is_other_value(ndup__profile_text(profile, unit),
                                    ndup__profile_text(profile, first))) {
        pair->made.refrain = NDUP_REFRAIN_TABLE;
    } else if (is_brief && !is_marked(profile, unit) && !is_marked(profile, first) &&
               unit != first + 1) {
        pair->made.refrain = NDUP_REFRAIN_SHORT;
    } else if (wording.replaces && is_line) {
        pair->made.refrain = NDUP_REFRAIN_SERIES;
    }
    return NDUP_STATUS_OK;
}

/* The shorter stands in the longer: so much of it that it cannot be a phrase among others, or whole
 * at the beginning or end. */
static ndup_status judge_contained(ndup__pair *pair, ndup__pairs *pairs,
                                   const ndup__profile *profile, ndup_error *error)
{
    const ndup__unit_profile *of = profile->of;
    size_t unit = pair->made.unit;
    size_t first = pair->made.first;
    bool in_lead = unit < LEAD_UNITS && of[unit].token_count > of[first].token_count;
    double least = in_lead ? CONTAINED_SIMILARITY_IN_LEAD : CONTAINED_SIMILARITY;
    pair->made.kind = NDUP_REPEAT_CONTAINED;
    if (pair->made.containment >= CONTAINED_SHARE && pair->made.similarity >= least &&
        ndup__candidates_may_contain(profile, unit, first)) {
        double share;
        ndup_status status = ndup__comparer_longest(&pairs->comparer, &share, error);
        pair->repeats = share >= CONTAINED_RUN;
        if (status != NDUP_STATUS_OK || pair->repeats) {
            return status;
        }
    }
    if (!ndup__candidates_may_open(profile, unit, first) ||
        (in_lead && pair->made.similarity < least)) {
        return NDUP_STATUS_OK;
    }
    ndup__wording wording;
    ndup_status status =
        ndup__wording_compare(&wording, &pairs->words, profile, first, unit, error);
    pair->repeats = wording.is_part;
    if (ndup__is_contents_entry(ndup__profile_text(profile, first))) {
        pair->made.refrain = NDUP_REFRAIN_CONTENTS;
    }
    return status;
}

ndup_status ndup__pair_judge(ndup__pair *pair, ndup__pairs *pairs, const ndup__profile *profile,
                             size_t unit, size_t other, ndup_error *error)
{
    ndup__likeness likeness;
    ndup_status status = ndup__comparer_compare(&pairs->comparer, &likeness, profile, other, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *pair = (ndup__pair){.made = {.kind = NDUP_REPEAT_NEAR,
                                  .unit = unit,
                                  .first = other,
                                  .similarity = likeness.similarity,
                                  .containment = likeness.containment}};
    return likeness.similarity >= pairs->threshold ? judge_near(pair, pairs, profile, error)
                                                   : judge_contained(pair, pairs, profile, error);
}

bool ndup__pair_is_better(const ndup__profile *profile, const ndup__pair *a, const ndup__pair *b)
{
    bool a_counts = a->made.refrain == NDUP_REFRAIN_NONE;
    bool b_counts = b->made.refrain == NDUP_REFRAIN_NONE;
    if (a_counts != b_counts) {
        return a_counts;
    }
    if (a->made.kind != b->made.kind) {
        return a->made.kind < b->made.kind;
    }
    bool a_repeats = profile->of[a->made.first].is_near;
    bool b_repeats = profile->of[b->made.first].is_near;
    if (a_repeats != b_repeats) {
        return b_repeats;
    }
    return a->made.similarity > b->made.similarity;
}

void ndup__pairs_deinit(ndup__pairs *pairs)
{
    ndup__comparer_deinit(&pairs->comparer);
    ndup__wording_room_deinit(&pairs->words);
}
