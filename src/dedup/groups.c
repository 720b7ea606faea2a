/* SPDX-License-Identifier: MIT */
/* Groups from pairs: greedy leaders, connected components. */
#include "dedup/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pulse.h"
#include "cluster/union_find.h"

#define GRAIN 8

ndup_status ndup__class_pairs_add(ndup__class_pairs *pairs, const ndup__class_pair *pair,
                                  ndup_error *error)
{
    ndup_status status = ndup__reserve(pairs->allocator, &pairs->items, &pairs->capacity,
                                       pairs->count + 1, sizeof *pairs->items, error);
    if (status == NDUP_STATUS_OK) {
        pairs->items[pairs->count++] = *pair;
    }
    return status;
}

ndup_status ndup__class_pairs_append(ndup__class_pairs *pairs, const ndup__class_pairs *others,
                                     ndup_error *error)
{
    ndup_status status = ndup__reserve(pairs->allocator, &pairs->items, &pairs->capacity,
                                       pairs->count + others->count, sizeof *pairs->items, error);
    if (status == NDUP_STATUS_OK && others->count > 0) {
        memcpy(pairs->items + pairs->count, others->items, others->count * sizeof *pairs->items);
        pairs->count += others->count;
    }
    return status;
}

/* qsort has no context; pairs are sorted by rank through a change of names there and back. */
static int by_numbers(const void *left, const void *right)
{
    const ndup__class_pair *x = left;
    const ndup__class_pair *y = right;
    if (x->a != y->a) {
        return x->a < y->a ? -1 : 1;
    }
    return (x->b > y->b) - (x->b < y->b);
}

void ndup__class_pairs_sort(ndup__class_pairs *pairs, const ndup__table *table)
{
    for (size_t i = 0; i < pairs->count; i++) {
        pairs->items[i].a = ndup__table_rank_of(table, pairs->items[i].a);
        pairs->items[i].b = ndup__table_rank_of(table, pairs->items[i].b);
    }
    if (pairs->count > 1) {
        qsort(pairs->items, pairs->count, sizeof *pairs->items, by_numbers);
    }
    for (size_t i = 0; i < pairs->count; i++) {
        pairs->items[i].a = ndup__table_class_at(table, pairs->items[i].a);
        pairs->items[i].b = ndup__table_class_at(table, pairs->items[i].b);
    }
}

void ndup__class_pairs_deinit(ndup__class_pairs *pairs)
{
    ndup__free(pairs->allocator, &pairs->items, pairs->capacity, sizeof *pairs->items);
    pairs->count = pairs->capacity = 0;
}

ndup_status ndup__groups_init(ndup__groups *groups, size_t class_count,
                              const ndup_allocator *allocator, const ndup__breath *breath,
                              ndup_error *error)
{
    *groups = (ndup__groups){.allocator = allocator, .class_count = class_count};
    ndup_status status = ndup__resize(allocator, &groups->survivors, 0, class_count,
                                      sizeof *groups->survivors, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &groups->match_of, 0, class_count,
                              sizeof *groups->match_of, error);
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < class_count; i++) {
        ndup__breathe_at(breath, i, NDUP__BREATH_IN_ORDER);
        groups->survivors[i] = (uint32_t)i;
        groups->match_of[i] = NDUP__NO_CLASS;
    }
    return status;
}

void ndup__groups_deinit(ndup__groups *groups)
{
    const ndup_allocator *allocator = groups->allocator;
    ndup__free(allocator, &groups->survivors, groups->class_count, sizeof *groups->survivors);
    ndup__free(allocator, &groups->match_of, groups->class_count, sizeof *groups->match_of);
    ndup__free(allocator, &groups->matches, groups->match_capacity, sizeof *groups->matches);
}

ndup_status ndup__groups_drop(ndup__groups *groups, uint32_t class_number, const ndup__match *match,
                              ndup_error *error)
{
    ndup_status status = ndup__reserve(groups->allocator, &groups->matches, &groups->match_capacity,
                                       groups->match_count + 1, sizeof *groups->matches, error);
    if (status == NDUP_STATUS_OK) {
        groups->survivors[class_number] = match->other;
        groups->match_of[class_number] = (uint32_t)groups->match_count;
        groups->matches[groups->match_count++] = *match;
    }
    return status;
}

ndup_status ndup__groups_note_form(ndup__groups *groups, uint32_t class_number,
                                   const ndup__match *match, ndup_error *error)
{
    ndup_status status = ndup__groups_drop(groups, class_number, match, error);
    groups->survivors[class_number] = class_number;
    return status;
}

const ndup__match *ndup__groups_form(const ndup__groups *groups, uint32_t class_number)
{
    bool has_form = groups->survivors[class_number] == class_number &&
                    groups->match_of[class_number] != NDUP__NO_CLASS;
    return has_form ? &groups->matches[groups->match_of[class_number]] : NULL;
}

bool ndup__table_is_protected(const ndup__table *table, uint32_t class_number)
{
    /* Protected documents rank first, so they stand for their class. */
    return ndup__table_protects(table, table->class_documents[class_number]);
}

/* Places of the pairs by their later class: places[starts[b]..starts[b+1]) index pairs with that b.
 */
typedef struct pair_index {
    size_t *starts;
    size_t *places;
} pair_index;

static ndup_status index_pairs(pair_index *index, const ndup__class_pairs *pairs,
                               size_t class_count, ndup_error *error)
{
    *index = (pair_index){0};
    ndup_status status = ndup__allocate_zeroed(pairs->allocator, &index->starts, class_count + 2,
                                               sizeof *index->starts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(pairs->allocator, &index->places, 0, pairs->count,
                              sizeof *index->places, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < pairs->count; i++) {
        index->starts[pairs->items[i].b + 2]++;
    }
    for (size_t i = 0; i < class_count; i++) {
        index->starts[i + 2] += index->starts[i + 1];
    }
    for (size_t i = 0; i < pairs->count; i++) {
        index->places[index->starts[pairs->items[i].b + 1]++] = i;
    }
    return NDUP_STATUS_OK;
}

static void free_index(pair_index *index, const ndup__class_pairs *pairs, size_t class_count)
{
    ndup__free(pairs->allocator, &index->starts, class_count + 2, sizeof *index->starts);
    ndup__free(pairs->allocator, &index->places, pairs->count, sizeof *index->places);
}

/* The most similar kept class among the pairs that end in class b, forms or copies; pairs come in
 * rank order, so the first of equals is the one kept longest. */
static const ndup__class_pair *best_survivor(const ndup__groups *groups, const pair_index *index,
                                             const ndup__class_pairs *pairs, uint32_t b,
                                             bool is_form)
{
    const ndup__class_pair *best = NULL;
    for (size_t i = index->starts[b]; i < index->starts[b + 1]; i++) {
        const ndup__class_pair *pair = &pairs->items[index->places[i]];
        bool is_kept = groups->survivors[pair->a] == pair->a;
        if (is_kept && pair->is_form == is_form &&
            (best == NULL || pair->similarity > best->similarity)) {
            best = pair;
        }
    }
    return best;
}

typedef struct measuring {
    ndup__groups *groups;
    ndup__judge *judge;
    uint32_t *dropped; /* [match_count] the class that each match is of */
    ndup__pulse pulse;
} measuring;

static ndup_status measure_matches(void *context, size_t begin, size_t end, unsigned worker,
                                   ndup_error *error)
{
    measuring *now = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        ndup__match *match = &now->groups->matches[i];
        status = ndup__pulse_check(&now->pulse, error);
        if (status != NDUP_STATUS_OK) {
            break;
        }
        status = ndup__verifier_measure(&now->judge->verifiers[worker], match, now->dropped[i],
                                        match->other, error);
    }
    return status;
}

/* Compares every dropped class with its survivor again, for the exact figures and the span; kept
 * ones with their form. */
static ndup_status measure_drops(ndup__groups *groups, ndup__judge *judge, ndup_error *error)
{
    measuring now = {
        groups, judge, NULL, {.beat = ndup__reporter_beat, .context = &judge->run->reporter}};
    size_t count = groups->match_count;
    ndup_status status =
        ndup__resize(groups->allocator, &now.dropped, 0, count, sizeof *now.dropped, error);
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < groups->class_count; i++) {
            if (groups->match_of[i] != NDUP__NO_CLASS) {
                now.dropped[groups->match_of[i]] = (uint32_t)i;
            }
        }
        ndup__stopwatch_lap(&judge->run->watches[0], NDUP_PART_DECIDE);
        ndup__pool_watch(judge->run->pool, judge->run->watches, NDUP_PART_VERIFY);
        status = ndup__pool_ranges(judge->run->pool, 0, count, GRAIN, measure_matches, &now, error);
        ndup__pool_watch(judge->run->pool, NULL, 0);
    }
    ndup__free(groups->allocator, &now.dropped, count, sizeof *now.dropped);
    return status;
}

static ndup_status decide_by_pairs(ndup__groups *groups, const ndup__judge *judge,
                                   const pair_index *index, const ndup__class_pairs *pairs,
                                   uint32_t class_number, ndup_error *error)
{
    bool drops_forms = judge->run->options->templates == NDUP_TEMPLATES_DROP;
    const ndup__class_pair *copy = best_survivor(groups, index, pairs, class_number, false);
    const ndup__class_pair *form = best_survivor(groups, index, pairs, class_number, true);
    const ndup__class_pair *best = copy != NULL ? copy : form;
    if (best == NULL || ndup__table_is_protected(&judge->run->table, class_number)) {
        return NDUP_STATUS_OK;
    }
    ndup__match match = {.other = best->a, .is_form = best->is_form};
    if (copy != NULL || drops_forms) {
        return ndup__groups_drop(groups, class_number, &match, error);
    }
    return ndup__groups_note_form(groups, class_number, &match, error);
}

ndup_status ndup__leaders_of_pairs(ndup__groups *groups, ndup__judge *judge,
                                   const ndup__class_pairs *pairs, ndup_error *error)
{
    const ndup__table *table = &judge->run->table;
    pair_index index;
    ndup_status status = index_pairs(&index, pairs, table->class_count, error);
    for (size_t rank = 0; rank < table->class_count && status == NDUP_STATUS_OK; rank++) {
        uint32_t class_number = ndup__table_class_at(table, rank);
        status = decide_by_pairs(groups, judge, &index, pairs, class_number, error);
    }
    free_index(&index, pairs, table->class_count);
    return status == NDUP_STATUS_OK ? measure_drops(groups, judge, error) : status;
}

/* The first pair of one form, of the classes that stay. */
static ndup_status note_forms(ndup__groups *groups, const ndup__table *table,
                              const ndup__class_pairs *pairs, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < pairs->count && status == NDUP_STATUS_OK; i++) {
        const ndup__class_pair *pair = &pairs->items[i];
        bool stay = groups->survivors[pair->a] == pair->a && groups->survivors[pair->b] == pair->b;
        if (pair->is_form && stay && groups->match_of[pair->b] == NDUP__NO_CLASS &&
            !ndup__table_is_protected(table, pair->b)) {
            ndup__match match = {.other = pair->a, .is_form = true};
            status = ndup__groups_note_form(groups, pair->b, &match, error);
        }
    }
    return status;
}

ndup_status ndup__components_of_pairs(ndup__groups *groups, ndup__judge *judge,
                                      const ndup__class_pairs *pairs, ndup_error *error)
{
    const ndup__table *table = &judge->run->table;
    ndup__union_find sets;
    bool drops_forms = judge->run->options->templates == NDUP_TEMPLATES_DROP;
    uint32_t *firsts = NULL; /* of each component, by its root: the first class in keep order */
    ndup_status status = ndup__union_find_init(&sets, table->class_count, groups->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(groups->allocator, &firsts, 0, table->class_count, sizeof *firsts, error);
    }
    if (status == NDUP_STATUS_OK && table->class_count > 0) {
        memset(firsts, 0xFF, table->class_count * sizeof *firsts);
        for (size_t i = 0; i < pairs->count; i++) {
            if (!pairs->items[i].is_form || drops_forms) {
                ndup__union_find_join(&sets, pairs->items[i].a, pairs->items[i].b);
            }
        }
    }
    for (size_t rank = 0; rank < table->class_count && status == NDUP_STATUS_OK; rank++) {
        uint32_t class_number = ndup__table_class_at(table, rank);
        uint32_t *first = &firsts[ndup__union_find_root(&sets, class_number)];
        if (*first == NDUP__NO_CLASS) {
            *first = class_number;
        } else if (!ndup__table_is_protected(table, class_number)) {
            ndup__match match = {.other = *first};
            status = ndup__groups_drop(groups, class_number, &match, error);
        }
    }
    if (status == NDUP_STATUS_OK && !drops_forms) {
        status = note_forms(groups, table, pairs, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = measure_drops(groups, judge, error);
    }
    ndup__free(groups->allocator, &firsts, table->class_count, sizeof *firsts);
    ndup__union_find_deinit(&sets);
    return status;
}
