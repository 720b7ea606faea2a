/* SPDX-License-Identifier: MIT */
/* Judging whole components: a run as any other, over the documents of a shard. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "dedup/classes.h"
#include "dedup/counted_texts.h"
#include "dedup/frequency_table.h"
#include "dedup/run_stages.h"
#include "stages/decision_file.h"
#include "stages/shard_input.h"
#include "stages/stage_output.h"

/* Puts the counts of all shares together. */
static ndup_status open_counts(ndup_corpus_frequencies **all, const ndup_shard_options *options,
                               const ndup__components *components, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < options->counts_count && status == NDUP_STATUS_OK; i++) {
        ndup_corpus_frequencies *share;
        status =
            ndup_corpus_frequencies_open(&share, options->counts[i], options->allocator, error);
        if (status == NDUP_STATUS_OK && share->corpus != components->dealing) {
            status = ndup__fail(error, NDUP_STATUS_INVALID,
                                "%s was not counted with these components", options->counts[i]);
        }
        if (status == NDUP_STATUS_OK && *all != NULL) {
            status = ndup_corpus_frequencies_merge(*all, share, error);
        } else if (status == NDUP_STATUS_OK) {
            *all = share;
            share = NULL;
        }
        ndup_corpus_frequencies_free(share);
    }
    return status;
}

/* Without counts none may be needed. */
static ndup_status take_counts(ndup__shard_input *input, ndup_corpus_frequencies **counts,
                               const ndup_shard_options *options, ndup_error *error)
{
    const ndup__components *components = &input->components;
    ndup_status status = open_counts(counts, options, components, error);
    if (status == NDUP_STATUS_OK && *counts == NULL && components->member_count > 0) {
        return ndup__fail(
            error, NDUP_STATUS_INVALID,
            "%zu texts may fill a form with others: count first, with 'neardup count', "
            "and give all of its files with --counts",
            components->member_count);
    }
    if (status == NDUP_STATUS_OK && *counts == NULL) {
        status =
            ndup__frequency_table_new(counts, components->dealing, 0, 1, options->allocator, error);
        if (status == NDUP_STATUS_OK) {
            (*counts)->shards[0] = 1;
        }
    }
    input->parts.options.frequencies = *counts;
    return status;
}

/* Sees that classes are of one text each, and ranks them. */
static ndup_status finish_table(ndup__run *run, ndup_error *error)
{
    size_t classes = run->table.class_count;
    ndup_status status = ndup__check_classes(run, error);
    ndup__table_seal(&run->table);
    if (status == NDUP_STATUS_OK) {
        status = ndup__shard_refuse_parted(run, classes, error);
    }
    return status == NDUP_STATUS_OK ? ndup__table_rank(&run->table, error) : status;
}

static ndup_status judge(ndup__groups *groups, ndup__run *run, ndup_error *error)
{
    ndup__class_pairs pairs = {.allocator = run->allocator};
    size_t classes = run->table.class_count;
    *groups = (ndup__groups){.allocator = run->allocator};
    ndup_status status = ndup__run_judge(run, groups, &pairs, error);
    ndup__class_pairs_deinit(&pairs);
    return status == NDUP_STATUS_OK ? ndup__shard_refuse_parted(run, classes, error) : status;
}

static ndup_status verify(const char *path, ndup__shard_input *input,
                          const ndup_shard_options *options, ndup_error *error)
{
    ndup__run *run = &input->parts.run;
    const ndup__components *components = &input->components;
    const ndup__decision_origin origin = {components->identity, components->dealing, options->shard,
                                          components->shard_count};
    uint8_t *wanted = NULL;
    ndup__groups groups = {.allocator = NULL};
    ndup_status status =
        ndup__components_mark(&wanted, components, options->shard, options->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_run_take(&input->parts, wanted, wanted, error);
    }
    ndup__free(options->allocator, &wanted, components->document_count / 8 + 1, 1);
    if (status == NDUP_STATUS_OK) {
        status = finish_table(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = judge(&groups, run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__decision_file_write(path, &origin, &input->parts, &groups, error);
    }
    status = ndup__budget_explain(run->budget, status, error);
    ndup__groups_deinit(&groups);
    return status;
}

ndup_status ndup_verify_shard(const char *path, const ndup_shard_options *options,
                              const ndup_hooks *hooks, ndup_error *error)
{
    ndup__shard_input input = {.components = {.count = 0}};
    ndup_corpus_frequencies *counts = NULL;
    ndup_status status = NDUP__REQUIRE(error, "path", path);
    if (status == NDUP_STATUS_OK) {
        status = ndup__shard_input_open(&input, options, hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__stage_output_check(path, &ndup__decision_kind, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_counts(&input, &counts, options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = verify(path, &input, options, error);
    }
    ndup__shard_input_close(&input);
    ndup_corpus_frequencies_free(counts);
    return status;
}
