/* SPDX-License-Identifier: MIT */
/* Document by document: whom it meets in a run that may be long enough; then whatever else the two
 * meet in, and the passages that follow. */
#include <stdlib.h>

#include "base/alloc.h"
#include "passage/chain.h"
#include "reuse/reuse_run.h"
#include "reuse/texts_again.h"

/* Documents that a worker takes at once. */
#define TAKEN 32

/* A gram of the document that stands in an earlier one, too. */
typedef struct hit {
    uint32_t other;
    ndup__meeting at; /* a: in the other */
} hit;

typedef struct pair_worker {
    ndup__reuse_run *run;
    uint32_t begin, end; /* documents */
    ndup__texts_again texts;
    ndup__texts_again later; /* the document at hand: no other may take its place */
    ndup__chainer chainer;
    uint32_t *others; /* [other_count], ascending: whom the document may share a passage with */
    size_t other_count, other_capacity;
    hit *hits;
    size_t hit_count, hit_capacity;
    ndup__meeting *meetings;
    size_t meeting_capacity;
    ndup__stored_passage *passages;
    size_t count, capacity;
    uint64_t pairs;
} pair_worker;

typedef struct pair_pass {
    ndup__reuse_run *run;
    uint32_t next;
} pair_pass;

static ndup_status take_documents(void *context, void *item, unsigned number, bool *more,
                                  ndup_error *error)
{
    (void)number;
    (void)error;
    pair_pass *pass = context;
    pair_worker *worker = item;
    uint64_t count = pass->run->document_count;
    worker->begin = pass->next;
    worker->end = (uint32_t)(count - pass->next < TAKEN ? count : pass->next + TAKEN);
    pass->next = worker->end;
    *more = worker->begin < worker->end;
    return NDUP_STATUS_OK;
}

static bool are_compared(const ndup__reuse_run *run, uint32_t x, uint32_t y)
{
    const ndup__reuse_document *a = &run->documents[x];
    const ndup__reuse_document *b = &run->documents[y];
    return x != y && (a->series == 0 || a->series != b->series) &&
           (run->corpora[1] == NULL || a->is_against != b->is_against);
}

/* Called for each place in an earlier document of a gram of the document. */
typedef ndup_status (*meet)(pair_worker *worker, const ndup__posting *other,
                            const ndup__posting *own, ndup_error *error);

/* The places of a gram stand side by side, earlier documents first. */
static ndup_status meet_all(pair_worker *worker, uint32_t document, meet visit, ndup_error *error)
{
    const ndup__fingerprints *fingerprints = &worker->run->fingerprints;
    const ndup__posting *postings = fingerprints->postings.bytes;
    const uint64_t *mentions;
    size_t count = ndup__fingerprints_mentions(&mentions, fingerprints, document);
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        const ndup__posting *own = &postings[mentions[i]];
        for (const ndup__posting *other = own; !other->is_first && status == NDUP_STATUS_OK;) {
            other--;
            if (are_compared(worker->run, other->document, document)) {
                status = visit(worker, other, own, error);
            }
        }
    }
    return status;
}

static ndup_status note_other(pair_worker *worker, const ndup__posting *other,
                              const ndup__posting *own, ndup_error *error)
{
    if (!ndup__may_be_run(&worker->run->size, other->before, own->before, other->behind,
                          own->behind)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__reserve(worker->run->allocator, &worker->others, &worker->other_capacity,
                      worker->other_count + 1, sizeof *worker->others, error);
    if (status == NDUP_STATUS_OK) {
        worker->others[worker->other_count++] = other->document;
    }
    return status;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t *x = left;
    const uint32_t *y = right;
    return *x < *y ? -1 : *x > *y;
}

static ndup_status note_hit(pair_worker *worker, const ndup__posting *other,
                            const ndup__posting *own, ndup_error *error)
{
    if (bsearch(&(uint32_t){other->document}, worker->others, worker->other_count,
                sizeof *worker->others, compare_numbers) == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(worker->run->allocator, &worker->hits, &worker->hit_capacity,
                                       worker->hit_count + 1, sizeof *worker->hits, error);
    if (status == NDUP_STATUS_OK) {
        worker->hits[worker->hit_count++] = (hit){other->document, {other->token, own->token}};
    }
    return status;
}

static int compare_hits(const void *left, const void *right)
{
    const hit *x = left;
    const hit *y = right;
    return x->other < y->other ? -1 : x->other > y->other;
}

static void drop_repeated_others(pair_worker *worker)
{
    size_t kept = 0;
    qsort(worker->others, worker->other_count, sizeof *worker->others, compare_numbers);
    for (size_t i = 0; i < worker->other_count; i++) {
        if (kept == 0 || worker->others[i] != worker->others[kept - 1]) {
            worker->others[kept++] = worker->others[i];
        }
    }
    worker->other_count = kept;
}

/* All meetings of the document with those that it may share a passage with, by these. */
static ndup_status find_hits(pair_worker *worker, uint32_t document, ndup_error *error)
{
    worker->other_count = 0;
    worker->hit_count = 0;
    ndup_status status = meet_all(worker, document, note_other, error);
    if (status != NDUP_STATUS_OK || worker->other_count == 0) {
        return status;
    }
    drop_repeated_others(worker);
    status = meet_all(worker, document, note_hit, error);
    if (worker->hit_count > 1) {
        qsort(worker->hits, worker->hit_count, sizeof *worker->hits, compare_hits);
    }
    return status;
}

static ndup_status keep_passage(pair_worker *worker, uint32_t earlier, uint32_t later,
                                const ndup__token_passage *found, ndup_error *error)
{
    ndup_status status = ndup__reserve(worker->run->allocator, &worker->passages, &worker->capacity,
                                       worker->count + 1, sizeof *worker->passages, error);
    if (status == NDUP_STATUS_OK) {
        worker->passages[worker->count++] = (ndup__stored_passage){.a = earlier,
                                                                   .b = later,
                                                                   .a_token = found->a,
                                                                   .a_tokens = found->a_tokens,
                                                                   .b_token = found->b,
                                                                   .b_tokens = found->b_tokens,
                                                                   .matched = found->matched};
    }
    return status;
}

/* The passages of one pair, which meets in hits[0..count). */
static ndup_status compare_pair(pair_worker *worker, uint32_t later,
                                const ndup__passage_text *later_text, const hit *hits, size_t count,
                                ndup_error *error)
{
    const ndup__passage_text *earlier_text;
    ndup__chainer *chainer = &worker->chainer;
    ndup_status status =
        ndup__reserve(worker->run->allocator, &worker->meetings, &worker->meeting_capacity, count,
                      sizeof *worker->meetings, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        worker->meetings[i] = hits[i].at;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__texts_again_get(&earlier_text, &worker->texts, hits->other, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__chain(chainer, earlier_text, later_text, worker->meetings, count, error);
        worker->pairs++;
    }
    for (size_t i = 0; i < chainer->count && status == NDUP_STATUS_OK; i++) {
        status = keep_passage(worker, hits->other, later, &chainer->passages[i], error);
    }
    return status;
}

static bool share_enough(const ndup__reuse_run *run, uint32_t x, uint32_t y, size_t hits)
{
    uint32_t a = run->documents[x].grams;
    uint32_t b = run->documents[y].grams;
    return (double)hits >= run->least_part * (a < b ? a : b);
}

static ndup_status pair_document(pair_worker *worker, uint32_t document, ndup_error *error)
{
    const ndup__passage_text *text = NULL;
    ndup_status status = find_hits(worker, document, error);
    if (status == NDUP_STATUS_OK && worker->hit_count > 0) {
        status = ndup__texts_again_get(&text, &worker->later, document, error);
    }
    for (size_t begin = 0, end; begin < worker->hit_count && status == NDUP_STATUS_OK;
         begin = end) {
        const hit *hits = worker->hits + begin;
        for (end = begin + 1; end < worker->hit_count && worker->hits[end].other == hits->other;) {
            end++;
        }
        if (share_enough(worker->run, hits->other, document, end - begin)) {
            status = compare_pair(worker, document, text, hits, end - begin, error);
        }
    }
    return status;
}

static ndup_status pair_documents(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)context;
    (void)number;
    pair_worker *worker = item;
    ndup_status status = NDUP_STATUS_OK;
    worker->count = 0;
    worker->pairs = 0;
    for (uint32_t i = worker->begin; i < worker->end && status == NDUP_STATUS_OK; i++) {
        status = pair_document(worker, i, error);
    }
    return status;
}

static ndup_status commit_passages(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    ndup__reuse_run *run = ((pair_pass *)context)->run;
    const pair_worker *worker = item;
    run->summary->pairs += worker->pairs;
    ndup_status status = ndup__column_append(&run->passages, worker->passages,
                                             worker->count * sizeof *worker->passages, error);
    return status == NDUP_STATUS_OK
               ? ndup__reporter_at(&run->reporter, worker->end, worker->end, error)
               : status;
}

static ndup_status init_worker(pair_worker *worker, ndup__reuse_run *run, ndup_error *error)
{
    *worker = (pair_worker){.run = run,
                            .chainer = {.allocator = run->allocator, .least = run->size.least}};
    ndup_status status = ndup__texts_again_init(&worker->texts, run, error);
    return status == NDUP_STATUS_OK ? ndup__texts_again_init(&worker->later, run, error) : status;
}

static void deinit_worker(pair_worker *worker)
{
    const ndup_allocator *allocator = worker->run->allocator;
    ndup__texts_again_deinit(&worker->texts);
    ndup__texts_again_deinit(&worker->later);
    ndup__chainer_deinit(&worker->chainer);
    ndup__free(allocator, &worker->others, worker->other_capacity, sizeof *worker->others);
    ndup__free(allocator, &worker->hits, worker->hit_capacity, sizeof *worker->hits);
    ndup__free(allocator, &worker->meetings, worker->meeting_capacity, sizeof *worker->meetings);
    ndup__free(allocator, &worker->passages, worker->capacity, sizeof *worker->passages);
}

ndup_status ndup__reuse_pair(ndup__reuse_run *run, ndup_error *error)
{
    pair_pass pass = {.run = run};
    size_t count = ndup__pool_items(run->pool);
    pair_worker *workers;
    ndup_status status =
        ndup__reporter_begin(&run->reporter, NDUP_STAGE_VERIFY, run->document_count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(run->allocator, &workers, count, sizeof *workers, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t ready = 0;
    for (; ready < count && status == NDUP_STATUS_OK; ready++) {
        status = init_worker(&workers[ready], run, error);
    }
    ndup__stream_work stream = {.context = &pass,
                                .take = take_documents,
                                .work = pair_documents,
                                .commit = commit_passages};
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_stream(run->pool, &stream, workers, sizeof *workers, count, error);
    }
    for (size_t i = 0; i < ready; i++) {
        deinit_worker(&workers[i]);
    }
    ndup__free(run->allocator, &workers, count, sizeof *workers);
    if (status == NDUP_STATUS_OK) {
        status = ndup__column_seal(&run->passages, error);
    }
    run->summary->seconds[NDUP_STAGE_VERIFY] = ndup__reporter_seconds(&run->reporter);
    return status;
}
