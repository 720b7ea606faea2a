/* SPDX-License-Identifier: MIT */
/* Passages by documents, by length, and by source. */
#include "page/passage_counts.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "page/shown_parts.h"
#include "report/json_out.h"

/* Sources that are named; all others are one row. */
#define SOURCES_SHOWN 14

/* Where the steps of the charts begin. */
static const uint64_t document_steps[NDUP__DOCUMENT_STEPS] = {2, 3, 4, 5, 6, 11, 21, 51, 101, 501};
static const uint64_t token_steps[NDUP__TOKEN_STEPS] = {0, 25, 50, 100, 200, 400, 800, 1600};

void ndup__passage_counts_init(ndup__passage_counts *counts, const ndup_allocator *allocator)
{
    *counts = (ndup__passage_counts){.sources = {.allocator = allocator}};
}

void ndup__passage_counts_deinit(ndup__passage_counts *counts)
{
    ndup__free(counts->sources.allocator, &counts->rows, counts->capacity, sizeof *counts->rows);
    ndup__free(counts->sources.allocator, &counts->flows, counts->flow_capacity,
               sizeof *counts->flows);
    ndup__sources_deinit(&counts->sources);
    counts->capacity = counts->flow_capacity = 0;
}

static size_t step_of(const uint64_t *steps, size_t count, uint64_t value)
{
    size_t step = 0;
    while (step + 1 < count && value >= steps[step + 1]) {
        step++;
    }
    return step;
}

/* Places stand by date, dated ones first, those of one document and date side by side. */
static void count_dates(ndup__passage_facts *facts, const ndup_passage_family *family)
{
    const ndup_passage_place *first = &family->places[0];
    for (size_t i = 0; i < family->count && family->places[i].is_dated; i++) {
        const ndup_passage_place *place = &family->places[i];
        if (i == 0 || place->document != place[-1].document) {
            facts->dated++;
            facts->earliest += place->milliseconds == first->milliseconds;
        }
    }
}

static bool overlap(const ndup_passage_place *a, const ndup_passage_place *b)
{
    return a->document == b->document && b->offset < a->offset + a->length;
}

const ndup_passage_place *ndup__longest_place(const ndup_passage_family *family, size_t *at)
{
    const ndup_passage_place *longest = &family->places[(*at)++];
    for (; *at < family->count && overlap(longest, &family->places[*at]); ++*at) {
        const ndup_passage_place *place = &family->places[*at];
        longest = place->tokens > longest->tokens ? place : longest;
    }
    return longest;
}

static ndup_status source_row(ndup__passage_source **row, ndup__passage_counts *counts,
                              ndup_text name, ndup_error *error)
{
    uint32_t number;
    size_t known = counts->sources.count;
    ndup_status status = ndup__sources_find(&number, &counts->sources, name, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(counts->sources.allocator, &counts->rows, &counts->capacity,
                               counts->sources.count, sizeof *counts->rows, error);
    }
    if (status == NDUP_STATUS_OK) {
        *row = &counts->rows[number];
        if (number >= known) {
            **row = (ndup__passage_source){.passages = 0};
        }
    }
    return status;
}

static int by_rows(const void *left, const void *right)
{
    const ndup__passage_flow *a = left;
    const ndup__passage_flow *b = right;
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    return a->later < b->later ? -1 : a->later > b->later;
}

/* Makes one of those between the same two sources. */
static void join_flows(ndup__passage_counts *counts)
{
    size_t kept = 0;
    if (counts->flow_count > 0) {
        qsort(counts->flows, counts->flow_count, sizeof *counts->flows, by_rows);
    }
    for (size_t i = 0; i < counts->flow_count; i++) {
        if (kept > 0 && by_rows(&counts->flows[kept - 1], &counts->flows[i]) == 0) {
            counts->flows[kept - 1].passages += counts->flows[i].passages;
        } else {
            counts->flows[kept++] = counts->flows[i];
        }
    }
    counts->flow_count = counts->joined = kept;
}

static ndup_status add_flow(ndup__passage_counts *counts, size_t first, size_t later,
                            ndup_error *error)
{
    if (counts->flow_count == counts->flow_capacity && counts->flow_count > 2 * counts->joined) {
        join_flows(counts);
    }
    ndup_status status =
        ndup__reserve(counts->sources.allocator, &counts->flows, &counts->flow_capacity,
                      counts->flow_count + 1, sizeof *counts->flows, error);
    if (status == NDUP_STATUS_OK) {
        counts->flows[counts->flow_count++] =
            (ndup__passage_flow){(uint32_t)first, (uint32_t)later, 1};
    }
    return status;
}

/* From the source that had a passage first to all that have it later. */
static ndup_status count_flows(ndup__passage_counts *counts, const ndup_passage_family *family,
                               ndup_error *error)
{
    ndup__passage_source *row;
    ndup_status status = source_row(&row, counts, family->places[0].source, error);
    size_t first = status == NDUP_STATUS_OK ? (size_t)(row - counts->rows) : 0;
    for (size_t i = 1; i < family->count && status == NDUP_STATUS_OK; i++) {
        const ndup_passage_place *place = &family->places[i];
        if (!place->is_dated || place->document == family->places[0].document) {
            continue;
        }
        status = source_row(&row, counts, place->source, error);
        if (status == NDUP_STATUS_OK && row->last_later != family->number + 1) {
            row->last_later = family->number + 1;
            status = add_flow(counts, first, (size_t)(row - counts->rows), error);
        }
    }
    return status;
}

static ndup_status count_sources(ndup__passage_facts *facts, ndup__passage_counts *counts,
                                 const ndup_passage_family *family, ndup_error *error)
{
    ndup__passage_source *row;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < family->count && status == NDUP_STATUS_OK; i++) {
        status = source_row(&row, counts, family->places[i].source, error);
        if (status == NDUP_STATUS_OK && row->last != family->number + 1) {
            row->last = family->number + 1;
            row->passages++;
            facts->sources++;
        }
        if (status == NDUP_STATUS_OK && i == 0) {
            row->first += ndup__passage_has_first(facts);
        }
    }
    return status;
}

ndup_status ndup__passage_counts_add(ndup__passage_facts *facts, ndup__passage_counts *counts,
                                     const ndup_passage_family *family, ndup_error *error)
{
    size_t at = 0;
    *facts = (ndup__passage_facts){.tokens = ndup__longest_place(family, &at)->tokens};
    count_dates(facts, family);
    ndup_status status = count_sources(facts, counts, family, error);
    if (status == NDUP_STATUS_OK && ndup__passage_has_first(facts)) {
        status = count_flows(counts, family, error);
    }
    counts->with_first += ndup__passage_has_first(facts);
    counts->undated += facts->dated == 0;
    counts->between += facts->sources > 1;
    counts->by_documents[step_of(document_steps, NDUP__DOCUMENT_STEPS, family->documents)]++;
    counts->by_tokens[step_of(token_steps, NDUP__TOKEN_STEPS, facts->tokens)]++;
    return status;
}

/* Pairs of the least value of a step and how many there are; steps without any are left out. */
static void write_steps(ndup__out *out, const char *key, const uint64_t *steps,
                        const uint64_t *numbers, size_t count)
{
    ndup__json_open(out, key, '[');
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] > 0) {
            ndup__json_open(out, NULL, '[');
            ndup__json_count(out, NULL, steps[i]);
            ndup__json_count(out, NULL, numbers[i]);
            ndup__json_close(out, ']');
        }
    }
    ndup__json_close(out, ']');
}

typedef struct ranked_source {
    uint64_t passages;
    size_t row;
} ranked_source;

static int most_first(const void *left, const void *right)
{
    const ranked_source *a = left;
    const ranked_source *b = right;
    if (a->passages != b->passages) {
        return a->passages > b->passages ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static void write_source(ndup__out *out, const ndup__passage_counts *counts, size_t row)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_shown_part(out, "name", counts->sources.rows[row].name, NDUP__SHOWN_PART_BYTES);
    ndup__json_count(out, "passages", counts->rows[row].passages);
    ndup__json_count(out, "first", counts->rows[row].first);
    ndup__json_close(out, '}');
}

static uint64_t flow_between(const ndup__passage_counts *counts, size_t first, size_t later)
{
    const ndup__passage_flow wanted = {(uint32_t)first, (uint32_t)later, 0};
    const ndup__passage_flow *found =
        counts->flow_count > 0
            ? bsearch(&wanted, counts->flows, counts->flow_count, sizeof *counts->flows, by_rows)
            : NULL;
    return found != NULL ? found->passages : 0;
}

/* Rows of the sources that had passages first, columns of those that have them later. */
static void write_matrix(ndup__out *out, const ndup__passage_counts *counts,
                         const ranked_source *ranked, size_t count)
{
    ndup__json_open(out, "matrix", '[');
    for (size_t first = 0; first < count; first++) {
        ndup__json_open(out, NULL, '[');
        for (size_t later = 0; later < count; later++) {
            ndup__json_count(out, NULL, flow_between(counts, ranked[first].row, ranked[later].row));
        }
        ndup__json_close(out, ']');
    }
    ndup__json_close(out, ']');
}

static ndup_status write_sources(ndup__out *out, ndup__passage_counts *counts, ndup_error *error)
{
    const ndup_allocator *allocator = counts->sources.allocator;
    size_t count = counts->sources.count;
    ranked_source *ranked = NULL;
    ndup_status status = ndup__resize(allocator, &ranked, 0, count, sizeof *ranked, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        ranked[i] = (ranked_source){counts->rows[i].passages, i};
    }
    if (count > 0) {
        qsort(ranked, count, sizeof *ranked, most_first);
    }
    ndup__json_count(out, "source_count", count);
    ndup__json_open(out, "sources", '[');
    size_t shown = count < SOURCES_SHOWN ? count : SOURCES_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        write_source(out, counts, ranked[i].row);
    }
    ndup__json_close(out, ']');
    join_flows(counts);
    write_matrix(out, counts, ranked, shown);
    ndup__free(allocator, &ranked, count, sizeof *ranked);
    return NDUP_STATUS_OK;
}

ndup_status ndup__json_passage_overview(ndup__out *out, ndup__passage_counts *counts,
                                        ndup_error *error)
{
    ndup__json_open(out, "counts", '{');
    ndup__json_count(out, "with_first", counts->with_first);
    ndup__json_count(out, "undated", counts->undated);
    ndup__json_count(out, "between", counts->between);
    write_steps(out, "by_documents", document_steps, counts->by_documents, NDUP__DOCUMENT_STEPS);
    write_steps(out, "by_tokens", token_steps, counts->by_tokens, NDUP__TOKEN_STEPS);
    ndup_status status = write_sources(out, counts, error);
    ndup__json_close(out, '}');
    return status;
}
