/* SPDX-License-Identifier: MIT */
/* The exact answer: all shingle sets in memory, joined by prefix filter. The yardstick for
 * everything else. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "dedup/groups.h"
#include "similarity/prefix_join.h"
#include "text/shingle.h"

#define GRAIN 64

typedef struct class_size {
    uint32_t class_number;
    uint32_t size;
} class_size;

typedef struct exact_job {
    ndup__judge *judge;
    ndup__pulse *pulse;
    uint64_t *elements;    /* of all sets, with room for repeated shingles */
    size_t element_count;  /* there is room for */
    const uint64_t **sets; /* [class_count] by class, later in order of size */
    uint32_t *sizes;
    class_size *order;
    ndup__class_pairs *parts; /* [workers] */
} exact_job;

static ndup_status read_sets(void *context, size_t begin, size_t end, unsigned worker,
                             ndup_error *error)
{
    exact_job *job = context;
    const ndup__run *run = job->judge->run;
    ndup__set_reader *reader = &job->judge->verifiers[worker].reader;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        ndup__item item;
        size_t count = 0;
        job->order[i] = (class_size){(uint32_t)i, 0};
        status = ndup__pulse_check(job->pulse, error);
        if (run->table.class_tokens[i] == 0 || status != NDUP_STATUS_OK) {
            continue;
        }
        status = ndup__run_fetch(run, &item, run->table.class_documents[i], &reader->block, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__set_reader_shingle(reader, &count, &run->shingling, item.document.text,
                                              error);
        }
        if (status == NDUP_STATUS_OK) {
            memcpy(job->elements + (job->sets[i] - job->elements), reader->shingles,
                   count * sizeof *reader->shingles);
            job->order[i].size = (uint32_t)count;
        }
    }
    return status;
}

static int by_size(const void *left, const void *right)
{
    const class_size *x = left;
    const class_size *y = right;
    if (x->size != y->size) {
        return x->size < y->size ? -1 : 1;
    }
    return (x->class_number > y->class_number) - (x->class_number < y->class_number);
}

static ndup_status order_sets(exact_job *job, size_t count, ndup_error *error)
{
    const ndup_allocator *allocator = job->judge->run->allocator;
    const uint64_t **ordered = NULL;
    ndup_status status = ndup__resize(allocator, &ordered, 0, count, sizeof *ordered, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (count > 1) {
        qsort(job->order, count, sizeof *job->order, by_size);
    }
    for (size_t i = 0; i < count; i++) {
        ordered[i] = job->sets[job->order[i].class_number];
        job->sizes[i] = job->order[i].size;
    }
    ndup__free(allocator, &job->sets, count, sizeof *job->sets);
    job->sets = ordered;
    return NDUP_STATUS_OK;
}

/* A pair at or above the threshold by its hashes: noted in keep order, if the texts agree. */
static ndup_status note_pair(void *context, uint32_t x, uint32_t y, size_t shared, unsigned worker,
                             ndup_error *error)
{
    (void)shared;
    exact_job *job = context;
    const ndup__table *table = &job->judge->run->table;
    uint32_t a = job->order[x].class_number;
    uint32_t b = job->order[y].class_number;
    if (ndup__table_rank_of(table, a) > ndup__table_rank_of(table, b)) {
        uint32_t swapped = a;
        a = b;
        b = swapped;
    }
    bool similar;
    ndup__match match;
    ndup_status status =
        ndup__verifier_compare(&job->judge->verifiers[worker], &match, &similar, b, a, error);
    if (status != NDUP_STATUS_OK || (!similar && !match.is_form)) {
        return status;
    }
    ndup__class_pair pair = {
        a, b, match.similarity, match.other_containment, match.containment, match.is_form, false};
    return ndup__class_pairs_add(&job->parts[worker], &pair, error);
}

static ndup_status join_sets(exact_job *job, ndup__class_pairs *pairs, unsigned workers,
                             ndup_error *error)
{
    ndup__run *run = job->judge->run;
    size_t count = run->table.class_count;
    ndup__pool_watch(run->pool, run->watches, NDUP_PART_VERIFY);
    ndup_status status = ndup__pool_ranges(run->pool, 0, count, GRAIN, read_sets, job, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_at(&run->reporter, count / 2, count / 2, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = order_sets(job, count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__prefix_join(job->sets, job->sizes, count, run->options->matching.threshold,
                                   run->pool, note_pair, job, job->pulse, run->allocator, error);
    }
    ndup__pool_watch(run->pool, NULL, 0);
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        status = ndup__class_pairs_append(pairs, &job->parts[i], error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__class_pairs_sort(pairs, &run->table);
    }
    return status;
}

/* As many shingles as there can be: the first pass has counted the tokens. */
static ndup_status place_sets(exact_job *job, ndup_error *error)
{
    const ndup__run *run = job->judge->run;
    const ndup__table *table = &run->table;
    for (size_t i = 0; i < table->class_count; i++) {
        job->element_count += ndup__shingle_count(table->class_tokens[i], run->shingling.size);
    }
    ndup_status status = ndup__resize(run->allocator, &job->elements, 0, job->element_count,
                                      sizeof *job->elements, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__hint_large(job->elements, job->element_count * sizeof *job->elements);
    const uint64_t *at = job->elements;
    for (size_t i = 0; i < table->class_count; i++) {
        job->sets[i] = at;
        size_t count = ndup__shingle_count(table->class_tokens[i], run->shingling.size);
        at = count > 0 ? at + count : at;
    }
    return NDUP_STATUS_OK;
}

static ndup_status init_job(exact_job *job, unsigned workers, ndup_error *error)
{
    const ndup__run *run = job->judge->run;
    const ndup_allocator *allocator = run->allocator;
    size_t count = run->table.class_count;
    ndup_status status =
        ndup__allocate_zeroed(allocator, &job->parts, workers, sizeof *job->parts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &job->sets, count, sizeof *job->sets, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &job->sizes, 0, count, sizeof *job->sizes, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &job->order, 0, count, sizeof *job->order, error);
    }
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        job->parts[i].allocator = allocator;
    }
    return status == NDUP_STATUS_OK ? place_sets(job, error) : status;
}

ndup_status ndup__judge_exact_pairs(ndup__judge *judge, ndup__class_pairs *pairs, ndup_error *error)
{
    const ndup_allocator *allocator = judge->run->allocator;
    unsigned workers = ndup__pool_workers(judge->run->pool);
    size_t count = judge->run->table.class_count;
    ndup__pulse pulse = {.beat = ndup__reporter_beat, .context = &judge->run->reporter};
    exact_job job = {.judge = judge, .pulse = &pulse};
    ndup_status status = init_job(&job, workers, error);
    if (status == NDUP_STATUS_OK) {
        status = join_sets(&job, pairs, workers, error);
    }
    for (unsigned i = 0; i < workers; i++) {
        if (job.parts != NULL) {
            ndup__class_pairs_deinit(&job.parts[i]);
        }
    }
    ndup__free(allocator, &job.parts, workers, sizeof *job.parts);
    ndup__free(allocator, &job.elements, job.element_count, sizeof *job.elements);
    ndup__free(allocator, &job.sets, count, sizeof *job.sets);
    ndup__free(allocator, &job.sizes, count, sizeof *job.sizes);
    ndup__free(allocator, &job.order, count, sizeof *job.order);
    return status;
}
