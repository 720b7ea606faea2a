/* SPDX-License-Identifier: MIT */
/* Comparing two given texts in every way that a run does. */
#include "neardup/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "dedup/reading.h"
#include "dedup/run.h"
#include "dedup/sets.h"
#include "dedup/verify.h"
#include "lsh/bands.h"
#include "similarity/figures.h"
#include "similarity/form.h"
#include "similarity/jaccard.h"
#include "similarity/short_texts.h"
#include "similarity/spans.h"
#include "text/shingle.h"
#include "text/token_bytes.h"

/* One of the two texts. */
typedef struct text_side {
    ndup_text text;
    ndup_text stored; /* what the text was read from */
    ndup_reading reading;
    ndup__tokens tokens;
    uint64_t *ordered; /* [ordered_count] */
    uint64_t *sorted;  /* [ordered_count], of which distinct are used */
    size_t ordered_count;
    size_t distinct;
    uint32_t *state; /* [slots] */
    uint8_t *row;    /* [row bytes] */
} text_side;

typedef struct comparison {
    const ndup_dedup_options *options;
    const ndup_allocator *allocator;
    ndup__shingling shingling;
    ndup_sketcher *sketcher;
    text_side a;
    text_side b;
} comparison;

/* The explanation with what its allocation needs. */
typedef struct owned_explanation {
    ndup_explanation public_part;
    const ndup_allocator *allocator;
} owned_explanation;

static ndup_status allocate_side(comparison *now, text_side *side, ndup_error *error)
{
    size_t slots = ndup_sketcher_slots(now->sketcher);
    side->ordered_count = ndup__shingle_count(side->tokens.count, now->shingling.size);
    ndup_status status = ndup__resize(now->allocator, &side->ordered, 0, side->ordered_count,
                                      sizeof *side->ordered, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(now->allocator, &side->sorted, 0, side->ordered_count,
                              sizeof *side->sorted, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(now->allocator, &side->state, 0, slots, sizeof *side->state, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(now->allocator, &side->row, 0, ndup__row_bytes(now->sketcher), 1, error);
    }
    return status;
}

static ndup_text stored_of(const ndup_document *document)
{
    if (document->record.length > 0) {
        return document->record;
    }
    return document->original.length > 0 ? document->original : document->text;
}

static ndup_status prepare_side(comparison *now, text_side *side, const ndup_document *document,
                                ndup_error *error)
{
    ndup_text text = document->text;
    side->text = text;
    side->stored = stored_of(document);
    side->tokens =
        (ndup__tokens){.allocator = now->allocator, .wants_offsets = true, .wants_numbers = true};
    ndup_status status =
        ndup__tokenize_bytes(&side->tokens, now->shingling.mode, text.bytes, text.length, error);
    side->reading = ndup__reading_of(&side->tokens);
    if (status == NDUP_STATUS_OK) {
        status = allocate_side(now, side, error);
    }
    uint64_t *scratch = NULL;
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(now->allocator, &scratch, 0, side->ordered_count, sizeof *scratch, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (side->ordered_count > 0) {
        ndup__shingle(side->ordered, side->tokens.hashes, side->tokens.count, now->shingling.size);
        memcpy(side->sorted, side->ordered, side->ordered_count * sizeof *side->sorted);
    }
    side->distinct = ndup__sort_distinct(side->sorted, scratch, side->ordered_count);
    ndup__free(now->allocator, &scratch, side->ordered_count, sizeof *scratch);
    ndup_sketch_make(now->sketcher, side->state, side->sorted, side->distinct);
    ndup__row_pack(now->sketcher, side->row, side->state);
    return NDUP_STATUS_OK;
}

static void free_side(comparison *now, text_side *side)
{
    size_t slots = now->sketcher != NULL ? ndup_sketcher_slots(now->sketcher) : 0;
    ndup__free(now->allocator, &side->ordered, side->ordered_count, sizeof *side->ordered);
    ndup__free(now->allocator, &side->sorted, side->ordered_count, sizeof *side->sorted);
    ndup__free(now->allocator, &side->state, slots, sizeof *side->state);
    if (now->sketcher != NULL) {
        ndup__free(now->allocator, &side->row, ndup__row_bytes(now->sketcher), 1);
    }
    ndup__tokens_deinit(&side->tokens);
}

static bool same_bytes(ndup_text a, ndup_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static bool same_tokens(const comparison *now)
{
    const ndup__tokens *a = &now->a.tokens;
    const ndup__tokens *b = &now->b.tokens;
    return a->count > 0 && a->count == b->count &&
           memcmp(a->hashes, b->hashes, a->count * sizeof *a->hashes) == 0;
}

/* Where a text says nothing, only what is stored does. */
static bool judge_unread(const comparison *now, ndup_explanation *explanation)
{
    bool both = now->a.reading == NDUP_READING_WORDS && now->b.reading == NDUP_READING_WORDS;
    if (!both && same_bytes(now->a.stored, now->b.stored)) {
        explanation->kind = NDUP_KIND_IDENTICAL;
    }
    return !both;
}

static void judge_words(const comparison *now, ndup_explanation *explanation)
{
    bool near = explanation->similarity >= now->options->matching.threshold;
    bool is_lax = ndup__token_mode_is_lax(now->shingling.mode);
    double own = is_lax ? 0 : fmin(explanation->own_a, explanation->own_b);
    const ndup__form_signs signs = {.runs = {own, own}};
    bool is_form = ndup__is_form(&signs) ||
                   explanation->number_agreement <
                       ndup__form_numbers_least(0, now->options->matching.number_agreement);
    if (same_bytes(now->a.text, now->b.text)) {
        explanation->kind = NDUP_KIND_IDENTICAL;
    } else if (same_tokens(now)) {
        explanation->kind = NDUP_KIND_NORMALIZED;
    } else if (near && is_form) {
        explanation->kind = NDUP_KIND_TEMPLATE;
    } else if (near && explanation->short_texts_agree) {
        bool contained = explanation->containment_a >= 1 || explanation->containment_b >= 1;
        explanation->kind = contained ? NDUP_KIND_CONTAINED : NDUP_KIND_NEAR;
    }
}

/* Never the longer one for the shorter. */
static void judge_containment(const comparison *now, ndup_explanation *explanation)
{
    double share = ndup__options_containment(now->options);
    bool may = !same_tokens(now) && explanation->kind != NDUP_KIND_TEMPLATE;
    explanation->a_would_go = may && explanation->a_shingles <= explanation->b_shingles &&
                              explanation->containment_a >= share;
    explanation->b_would_go = may && explanation->b_shingles <= explanation->a_shingles &&
                              explanation->containment_b >= share;
}

static void judge_pair(const comparison *now, ndup_explanation *explanation)
{
    explanation->a_reading = now->a.reading;
    explanation->b_reading = now->b.reading;
    if (!judge_unread(now, explanation)) {
        judge_words(now, explanation);
        judge_containment(now, explanation);
    }
    explanation->similar =
        explanation->kind != NDUP_KIND_NONE && explanation->kind != NDUP_KIND_TEMPLATE;
}

static ndup__figures figures_of(const text_side *side)
{
    return (ndup__figures){side->tokens.numbers, side->tokens.number_count, side->tokens.hashes,
                           side->tokens.count};
}

static ndup_status compare_numbers(const comparison *now, ndup_explanation *explanation,
                                   ndup_error *error)
{
    ndup__figure_room room = {.allocator = now->allocator};
    ndup__figures of_a = figures_of(&now->a);
    ndup__figures of_b = figures_of(&now->b);
    ndup_status status =
        ndup__figures_agreement(&explanation->number_agreement, &room, &of_a, &of_b,
                                now->options->matching.number_agreement, error);
    ndup__figure_room_deinit(&room);
    return status;
}

static ndup__token_text token_text_of(const text_side *side)
{
    return (ndup__token_text){side->tokens.bytes, side->tokens.byte_count, side->tokens.count};
}

static int by_value(const void *left, const void *right)
{
    uint64_t x = *(const uint64_t *)left;
    uint64_t y = *(const uint64_t *)right;
    return (x > y) - (x < y);
}

/* Share of a side in long runs that the other has not. */
static ndup_status measure_own(double *own, const comparison *now, const text_side *side,
                               const text_side *other, ndup_error *error)
{
    size_t words = side->ordered_count / 64 + 1;
    uint64_t *marks = NULL;
    ndup_status status = ndup__allocate_zeroed(now->allocator, &marks, words, sizeof *marks, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < side->ordered_count; i++) {
        bool is_met =
            other->distinct > 0 && bsearch(&side->ordered[i], other->sorted, other->distinct,
                                           sizeof *other->sorted, by_value) != NULL;
        marks[i / 64] |= (uint64_t)!is_met << (i % 64);
    }
    *own = ndup__share_in_runs(marks, side->ordered_count);
    ndup__free(now->allocator, &marks, words, sizeof *marks);
    return NDUP_STATUS_OK;
}

static void compare_sides(const comparison *now, ndup_explanation *explanation)
{
    const text_side *a = &now->a;
    const text_side *b = &now->b;
    size_t shared = ndup__intersection(a->sorted, a->distinct, b->sorted, b->distinct, 0);
    explanation->similarity = ndup__jaccard(shared, a->distinct, b->distinct);
    explanation->containment_a = ndup__containment(shared, a->distinct);
    explanation->containment_b = ndup__containment(shared, b->distinct);
    explanation->a_tokens = a->tokens.count;
    explanation->b_tokens = b->tokens.count;
    explanation->a_shingles = a->distinct;
    explanation->b_shingles = b->distinct;
    explanation->shared_shingles = shared;
    bool both = a->distinct > 0 && b->distinct > 0;
    explanation->estimate = both ? ndup_sketch_estimate(now->sketcher, a->state, b->state) : 0;
    explanation->shared_bands =
        both ? ndup__bands_shared(now->sketcher, &explanation->bands, a->row, b->row) : 0;
    explanation->proposal = ndup_bands_curve(&explanation->bands, ndup_sketcher_info(now->sketcher),
                                             explanation->similarity);
    ndup__token_text of_a = token_text_of(a);
    ndup__token_text of_b = token_text_of(b);
    explanation->short_texts_agree = ndup__short_texts_agree(&of_a, &of_b, now->shingling.mode);
    judge_pair(now, explanation);
}

/* A run of shingles as bytes of a text. */
static void locate(const text_side *side, unsigned shingle_size, uint32_t start, uint32_t length,
                   uint32_t *offset, uint32_t *bytes, uint32_t *tokens)
{
    size_t width = shingle_size < side->tokens.count ? shingle_size : side->tokens.count;
    *tokens = length + (uint32_t)width - 1;
    *offset = side->tokens.starts[start];
    *bytes = side->tokens.ends[start + *tokens - 1] - *offset;
}

static ndup_status find_spans(const comparison *now, ndup_explanation *explanation, size_t most,
                              ndup_error *error)
{
    ndup__run_finder finder = {.allocator = now->allocator};
    const ndup__shared_run *runs;
    size_t count = 0;
    ndup_status status =
        ndup__shared_runs(&runs, &count, &finder, now->a.ordered, now->a.ordered_count,
                          now->b.ordered, now->b.ordered_count, most, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(now->allocator, &explanation->spans, 0, count,
                              sizeof *explanation->spans, error);
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i++) {
        ndup_span *span = &explanation->spans[i];
        uint32_t tokens;
        locate(&now->a, now->shingling.size, runs[i].a, runs[i].length, &span->a_offset,
               &span->a_bytes, &span->tokens);
        locate(&now->b, now->shingling.size, runs[i].b, runs[i].length, &span->b_offset,
               &span->b_bytes, &tokens);
        explanation->span_count++;
    }
    ndup__run_finder_deinit(&finder);
    return status;
}

ndup_status ndup_explain(ndup_explanation **out, ndup_text a, ndup_text b,
                         const ndup_dedup_options *options, size_t max_spans, ndup_error *error)
{
    const ndup_document of_a = {.text = a};
    const ndup_document of_b = {.text = b};
    return ndup_explain_documents(out, &of_a, &of_b, options, max_spans, error);
}

static ndup_status check_text(ndup_text text, const char *name, ndup_error *error)
{
    return text.length == 0 || text.bytes != NULL
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "text %s has %zu bytes at NULL", name,
                            text.length);
}

static ndup_status check_texts(const ndup_document *a, const ndup_document *b, ndup_error *error)
{
    ndup_status status = check_text(a->text, "a", error);
    return status == NDUP_STATUS_OK ? check_text(b->text, "b", error) : status;
}

ndup_status ndup_explain_documents(ndup_explanation **out, const ndup_document *a,
                                   const ndup_document *b, const ndup_dedup_options *options,
                                   size_t max_spans, ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "explanation", out, "a", a, "b", b);
    if (given == NDUP_STATUS_OK) {
        given = check_texts(a, b, error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup_dedup_options defaults;
    ndup_status status = ndup_dedup_options_init(&defaults, NULL, error);
    options = options != NULL ? options : &defaults;
    if (status == NDUP_STATUS_OK) {
        status = ndup__options_check(options, error);
    }
    comparison now = {.options = options, .allocator = options->allocator};
    owned_explanation *owned = NULL;
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(options->allocator, &owned, 1, sizeof *owned, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    owned->allocator = options->allocator;
    now.shingling = ndup__options_shingling(options);
    status = ndup__options_sketcher(&now.sketcher, &owned->public_part.bands, options, error);
    if (status == NDUP_STATUS_OK) {
        status = prepare_side(&now, &now.a, a, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = prepare_side(&now, &now.b, b, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = compare_numbers(&now, &owned->public_part, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = measure_own(&owned->public_part.own_a, &now, &now.a, &now.b, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = measure_own(&owned->public_part.own_b, &now, &now.b, &now.a, error);
    }
    if (status == NDUP_STATUS_OK) {
        compare_sides(&now, &owned->public_part);
        status = find_spans(&now, &owned->public_part, max_spans, error);
    }
    free_side(&now, &now.a);
    free_side(&now, &now.b);
    ndup_sketcher_free(now.sketcher);
    if (status != NDUP_STATUS_OK) {
        ndup_explanation_free(&owned->public_part);
        return status;
    }
    *out = &owned->public_part;
    return NDUP_STATUS_OK;
}

void ndup_explanation_free(ndup_explanation *explanation)
{
    if (explanation != NULL) {
        owned_explanation *owned = (owned_explanation *)explanation;
        const ndup_allocator *allocator = owned->allocator;
        ndup__free(allocator, &explanation->spans, explanation->span_count,
                   sizeof *explanation->spans);
        ndup__free(allocator, &owned, 1, sizeof *owned);
    }
}
