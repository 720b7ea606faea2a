/* SPDX-License-Identifier: MIT */
/* Putting the decisions of all shards together. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "dedup/result.h"
#include "dedup/run_stages.h"
#include "stages/components.h"
#include "stages/decision_file.h"

/* The decisions of all shards, opened. */
typedef struct decision_set {
    const ndup_allocator *allocator;
    ndup__decision_file *files; /* [count] */
    size_t count;
    size_t *of_shard; /* [shards] 1 + its file */
} decision_set;

static ndup_status check_file(decision_set *set, size_t i, const ndup__part_set *parts,
                              ndup_error *error)
{
    const ndup__decision_file *file = &set->files[i];
    const ndup__decision_file *first = &set->files[0];
    if (file->identity != parts->identity) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%s is of other parts than those that are given", file->file.shown);
    }
    if (file->dealing != first->dealing || file->shards != first->shards) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%s and %s were verified with different files of components",
                          first->file.shown, file->file.shown);
    }
    size_t before = set->of_shard[file->shard];
    if (before > 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%s and %s are both of shard %u/%u",
                          set->files[before - 1].file.shown, file->file.shown, file->shard + 1,
                          file->shards);
    }
    set->of_shard[file->shard] = i + 1;
    return NDUP_STATUS_OK;
}

static ndup_status find_missing(const decision_set *set, ndup_error *error)
{
    for (uint32_t i = 0; i < set->files[0].shards; i++) {
        if (set->of_shard[i] == 0) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "decisions of shard %u/%u are missing: run 'neardup verify --shard "
                              "%u/%u', and give its file, too",
                              i + 1, set->files[0].shards, i + 1, set->files[0].shards);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status open_decisions(decision_set *set, const ndup_shard_options *options,
                                  const ndup__part_set *parts, ndup_error *error)
{
    ndup_status status = options->decision_count > 0
                             ? NDUP_STATUS_OK
                             : ndup__fail(error, NDUP_STATUS_INVALID, "no files of decisions");
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(set->allocator, &set->files, options->decision_count,
                                       sizeof *set->files, error);
        set->count = status == NDUP_STATUS_OK ? options->decision_count : 0;
    }
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        status =
            ndup__decision_file_open(&set->files[i], options->decisions[i], set->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(set->allocator, &set->of_shard, NDUP__SHARDS_MOST,
                                       sizeof *set->of_shard, error);
    }
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        status = check_file(set, i, parts, error);
    }
    return status == NDUP_STATUS_OK ? find_missing(set, error) : status;
}

static void close_decisions(decision_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        ndup__decision_file_close(&set->files[i]);
    }
    ndup__free(set->allocator, &set->files, set->count, sizeof *set->files);
    ndup__free(set->allocator, &set->of_shard, NDUP__SHARDS_MOST, sizeof *set->of_shard);
}

/* What the first pass would have told of all documents. */
static void sum_up(ndup__run *run, const ndup__part_set *parts)
{
    const ndup__table *table = &run->table;
    ndup_summary *summary = &run->summary;
    summary->documents = table->count;
    summary->skipped = parts->skipped;
    summary->repaired = parts->repaired;
    for (size_t i = 0; i < table->count; i++) {
        ndup_reading reading = ndup__table_reading(table, i);
        summary->text_bytes += table->text_lengths[i];
        summary->empty += reading == NDUP_READING_NO_WORDS;
        summary->unreadable += reading == NDUP_READING_DAMAGED;
    }
}

static ndup_status decide(ndup_result **result, ndup__part_run *parts, decision_set *set,
                          ndup_error *error)
{
    ndup__run *run = &parts->run;
    ndup__groups groups = {.allocator = run->allocator};
    ndup__class_pairs pairs = {.allocator = run->allocator};
    ndup_status status = ndup__finish_checked(run, error);
    sum_up(run, &parts->set);
    if (status == NDUP_STATUS_OK) {
        status = ndup__groups_init(&groups, run->table.class_count, run->allocator,
                                   run->table.breath, error);
    }
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        status = ndup__decision_file_apply(&set->files[i], &groups, run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__result_new(result, run, &groups, &pairs, error);
    }
    ndup__groups_deinit(&groups);
    ndup__class_pairs_deinit(&pairs);
    return status;
}

/* Opens parts and decisions, and makes the result of them; it takes the budget over. */
static ndup_status decide_over(ndup_result **result, ndup__part_run *parts,
                               const ndup_shard_options *options, ndup_error *error)
{
    decision_set set = {.allocator = options->allocator};
    ndup_status status = open_decisions(&set, options, &parts->set, error);
    if (status == NDUP_STATUS_OK) {
        uint8_t *none;
        size_t bytes = (size_t)ndup__part_set_documents(&parts->set) / 8 + 1;
        status = ndup__allocate_zeroed(options->allocator, &none, bytes, 1, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__part_run_take(parts, NULL, none, error);
            ndup__free(options->allocator, &none, bytes, 1);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = decide(result, parts, &set, error);
    }
    close_decisions(&set);
    return status;
}

ndup_status ndup_decide_shards(ndup_result **result, ndup_corpus **corpus,
                               const ndup_shard_options *options, const ndup_hooks *hooks,
                               ndup_error *error)
{
    ndup__part_run parts = {.numbers = NULL};
    ndup_status status =
        NDUP__REQUIRE(error, "result", result, "corpus", corpus, "options", options);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *result = NULL;
    *corpus = NULL;
    status = ndup__require_size(options->struct_size, sizeof *options, "options", error);
    if (status == NDUP_STATUS_OK) {
        status = NDUP__REQUIRE(error, "parts", options->parts, "decisions", options->decisions);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_run_open(&parts, options, hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = decide_over(result, &parts, options, error);
        status = ndup__budget_explain(parts.run.budget, status, error);
    }
    if (status == NDUP_STATUS_OK) { /* both outlive the parts */
        *corpus = parts.run.corpus;
        parts.run.corpus = NULL;
        (*result)->budget = parts.run.budget;
        parts.run.budget = NULL;
    }
    ndup__part_run_close(&parts);
    return status;
}
