/* SPDX-License-Identifier: MIT */
/* The main job, stage by stage. */
#include "neardup/dedup.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/require.h"
#include "dedup/audit.h"
#include "dedup/frequency_table.h"
#include "dedup/keeper.h"
#include "dedup/losses.h"
#include "dedup/result.h"
#include "dedup/run_profile.h"
#include "dedup/run_stages.h"
#include "pipeline/loss.h"
#include "sketch/kind.h"

static void warn_of_bands(const ndup__run *run)
{
    const ndup_bands *bands = &run->bands;
    const ndup_dedup_options *options = run->options;
    if (bands->slots_raised) {
        ndup__notice(run->reporter.hooks,
                     "%u slots are used: recall %g at threshold %g needs %u bands of %u rows",
                     bands->slots, options->recall, options->matching.threshold, bands->bands,
                     bands->rows);
    }
    if (bands->recall_missed) {
        ndup__notice(run->reporter.hooks,
                     "%s reaches a recall of only %.3f at threshold %g; another sketch or --exact "
                     "finds more",
                     ndup_sketcher_info(run->sketcher)->name, bands->recall,
                     options->matching.threshold);
    }
}

/* What a run takes at least, beside what lies in files: buffers and tables that are in use all the
 * time, and those of each worker. */
#define MEMORY_LEAST ((uint64_t)24 << 20)
#define MEMORY_PER_WORKER ((uint64_t)4 << 20)

static unsigned thread_count(const ndup_dedup_options *options)
{
    return options->threads != 0 ? options->threads : ndup__processor_count();
}

/* Where nothing is asked and nothing is known of the machine, all. */
ndup_status ndup__run_reckon(ndup__run *run, ndup_error *error)
{
    const ndup_dedup_options *options = run->options;
    uint64_t least = MEMORY_LEAST + MEMORY_PER_WORKER * thread_count(options);
    if (options->memory > 0) {
        run->memory = options->memory;
        return options->memory >= least
                   ? NDUP_STATUS_OK
                   : ndup__fail(error, NDUP_STATUS_INVALID,
                                "memory of %llu bytes: %u threads need %lluM at least, and %lluM "
                                "for each beyond the first",
                                (unsigned long long)options->memory, thread_count(options),
                                (unsigned long long)(least >> 20),
                                (unsigned long long)(MEMORY_PER_WORKER >> 20));
    }
    uint64_t available = ndup__memory_available();
    uint64_t usual = available > 0 ? available / 10 * 6 : UINT64_MAX;
    run->memory = usual > least ? usual : least;
    return NDUP_STATUS_OK;
}

ndup_status ndup__run_start(ndup__run *run, ndup_error *error)
{
    const ndup_dedup_options *options = run->options;
    ndup_status status =
        ndup__keep_parse(&run->policy, ndup__options_keep(options), &run->strings, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__options_sketcher(&run->sketcher, &run->bands, options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_want_fields(run->corpus, run->policy.fields, run->policy.field_count,
                                          error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_new(&run->pool, thread_count(options), run->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__watches_new(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        run->summary.bands = run->bands;
        run->shingling = ndup__options_shingling(options);
        ndup__table_init(&run->table, &run->policy, ndup__row_bytes(run->sketcher), run->allocator);
        run->table.breath = ndup__budget_breath(run->budget);
        ndup__pool_set_breath(run->pool, run->table.breath);
        run->table.keeps_titles = options->titles;
        run->table.slot_bytes_most = run->memory / NDUP__SLOT_SHARE;
        warn_of_bands(run);
    }
    return status;
}

void ndup__run_end(ndup__run *run)
{
    ndup__table_deinit(&run->table);
    ndup__watches_free(run);
    ndup__pool_free(run->pool);
    ndup_sketcher_free(run->sketcher);
    ndup__arena_deinit(&run->strings);
}

static ndup_status find_groups(ndup__judge *judge, ndup__groups *groups, ndup__class_pairs *pairs,
                               ndup_error *error)
{
    const ndup_dedup_options *options = judge->run->options;
    bool by_components = options->cluster == NDUP_CLUSTER_COMPONENTS;
    ndup_status status = NDUP_STATUS_OK;
    if (options->exact) {
        status = ndup__judge_exact_pairs(judge, pairs, error);
    } else if (options->pairs || by_components) {
        status = ndup__judge_pairs(judge, pairs, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__stopwatch *watch = &judge->run->watches[0];
    if (by_components || options->exact) {
        ndup__stopwatch_start(watch);
        status = by_components ? ndup__components_of_pairs(groups, judge, pairs, error)
                               : ndup__leaders_of_pairs(groups, judge, pairs, error);
        ndup__stopwatch_lap(watch, NDUP_PART_DECIDE);
        return status;
    }
    return ndup__judge_leaders(judge, groups, error);
}

ndup_status ndup__run_judge(ndup__run *run, ndup__groups *groups, ndup__class_pairs *pairs,
                            ndup_error *error)
{
    ndup__judge judge;
    ndup_status status = ndup__judge_init(&judge, run, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__groups_init(groups, run->table.class_count, run->allocator,
                                   run->table.breath, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__reporter_begin(&run->reporter, NDUP_STAGE_VERIFY, run->table.class_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = run->options->frequencies != NULL
                     ? ndup__frequencies_take(&judge.frequencies, run, &judge.buckets, error)
                     : ndup__frequencies_count(&judge.frequencies, run, &judge.buckets, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = find_groups(&judge, groups, pairs, error);
        run->summary.seconds[NDUP_STAGE_VERIFY] += ndup__reporter_seconds(&run->reporter);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__judge_count(&judge);
    }
    if (status == NDUP_STATUS_OK && run->options->audit > 0) {
        status = ndup__audit(&judge, groups, error);
    }
    ndup__judge_deinit(&judge);
    if (status == NDUP_STATUS_OK && run->summary.split_buckets > 0) {
        ndup__notice(
            run->reporter.hooks,
            "buckets that held more than %d kept documents were split: %llu (the largest of %llu "
            "documents); --audit measures what that costs",
            NDUP__BUCKET_LEADERS, (unsigned long long)run->summary.split_buckets,
            (unsigned long long)run->summary.largest_bucket);
    }
    if (status == NDUP_STATUS_OK && run->summary.capped > 0) {
        ndup__notice(run->reporter.hooks,
                     "documents with so many look-alikes that only the likeliest were compared: "
                     "%llu; --audit measures what that costs",
                     (unsigned long long)run->summary.capped);
    }
    return status;
}

static ndup_status run_stages(ndup_result **result, ndup__run *run, ndup__groups *groups,
                              ndup__class_pairs *pairs, ndup_error *error)
{
    ndup_status status = ndup__run_start(run, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__first_pass(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__loss_check(run->summary.documents, run->summary.skipped, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__run_judge(run, groups, pairs, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__result_new(result, run, groups, pairs, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__losses_check(*result, run->options, run->reporter.hooks, error);
    }
    return status;
}

/* The result takes the budget over, since its arrays are of it. */
static ndup_status run_within_budget(ndup_result **result, ndup__run *run, ndup_error *error)
{
    run->allocator = ndup__budget_allocator(run->budget);
    run->strings.allocator = run->allocator;
    ndup__groups groups = {.allocator = run->allocator};
    ndup__class_pairs pairs = {.allocator = run->allocator};
    ndup_status status = run_stages(result, run, &groups, &pairs, error);
    status = ndup__budget_explain(run->budget, status, error);
    if (status != NDUP_STATUS_OK) {
        ndup_result_free(*result);
        *result = NULL;
    }
    ndup__groups_deinit(&groups);
    ndup__class_pairs_deinit(&pairs);
    ndup__run_end(run);
    if (*result != NULL) {
        (*result)->budget = run->budget;
    } else {
        ndup__budget_free(run->budget);
    }
    return status;
}

ndup_status ndup__dedup_kept(ndup_result **result, ndup_corpus *corpus,
                             const ndup_dedup_options *options, const ndup_hooks *hooks,
                             ndup__keeper *keeper, ndup_error *error)
{
    if (result != NULL) {
        *result = NULL;
    }
    ndup_status given =
        NDUP__REQUIRE(error, "result", result, "corpus", corpus, "options", options);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_size(options->struct_size, sizeof *options, "options", error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup__run run = {
        .options = options, .corpus = corpus, .reporter = {.hooks = hooks}, .keeper = keeper};
    given = ndup__options_check(options, error);
    if (given == NDUP_STATUS_OK) {
        given = ndup__run_reckon(&run, error);
    }
    if (given == NDUP_STATUS_OK) {
        const char *folder = ndup__corpus_options(corpus)->temporary_folder;
        given = ndup__budget_new(&run.budget, run.memory, folder, options->allocator, error);
    }
    return given == NDUP_STATUS_OK ? run_within_budget(result, &run, error) : given;
}

ndup_status ndup_dedup(ndup_result **result, ndup_corpus *corpus, const ndup_dedup_options *options,
                       const ndup_hooks *hooks, ndup_error *error)
{
    return ndup__dedup_kept(result, corpus, options, hooks, NULL, error);
}
