/* SPDX-License-Identifier: MIT */
/* How far d edits lead on each diagonal a - b, from how far d - 1 lead on those beside it. Row d
 * has d + 1 diagonals, -d, -d + 2, ... d; rows stand one behind the other, so that the way can be
 * gone back. Source: Myers 1986, An O(ND) Difference Algorithm and Its Variations. */
#include "similarity/edit_path.h"

#include <stdbool.h>

#include "base/alloc.h"

#define NOWHERE UINT32_MAX

ndup_status ndup__aligned_runs_add(ndup__aligned_runs *runs, const ndup_allocator *allocator,
                                   ndup__aligned_run run, ndup_error *error)
{
    ndup__aligned_run *last = runs->count > 0 ? &runs->items[runs->count - 1] : NULL;
    if (run.tokens == 0) {
        return NDUP_STATUS_OK;
    }
    if (last != NULL && last->a + last->tokens == run.a && last->b + last->tokens == run.b) {
        last->tokens += run.tokens;
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(allocator, &runs->items, &runs->capacity, runs->count + 1,
                                       sizeof *runs->items, error);
    if (status == NDUP_STATUS_OK) {
        runs->items[runs->count++] = run;
    }
    return status;
}

static size_t row_of(unsigned edits)
{
    return (size_t)edits * (edits + 1) / 2;
}

/* Where in b the diagonal is when it is at x of a. */
static uint32_t other_of(uint32_t x, unsigned edits, unsigned i)
{
    return (uint32_t)((int64_t)x - (2 * (int64_t)i - (int64_t)edits));
}

/* Where diagonal `i` of row `edits` begins, by the edit from a diagonal beside it that leads
 * further: a token of a is taken out, or one of b put in. */
static uint32_t begin_of(bool *takes_out, const uint32_t *reach, const ndup__text_gap *gap,
                         unsigned edits, unsigned i)
{
    const uint32_t *before = reach + row_of(edits - 1);
    uint32_t a_count = gap->a_end - gap->a_begin;
    uint32_t b_count = gap->b_end - gap->b_begin;
    uint32_t out = i > 0 && before[i - 1] < a_count ? before[i - 1] + 1 : NOWHERE;
    uint32_t in = i < edits && before[i] != NOWHERE && other_of(before[i], edits - 1, i) < b_count
                      ? before[i]
                      : NOWHERE;
    *takes_out = out != NOWHERE && (in == NOWHERE || out > in);
    return *takes_out ? out : in;
}

static uint32_t follow(const ndup__text_gap *gap, uint32_t x, uint32_t y)
{
    uint32_t a = gap->a_begin + x;
    uint32_t b = gap->b_begin + y;
    while (a < gap->a_end && b < gap->b_end && gap->a[a] == gap->b[b]) {
        a++;
        b++;
    }
    return a - gap->a_begin;
}

/* Fills the next row. Returns the diagonal that has come to the end of both, or has come furthest;
 * *is_end says which. */
static unsigned fill_row(bool *is_end, uint32_t *reach, const ndup__text_gap *gap, unsigned edits)
{
    uint32_t *row = reach + row_of(edits);
    unsigned best = 0;
    uint64_t most = 0;
    *is_end = false;
    for (unsigned i = 0; i <= edits && !*is_end; i++) {
        bool takes_out;
        uint32_t x = edits > 0 ? begin_of(&takes_out, reach, gap, edits, i) : 0;
        row[i] = NOWHERE;
        if (x == NOWHERE) {
            continue;
        }
        row[i] = follow(gap, x, other_of(x, edits, i));
        uint64_t sum = (uint64_t)row[i] + other_of(row[i], edits, i);
        best = sum >= most ? i : best;
        most = sum >= most ? sum : most;
        *is_end = sum == (uint64_t)(gap->a_end - gap->a_begin) + (gap->b_end - gap->b_begin);
    }
    return best;
}

/* Goes the way back from diagonal `i` of row `edits`, and forth again with what it has in common.
 */
static ndup_status add_way(ndup__aligned_runs *runs, const uint32_t *reach,
                           const ndup__text_gap *gap, unsigned edits, unsigned i,
                           const ndup_allocator *allocator, ndup_error *error)
{
    ndup__aligned_run way[NDUP__EDITS_MOST + 1];
    for (unsigned d = edits + 1; d-- > 0;) {
        bool takes_out = false;
        uint32_t x = d > 0 ? begin_of(&takes_out, reach, gap, d, i) : 0;
        way[d] = (ndup__aligned_run){gap->a_begin + x, gap->b_begin + other_of(x, d, i),
                                     reach[row_of(d) + i] - x};
        i -= takes_out;
    }
    ndup_status status = NDUP_STATUS_OK;
    for (unsigned d = 0; d <= edits && status == NDUP_STATUS_OK; d++) {
        status = ndup__aligned_runs_add(runs, allocator, way[d], error);
    }
    return status;
}

ndup_status ndup__edit_path_add(ndup__aligned_runs *runs, ndup__edit_path *path, ndup__text_gap gap,
                                const ndup_allocator *allocator, ndup_error *error)
{
    ndup_status status = ndup__reserve(allocator, &path->reach, &path->capacity,
                                       row_of(NDUP__EDITS_MOST + 1), sizeof *path->reach, error);
    while (status == NDUP_STATUS_OK && gap.a_begin < gap.a_end && gap.b_begin < gap.b_end) {
        bool is_end = false;
        unsigned i = 0;
        unsigned edits = 0;
        for (;; edits++) {
            i = fill_row(&is_end, path->reach, &gap, edits);
            if (is_end || edits == NDUP__EDITS_MOST) {
                break;
            }
        }
        status = add_way(runs, path->reach, &gap, edits, i, allocator, error);
        uint32_t x = path->reach[row_of(edits) + i];
        gap.a_begin += x;
        gap.b_begin += other_of(x, edits, i);
    }
    return status;
}
