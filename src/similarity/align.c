/* SPDX-License-Identifier: MIT */
/* First what stands at both ends, then runs of tokens that stand once in both, long ones first;
 * what is left between is aligned edit by edit. */
#include "similarity/align.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "text/tokens.h"

/* Grams of each text that are looked at in a gap: of more, those with certain hashes. */
#define GRAMS_SEEN ((uint32_t)1 << 18)

/* Tokens of the grams of each round. The second looks closer at what the first has left of long
 * texts. */
static const unsigned gram_tokens[] = {8, 8, 3};

static uint32_t cut_begin(ndup__text_gap *gap)
{
    uint32_t tokens = 0;
    while (gap->a_begin < gap->a_end && gap->b_begin < gap->b_end &&
           gap->a[gap->a_begin] == gap->b[gap->b_begin]) {
        gap->a_begin++;
        gap->b_begin++;
        tokens++;
    }
    return tokens;
}

static uint32_t cut_end(ndup__text_gap *gap)
{
    uint32_t tokens = 0;
    while (gap->a_begin < gap->a_end && gap->b_begin < gap->b_end &&
           gap->a[gap->a_end - 1] == gap->b[gap->b_end - 1]) {
        gap->a_end--;
        gap->b_end--;
        tokens++;
    }
    return tokens;
}

static int by_hash(const void *left, const void *right)
{
    const ndup__aligned_gram *x = left;
    const ndup__aligned_gram *y = right;
    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    if (x->is_b != y->is_b) {
        return x->is_b < y->is_b ? -1 : 1;
    }
    return x->at < y->at ? -1 : x->at > y->at;
}

static int by_a(const void *left, const void *right)
{
    const ndup__aligned_run *x = left;
    const ndup__aligned_run *y = right;
    return x->a < y->a ? -1 : x->a > y->a;
}

static uint64_t hash_gram(const uint64_t *tokens, unsigned size)
{
    uint64_t hash = 0;
    for (unsigned k = 0; k < size; k++) {
        hash = ndup__sequence_step(hash, tokens[k]);
    }
    return ndup__mix64(hash);
}

/* Adds the grams of one side of a gap whose hashes are multiples of `step`. */
static ndup_status add_grams(size_t *count, ndup__aligner *aligner, const ndup__text_gap *gap,
                             uint32_t is_b, unsigned size, uint32_t step, ndup_error *error)
{
    const uint64_t *tokens = is_b != 0 ? gap->b : gap->a;
    uint32_t begin = is_b != 0 ? gap->b_begin : gap->a_begin;
    uint32_t end = is_b != 0 ? gap->b_end : gap->a_end;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = begin; i + size <= end && status == NDUP_STATUS_OK; i++) {
        uint64_t hash = hash_gram(tokens + i, size);
        if (step > 1 && hash % step != 0) {
            continue;
        }
        status = ndup__reserve(aligner->allocator, &aligner->grams, &aligner->gram_capacity,
                               *count + 1, sizeof *aligner->grams, error);
        if (status == NDUP_STATUS_OK) {
            aligner->grams[(*count)++] = (ndup__aligned_gram){hash, i, is_b};
        }
    }
    return status;
}

/* Makes anchors of the grams that stand once on both sides. */
static ndup_status pair_grams(ndup__aligner *aligner, size_t count, unsigned size,
                              ndup_error *error)
{
    const ndup__aligned_gram *grams = aligner->grams;
    ndup__aligned_runs *anchors = &aligner->anchors;
    ndup_status status = NDUP_STATUS_OK;
    anchors->count = 0;
    for (size_t i = 0, end; i < count && status == NDUP_STATUS_OK; i = end) {
        for (end = i + 1; end < count && grams[end].hash == grams[i].hash;) {
            end++;
        }
        if (end - i != 2 || grams[i].is_b == grams[i + 1].is_b) {
            continue;
        }
        status = ndup__reserve(aligner->allocator, &anchors->items, &anchors->capacity,
                               anchors->count + 1, sizeof *anchors->items, error);
        if (status == NDUP_STATUS_OK) {
            anchors->items[anchors->count++] =
                (ndup__aligned_run){grams[i].at, grams[i + 1].at, size};
        }
    }
    return status;
}

/* How many of lasts[count], ends of chains by their length, stand before `b`. */
static size_t count_before(const ndup__aligned_run *anchors, const uint32_t *lasts, size_t count,
                           uint32_t b)
{
    size_t begin = 0;
    while (begin < count) {
        size_t middle = begin + (count - begin) / 2;
        if (anchors[lasts[middle]].b < b) {
            begin = middle + 1;
        } else {
            count = middle;
        }
    }
    return begin;
}

/* Keeps the longest chain of anchors that follow each other in both texts. */
static ndup_status keep_chain(ndup__aligner *aligner, ndup_error *error)
{
    ndup__aligned_run *anchors = aligner->anchors.items;
    size_t count = aligner->anchors.count;
    ndup_status status = ndup__reserve(aligner->allocator, &aligner->links, &aligner->link_capacity,
                                       2 * count, sizeof *aligner->links, error);
    if (status != NDUP_STATUS_OK || count == 0) {
        return status;
    }
    uint32_t *lasts = aligner->links; /* the last anchor of a chain of each length */
    uint32_t *before = aligner->links + count;
    size_t length = 0;
    qsort(anchors, count, sizeof *anchors, by_a);
    for (size_t i = 0; i < count; i++) {
        size_t at = count_before(anchors, lasts, length, anchors[i].b);
        before[i] = at > 0 ? lasts[at - 1] : 0;
        lasts[at] = (uint32_t)i;
        length = at == length ? length + 1 : length;
    }
    /* A chain's anchors stand no further in front than where they go. */
    uint32_t anchor = lasts[length - 1];
    for (size_t at = length; at-- > 0; anchor = before[anchor]) {
        lasts[at] = anchor;
    }
    for (size_t i = 0; i < length; i++) {
        anchors[i] = anchors[lasts[i]];
    }
    aligner->anchors.count = length;
    return NDUP_STATUS_OK;
}

/* Finds runs in a gap that stand once on both of its sides. */
static ndup_status find_anchors(ndup__aligner *aligner, const ndup__text_gap *gap, unsigned size,
                                ndup_error *error)
{
    uint32_t a_count = gap->a_end - gap->a_begin;
    uint32_t b_count = gap->b_end - gap->b_begin;
    uint32_t step = 1 + (a_count > b_count ? a_count : b_count) / GRAMS_SEEN;
    size_t count = 0;
    ndup_status status = add_grams(&count, aligner, gap, 0, size, step, error);
    if (status == NDUP_STATUS_OK) {
        status = add_grams(&count, aligner, gap, 1, size, step, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (count > 0) {
        qsort(aligner->grams, count, sizeof *aligner->grams, by_hash);
    }
    status = pair_grams(aligner, count, size, error);
    return status == NDUP_STATUS_OK ? keep_chain(aligner, error) : status;
}

/* Adds the run that an anchor is part of, as far as the gap in front of it reaches back; *gap
 * becomes what is left behind it. */
static ndup_status add_anchor(ndup__aligner *aligner, ndup__text_gap *gap, ndup__aligned_run anchor,
                              ndup_error *error)
{
    if (anchor.a < gap->a_begin || anchor.b < gap->b_begin) {
        return NDUP_STATUS_OK; /* in the run of the one before it, or across that */
    }
    ndup__text_gap front = {gap->a, gap->b, gap->a_begin, anchor.a, gap->b_begin, anchor.b};
    ndup__text_gap behind = {gap->a, gap->b, anchor.a, gap->a_end, anchor.b, gap->b_end};
    uint32_t before = cut_end(&front);
    uint32_t tokens = before + cut_begin(&behind);
    *gap = behind;
    return ndup__aligned_runs_add(&aligner->next, aligner->allocator,
                                  (ndup__aligned_run){anchor.a - before, anchor.b - before, tokens},
                                  error);
}

/* Adds what a gap has in common: runs that stand once in it, or, with size 0, all. */
static ndup_status fill_gap(ndup__aligner *aligner, ndup__text_gap gap, unsigned size,
                            ndup_error *error)
{
    uint32_t a_count = gap.a_end - gap.a_begin;
    uint32_t b_count = gap.b_end - gap.b_begin;
    if (size == 0) {
        return ndup__edit_path_add(&aligner->next, &aligner->path, gap, aligner->allocator, error);
    }
    if (a_count < size || b_count < size || (uint64_t)a_count + b_count <= NDUP__EDITS_MOST) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = find_anchors(aligner, &gap, size, error);
    for (size_t i = 0; i < aligner->anchors.count && status == NDUP_STATUS_OK; i++) {
        status = add_anchor(aligner, &gap, aligner->anchors.items[i], error);
    }
    return status;
}

/* Fills the gaps between the runs that are known. */
static ndup_status fill_gaps(ndup__aligner *aligner, ndup__text_gap all, unsigned size,
                             ndup_error *error)
{
    ndup__text_gap gap = all;
    ndup_status status = NDUP_STATUS_OK;
    aligner->next.count = 0;
    for (size_t i = 0; i < aligner->runs.count && status == NDUP_STATUS_OK; i++) {
        ndup__aligned_run run = aligner->runs.items[i];
        gap.a_end = run.a;
        gap.b_end = run.b;
        status = fill_gap(aligner, gap, size, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__aligned_runs_add(&aligner->next, aligner->allocator, run, error);
        }
        gap.a_begin = run.a + run.tokens;
        gap.b_begin = run.b + run.tokens;
    }
    gap.a_end = all.a_end;
    gap.b_end = all.b_end;
    if (status == NDUP_STATUS_OK) {
        status = fill_gap(aligner, gap, size, error);
    }
    ndup__aligned_runs filled = aligner->next;
    aligner->next = aligner->runs;
    aligner->runs = filled;
    return status;
}

ndup_status ndup__align(ndup__aligner *aligner, const uint64_t *a, size_t a_count,
                        const uint64_t *b, size_t b_count, ndup_error *error)
{
    ndup__text_gap gap = {a, b, 0, (uint32_t)a_count, 0, (uint32_t)b_count};
    aligner->runs.count = 0;
    ndup_status status = ndup__aligned_runs_add(&aligner->runs, aligner->allocator,
                                                (ndup__aligned_run){0, 0, cut_begin(&gap)}, error);
    uint32_t at_end = cut_end(&gap);
    gap.a_begin = gap.b_begin = 0; /* the run there is one of those with gaps between */
    for (size_t i = 0; i < sizeof gram_tokens / sizeof *gram_tokens && status == NDUP_STATUS_OK;
         i++) {
        status = fill_gaps(aligner, gap, gram_tokens[i], error);
    }
    if (status == NDUP_STATUS_OK) {
        status = fill_gaps(aligner, gap, 0, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__aligned_runs_add(&aligner->runs, aligner->allocator,
                                        (ndup__aligned_run){gap.a_end, gap.b_end, at_end}, error)
               : status;
}

void ndup__aligner_deinit(ndup__aligner *aligner)
{
    const ndup_allocator *allocator = aligner->allocator;
    ndup__aligned_runs *lists[] = {&aligner->runs, &aligner->next, &aligner->anchors};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        ndup__free(allocator, &lists[i]->items, lists[i]->capacity, sizeof *lists[i]->items);
    }
    ndup__free(allocator, &aligner->grams, aligner->gram_capacity, sizeof *aligner->grams);
    ndup__free(allocator, &aligner->links, aligner->link_capacity, sizeof *aligner->links);
    ndup__free(allocator, &aligner->path.reach, aligner->path.capacity,
               sizeof *aligner->path.reach);
}
