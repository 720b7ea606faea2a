/* SPDX-License-Identifier: MIT */
/* The first stage: a run that ends when its table is read. */
#include <string.h>

#include "base/require.h"
#include "corpus/file_shares.h"
#include "dedup/class_ranges.h"
#include "dedup/run_stages.h"
#include "pipeline/link_guard.h"
#include "pipeline/loss.h"
#include "stages/part_set.h"
#include "stages/run_settings.h"
#include "stages/stage_output.h"

static ndup_status write_table(const char *path, ndup__run *run, ndup_shard shard,
                               ndup_error *error)
{
    ndup__json_line settings = {.allocator = run->allocator};
    ndup_status status =
        ndup__run_settings_write(&settings, run->options, ndup__corpus_options(run->corpus), error);
    const ndup__part_source source = {.table = &run->table,
                                      .to = run->table.count,
                                      .corpus = run->corpus,
                                      .settings = {settings.bytes, settings.length},
                                      .shard = shard.number,
                                      .shards = shard.of,
                                      .skipped = run->summary.skipped,
                                      .repaired = run->summary.repaired};
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_write(path, &source, error);
    }
    ndup__json_line_deinit(&settings);
    return status;
}

static ndup_status read_and_write(const char *path, ndup__run *run, ndup_shard shard,
                                  ndup_error *error)
{
    ndup_status status = ndup__run_start(run, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__read_table(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__loss_check(run->summary.documents, run->summary.skipped, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__class_ranges_join(&run->table, run->memory / NDUP__CLASS_WORK_SHARE,
                                         run->pool, error);
    }
    return status == NDUP_STATUS_OK ? write_table(path, run, shard, error) : status;
}

static ndup_status run_within_budget(const char *path, ndup__run *run, ndup_shard shard,
                                     ndup_error *error)
{
    const char *folder = ndup__corpus_options(run->corpus)->temporary_folder;
    ndup_status status =
        ndup__budget_new(&run->budget, run->memory, folder, run->options->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    run->allocator = ndup__budget_allocator(run->budget);
    run->strings.allocator = run->allocator;
    status = read_and_write(path, run, shard, error);
    status = ndup__budget_explain(run->budget, status, error);
    ndup__run_end(run);
    ndup__budget_free(run->budget);
    return status;
}

static ndup_status check_given(const char *path, const ndup_corpus *corpus,
                               const ndup_dedup_options *options, ndup_shard *shard,
                               const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status given = NDUP__REQUIRE(error, "path", path, "corpus", corpus, "options", options);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_size(options->struct_size, sizeof *options, "options", error);
    }
    if (given == NDUP_STATUS_OK) {
        given = ndup__options_check(options, error);
    }
    if (given == NDUP_STATUS_OK) {
        given = ndup__stages_check(options, error);
    }
    if (given == NDUP_STATUS_OK) {
        given = ndup__shard_check(shard, error);
    }
    if (given == NDUP_STATUS_OK) {
        given = ndup__refuse_linked(corpus, path, error);
    }
    return given == NDUP_STATUS_OK ? ndup__stage_output_check(path, &ndup__part_kind, error)
                                   : given;
}

ndup_status ndup_sketch_part(const char *path, ndup_corpus *corpus,
                             const ndup_dedup_options *options, ndup_shard shard,
                             ndup_summary *summary, const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status = check_given(path, corpus, options, &shard, hooks, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_dedup_options own = *options;
    own.allow_empty_guard = true; /* another part may have what the glob matches */
    own.frequencies = NULL;
    ndup__run run = {.options = &own, .corpus = corpus, .reporter = {.hooks = hooks}};
    ndup__corpus_take_share(corpus, shard.number, shard.of);
    status = ndup__run_reckon(&run, error);
    if (status == NDUP_STATUS_OK) {
        status = run_within_budget(path, &run, shard, error);
    }
    if (status == NDUP_STATUS_OK && summary != NULL) {
        *summary = run.summary;
    }
    return status;
}

bool ndup_is_part(const char *path)
{
    return path != NULL && ndup__section_file_is(path, &ndup__part_kind);
}
