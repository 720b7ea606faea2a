/* SPDX-License-Identifier: MIT */
/* Sets are met by hashes; what looks alike is asked for its form and its figures, and in the end
 * compared by the bytes of its tokens. */
#include "dedup/matcher.h"

#include <math.h>

#include "pipeline/options.h"
#include "similarity/form.h"
#include "similarity/jaccard.h"
#include "similarity/short_texts.h"

/* Similarities are worth knowing for the histogram down to this share of the threshold. */
#define NEARLY 0.9

/* What a share of shingles may be off by, as a number of them. */
#define SLACK 1e-9

/* The two sets, and who has the index of b. */
typedef struct two_sets {
    const ndup__set *a;
    const ndup__set *b;
    ndup__set_reader *reader;
} two_sets;

void ndup__matcher_init(ndup__matcher *matcher, const ndup_dedup_options *options,
                        const ndup__frequencies *frequencies, const ndup_allocator *allocator)
{
    *matcher = (ndup__matcher){.options = options,
                               .frequencies = frequencies,
                               .shingling = ndup__options_shingling(options),
                               .room = {.allocator = allocator},
                               .form_room = {.allocator = allocator},
                               .places = {{.allocator = allocator}, {.allocator = allocator}}};
}

void ndup__matcher_deinit(ndup__matcher *matcher)
{
    ndup__figure_room_deinit(&matcher->room);
    ndup__form_room_deinit(&matcher->form_room);
    ndup__token_places_deinit(&matcher->places[0]);
    ndup__token_places_deinit(&matcher->places[1]);
}

static ndup__figures figures_of(const ndup__set *set)
{
    return (ndup__figures){set->numbers, set->number_count, set->token_hashes, set->text.tokens};
}

static ndup_status check_numbers(ndup__matcher *matcher, bool *agree, const two_sets *sets,
                                 double least, ndup_error *error)
{
    double agreement = 1;
    ndup_status status = NDUP_STATUS_OK;
    if (least > 0) {
        ndup__figures of_a = figures_of(sets->a);
        ndup__figures of_b = figures_of(sets->b);
        status = ndup__figures_agreement(&agreement, &matcher->room, &of_a, &of_b, least, error);
    }
    *agree = agreement >= least;
    return status;
}

static void set_shared(ndup__match *match, size_t shared, size_t a, size_t b)
{
    match->similarity = ndup__jaccard(shared, a, b);
    match->containment = ndup__containment(shared, a);
    match->other_containment = ndup__containment(shared, b);
}

static bool has_bytes(const two_sets *sets)
{
    return sets->a->text.bytes != NULL && sets->b->text.bytes != NULL;
}

/* The figures by the bytes of the tokens; a has met the index of b. */
static ndup_status compare_bytes(ndup__matcher *matcher, ndup__match *match, size_t shared,
                                 const two_sets *sets, ndup_error *error)
{
    const ndup__set *a = sets->a;
    const ndup__set *b = sets->b;
    size_t distinct = b->distinct;
    ndup_status status = NDUP_STATUS_OK;
    if (has_bytes(sets)) {
        status = ndup__compare_tokens(&shared, &distinct, matcher->places, &sets->reader->index,
                                      &b->text, &a->text, a->count, a->repeats,
                                      matcher->shingling.size, error);
    }
    set_shared(match, shared, a->distinct, distinct);
    return status;
}

/* Counts the shingles that the two share, if they are at least `least`. */
static ndup_status count_shared(size_t *shared, const two_sets *sets, size_t least,
                                ndup_error *error)
{
    const ndup__set *a = sets->a;
    *shared = 0;
    if (least > a->distinct || least > sets->b->distinct) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__set_reader_index(sets->reader, sets->b, error);
    return status == NDUP_STATUS_OK ? ndup__index_meet(shared, &sets->reader->index, a->shingles,
                                                       a->count, a->repeats, least, error)
                                    : status;
}

/* What the words of two texts that have met say of a form. */
static ndup_status measure_form(ndup__matcher *matcher, ndup__form_signs *signs,
                                const ndup__match *match, const two_sets *sets, ndup_error *error)
{
    const ndup__set *a = sets->a;
    const ndup__set *b = sets->b;
    bool are_members = ndup__frequencies_has(matcher->frequencies, a->class_number) &&
                       ndup__frequencies_has(matcher->frequencies, b->class_number);
    bool have_repeats = a->repeats != NULL || b->repeats != NULL;
    *signs = (ndup__form_signs){.family = 0};
    if (!are_members && !have_repeats &&
        !ndup__runs_may_tell(match->containment, match->other_containment)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__form_pair_measure(signs, &matcher->form_room, matcher->frequencies,
                                                 a, b, &sets->reader->index, error);
    if (ndup__token_mode_is_lax(matcher->shingling.mode)) {
        signs->runs[0] = signs->runs[1] = 0; /* damage, or lines put in */
    }
    return status;
}

/* Whether a, at the threshold of b, fills the same form with a content of its own; they have met.
 */
static ndup_status check_form(ndup__matcher *matcher, ndup__match *match, const two_sets *sets,
                              ndup_error *error)
{
    ndup__form_signs signs;
    ndup_status status = measure_form(matcher, &signs, match, sets, error);
    match->is_form = ndup__is_form(&signs);
    if (status == NDUP_STATUS_OK && !match->is_form) {
        bool agree;
        double least =
            ndup__form_numbers_least(signs.family, matcher->options->matching.number_agreement);
        status = check_numbers(matcher, &agree, sets, least, error);
        match->is_form = !agree;
    }
    return status;
}

static bool short_texts_agree(const ndup__matcher *matcher, const two_sets *sets)
{
    ndup__token_mode mode = matcher->shingling.mode;
    const ndup__set *a = sets->a;
    const ndup__set *b = sets->b;
    return has_bytes(sets) ? ndup__short_texts_agree(&a->text, &b->text, mode)
                           : ndup__short_hashes_agree(a->token_hashes, a->text.tokens,
                                                      b->token_hashes, b->text.tokens, mode);
}

ndup_status ndup__matcher_similar(ndup__matcher *matcher, ndup__match *match, bool *similar,
                                  const ndup__set *a, const ndup__set *b, ndup__set_reader *reader,
                                  ndup_error *error)
{
    const ndup_dedup_options *options = matcher->options;
    const two_sets sets = {a, b, reader};
    double threshold = options->matching.threshold;
    size_t least = ndup__intersection_least(a->distinct, b->distinct, NEARLY * threshold);
    size_t shared;
    ndup_status status = count_shared(&shared, &sets, least, error);
    *similar = false;
    if (status != NDUP_STATUS_OK || shared < least) {
        return status;
    }
    set_shared(match, shared, a->distinct, b->distinct);
    bool is_alike = match->similarity >= threshold && short_texts_agree(matcher, &sets);
    if (is_alike) {
        status = check_form(matcher, match, &sets, error);
    }
    bool drops_forms = options->templates == NDUP_TEMPLATES_DROP;
    if (status == NDUP_STATUS_OK && is_alike && (!match->is_form || drops_forms)) {
        status = compare_bytes(matcher, match, shared, &sets, error);
        *similar = match->similarity >= threshold;
        match->is_form &= *similar;
    }
    return status;
}

ndup_status ndup__matcher_contained(ndup__matcher *matcher, ndup__match *match, bool *contained,
                                    const ndup__set *a, const ndup__set *b,
                                    ndup__set_reader *reader, ndup_error *error)
{
    const ndup_dedup_options *options = matcher->options;
    const two_sets sets = {a, b, reader};
    double containment = ndup__options_containment(options);
    size_t least = (size_t)ceil(containment * (double)a->distinct - SLACK);
    size_t shared = 0;
    *contained = false;
    ndup_status status = NDUP_STATUS_OK;
    if (b->distinct >= a->distinct) {
        status = count_shared(&shared, &sets, least, error);
    }
    if (status != NDUP_STATUS_OK || shared < least) {
        return status;
    }
    set_shared(match, shared, a->distinct, b->distinct);
    if (match->similarity >= options->matching.threshold) {
        status = check_form(matcher, match, &sets, error);
    }
    bool is_other = match->is_form && options->templates != NDUP_TEMPLATES_DROP;
    if (status == NDUP_STATUS_OK && !is_other) {
        status = compare_bytes(matcher, match, shared, &sets, error);
        *contained = match->containment >= containment;
    }
    return status;
}

ndup_status ndup__matcher_measure(ndup__matcher *matcher, ndup__match *match, const ndup__set *a,
                                  const ndup__set *b, ndup__set_reader *reader, ndup_error *error)
{
    const ndup_dedup_options *options = matcher->options;
    const two_sets sets = {a, b, reader};
    size_t shared;
    ndup_status status = count_shared(&shared, &sets, 0, error);
    if (status == NDUP_STATUS_OK) {
        status = compare_bytes(matcher, match, shared, &sets, error);
    }
    if (status == NDUP_STATUS_OK && options->templates == NDUP_TEMPLATES_DROP &&
        match->similarity >= options->matching.threshold) {
        status = check_form(matcher, match, &sets, error);
    }
    return status;
}
