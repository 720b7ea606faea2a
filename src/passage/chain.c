/* SPDX-License-Identifier: MIT */
/* Meetings are sorted by diagonal, so that those inside a run that has been followed are passed by.
 * Runs are chained greedily in the order of a: each goes to the open passage that ends nearest
 * before it in both texts. */
#include "passage/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Passages looked at for one run, latest first: in texts that repeat themselves a run could go on
 * any number of them. */
#define LOOKED_AT 32

static int compare_meetings(const void *left, const void *right)
{
    const ndup__meeting *x = left;
    const ndup__meeting *y = right;
    int64_t diagonal_x = (int64_t)x->b - x->a;
    int64_t diagonal_y = (int64_t)y->b - y->a;
    if (diagonal_x != diagonal_y) {
        return diagonal_x < diagonal_y ? -1 : 1;
    }
    return x->a < y->a ? -1 : x->a > y->a;
}

static int compare_runs(const void *left, const void *right)
{
    const ndup__token_run *x = left;
    const ndup__token_run *y = right;
    if (x->a != y->a) {
        return x->a < y->a ? -1 : 1;
    }
    return x->b < y->b ? -1 : x->b > y->b;
}

static ndup__token_run extend(const ndup__tokens *a, const ndup__tokens *b, ndup__meeting at)
{
    size_t back = 0;
    size_t least = at.a < at.b ? at.a : at.b;
    while (back < least && a->hashes[at.a - back - 1] == b->hashes[at.b - back - 1]) {
        back++;
    }
    size_t begin_a = at.a - back;
    size_t begin_b = at.b - back;
    size_t length = back;
    while (begin_a + length < a->count && begin_b + length < b->count &&
           a->hashes[begin_a + length] == b->hashes[begin_b + length]) {
        length++;
    }
    return (ndup__token_run){(uint32_t)begin_a, (uint32_t)begin_b, (uint32_t)length};
}

static ndup_status find_runs(ndup__chainer *chainer, const ndup__passage_text *a,
                             const ndup__passage_text *b, ndup__meeting *meetings, size_t count,
                             ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    int64_t diagonal = INT64_MIN;
    size_t behind = 0; /* the end, in a, of the last run on the diagonal */
    chainer->run_count = 0;
    if (count > 1) {
        qsort(meetings, count, sizeof *meetings, compare_meetings);
    }
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        int64_t own = (int64_t)meetings[i].b - meetings[i].a;
        if (own == diagonal && meetings[i].a < behind) {
            continue;
        }
        ndup__token_run run = extend(&a->tokens, &b->tokens, meetings[i]);
        diagonal = own;
        behind = run.a + run.tokens;
        status = ndup__reserve(chainer->allocator, &chainer->runs, &chainer->run_capacity,
                               chainer->run_count + 1, sizeof *chainer->runs, error);
        if (status == NDUP_STATUS_OK && run.tokens > 0) {
            chainer->runs[chainer->run_count++] = run;
        }
    }
    if (chainer->run_count > 1) {
        qsort(chainer->runs, chainer->run_count, sizeof *chainer->runs, compare_runs);
    }
    return status;
}

static uint32_t greater(uint32_t x, uint32_t y)
{
    return x > y ? x : y;
}

/* How many tokens of a[0..a_count) stand in b[0..b_count) in the same order: the longest common
 * subsequence, row by row. */
static ndup_status count_common(uint32_t *common, ndup__chainer *chainer, const uint64_t *a,
                                size_t a_count, const uint64_t *b, size_t b_count,
                                ndup_error *error)
{
    *common = 0;
    if (a_count == 0 || b_count == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(chainer->allocator, &chainer->rows, &chainer->row_capacity,
                                       b_count + 1, sizeof *chainer->rows, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t *row = chainer->rows;
    memset(row, 0, (b_count + 1) * sizeof *row);
    for (size_t i = 0; i < a_count; i++) {
        uint32_t corner = 0;
        for (size_t k = 0; k < b_count; k++) {
            uint32_t above = row[k + 1];
            row[k + 1] = a[i] == b[k] ? corner + 1 : greater(above, row[k]);
            corner = above;
        }
    }
    *common = row[b_count];
    return NDUP_STATUS_OK;
}

/* Whether the run follows the passage closely, and how many words lie between. */
static bool follows(uint32_t *distance, const ndup__chainer *chainer, const ndup__passage_text *a,
                    const ndup__passage_text *b, const ndup__token_passage *passage,
                    const ndup__token_run *run)
{
    uint32_t a_end = passage->a + passage->a_tokens;
    uint32_t b_end = passage->b + passage->b_tokens;
    if (run->a < a_end || run->b < b_end) {
        return false;
    }
    uint32_t gap_a = ndup__weight_of(a, a_end, run->a);
    uint32_t gap_b = ndup__weight_of(b, b_end, run->b);
    *distance = gap_a + gap_b;
    return greater(gap_a, gap_b) <= chainer->least * NDUP__WORD_WEIGHT;
}

/* A run may begin inside a passage that it goes on: its first tokens are taken already. */
static ndup__token_run behind_passage(const ndup__token_passage *passage, ndup__token_run run)
{
    uint32_t a_end = passage->a + passage->a_tokens;
    uint32_t b_end = passage->b + passage->b_tokens;
    uint32_t cut = greater(run.a < a_end ? a_end - run.a : 0, run.b < b_end ? b_end - run.b : 0);
    cut = cut < run.tokens ? cut : run.tokens;
    return (ndup__token_run){run.a + cut, run.b + cut, run.tokens - cut};
}

/* The passage that the run goes on, or NULL; *run is what of it is behind the passage. */
static ndup__token_passage *find_passage(ndup__token_run *run, ndup__chainer *chainer,
                                         const ndup__passage_text *a, const ndup__passage_text *b)
{
    ndup__token_passage *best = NULL;
    ndup__token_run best_run = *run;
    uint32_t least = UINT32_MAX;
    size_t looked_at = chainer->count < LOOKED_AT ? chainer->count : LOOKED_AT;
    for (size_t i = 0; i < looked_at; i++) {
        ndup__token_passage *passage = &chainer->passages[chainer->count - 1 - i];
        ndup__token_run rest = behind_passage(passage, *run);
        uint32_t distance;
        /* What begins in front of it would not stand in it whole. */
        if (run->b >= passage->b && 2 * rest.tokens > run->tokens &&
            follows(&distance, chainer, a, b, passage, &rest) && distance < least) {
            best = passage;
            best_run = rest;
            least = distance;
        }
    }
    *run = best_run;
    return best;
}

static ndup_status open_passage(ndup__chainer *chainer, const ndup__token_run *run, uint32_t weight,
                                ndup_error *error)
{
    ndup_status status = ndup__reserve(chainer->allocator, &chainer->passages, &chainer->capacity,
                                       chainer->count + 1, sizeof *chainer->passages, error);
    if (status == NDUP_STATUS_OK) {
        chainer->passages[chainer->count++] =
            (ndup__token_passage){run->a, run->tokens, run->b, run->tokens, run->tokens, weight};
    }
    return status;
}

static ndup_status go_on(ndup__token_passage *passage, ndup__chainer *chainer,
                         const ndup__passage_text *a, const ndup__passage_text *b,
                         const ndup__token_run *rest, uint32_t weight, ndup_error *error)
{
    uint32_t a_end = passage->a + passage->a_tokens;
    uint32_t b_end = passage->b + passage->b_tokens;
    uint32_t common;
    ndup_status status = count_common(&common, chainer, a->tokens.hashes + a_end, rest->a - a_end,
                                      b->tokens.hashes + b_end, rest->b - b_end, error);
    passage->matched += common + rest->tokens;
    passage->a_tokens = rest->a + rest->tokens - passage->a;
    passage->b_tokens = rest->b + rest->tokens - passage->b;
    passage->longest = greater(passage->longest, weight);
    return status;
}

static ndup_status chain_runs(ndup__chainer *chainer, const ndup__passage_text *a,
                              const ndup__passage_text *b, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    chainer->count = 0;
    for (size_t i = 0; i < chainer->run_count && status == NDUP_STATUS_OK; i++) {
        ndup__token_run run = chainer->runs[i];
        uint32_t weight = ndup__weight_of(a, run.a, run.a + run.tokens);
        ndup__token_passage *passage = find_passage(&run, chainer, a, b);
        status = passage == NULL ? open_passage(chainer, &run, weight, error)
                                 : go_on(passage, chainer, a, b, &run, weight, error);
    }
    return status;
}

/* Passages without a run of `least` words are gone. */
static void drop_short(ndup__chainer *chainer)
{
    size_t kept = 0;
    for (size_t i = 0; i < chainer->count; i++) {
        if (chainer->passages[i].longest >= chainer->least * NDUP__WORD_WEIGHT) {
            chainer->passages[kept++] = chainer->passages[i];
        }
    }
    chainer->count = kept;
}

ndup_status ndup__chain(ndup__chainer *chainer, const ndup__passage_text *a,
                        const ndup__passage_text *b, ndup__meeting *meetings, size_t count,
                        ndup_error *error)
{
    ndup_status status = find_runs(chainer, a, b, meetings, count, error);
    if (status == NDUP_STATUS_OK) {
        status = chain_runs(chainer, a, b, error);
    }
    drop_short(chainer);
    return status;
}

void ndup__chainer_deinit(ndup__chainer *chainer)
{
    ndup__free(chainer->allocator, &chainer->runs, chainer->run_capacity, sizeof *chainer->runs);
    ndup__free(chainer->allocator, &chainer->passages, chainer->capacity,
               sizeof *chainer->passages);
    ndup__free(chainer->allocator, &chainer->rows, chainer->row_capacity, sizeof *chainer->rows);
}

double ndup__passage_similarity(const ndup__token_passage *passage)
{
    double matched = passage->matched;
    return matched / ((double)passage->a_tokens + passage->b_tokens - matched);
}
