/* SPDX-License-Identifier: MIT */
/* Spans are sorted by document and place, and each meets the leaders that it may overlap with; sets
 * of what is one are kept as trees, the least span on top. */
#include "passage/families.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* Leaders looked at for one span, latest first: of nested spans there may be any number. */
#define LOOKED_AT 64

/* A span with its number, as it is sorted. */
typedef struct numbered {
    ndup__span span;
    uint32_t number;
} numbered;

static int compare_spans(const void *left, const void *right)
{
    const numbered *x = left;
    const numbered *y = right;
    if (x->span.document != y->span.document) {
        return x->span.document < y->span.document ? -1 : 1;
    }
    if (x->span.token != y->span.token) {
        return x->span.token < y->span.token ? -1 : 1;
    }
    if (x->span.tokens != y->span.tokens) {
        return x->span.tokens > y->span.tokens ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool is_same_place(const ndup__span *leader, const ndup__span *span)
{
    uint64_t leader_end = (uint64_t)leader->token + leader->tokens;
    uint64_t span_end = (uint64_t)span->token + span->tokens;
    uint64_t end = leader_end < span_end ? leader_end : span_end;
    uint64_t longer = leader->tokens > span->tokens ? leader->tokens : span->tokens;
    return end > span->token && 2 * (end - span->token) > longer;
}

static uint32_t root_of(uint32_t *parents, uint32_t x)
{
    while (parents[x] != x) {
        parents[x] = parents[parents[x]];
        x = parents[x];
    }
    return x;
}

static void join(uint32_t *parents, uint32_t x, uint32_t y)
{
    x = root_of(parents, x);
    y = root_of(parents, y);
    if (x < y) {
        parents[y] = x;
    } else {
        parents[x] = y;
    }
}

/* The leader among leaders[0..count), indexes of `sorted`, whose place this is, or count. */
static size_t find_leader(const numbered *sorted, const uint32_t *leaders, size_t count,
                          const ndup__span *span)
{
    size_t least = count > LOOKED_AT ? count - LOOKED_AT : 0;
    for (size_t i = count; i > least; i--) {
        const ndup__span *leader = &sorted[leaders[i - 1]].span;
        if (leader->document != span->document) {
            break;
        }
        if (is_same_place(leader, span)) {
            return i - 1;
        }
    }
    return count;
}

/* Leaves the leaders, indexes of `sorted`, in families->order. */
static ndup_status find_places(ndup__families *families, uint32_t *parents, const numbered *sorted,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < families->span_count && status == NDUP_STATUS_OK; i++) {
        size_t leader =
            find_leader(sorted, families->order, families->place_count, &sorted[i].span);
        if (leader < families->place_count) {
            join(parents, sorted[families->order[leader]].number, sorted[i].number);
            continue;
        }
        status = ndup__reserve(families->allocator, &families->order, &families->place_capacity,
                               families->place_count + 1, sizeof *families->order, error);
        if (status == NDUP_STATUS_OK) {
            families->order[families->place_count++] = (uint32_t)i;
        }
    }
    return status;
}

/* Numbers the families in the order of their first places, and brings the places in theirs. */
static ndup_status number_families(ndup__families *families, uint32_t *parents,
                                   const numbered *sorted, ndup_error *error)
{
    uint32_t *numbers = families->family; /* of roots: 1 + number, until all are known */
    for (size_t i = 0; i < families->place_count; i++) {
        uint32_t root = root_of(parents, sorted[families->order[i]].number);
        if (numbers[root] == 0) {
            numbers[root] = (uint32_t)++families->count;
        }
    }
    for (size_t i = 0; i < families->span_count; i++) {
        numbers[i] = numbers[root_of(parents, (uint32_t)i)];
    }
    for (size_t i = 0; i < families->span_count; i++) {
        numbers[i]--;
    }
    ndup_status status = ndup__allocate_zeroed(families->allocator, &families->first,
                                               families->count + 1, sizeof *families->first, error);
    uint32_t *placed = NULL;
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(families->allocator, &placed, 0, families->place_count,
                              sizeof *placed, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t *first = families->first;
    for (size_t i = 0; i < families->place_count; i++) {
        first[numbers[sorted[families->order[i]].number] + 1]++;
    }
    for (size_t i = 0; i < families->count; i++) {
        first[i + 1] += first[i];
    }
    for (size_t i = 0; i < families->place_count; i++) {
        uint32_t number = sorted[families->order[i]].number;
        placed[first[numbers[number]]++] = number;
    }
    for (size_t i = families->count; i > 0; i--) {
        first[i] = first[i - 1];
    }
    first[0] = 0;
    ndup__free(families->allocator, &families->order, families->place_capacity, sizeof *placed);
    families->order = placed;
    families->place_capacity = families->place_count;
    return NDUP_STATUS_OK;
}

ndup_status ndup__families_make(ndup__families *families, const ndup__span *spans, size_t count,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *families = (ndup__families){.allocator = allocator, .span_count = count};
    if (count >= UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "%zu passages, must be under 2^31", count / 2);
    }
    numbered *sorted = NULL;
    uint32_t *parents = NULL;
    ndup_status status = ndup__resize(allocator, &sorted, 0, count, sizeof *sorted, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &parents, 0, count, sizeof *parents, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &families->family, count,
                                       sizeof *families->family, error);
    }
    if (status == NDUP_STATUS_OK && count > 0) {
        for (size_t i = 0; i < count; i++) {
            sorted[i] = (numbered){spans[i], (uint32_t)i};
            parents[i] = (uint32_t)(i - i % 2); /* the two of a passage are one */
        }
        qsort(sorted, count, sizeof *sorted, compare_spans);
        status = find_places(families, parents, sorted, error);
        if (status == NDUP_STATUS_OK) {
            status = number_families(families, parents, sorted, error);
        }
    }
    ndup__free(allocator, &sorted, sorted != NULL ? count : 0, sizeof *sorted);
    ndup__free(allocator, &parents, parents != NULL ? count : 0, sizeof *parents);
    return status;
}

void ndup__families_deinit(ndup__families *families)
{
    const ndup_allocator *allocator = families->allocator;
    ndup__free(allocator, &families->family, families->family != NULL ? families->span_count : 0,
               sizeof *families->family);
    ndup__free(allocator, &families->order, families->place_capacity, sizeof *families->order);
    ndup__free(allocator, &families->first, families->first != NULL ? families->count + 1 : 0,
               sizeof *families->first);
}
