/* SPDX-License-Identifier: MIT */
/* Candidates of one class, sifted by sketch agreement and compared by exact sets. */
#include "dedup/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/locate.h"

ndup_status ndup__verifier_init(ndup__verifier *verifier, const ndup__run *run,
                                const ndup__rows *rows, ndup__sets *sets, ndup__odd_sketches *odd,
                                const ndup__frequencies *frequencies, ndup_error *error)
{
    *verifier = (ndup__verifier){.run = run, .rows = rows, .sets = sets, .odd = odd};
    ndup__matcher_init(&verifier->matcher, run->options, frequencies, run->allocator);
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
    ndup__matcher_deinit(&verifier->matcher);
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
    verifier->gathered = verifier->candidate_count;
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

static ndup_status compare_sets(ndup__verifier *verifier, ndup__match *match, bool *similar,
                                const ndup__set *a, const ndup__set *b, ndup_error *error)
{
    ndup_status status =
        ndup__matcher_similar(&verifier->matcher, match, similar, a, b, &verifier->reader, error);
    return status == NDUP_STATUS_OK && *similar ? find_span(verifier, match, a, error) : status;
}

static ndup_status contain_sets(ndup__verifier *verifier, ndup__match *match, bool *contained,
                                const ndup__set *a, const ndup__set *b, ndup_error *error)
{
    ndup_status status = ndup__matcher_contained(&verifier->matcher, match, contained, a, b,
                                                 &verifier->reader, error);
    verifier->verified++;
    verifier->similar += *contained;
    verifier->in_vain += *contained ? 0 : NDUP__VAIN_UNLIKE;
    return status == NDUP_STATUS_OK && *contained ? find_span(verifier, match, a, error) : status;
}

static ndup_status measure_sets(ndup__verifier *verifier, ndup__match *match, bool *holds,
                                const ndup__set *a, const ndup__set *b, ndup_error *error)
{
    *holds = true;
    ndup_status status =
        ndup__matcher_measure(&verifier->matcher, match, a, b, &verifier->reader, error);
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

ndup_status ndup__verifier_may_match(ndup__verifier *verifier, bool *may, uint32_t class_number,
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

ndup_status ndup__verifier_try(ndup__verifier *verifier, ndup__comparison *made,
                               uint32_t class_number, uint32_t other, ndup_error *error)
{
    *made = (ndup__comparison){.match = {.other = other}};
    return with_sets(verifier, compare_sets, &made->match, &made->similar, class_number, other,
                     error);
}

void ndup__verifier_tally(ndup__verifier *verifier, const ndup__comparison *made)
{
    verifier->verified++;
    verifier->similar += made->similar;
    if (made->match.similarity > 0) {
        verifier->histogram[(unsigned)(100 * made->match.similarity)]++;
    }
}

unsigned ndup__cost_in_vain(const ndup__comparison *made)
{
    return made->similar ? 0 : made->match.is_form ? NDUP__VAIN_FORM : NDUP__VAIN_UNLIKE;
}

ndup_status ndup__verifier_compare(ndup__verifier *verifier, ndup__match *match, bool *similar,
                                   uint32_t class_number, uint32_t other, ndup_error *error)
{
    bool may;
    ndup__comparison made = {.match = {.other = other}};
    ndup_status status = ndup__verifier_may_match(verifier, &may, class_number, other, error);
    if (status == NDUP_STATUS_OK && may) {
        status = ndup__verifier_try(verifier, &made, class_number, other, error);
        ndup__verifier_tally(verifier, &made);
        verifier->in_vain += ndup__cost_in_vain(&made);
    }
    *match = made.match;
    *similar = made.similar;
    return status;
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
    summary->crowded += verifier->crowded;
    summary->capped += verifier->capped;
    for (size_t i = 0; i < sizeof verifier->histogram / sizeof verifier->histogram[0]; i++) {
        summary->similarity_histogram[i] += verifier->histogram[i];
    }
}

void ndup__verifier_add_counts(ndup__judge_counts *counts, const ndup__verifier *verifier)
{
    counts->proposed += verifier->proposed;
    counts->verified += verifier->verified;
    counts->similar += verifier->similar;
    counts->crowded += verifier->crowded;
    counts->capped += verifier->capped;
    for (size_t i = 0; i < sizeof counts->histogram / sizeof counts->histogram[0]; i++) {
        counts->histogram[i] += verifier->histogram[i];
    }
}

void ndup__verifier_resume(ndup__verifier *verifier, const ndup__judge_counts *counts)
{
    verifier->proposed = counts->proposed;
    verifier->verified = counts->verified;
    verifier->similar = counts->similar;
    verifier->crowded = counts->crowded;
    verifier->capped = counts->capped;
    memcpy(verifier->histogram, counts->histogram, sizeof counts->histogram);
}
