/* SPDX-License-Identifier: MIT */
/* Candidates of one class, sifted by sketch agreement and compared by exact sets. */
#include "dedup/verify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "similarity/figures.h"
#include "similarity/form.h"
#include "similarity/jaccard.h"
#include "similarity/short_texts.h"
#include "text/locate.h"

/* Similarities are worth knowing for the histogram down to this share of the threshold. */
#define NEARLY 0.9

/* What a share of shingles may be off by, as a number of them. */
#define SLACK 1e-9

ndup_status ndup__verifier_init(ndup__verifier *verifier, const ndup__run *run,
                                const ndup__rows *rows, ndup__sets *sets, ndup__odd_sketches *odd,
                                const ndup__frequencies *frequencies, ndup_error *error)
{
    *verifier =
        (ndup__verifier){.run = run,
                         .rows = rows,
                         .sets = sets,
                         .odd = odd,
                         .frequencies = frequencies,
                         .room = {.allocator = run->allocator},
                         .form_room = {.allocator = run->allocator},
                         .places = {{.allocator = run->allocator}, {.allocator = run->allocator}}};
    ndup__set_reader_init(&verifier->held_reader, run->allocator);
    ndup__set_reader_init(&verifier->reader, run->allocator);
    ndup_status status = ndup__allocate_zeroed(run->allocator, &verifier->agreement_least,
                                               2 * ((size_t)run->sketcher->slots + 1),
                                               sizeof *verifier->agreement_least, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(run->allocator, &verifier->seen,
                                       run->table.class_count / 8 + 1, 1, error);
    }
    return status;
}

void ndup__verifier_deinit(ndup__verifier *verifier)
{
    if (verifier->run == NULL) {
        return;
    }
    const ndup_allocator *allocator = verifier->run->allocator;
    ndup__sets_release(verifier->sets, verifier->held);
    ndup__set_reader_deinit(&verifier->held_reader);
    ndup__set_reader_deinit(&verifier->reader);
    ndup__figure_room_deinit(&verifier->room);
    ndup__form_room_deinit(&verifier->form_room);
    ndup__token_places_deinit(&verifier->places[0]);
    ndup__token_places_deinit(&verifier->places[1]);
    ndup__free(allocator, &verifier->agreement_least,
               2 * ((size_t)verifier->run->sketcher->slots + 1), sizeof *verifier->agreement_least);
    ndup__free(allocator, &verifier->seen, verifier->run->table.class_count / 8 + 1, 1);
    ndup__free(allocator, &verifier->candidates, verifier->candidate_capacity,
               sizeof *verifier->candidates);
}

typedef struct gathering {
    ndup__verifier *verifier;
    uint32_t before;
    ndup_error *error;
} gathering;

static void note_candidate(void *context, uint32_t leader, unsigned chosen)
{
    gathering *now = context;
    ndup__verifier *verifier = now->verifier;
    uint8_t bit = (uint8_t)(1u << (leader & 7));
    uint32_t rank = ndup__table_rank_of(&verifier->run->table, leader);
    if ((verifier->seen[leader >> 3] & bit) != 0 || rank >= now->before ||
        verifier->gather_status != NDUP_STATUS_OK) {
        return;
    }
    verifier->gather_status = ndup__reserve(
        verifier->run->allocator, &verifier->candidates, &verifier->candidate_capacity,
        verifier->candidate_count + 1, sizeof *verifier->candidates, now->error);
    if (verifier->gather_status == NDUP_STATUS_OK) {
        verifier->seen[leader >> 3] |= bit;
        verifier->candidates[verifier->candidate_count++] =
            (ndup__candidate){leader, rank, (uint16_t)chosen, 0};
        __builtin_prefetch(ndup__rows_get(verifier->rows, leader));
    }
}

static int best_first(const void *left, const void *right)
{
    const ndup__candidate *x = left;
    const ndup__candidate *y = right;
    if (x->agreement != y->agreement) {
        return x->agreement < y->agreement ? 1 : -1;
    }
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Fewest agreeing slots of all with which a pair is compared, when `chosen` of them agree because
 * the two share a bucket: these say nothing of how alike the two are. */
static unsigned agreement_least(ndup__verifier *verifier, unsigned chosen, bool is_split)
{
    const ndup__run *run = verifier->run;
    unsigned slots = run->sketcher->slots;
    uint16_t *least = &verifier->agreement_least[is_split ? slots + 1 + chosen : chosen];
    if (*least == 0) {
        double loss = is_split ? NDUP__SIFT_LOSS_SPLIT : NDUP__SIFT_LOSS;
        *least =
            (uint16_t)(chosen + ndup__row_agreement_least(run->sketcher, slots - chosen,
                                                          run->options->matching.threshold, loss));
    }
    return *least;
}

/* Keeps the candidates whose sketches agree in enough slots. */
static void sift(ndup__verifier *verifier, const uint8_t *row, bool is_split)
{
    size_t kept = 0;
    for (size_t i = 0; i < verifier->candidate_count; i++) {
        ndup__candidate candidate = verifier->candidates[i];
        uint32_t leader = candidate.class_number;
        verifier->seen[leader >> 3] &= (uint8_t) ~(1u << (leader & 7));
        candidate.agreement = (uint16_t)ndup__row_agreement(verifier->rows->sketcher, row,
                                                            ndup__rows_get(verifier->rows, leader));
        if (candidate.agreement >= agreement_least(verifier, candidate.chosen, is_split)) {
            verifier->candidates[kept++] = candidate;
        }
    }
    verifier->proposed += verifier->candidate_count;
    verifier->candidate_count = kept;
}

ndup_status ndup__verifier_gather(ndup__verifier *verifier, const ndup__leaders *leaders,
                                  uint32_t class_number, uint32_t since, uint32_t before,
                                  ndup_error *error)
{
    gathering now = {verifier, before, error};
    verifier->candidate_count = 0;
    verifier->gather_status = NDUP_STATUS_OK;
    ndup__crowding crowding =
        ndup__leaders_visit(leaders, class_number, since, note_candidate, &now);
    verifier->is_capped |= crowding.is_full;
    verifier->in_vain = 0;
    sift(verifier, ndup__rows_get(verifier->rows, class_number), crowding.is_split);
    verifier->is_crowded = crowding.is_split || verifier->candidate_count > NDUP__CROWD;
    if (verifier->candidate_count > 1) {
        qsort(verifier->candidates, verifier->candidate_count, sizeof *verifier->candidates,
              best_first);
    }
    ndup__stopwatch_lap(verifier->watch, NDUP_PART_CANDIDATES);
    return verifier->gather_status;
}

static ndup__figures figures_of(const ndup__set *set)
{
    return (ndup__figures){set->numbers, set->number_count, set->token_hashes, set->text.tokens};
}

static ndup_status check_numbers(ndup__verifier *verifier, bool *agree, const ndup__set *a,
                                 const ndup__set *b, double least, ndup_error *error)
{
    double agreement = 1;
    ndup_status status = NDUP_STATUS_OK;
    if (least > 0) {
        ndup__figures of_a = figures_of(a);
        ndup__figures of_b = figures_of(b);
        status = ndup__figures_agreement(&agreement, &verifier->room, &of_a, &of_b, least, error);
    }
    *agree = agreement >= least;
    return status;
}

/* The longest shared run, in tokens and in the bytes of a's text; a has met the index of b. */
static ndup_status find_span(ndup__verifier *verifier, ndup__match *match, const ndup__set *a,
                             ndup_error *error)
{
    const ndup__run *run = verifier->run;
    ndup__set_reader *reader = &verifier->held_reader;
    if (!run->options->spans) {
        return NDUP_STATUS_OK;
    }
    ndup__shared_run longest =
        ndup__longest_run_met(&verifier->reader.index, a->shingles, a->count);
    if (longest.length == 0) {
        return NDUP_STATUS_OK;
    }
    size_t shingle = run->shingling.size < a->text.tokens ? run->shingling.size : a->text.tokens;
    uint32_t end = 0;
    match->span_tokens = longest.length + (uint32_t)shingle - 1;
    ndup_status status = ndup__set_reader_fetch(reader, run, a->class_number, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__tokens_locate(&match->span_offset, &end, &reader->tokens,
                                     run->shingling.mode, reader->text.bytes, reader->text.length,
                                     longest.b, longest.b + match->span_tokens - 1, error);
    }
    match->span_bytes = end - match->span_offset;
    return status;
}

static void set_shared(ndup__match *match, size_t shared, size_t a, size_t b)
{
    match->similarity = ndup__jaccard(shared, a, b);
    match->containment = ndup__containment(shared, a);
    match->other_containment = ndup__containment(shared, b);
}

/* The figures by the bytes of the tokens; a has met the index of b. */
static ndup_status compare_bytes(ndup__verifier *verifier, ndup__match *match, size_t shared,
                                 const ndup__set *a, const ndup__set *b, ndup_error *error)
{
    size_t distinct = b->distinct;
    ndup_status status = ndup__compare_tokens(&shared, &distinct, verifier->places,
                                              &verifier->reader.index, &b->text, &a->text, a->count,
                                              a->repeats, verifier->run->shingling.size, error);
    set_shared(match, shared, a->distinct, distinct);
    return status;
}

/* Counts the shingles that a and b share, if they are at least `least`. */
static ndup_status count_shared(ndup__verifier *verifier, size_t *shared, const ndup__set *a,
                                const ndup__set *b, size_t least, ndup_error *error)
{
    *shared = 0;
    if (least > a->distinct || least > b->distinct) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__set_reader_index(&verifier->reader, b, error);
    return status == NDUP_STATUS_OK ? ndup__index_meet(shared, &verifier->reader.index, a->shingles,
                                                       a->count, a->repeats, least, error)
                                    : status;
}

/* What the words of two texts that have met say of a form. */
static ndup_status measure_form(ndup__verifier *verifier, ndup__form_signs *signs,
                                const ndup__match *match, const ndup__set *a, const ndup__set *b,
                                ndup_error *error)
{
    bool are_members = ndup__frequencies_has(verifier->frequencies, a->class_number) &&
                       ndup__frequencies_has(verifier->frequencies, b->class_number);
    bool have_repeats = a->repeats != NULL || b->repeats != NULL;
    *signs = (ndup__form_signs){.family = 0};
    if (!are_members && !have_repeats &&
        !ndup__runs_may_tell(match->containment, match->other_containment)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__form_pair_measure(signs, &verifier->form_room, verifier->frequencies,
                                                 a, b, &verifier->reader.index, error);
    if (ndup__token_mode_is_lax(verifier->run->shingling.mode)) {
        signs->runs[0] = signs->runs[1] = 0; /* damage, or lines put in */
    }
    return status;
}

/* Whether a, at the threshold of b, fills the same form with a content of its own; they have met.
 */
static ndup_status check_form(ndup__verifier *verifier, ndup__match *match, const ndup__set *a,
                              const ndup__set *b, ndup_error *error)
{
    ndup__form_signs signs;
    ndup_status status = measure_form(verifier, &signs, match, a, b, error);
    match->is_form = ndup__is_form(&signs);
    if (status == NDUP_STATUS_OK && !match->is_form) {
        bool agree;
        double least = ndup__form_numbers_least(signs.family,
                                                verifier->run->options->matching.number_agreement);
        status = check_numbers(verifier, &agree, a, b, least, error);
        match->is_form = !agree;
    }
    return status;
}

static ndup_status compare_sets(ndup__verifier *verifier, ndup__match *match, bool *similar,
                                const ndup__set *a, const ndup__set *b, ndup_error *error)
{
    const ndup_dedup_options *options = verifier->run->options;
    double threshold = options->matching.threshold;
    size_t least = ndup__intersection_least(a->distinct, b->distinct, NEARLY * threshold);
    size_t shared;
    ndup_status status = count_shared(verifier, &shared, a, b, least, error);
    verifier->verified++;
    *similar = false;
    if (status != NDUP_STATUS_OK || shared < least) {
        verifier->in_vain += NDUP__VAIN_UNLIKE;
        return status;
    }
    set_shared(match, shared, a->distinct, b->distinct);
    verifier->histogram[(unsigned)(100 * match->similarity)]++;
    bool is_alike = match->similarity >= threshold &&
                    ndup__short_texts_agree(&a->text, &b->text, verifier->run->shingling.mode);
    if (is_alike) {
        status = check_form(verifier, match, a, b, error);
    }
    bool drops_forms = options->templates == NDUP_TEMPLATES_DROP;
    if (status == NDUP_STATUS_OK && is_alike && (!match->is_form || drops_forms)) {
        status = compare_bytes(verifier, match, shared, a, b, error);
        *similar = match->similarity >= threshold;
        match->is_form &= *similar;
    }
    verifier->similar += *similar;
    if (!*similar) {
        verifier->in_vain += match->is_form ? NDUP__VAIN_FORM : NDUP__VAIN_UNLIKE;
    }
    return status == NDUP_STATUS_OK && *similar ? find_span(verifier, match, a, error) : status;
}

/* Whether so much of a stands in b, which is no shorter. */
static ndup_status contain_sets(ndup__verifier *verifier, ndup__match *match, bool *contained,
                                const ndup__set *a, const ndup__set *b, ndup_error *error)
{
    const ndup_dedup_options *options = verifier->run->options;
    double containment = ndup__options_containment(options);
    size_t least = (size_t)ceil(containment * (double)a->distinct - SLACK);
    size_t shared = 0;
    *contained = false;
    verifier->verified++;
    ndup_status status = NDUP_STATUS_OK;
    if (b->distinct >= a->distinct) {
        status = count_shared(verifier, &shared, a, b, least, error);
    }
    if (status != NDUP_STATUS_OK || shared < least) {
        verifier->in_vain += NDUP__VAIN_UNLIKE;
        return status;
    }
    set_shared(match, shared, a->distinct, b->distinct);
    if (match->similarity >= options->matching.threshold) {
        status = check_form(verifier, match, a, b, error);
    }
    bool is_other = match->is_form && options->templates != NDUP_TEMPLATES_DROP;
    if (status == NDUP_STATUS_OK && !is_other) {
        status = compare_bytes(verifier, match, shared, a, b, error);
        *contained = match->containment >= containment;
    }
    verifier->similar += *contained;
    verifier->in_vain += *contained ? 0 : NDUP__VAIN_UNLIKE;
    return status == NDUP_STATUS_OK && *contained ? find_span(verifier, match, a, error) : status;
}

static ndup_status measure_sets(ndup__verifier *verifier, ndup__match *match, bool *holds,
                                const ndup__set *a, const ndup__set *b, ndup_error *error)
{
    size_t shared;
    *holds = true;
    ndup_status status = count_shared(verifier, &shared, a, b, 0, error);
    if (status == NDUP_STATUS_OK) {
        status = compare_bytes(verifier, match, shared, a, b, error);
    }
    const ndup_dedup_options *options = verifier->run->options;
    if (status == NDUP_STATUS_OK && options->templates == NDUP_TEMPLATES_DROP &&
        match->similarity >= options->matching.threshold) {
        status = check_form(verifier, match, a, b, error);
    }
    return status == NDUP_STATUS_OK ? find_span(verifier, match, a, error) : status;
}

/* The set of the class asked about, which stays pinned until another class is asked about. */
static ndup_status hold_set(ndup__verifier *verifier, uint32_t class_number, ndup_error *error)
{
    if (verifier->held != NULL && verifier->held->class_number == class_number) {
        return NDUP_STATUS_OK;
    }
    ndup__sets_release(verifier->sets, verifier->held);
    verifier->held = NULL;
    return ndup__sets_get(verifier->sets, &verifier->held, class_number, &verifier->held_reader,
                          error);
}

typedef ndup_status (*compare_two)(ndup__verifier *verifier, ndup__match *match, bool *holds,
                                   const ndup__set *a, const ndup__set *b, ndup_error *error);

/* Compares the sets of two classes. */
static ndup_status with_sets(ndup__verifier *verifier, compare_two compare, ndup__match *match,
                             bool *holds, uint32_t class_number, uint32_t other, ndup_error *error)
{
    const ndup__set *set = NULL;
    ndup_status status = hold_set(verifier, class_number, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__sets_get(verifier->sets, &set, other, &verifier->reader, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = compare(verifier, match, holds, verifier->held, set, error);
    }
    ndup__sets_release(verifier->sets, set);
    ndup__stopwatch_lap(verifier->watch, NDUP_PART_VERIFY);
    return status;
}

/* The odd sketch of a class; its text is read the first time, and stays in the reader. */
static ndup_status odd_sketch_of(const ndup__odd_sketch **sketch, ndup__verifier *verifier,
                                 ndup__set_reader *reader, uint32_t class_number, ndup_error *error)
{
    *sketch = ndup__odd_sketches_find(verifier->odd, class_number);
    if (*sketch != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__set_reader_read(reader, verifier->run, class_number, error);
    return status == NDUP_STATUS_OK
               ? ndup__odd_sketches_make(sketch, verifier->odd, class_number, &reader->index, error)
               : status;
}

/* Whether two classes are worth comparing: of a crowd, most are not. */
static ndup_status may_match(ndup__verifier *verifier, bool *may, uint32_t class_number,
                             uint32_t other, ndup_error *error)
{
    const ndup__odd_sketch *a;
    const ndup__odd_sketch *b;
    *may = true;
    if (!verifier->is_crowded) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = odd_sketch_of(&a, verifier, &verifier->held_reader, class_number, error);
    if (status == NDUP_STATUS_OK) {
        status = odd_sketch_of(&b, verifier, &verifier->reader, other, error);
    }
    if (status == NDUP_STATUS_OK) {
        *may = ndup__odd_sketches_may_match(verifier->odd, a, b);
    }
    ndup__stopwatch_lap(verifier->watch, NDUP_PART_VERIFY);
    return status;
}

ndup_status ndup__verifier_compare(ndup__verifier *verifier, ndup__match *match, bool *similar,
                                   uint32_t class_number, uint32_t other, ndup_error *error)
{
    bool may;
    *match = (ndup__match){.other = other};
    *similar = false;
    ndup_status status = may_match(verifier, &may, class_number, other, error);
    return status == NDUP_STATUS_OK && may
               ? with_sets(verifier, compare_sets, match, similar, class_number, other, error)
               : status;
}

ndup_status ndup__verifier_contain(ndup__verifier *verifier, ndup__match *match, bool *contained,
                                   uint32_t class_number, uint32_t other, ndup_error *error)
{
    *match = (ndup__match){.other = other};
    return with_sets(verifier, contain_sets, match, contained, class_number, other, error);
}

ndup_status ndup__verifier_measure(ndup__verifier *verifier, ndup__match *match,
                                   uint32_t class_number, uint32_t other, ndup_error *error)
{
    bool holds;
    *match = (ndup__match){.other = other, .is_form = match->is_form};
    return with_sets(verifier, measure_sets, match, &holds, class_number, other, error);
}

void ndup__verifier_count(const ndup__verifier *verifier, ndup_summary *summary)
{
    summary->candidates += verifier->proposed;
    summary->verified += verifier->verified;
    summary->similar += verifier->similar;
    summary->capped += verifier->capped;
    for (size_t i = 0; i < sizeof verifier->histogram / sizeof verifier->histogram[0]; i++) {
        summary->similarity_histogram[i] += verifier->histogram[i];
    }
}
