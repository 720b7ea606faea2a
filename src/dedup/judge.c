/* SPDX-License-Identifier: MIT */
/* What judging by bands needs: buckets, sets, and a verifier a worker. */
#include "base/alloc.h"
#include "base/error.h"
#include "dedup/containers.h"
#include "dedup/groups.h"
#include "dedup/wanted.h"

/* Bytes of shingle sets kept while judging: enough for the leaders of a batch, a little more for
 * large corpora, within a part of the run's memory. */
#define SET_BYTES_LEAST ((size_t)2 << 20)
#define SET_BYTES_PER_DOCUMENT 16
#define SET_MEMORY_PART 16

static bool report_band(void *context, unsigned done)
{
    ndup__judge *judge = context;
    return ndup__reporter_at(&judge->run->reporter, done, 0, NULL) == NDUP_STATUS_OK;
}

static ndup_status build_buckets(ndup__judge *judge, ndup_error *error)
{
    ndup__run *run = judge->run;
    ndup_status status =
        ndup__reporter_begin(&run->reporter, NDUP_STAGE_BUCKET, run->bands.bands, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__buckets_build(&judge->buckets, &judge->rows, &run->bands,
                                     run->memory / NDUP__BUCKET_WORK_SHARE, run->pool, report_band,
                                     judge, run->watches, run->allocator, error);
    }
    run->summary.largest_bucket = judge->buckets.largest;
    run->summary.seconds[NDUP_STAGE_BUCKET] = ndup__reporter_seconds(&run->reporter);
    return status;
}

static ndup_status make_containers(ndup__judge *judge, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(judge->run->allocator, &judge->containers, 1,
                                               sizeof *judge->containers, error);
    return status == NDUP_STATUS_OK ? ndup__containers_init(judge->containers, judge->run, error)
                                    : status;
}

static size_t set_bytes(const ndup__run *run)
{
    uint64_t most = run->memory / SET_MEMORY_PART;
    uint64_t wanted = SET_BYTES_PER_DOCUMENT * (uint64_t)run->table.count;
    wanted = wanted < most ? wanted : most;
    return wanted > SET_BYTES_LEAST ? (size_t)wanted : SET_BYTES_LEAST;
}

/* Makes the buckets, and sees that the texts can be fetched. Where that shows classes to be
 * several, which nobody meets by chance, all is made once more. */
static ndup_status prepare_texts(ndup__judge *judge, ndup_error *error)
{
    ndup__run *run = judge->run;
    const ndup__table *table = &run->table;
    bool has_parted = true;
    ndup_status status = NDUP_STATUS_OK;
    while (has_parted && status == NDUP_STATUS_OK) {
        judge->rows =
            (ndup__rows){run->sketcher, table->rows, table->class_count, table->class_tokens};
        ndup__buckets_deinit(&judge->buckets);
        if (!run->options->exact) {
            status = build_buckets(judge, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__gather_texts(&has_parted, run, &judge->buckets, error);
        }
        if (status == NDUP_STATUS_OK && has_parted) {
            status = ndup__table_rank(&run->table, error);
        }
    }
    return status;
}

ndup_status ndup__judge_init(ndup__judge *judge, ndup__run *run, ndup_error *error)
{
    const ndup__table *table = &run->table;
    *judge = (ndup__judge){.run = run};
    ndup_status status = prepare_texts(judge, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__sets_new(&judge->sets, run, set_bytes(run), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__odd_sketches_init(&judge->odd, table->class_count,
                                         run->options->matching.threshold, run->allocator,
                                         table->breath, error);
    }
    if (status == NDUP_STATUS_OK && run->options->rule != NDUP_RULE_JACCARD) {
        status = make_containers(judge, error);
    }
    unsigned workers = ndup__pool_workers(run->pool);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(run->allocator, &judge->verifiers, workers,
                                       sizeof *judge->verifiers, error);
    }
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        status = ndup__verifier_init(&judge->verifiers[i], run, &judge->rows, judge->sets,
                                     &judge->odd, &judge->frequencies, error);
        judge->verifiers[i].watch = &run->watches[i];
    }
    return status;
}

void ndup__judge_count(const ndup__judge *judge)
{
    unsigned workers = ndup__pool_workers(judge->run->pool);
    for (unsigned i = 0; i < workers; i++) {
        ndup__verifier_count(&judge->verifiers[i], &judge->run->summary);
    }
}

void ndup__judge_deinit(ndup__judge *judge)
{
    unsigned workers = ndup__pool_workers(judge->run->pool);
    for (unsigned i = 0; judge->verifiers != NULL && i < workers; i++) {
        ndup__verifier_deinit(&judge->verifiers[i]);
    }
    ndup__free(judge->run->allocator, &judge->verifiers, workers, sizeof *judge->verifiers);
    ndup__odd_sketches_deinit(&judge->odd);
    if (judge->containers != NULL) {
        ndup__containers_deinit(judge->containers);
    }
    ndup__free(judge->run->allocator, &judge->containers, 1, sizeof *judge->containers);
    ndup__frequencies_deinit(&judge->frequencies);
    ndup__sets_free(judge->sets);
    ndup__buckets_deinit(&judge->buckets);
}
