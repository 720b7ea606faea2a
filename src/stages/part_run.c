/* SPDX-License-Identifier: MIT */
/* Starting a run over parts. */
#include "stages/part_run.h"

#include "base/alloc.h"
#include "base/error.h"
#include "dedup/class_ranges.h"
#include "dedup/run_stages.h"

/* What compares documents that share no bucket cannot be done by components of those that do. */
static ndup_status check_options(const ndup_dedup_options *options, ndup_error *error)
{
    const char *what = options->exact                                ? "--exact"
                       : options->cluster == NDUP_CLUSTER_COMPONENTS ? "--cluster components"
                       : options->rule != NDUP_RULE_JACCARD          ? "--rule"
                                                                     : NULL;
    return what == NULL
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                            "parts that were sketched with %s: it compares documents that share no "
                            "bucket, which shards cannot do; 'neardup dedup' can",
                            what);
}

ndup_status ndup__part_run_open(ndup__part_run *parts, const ndup_shard_options *options,
                                const ndup_hooks *hooks, ndup_error *error)
{
    const ndup_allocator *allocator = options->allocator;
    *parts = (ndup__part_run){.numbers = NULL};
    ndup_status status =
        ndup__part_set_open(&parts->set, options->parts, options->part_count, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = check_options(&parts->set.options, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    parts->options = parts->set.options;
    parts->options.threads = options->threads;
    parts->options.memory = options->memory;
    parts->options.allocator = allocator;
    parts->options.spans = true;
    parts->set.corpus_options.temporary_folder = options->temporary_folder;
    parts->set.corpus_options.allocator = allocator;
    parts->run = (ndup__run){.options = &parts->options, .reporter = {.hooks = hooks}};
    status = ndup__run_reckon(&parts->run, error);
    return status == NDUP_STATUS_OK ? ndup__budget_new(&parts->run.budget, parts->run.memory,
                                                       options->temporary_folder, allocator, error)
                                    : status;
}

static bool is_wanted(const uint8_t *wanted, uint64_t number)
{
    return (wanted[number / 8] >> (number % 8) & 1) != 0;
}

/* Notes the numbers that the run's documents have among all. */
static ndup_status note_numbers(ndup__part_run *parts, const uint8_t *wanted, ndup_error *error)
{
    const ndup__run *run = &parts->run;
    size_t at = 0;
    uint64_t all = ndup__part_set_documents(&parts->set);
    ndup_status status = ndup__resize(run->allocator, &parts->numbers, 0, run->table.count,
                                      sizeof *parts->numbers, error);
    for (uint64_t i = 0; i < all && status == NDUP_STATUS_OK; i++) {
        if (is_wanted(wanted, i)) {
            parts->numbers[at++] = (uint32_t)i;
        }
    }
    return status;
}

ndup_status ndup__part_run_take(ndup__part_run *parts, const uint8_t *wanted,
                                const uint8_t *fetched, ndup_error *error)
{
    ndup__run *run = &parts->run;
    run->allocator = ndup__budget_allocator(run->budget);
    run->strings.allocator = run->allocator;
    ndup_status status = ndup__part_set_corpus(&run->corpus, &parts->set, fetched, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__run_start(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__part_set_append(&run->table, &parts->set, wanted, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__class_ranges_join(&run->table, run->memory / NDUP__CLASS_WORK_SHARE,
                                         run->pool, error);
    }
    if (status == NDUP_STATUS_OK && wanted != NULL) {
        status = note_numbers(parts, wanted, error);
    }
    return status;
}

void ndup__part_run_close(ndup__part_run *parts)
{
    ndup__run *run = &parts->run;
    ndup__free(run->allocator, &parts->numbers, run->table.count, sizeof *parts->numbers);
    ndup__run_end(run);
    ndup_corpus_close(run->corpus);
    ndup__budget_free(run->budget);
    ndup__part_set_close(&parts->set);
}
