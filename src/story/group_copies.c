/* SPDX-License-Identifier: MIT */
/* Near copies are told by a run of dedup that keeps the oldest, which also tells forms from copies;
 * excerpts, extensions and partial copies by what the kept ones share of runs of eight words. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "story/copied_runs.h"
#include "story/group_run.h"

/* The inputs are read more than once, and nothing is told twice. */
static void quiet_later(ndup__group_run *run)
{
    run->later_hooks = (ndup_hooks){.struct_size = sizeof run->later_hooks};
    if (run->hooks != NULL) {
        run->later_hooks.context = run->hooks->context;
        run->later_hooks.progress = run->hooks->progress;
    }
}

static ndup_status find_near_copies(ndup__group_run *run, ndup_error *error)
{
    ndup_dedup_options options;
    ndup_status status = ndup_dedup_options_init(&options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        options.keep = "oldest";
        options.seed = run->options->seed;
        options.threads = run->options->threads;
        options.allocator = run->allocator;
        ndup__corpus_keep_copy(run->corpus);
        status = ndup_dedup(&run->verdicts, run->corpus, &options, run->hooks, error);
        ndup__heap_trim();
    }
    return status;
}

/* Dates that cannot be true are none. */
static void check_dates(ndup__group_run *run)
{
    int64_t latest = ndup__clock_today() + NDUP__AHEAD_MILLISECONDS;
    for (size_t i = 0; i < run->reuse.document_count; i++) {
        ndup__reuse_document *document = &run->reuse.documents[i];
        document->is_dated &= document->milliseconds <= latest;
        run->summary->undated += !document->is_dated;
        run->summary->odd_dates += !document->is_dated && document->date.length > 0;
    }
}

static ndup_status leave_out_copies(ndup__group_run *run, ndup_error *error)
{
    size_t count = ndup_result_summary(run->verdicts)->documents;
    ndup_status status =
        ndup__allocate_zeroed(run->allocator, &run->left_out, count, sizeof *run->left_out, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(run->verdicts, i, &verdict);
        run->left_out[i] = !verdict.kept;
    }
    run->reuse.left_out = run->left_out;
    run->reuse.least_part = NDUP__SHOWN_PART * run->options->share;
    return status;
}

static ndup_status check_documents(const ndup__group_run *run, ndup_error *error)
{
    return run->reuse.document_count == ndup_result_summary(run->verdicts)->documents
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_CHANGED, "the inputs changed while they were read");
}

static ndup_status find_passages(ndup__group_run *run, ndup_error *error)
{
    ndup_passage_options_init(&run->passage_options);
    run->passage_options.min_words = NDUP__COPIED_WORDS;
    run->passage_options.max_documents = NDUP__RUN_DOCUMENTS;
    run->passage_options.seed = run->options->seed;
    run->passage_options.threads = run->options->threads;
    run->passage_options.allocator = run->allocator;
    run->reuse_is_made = true;
    ndup_status status = ndup__reuse_init(&run->reuse, &run->passage_options, run->corpus,
                                          &run->later_hooks, &run->passages, error);
    if (status == NDUP_STATUS_OK) {
        status = leave_out_copies(run, error);
    }
    run->reuse.keeps_titles = true;
    if (status == NDUP_STATUS_OK) {
        status = ndup__reuse_read(&run->reuse, error);
    }
    if (status == NDUP_STATUS_OK) {
        check_dates(run);
        status = check_documents(run, error);
    }
    return status == NDUP_STATUS_OK ? ndup__reuse_pair(&run->reuse, error) : status;
}

static ndup_status list_firsts(ndup__group_run *run, ndup_error *error)
{
    size_t count = run->reuse.document_count;
    ndup_status status =
        ndup__resize(run->allocator, &run->firsts, 0, count, sizeof *run->firsts, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        uint32_t document = run->order[i];
        if (run->copies[document].first == document) {
            run->firsts[run->first_count++] = document;
        }
    }
    return status;
}

/* Who copied whom is known now. */
static void forget_passages(ndup__group_run *run)
{
    if (run->reuse_is_made) {
        ndup__fingerprints_deinit(&run->reuse.fingerprints);
        ndup__column_deinit(&run->reuse.passages);
        ndup__heap_trim();
    }
}

ndup_status ndup__group_copies(ndup__group_run *run, ndup_error *error)
{
    quiet_later(run);
    ndup_status status = find_near_copies(run, error);
    if (status == NDUP_STATUS_OK) {
        status = find_passages(run, error);
    }
    size_t count = run->reuse.document_count;
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(run->allocator, &run->order, 0, count, sizeof *run->order, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__order_documents(run->order, run->reuse.documents, count, run->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(run->allocator, &run->copies, count, sizeof *run->copies, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__copies_find(run->copies, &run->reuse, run->verdicts, run->order,
                                   run->options->share, error);
    }
    forget_passages(run);
    return status == NDUP_STATUS_OK ? list_firsts(run, error) : status;
}
