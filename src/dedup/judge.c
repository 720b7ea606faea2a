/* SPDX-License-Identifier: MIT */
/* Judging by bands: the greedy leader rule, and all verified pairs, batch by batch in keep order.
 *
 * The leader rule is sequential by nature. A batch of classes is compared in parallel with the
 * leaders kept before the batch; what is left is compared in order with the leaders kept within it.
 * The decisions are those of the sequential rule for every batch and any number of workers, because
 * the batch size is fixed. */
#include "base/alloc.h"
#include "base/error.h"
#include "dedup/containers.h"
#include "dedup/groups.h"

#define BATCH 512
#define GRAIN 8
/* Bytes of shingle sets kept while judging: enough for the leaders of a batch, a little more for
 * large corpora. */
#define SET_BYTES_LEAST ((size_t)2 << 20)
#define SET_BYTES_PER_DOCUMENT 16

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

ndup_status ndup__judge_init(ndup__judge *judge, ndup__run *run, ndup_error *error)
{
    const ndup__table *table = &run->table;
    *judge = (ndup__judge){
        .run = run,
        .rows = {run->sketcher, table->rows, table->class_count, table->class_tokens},
    };
    size_t budget = SET_BYTES_PER_DOCUMENT * table->count;
    ndup_status status = ndup__sets_new(&judge->sets, run,
                                        budget > SET_BYTES_LEAST ? budget : SET_BYTES_LEAST, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__odd_sketches_init(&judge->odd, table->class_count,
                                         run->options->matching.threshold, run->allocator, error);
    }
    if (status == NDUP_STATUS_OK && !run->options->exact) {
        status = build_buckets(judge, error);
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
    judge->run->summary.crowded += judge->odd.count;
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

/* One class of a batch. */
typedef struct batch_entry {
    uint32_t class_number;
    uint32_t rank;
    bool is_dropped;
    bool is_capped;
    bool has_form;
    ndup__match match;
    ndup__match form; /* the first of one form, with has_form */
} batch_entry;

typedef struct judge_batch {
    ndup__judge *judge;
    ndup__leaders leaders;
    batch_entry entries[BATCH];
    size_t count;
    ndup__class_pairs *pairs; /* [workers] found by ndup__judge_pairs */
} judge_batch;

/* Whether a class may be near another, or contained in one. */
static bool has_others(const ndup__judge *judge, uint32_t class_number, size_t rank)
{
    const ndup__buckets *buckets = &judge->buckets;
    return buckets->starts[class_number] < buckets->starts[class_number + 1] ||
           (judge->containers != NULL && ndup__containers_has(judge->containers, (uint32_t)rank));
}

/* Fills the batch with the next classes that have others; *rank moves on. The rest are kept
 * unseen. */
static void fill_batch(judge_batch *batch, size_t *rank)
{
    const ndup__table *table = &batch->judge->run->table;
    batch->count = 0;
    for (; *rank < table->class_count && batch->count < BATCH; (*rank)++) {
        uint32_t class_number = ndup__table_class_at(table, *rank);
        if (has_others(batch->judge, class_number, *rank)) {
            batch->entries[batch->count++] =
                (batch_entry){.class_number = class_number, .rank = (uint32_t)*rank};
        }
    }
}

/* Looks for a survivor among the leaders with rank in [since, before): the first candidate that
 * verifies, of the likeliest. */
static ndup_status look_for_similar(judge_batch *batch, ndup__verifier *verifier,
                                    batch_entry *entry, uint32_t since, uint32_t before,
                                    ndup_error *error)
{
    verifier->is_capped = false;
    ndup_status status =
        ndup__verifier_gather(verifier, &batch->leaders, entry->class_number, since, before, error);
    size_t i = 0;
    for (; i < verifier->candidate_count && verifier->in_vain < NDUP__VAIN_MOST &&
           !entry->is_dropped && status == NDUP_STATUS_OK;
         i++) {
        status =
            ndup__verifier_compare(verifier, &entry->match, &entry->is_dropped, entry->class_number,
                                   verifier->candidates[i].class_number, error);
        if (entry->match.is_form && !entry->is_dropped && !entry->has_form) {
            entry->has_form = true;
            entry->form = entry->match;
        }
    }
    entry->is_capped |= verifier->is_capped || i < verifier->candidate_count;
    return status;
}

/* The same for one that contains it. */
static ndup_status look_for_container(judge_batch *batch, unsigned worker, batch_entry *entry,
                                      uint32_t since, uint32_t before, ndup_error *error)
{
    const ndup__containers *containers = batch->judge->containers;
    ndup__verifier *verifier = &batch->judge->verifiers[worker];
    ndup_status status =
        ndup__containers_gather(containers, entry->rank, since, before, worker, error);
    const ndup__container_room *room = &containers->rooms[worker];
    verifier->in_vain = 0;
    verifier->proposed += room->count;
    size_t i = 0;
    for (; i < room->count && verifier->in_vain < NDUP__VAIN_MOST && !entry->is_dropped &&
           status == NDUP_STATUS_OK;
         i++) {
        uint32_t other = ndup__table_class_at(&batch->judge->run->table, room->found[i].rank);
        status = ndup__verifier_contain(verifier, &entry->match, &entry->is_dropped,
                                        entry->class_number, other, error);
    }
    entry->is_capped |= i < room->count;
    return status;
}

/* Looks for a survivor by the run's rule. */
static ndup_status look_for_survivor(judge_batch *batch, unsigned worker, batch_entry *entry,
                                     uint32_t since, uint32_t before, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (batch->judge->run->options->rule != NDUP_RULE_CONTAINED) {
        status =
            look_for_similar(batch, &batch->judge->verifiers[worker], entry, since, before, error);
    }
    if (status == NDUP_STATUS_OK && !entry->is_dropped && batch->judge->containers != NULL) {
        status = look_for_container(batch, worker, entry, since, before, error);
    }
    return status;
}

static ndup_status compare_with_earlier(void *context, size_t begin, size_t end, unsigned worker,
                                        ndup_error *error)
{
    judge_batch *batch = context;
    const ndup__table *table = &batch->judge->run->table;
    ndup_status status = NDUP_STATUS_OK;
    ndup__stopwatch_start(batch->judge->verifiers[worker].watch);
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        batch_entry *entry = &batch->entries[i];
        if (!ndup__table_is_protected(table, entry->class_number)) {
            status = look_for_survivor(batch, worker, entry, 0, batch->entries[0].rank, error);
        }
    }
    return status;
}

/* The class is there for those behind it. */
static ndup_status keep_class(judge_batch *batch, const batch_entry *entry, ndup_error *error)
{
    if (batch->judge->containers != NULL) {
        ndup__containers_keep(batch->judge->containers, entry->rank);
    }
    return ndup__leaders_add(&batch->leaders, entry->class_number, entry->rank, error);
}

static ndup_status decide_in_order(judge_batch *batch, ndup__groups *groups, ndup_error *error)
{
    const ndup__table *table = &batch->judge->run->table;
    ndup__stopwatch *watch = batch->judge->verifiers[0].watch;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < batch->count && status == NDUP_STATUS_OK; i++) {
        batch_entry *entry = &batch->entries[i];
        if (!entry->is_dropped && !ndup__table_is_protected(table, entry->class_number)) {
            status = look_for_survivor(batch, 0, entry, batch->entries[0].rank, entry->rank, error);
        }
        batch->judge->verifiers[0].capped += entry->is_capped && !entry->is_dropped;
        if (status == NDUP_STATUS_OK && entry->is_dropped) {
            status = ndup__groups_drop(groups, entry->class_number, &entry->match, error);
        } else if (status == NDUP_STATUS_OK) {
            status = keep_class(batch, entry, error);
            if (status == NDUP_STATUS_OK && entry->has_form) {
                status = ndup__groups_note_form(groups, entry->class_number, &entry->form, error);
            }
        }
        ndup__stopwatch_lap(watch, NDUP_PART_DECIDE);
    }
    return status;
}

static ndup_status new_batch(judge_batch **out, ndup__judge *judge, ndup_error *error)
{
    const ndup_allocator *allocator = judge->run->allocator;
    judge_batch *batch;
    ndup_status status = ndup__allocate_zeroed(allocator, &batch, 1, sizeof *batch, error);
    *out = batch;
    if (status == NDUP_STATUS_OK) {
        batch->judge = judge;
        status = ndup__leaders_init(&batch->leaders, &judge->rows, &judge->buckets,
                                    judge->run->bands.rows, allocator, error);
    }
    return status;
}

static void free_batch(judge_batch *batch)
{
    if (batch != NULL) {
        const ndup_allocator *allocator = batch->judge->run->allocator;
        ndup__leaders_deinit(&batch->leaders);
        ndup__free(allocator, &batch, 1, sizeof *batch);
    }
}

ndup_status ndup__judge_leaders(ndup__judge *judge, ndup__groups *groups, ndup_error *error)
{
    ndup__run *run = judge->run;
    judge_batch *batch;
    size_t rank = 0;
    ndup_status status = new_batch(&batch, judge, error);
    while (status == NDUP_STATUS_OK && rank < run->table.class_count) {
        ndup__stopwatch_start(&run->watches[0]);
        fill_batch(batch, &rank);
        ndup__stopwatch_lap(&run->watches[0], NDUP_PART_DECIDE);
        status = ndup__pool_ranges(run->pool, 0, batch->count, GRAIN, compare_with_earlier, batch,
                                   error);
        ndup__stopwatch_start(&run->watches[0]);
        if (status == NDUP_STATUS_OK) {
            status = decide_in_order(batch, groups, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&run->reporter, rank, rank, error);
        }
    }
    if (batch != NULL) {
        run->summary.split_buckets = batch->leaders.split_buckets;
    }
    free_batch(batch);
    return status;
}

static ndup_status note_pair(ndup__class_pairs *pairs, uint32_t class_number,
                             const ndup__match *match, bool is_contained, ndup_error *error)
{
    ndup__class_pair pair = {
        match->other,       class_number,   match->similarity, match->other_containment,
        match->containment, match->is_form, is_contained};
    return ndup__class_pairs_add(pairs, &pair, error);
}

/* Notes all near-duplicates of a class among its candidates, until too many in all are none. */
static ndup_status note_pairs(ndup__verifier *verifier, ndup__class_pairs *pairs,
                              const batch_entry *entry, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t k = 0; k < verifier->candidate_count && status == NDUP_STATUS_OK; k++) {
        ndup__match match;
        bool similar;
        if (verifier->in_vain >= NDUP__VAIN_MOST) {
            verifier->is_capped = true;
            break;
        }
        status = ndup__verifier_compare(verifier, &match, &similar, entry->class_number,
                                        verifier->candidates[k].class_number, error);
        if (status == NDUP_STATUS_OK && (similar || match.is_form)) {
            status = note_pair(pairs, entry->class_number, &match, false, error);
        }
    }
    return status;
}

/* The same for all that contain it and are not near it. */
static ndup_status note_containers(judge_batch *batch, unsigned worker, const batch_entry *entry,
                                   ndup_error *error)
{
    const ndup__judge *judge = batch->judge;
    ndup__verifier *verifier = &judge->verifiers[worker];
    ndup_status status =
        ndup__containers_gather(judge->containers, entry->rank, 0, entry->rank, worker, error);
    const ndup__container_room *room = &judge->containers->rooms[worker];
    verifier->in_vain = 0;
    for (size_t i = 0; i < room->count && status == NDUP_STATUS_OK; i++) {
        ndup__match match;
        bool contained;
        if (verifier->in_vain >= NDUP__VAIN_MOST) {
            verifier->is_capped = true;
            break;
        }
        uint32_t other = ndup__table_class_at(&judge->run->table, room->found[i].rank);
        status =
            ndup__verifier_contain(verifier, &match, &contained, entry->class_number, other, error);
        bool is_noted = judge->run->options->rule == NDUP_RULE_EITHER &&
                        match.similarity >= judge->run->options->matching.threshold;
        if (status == NDUP_STATUS_OK && contained && !is_noted) {
            status = note_pair(&batch->pairs[worker], entry->class_number, &match, true, error);
        }
    }
    return status;
}

static ndup_status pair_with_earlier(void *context, size_t begin, size_t end, unsigned worker,
                                     ndup_error *error)
{
    judge_batch *batch = context;
    ndup__verifier *verifier = &batch->judge->verifiers[worker];
    bool by_similarity = batch->judge->run->options->rule != NDUP_RULE_CONTAINED;
    ndup_status status = NDUP_STATUS_OK;
    ndup__stopwatch_start(verifier->watch);
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        const batch_entry *entry = &batch->entries[i];
        verifier->is_capped = false;
        if (by_similarity) {
            status = ndup__verifier_gather(verifier, &batch->leaders, entry->class_number, 0,
                                           entry->rank, error);
        }
        if (status == NDUP_STATUS_OK && by_similarity) {
            status = note_pairs(verifier, &batch->pairs[worker], entry, error);
        }
        if (status == NDUP_STATUS_OK && batch->judge->containers != NULL) {
            status = note_containers(batch, worker, entry, error);
        }
        verifier->capped += verifier->is_capped;
    }
    return status;
}

static ndup_status find_pairs(ndup__judge *judge, judge_batch *batch, ndup_error *error)
{
    ndup__run *run = judge->run;
    size_t rank = 0;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK && rank < run->table.class_count) {
        fill_batch(batch, &rank);
        for (size_t i = 0; i < batch->count && status == NDUP_STATUS_OK; i++) {
            status = keep_class(batch, &batch->entries[i], error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__pool_ranges(run->pool, 0, batch->count, GRAIN, pair_with_earlier, batch,
                                       error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&run->reporter, rank, rank, error);
        }
    }
    return status;
}

ndup_status ndup__judge_pairs(ndup__judge *judge, ndup__class_pairs *pairs, ndup_error *error)
{
    const ndup_allocator *allocator = judge->run->allocator;
    unsigned workers = ndup__pool_workers(judge->run->pool);
    judge_batch *batch;
    ndup__class_pairs *parts = NULL;
    ndup_status status = new_batch(&batch, judge, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &parts, workers, sizeof *parts, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (unsigned i = 0; i < workers; i++) {
            parts[i].allocator = allocator;
        }
        batch->pairs = parts;
        status = find_pairs(judge, batch, error);
        for (unsigned i = 0; i < workers; i++) {
            if (status == NDUP_STATUS_OK) {
                status = ndup__class_pairs_append(pairs, &parts[i], error);
            }
            ndup__class_pairs_deinit(&parts[i]);
        }
        ndup__class_pairs_sort(pairs, &judge->run->table);
        uint64_t splits = batch->leaders.split_buckets;
        uint64_t *seen = &judge->run->summary.split_buckets;
        *seen = splits > *seen ? splits : *seen;
    }
    ndup__free(allocator, &parts, workers, sizeof *parts);
    free_batch(batch);
    if (status == NDUP_STATUS_OK && judge->containers != NULL) {
        ndup__containers_forget(judge->containers);
    }
    return status;
}
