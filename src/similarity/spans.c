/* SPDX-License-Identifier: MIT */
/* Every run that cannot be lengthened to the left is followed to its end. */
#include "similarity/spans.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

/* Places of one shingle that are tried from one place of the other text. */
#define TRIES 64
/* Steps along runs, of all together, for each shingle of both texts. */
#define STEPS 64

static uint32_t extend(const ndup__shingle_index *a, size_t i, const uint64_t *b, size_t b_count,
                       size_t j)
{
    size_t length = 0;
    while (i + length < a->count && j + length < b_count &&
           a->shingles[i + length] == b[j + length]) {
        length++;
    }
    return (uint32_t)length;
}

typedef ndup_status (*run_visitor)(void *context, ndup__shared_run run, ndup_error *error);

/* Visits the runs that cannot be lengthened to the left, in the order of their places in b. */
static inline ndup_status visit_runs(const ndup__shingle_index *a, const uint64_t *b,
                                     size_t b_count, run_visitor visit, void *context,
                                     ndup_error *error)
{
    bool is_set = a->distinct == a->count;
    ndup_status status = NDUP_STATUS_OK;
    size_t steps = STEPS * (a->count + b_count);
    for (size_t j = 0; status == NDUP_STATUS_OK && j < b_count && steps > 0; j++) {
        unsigned tries = 0;
        uint32_t length = 0;
        for (uint32_t at = a->meetings[j];
             at != 0 && tries < TRIES && steps > 0 && status == NDUP_STATUS_OK;
             at = a->nexts[at - 1]) {
            size_t i = at - 1;
            tries++;
            if (i == 0 || j == 0 || a->shingles[i - 1] != b[j - 1]) {
                length = extend(a, i, b, b_count, j);
                steps -= length < steps ? length : steps;
                status =
                    visit(context, (ndup__shared_run){(uint32_t)i, (uint32_t)j, length}, error);
            }
        }
        /* Where each shingle has one place, no run begins inside of another. */
        j += is_set && length > 0 ? length - 1 : 0;
    }
    return status;
}

static ndup_status keep_longest(void *context, ndup__shared_run run, ndup_error *error)
{
    (void)error;
    ndup__shared_run *longest = context;
    if (run.length > longest->length) {
        *longest = run;
    }
    return NDUP_STATUS_OK;
}

ndup__shared_run ndup__longest_run_met(const ndup__shingle_index *a, const uint64_t *b,
                                       size_t b_count)
{
    ndup__shared_run longest = {0};
    (void)visit_runs(a, b, b_count, keep_longest, &longest, NULL);
    return longest;
}

/* Indexes a, and has b met with it. */
static ndup_status meet(ndup__run_finder *finder, const uint64_t *a, size_t a_count,
                        const uint64_t *b, size_t b_count, ndup_error *error)
{
    size_t shared;
    finder->index.allocator = finder->allocator;
    ndup_status status = ndup__index_fill(&finder->index, a, a_count, error);
    return status == NDUP_STATUS_OK
               ? ndup__index_meet(&shared, &finder->index, b, b_count, NULL, 0, error)
               : status;
}

ndup_status ndup__longest_run(ndup__shared_run *run, ndup__run_finder *finder, const uint64_t *a,
                              size_t a_count, const uint64_t *b, size_t b_count, ndup_error *error)
{
    ndup_status status = meet(finder, a, a_count, b, b_count, error);
    *run = (ndup__shared_run){0};
    if (status == NDUP_STATUS_OK) {
        *run = ndup__longest_run_met(&finder->index, b, b_count);
    }
    return status;
}

typedef struct run_list {
    ndup__run_finder *finder;
    size_t count;
} run_list;

static ndup_status add_run(void *context, ndup__shared_run run, ndup_error *error)
{
    run_list *list = context;
    ndup__run_finder *finder = list->finder;
    ndup_status status = ndup__reserve(finder->allocator, &finder->runs, &finder->run_capacity,
                                       list->count + 1, sizeof *finder->runs, error);
    if (status == NDUP_STATUS_OK) {
        finder->runs[list->count++] = run;
    }
    return status;
}

static int longer_first(const void *left, const void *right)
{
    const ndup__shared_run *x = left;
    const ndup__shared_run *y = right;
    if (x->length != y->length) {
        return x->length < y->length ? 1 : -1;
    }
    if (x->b != y->b) {
        return x->b < y->b ? -1 : 1;
    }
    return x->a < y->a ? -1 : x->a > y->a;
}

static bool overlaps(uint32_t x, uint32_t x_length, uint32_t y, uint32_t y_length)
{
    return x < y + y_length && y < x + x_length;
}

ndup_status ndup__shared_runs(const ndup__shared_run **runs, size_t *run_count,
                              ndup__run_finder *finder, const uint64_t *a, size_t a_count,
                              const uint64_t *b, size_t b_count, size_t most, ndup_error *error)
{
    run_list list = {finder, 0};
    *runs = NULL;
    *run_count = 0;
    ndup_status status = meet(finder, a, a_count, b, b_count, error);
    if (status == NDUP_STATUS_OK) {
        status = visit_runs(&finder->index, b, b_count, add_run, &list, error);
    }
    if (status != NDUP_STATUS_OK || list.count == 0) {
        return status;
    }
    qsort(finder->runs, list.count, sizeof *finder->runs, longer_first);
    size_t chosen = 0;
    for (size_t i = 0; i < list.count && chosen < most; i++) {
        ndup__shared_run run = finder->runs[i];
        bool free_place = true;
        for (size_t k = 0; k < chosen && free_place; k++) {
            ndup__shared_run other = finder->runs[k];
            free_place = !overlaps(run.a, run.length, other.a, other.length) &&
                         !overlaps(run.b, run.length, other.b, other.length);
        }
        if (free_place) {
            finder->runs[chosen++] = run;
        }
    }
    *runs = finder->runs;
    *run_count = chosen;
    return NDUP_STATUS_OK;
}

void ndup__run_finder_deinit(ndup__run_finder *finder)
{
    ndup__free(finder->allocator, &finder->runs, finder->run_capacity, sizeof *finder->runs);
    ndup__index_deinit(&finder->index);
    finder->run_capacity = 0;
}
