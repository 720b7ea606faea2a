/* SPDX-License-Identifier: MIT */
/* What the other texts of a corpus tell of a pair: whether it shares a form, and what is each one's
 * own. The rule is that of runs (similarity/form.h). */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/require.h"
#include "eval/text_counts.h"
#include "neardup/explain.h"
#include "pipeline/options.h"
#include "similarity/form.h"

enum { BOTH = 3 };

typedef struct owned_form {
    ndup_form_explanation public_part;
    const ndup_allocator *allocator;
    size_t capacity[2]; /* of the runs */
} owned_form;

static uint32_t texts_of(const ndup__text_counts *counts, size_t place)
{
    uint32_t texts = counts->texts[counts->firsts[place]];
    return texts < NDUP__FREQUENCY_MOST ? texts : NDUP__FREQUENCY_MOST;
}

static bool is_met(const ndup__text_counts *counts, size_t place)
{
    return counts->holders[counts->firsts[place]] == BOTH;
}

/* Every different shingle once, by how many texts have it; and the places where the two differ. */
static void count_forms(ndup__form_counts *forms, const ndup__text_counts *counts)
{
    *forms = (ndup__form_counts){.places = 0};
    for (int side = 0; side < 2; side++) {
        bool was_met = true;
        const ndup__counted_side *counted = &counts->sides[side];
        for (size_t i = counted->begin; i < counted->begin + counted->count; i++) {
            bool met = is_met(counts, i);
            forms->places += was_met && !met;
            was_met = met;
            if (counts->firsts[i] == i) {
                (met ? forms->shared : forms->alone[side])[texts_of(counts, i)]++;
            }
        }
    }
}

static bool is_own(const ndup__text_counts *counts, size_t place, uint32_t many)
{
    return !is_met(counts, place) && texts_of(counts, place) < many;
}

static ndup_status measure_runs(double *share, const ndup__text_counts *counts, int side,
                                uint32_t many, ndup_error *error)
{
    const ndup__counted_side *counted = &counts->sides[side];
    size_t words = counted->count / 64 + 1;
    uint64_t *marks = NULL;
    ndup_status status =
        ndup__allocate_zeroed(counts->allocator, &marks, words, sizeof *marks, error);
    for (size_t i = 0; i < counted->count && status == NDUP_STATUS_OK; i++) {
        marks[i / 64] |= (uint64_t)is_own(counts, counted->begin + i, many) << (i % 64);
    }
    if (status == NDUP_STATUS_OK) {
        *share = ndup__share_in_runs(marks, counted->count);
    }
    ndup__free(counts->allocator, &marks, words, sizeof *marks);
    return status;
}

/* Whether some shingle that holds the token is not the text's own; *texts becomes the least number
 * of texts of those that are. */
static bool is_covered(uint32_t *texts, const ndup__text_counts *counts,
                       const ndup__counted_side *counted, size_t token, uint32_t many)
{
    size_t size = counts->shingle_size;
    size_t begin = token + 1 > size ? token + 1 - size : 0;
    for (size_t i = begin; i <= token && i < counted->count; i++) {
        size_t place = counted->begin + i;
        if (!is_own(counts, place, many)) {
            return true;
        }
        *texts = texts_of(counts, place) < *texts ? texts_of(counts, place) : *texts;
    }
    return false;
}

static ndup_status add_run(owned_form *form, const ndup__text_counts *counts, int side,
                           size_t begin, size_t end, uint32_t texts, ndup_error *error)
{
    const ndup__tokens *tokens = &counts->sides[side].tokens;
    size_t *count = &form->public_part.own_count[side];
    ndup_status status =
        ndup__reserve(form->allocator, &form->public_part.own[side], &form->capacity[side],
                      *count + 1, sizeof(ndup_own_run), error);
    if (status == NDUP_STATUS_OK) {
        uint32_t offset = tokens->starts[begin];
        form->public_part.own[side][(*count)++] =
            (ndup_own_run){offset, tokens->ends[end - 1] - offset, (uint32_t)(end - begin), texts};
    }
    return status;
}

static int longer_first(const void *left, const void *right)
{
    const ndup_own_run *x = left;
    const ndup_own_run *y = right;
    if (x->tokens != y->tokens) {
        return x->tokens < y->tokens ? 1 : -1;
    }
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static ndup_status find_own(owned_form *form, const ndup__text_counts *counts, int side,
                            uint32_t many, size_t most, ndup_error *error)
{
    const ndup__counted_side *counted = &counts->sides[side];
    ndup_status status = NDUP_STATUS_OK;
    size_t begin = 0;
    uint32_t texts = UINT32_MAX;
    for (size_t i = 0; i <= counted->tokens.count && status == NDUP_STATUS_OK; i++) {
        uint32_t least = texts;
        if (i < counted->tokens.count && !is_covered(&least, counts, counted, i, many)) {
            texts = least;
            continue;
        }
        if (i > begin) {
            status = add_run(form, counts, side, begin, i, texts, error);
        }
        begin = i + 1;
        texts = UINT32_MAX;
    }
    size_t *count = &form->public_part.own_count[side];
    if (*count > 1) {
        qsort(form->public_part.own[side], *count, sizeof(ndup_own_run), longer_first);
    }
    *count = *count < most ? *count : most;
    return status;
}

/* As a run decides, whichever of the two comes first. */
static void judge(ndup_explanation *explanation, const ndup__form_signs *signs,
                  const ndup_dedup_options *options)
{
    double least = ndup__form_numbers_least(signs->family, options->matching.number_agreement);
    bool is_form = ndup__is_form(signs) || explanation->number_agreement < least;
    bool is_contained = explanation->containment_a >= 1 || explanation->containment_b >= 1;
    explanation->similar = !is_form && explanation->short_texts_agree;
    explanation->kind = is_form                           ? NDUP_KIND_TEMPLATE
                        : !explanation->short_texts_agree ? NDUP_KIND_NONE
                        : is_contained                    ? NDUP_KIND_CONTAINED
                                                          : NDUP_KIND_NEAR;
}

static ndup_status explain(owned_form *form, ndup_explanation *explanation,
                           const ndup__text_counts *counts, const ndup_dedup_options *options,
                           size_t most, ndup_error *error)
{
    ndup__form_counts forms;
    ndup__form_signs signs;
    double runs[2] = {0, 0};
    ndup_status status = NDUP_STATUS_OK;
    count_forms(&forms, counts);
    ndup__form_measure(&signs, &forms);
    for (int side = 0; side < 2 && status == NDUP_STATUS_OK; side++) {
        if (!ndup__token_mode_is_lax(counts->mode)) {
            status = measure_runs(&runs[side], counts, side, signs.many, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = find_own(form, counts, side, signs.many, most, error);
        }
    }
    signs.runs[0] = signs.runs[1] = fmin(runs[0], runs[1]);
    form->public_part.documents = counts->documents;
    form->public_part.family = signs.family;
    if (status == NDUP_STATUS_OK) {
        judge(explanation, &signs, options);
    }
    return status;
}

/* Whether words and their frequencies decide of the pair. */
static bool is_asked(const ndup_explanation *explanation, const ndup_dedup_options *options)
{
    return explanation->similarity >= options->matching.threshold &&
           explanation->kind != NDUP_KIND_IDENTICAL && explanation->kind != NDUP_KIND_NORMALIZED &&
           explanation->a_reading == NDUP_READING_WORDS &&
           explanation->b_reading == NDUP_READING_WORDS;
}

static ndup_status check(ndup_form_explanation **form, const ndup_explanation *explanation,
                         const ndup_corpus *corpus, const ndup_dedup_options *options,
                         const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "form", form, "explanation", explanation, "corpus",
                                       corpus, "options", options);
    if (status == NDUP_STATUS_OK) {
        *form = NULL;
        status = ndup__require_hooks(hooks, error);
    }
    return status == NDUP_STATUS_OK ? ndup__options_check(options, error) : status;
}

ndup_status ndup_explain_form(ndup_form_explanation **out, ndup_explanation *explanation,
                              ndup_corpus *corpus, ndup_text a, ndup_text b,
                              const ndup_dedup_options *options, size_t max_runs,
                              const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status = check(out, explanation, corpus, options, hooks, error);
    if (status != NDUP_STATUS_OK || !is_asked(explanation, options)) {
        return status;
    }
    owned_form *form = NULL;
    ndup__text_counts counts = {.allocator = options->allocator,
                                .mode = ndup__token_mode_of(options->matching.tokens),
                                .shingle_size = options->matching.shingle_size};
    status = ndup__allocate_zeroed(options->allocator, &form, 1, sizeof *form, error);
    if (status == NDUP_STATUS_OK) {
        form->allocator = options->allocator;
        status = ndup__text_counts_fill(&counts, a, b, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__text_counts_read(&counts, corpus, hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = explain(form, explanation, &counts, options, max_runs, error);
    }
    ndup__text_counts_deinit(&counts);
    if (status == NDUP_STATUS_OK) {
        *out = &form->public_part;
    } else if (form != NULL) {
        ndup_form_explanation_free(&form->public_part);
    }
    return status;
}

void ndup_form_explanation_free(ndup_form_explanation *explanation)
{
    owned_form *form = (owned_form *)explanation;
    if (form == NULL) {
        return;
    }
    const ndup_allocator *allocator = form->allocator;
    for (int side = 0; side < 2; side++) {
        ndup__free(allocator, &form->public_part.own[side], form->capacity[side],
                   sizeof(ndup_own_run));
    }
    ndup__free(allocator, &form, 1, sizeof *form);
}
