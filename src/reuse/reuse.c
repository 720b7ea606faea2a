/* SPDX-License-Identifier: MIT */
/* Passages that documents share: read, pair, tell. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/name_lock.h"
#include "base/require.h"
#include "base/unfinished.h"
#include "neardup/passage.h"
#include "pipeline/loss.h"
#include "reuse/reuse_emit.h"
#include "reuse/reuse_run.h"

#define MEMORY_BYTES ((uint64_t)1 << 30)
#define DOCUMENTS_LEAST 2
#define THREADS_MOST 1024

void ndup_passage_options_init(ndup_passage_options *options)
{
    if (options != NULL) {
        *options = (ndup_passage_options){.struct_size = sizeof *options,
                                          .min_words = 15,
                                          .max_documents = 1000,
                                          .min_documents = DOCUMENTS_LEAST};
    }
}

const char *ndup_direction_name(ndup_direction direction)
{
    switch (direction) {
    case NDUP_DIRECTION_UNKNOWN:
        return "unknown";
    case NDUP_DIRECTION_A_FIRST:
        return "a";
    case NDUP_DIRECTION_B_FIRST:
        return "b";
    }
    return NULL;
}

static ndup_status check_options(const ndup_passage_options *options, ndup_error *error)
{
    ndup_status status =
        ndup__require_size(options->struct_size, sizeof *options, "passage options", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (options->min_words < NDUP__WINNOW_LEAST || options->min_words > NDUP__WINNOW_MOST) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "runs of %u words at least, must be %d to %d",
                          options->min_words, NDUP__WINNOW_LEAST, NDUP__WINNOW_MOST);
    }
    if (options->max_documents < DOCUMENTS_LEAST) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "runs in %llu documents at most, must be 2 or more",
                          (unsigned long long)options->max_documents);
    }
    if (options->min_documents < DOCUMENTS_LEAST) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "families of %llu documents at least, must be 2 or more",
                          (unsigned long long)options->min_documents);
    }
    if (options->threads > THREADS_MOST) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%u threads, must be at most %d",
                          options->threads, THREADS_MOST);
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_sinks(ndup_passage_sink *const *sinks, size_t count, ndup_error *error)
{
    ndup_status status = count > 0 ? NDUP__REQUIRE(error, "sinks", sinks) : NDUP_STATUS_OK;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = NDUP__REQUIRE(error, "a sink", sinks[i]);
        if (status == NDUP_STATUS_OK) {
            status = ndup__require_size(sinks[i]->struct_size, sizeof *sinks[i], "sink", error);
        }
        if (status == NDUP_STATUS_OK && (sinks[i]->commit == NULL || sinks[i]->abort == NULL)) {
            status =
                ndup__fail(error, NDUP_STATUS_INVALID, "sink %zu lacks commit or abort", i + 1);
        }
    }
    return status;
}

/* What the sinks of a run have come to. */
typedef struct sink_state {
    ndup_passage_sink *const *items;
    size_t count;
    size_t begun;
    size_t committed;
} sink_state;

static ndup_status begin_sinks(sink_state *sinks, const ndup_passage_run *told, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (; sinks->begun < sinks->count && status == NDUP_STATUS_OK; sinks->begun++) {
        ndup_passage_sink *sink = sinks->items[sinks->begun];
        sink->committed = false;
        if (sink->begin != NULL) {
            status = sink->begin(sink->context, told, error);
        }
    }
    return status;
}

static ndup_status finish_sinks(sink_state *sinks, ndup__reuse_run *run, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sinks->count && status == NDUP_STATUS_OK; i++) {
        const ndup_passage_sink *sink = sinks->items[i];
        if (sink->finish != NULL) {
            status = sink->finish(sink->context, run->summary, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_ask(&run->reporter, error);
    }
    /* Held so that who abandons outputs meets all of them in place, or none. */
    ndup__name_lock_enter();
    for (; sinks->committed < sinks->count && status == NDUP_STATUS_OK;
         sinks->committed += status == NDUP_STATUS_OK) {
        ndup_passage_sink *sink = sinks->items[sinks->committed];
        status = sink->commit(sink->context, error);
        sink->committed |= status == NDUP_STATUS_OK;
    }
    ndup__unfinished_note_placed(sinks->committed);
    ndup__name_lock_leave();
    return status;
}

static void abort_sinks(const sink_state *sinks)
{
    for (size_t i = sinks->committed; i < sinks->begun; i++) {
        sinks->items[i]->abort(sinks->items[i]->context);
    }
}

ndup_status ndup__reuse_init(ndup__reuse_run *run, const ndup_passage_options *options,
                             ndup_corpus *corpus, const ndup_hooks *hooks,
                             ndup_passage_summary *summary, ndup_error *error)
{
    const ndup_allocator *allocator = options->allocator;
    const char *folder = ndup__corpus_options(corpus)->temporary_folder;
    uint64_t memory = options->memory != 0 ? options->memory : MEMORY_BYTES;
    unsigned threads = options->threads != 0 ? options->threads : ndup__processor_count();
    *run = (ndup__reuse_run){.options = options,
                             .allocator = allocator,
                             .corpora = {corpus, options->against},
                             .size = ndup__winnow_size_for(options->min_words),
                             .reporter = {.hooks = hooks},
                             .summary = summary,
                             .strings = {.allocator = allocator},
                             .sources = {.allocator = allocator},
                             .series = {.allocator = allocator}};
    summary->gram = run->size.gram;
    summary->window = run->size.window;
    ndup__column_init(&run->passages, memory, folder, allocator);
    ndup__fingerprint_options kept = {.memory_bytes = memory,
                                      .documents_most = options->max_documents,
                                      .folder = folder,
                                      .allocator = allocator};
    ndup_status status = ndup__fingerprints_init(&run->fingerprints, &kept, error);
    return status == NDUP_STATUS_OK ? ndup__pool_new(&run->pool, threads, allocator, error)
                                    : status;
}

void ndup__reuse_deinit(ndup__reuse_run *run)
{
    ndup__pool_free(run->pool);
    ndup__fingerprints_deinit(&run->fingerprints);
    ndup__column_deinit(&run->passages);
    ndup__sources_deinit(&run->sources);
    ndup__sources_deinit(&run->series);
    ndup__arena_deinit(&run->strings);
    ndup__free(run->allocator, &run->documents, run->document_capacity, sizeof *run->documents);
}

/* The inputs of both corpora, one after another. */
static ndup_status list_inputs(const char ***inputs, size_t *count, const ndup__reuse_run *run,
                               ndup_error *error)
{
    const char *const *own[2] = {NULL, NULL};
    size_t counts[2] = {0, 0};
    for (unsigned i = 0; i < 2 && run->corpora[i] != NULL; i++) {
        counts[i] = ndup__corpus_inputs(run->corpora[i], &own[i]);
    }
    *count = counts[0] + counts[1];
    ndup_status status = ndup__resize(run->allocator, inputs, 0, *count, sizeof **inputs, error);
    for (size_t i = 0; i < *count && status == NDUP_STATUS_OK; i++) {
        (*inputs)[i] = i < counts[0] ? own[0][i] : own[1][i - counts[0]];
    }
    return status;
}

static ndup_status make_run(ndup__reuse_run *run, sink_state *sinks, ndup_error *error)
{
    const char **inputs = NULL;
    size_t input_count;
    ndup_status status = list_inputs(&inputs, &input_count, run, error);
    ndup__reuse_reader reader;
    ndup__reuse_reader_init(&reader, run);
    ndup_passage_run told = {.options = run->options,
                             .inputs = inputs,
                             .input_count = input_count,
                             .read = ndup__reuse_reader_read,
                             .reader = &reader,
                             .temporary_folder =
                                 ndup__corpus_options(run->corpora[0])->temporary_folder};
    if (status == NDUP_STATUS_OK) {
        status = begin_sinks(sinks, &told, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reuse_read(run, error);
    }
    ndup_passage_summary *summary = run->summary;
    if (status == NDUP_STATUS_OK) {
        status = ndup__loss_check(summary->documents, summary->skipped, error);
    }
    summary->fingerprints = run->fingerprints.grams;
    summary->shared = run->fingerprints.shared;
    summary->common = run->fingerprints.common;
    summary->common_most = run->fingerprints.common_most;
    summary->spilled_bytes = run->fingerprints.spilled_bytes;
    if (status == NDUP_STATUS_OK) {
        status = ndup__reuse_pair(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reuse_locate(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reuse_emit(run, &reader, sinks->items, sinks->count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = finish_sinks(sinks, run, error);
    }
    if (status != NDUP_STATUS_OK) {
        abort_sinks(sinks);
    }
    ndup__reuse_reader_deinit(&reader);
    ndup__free(run->allocator, &inputs, inputs != NULL ? input_count : 0, sizeof *inputs);
    return status;
}

ndup_status ndup_passages(ndup_passage_summary *summary, ndup_corpus *corpus,
                          const ndup_passage_options *options, ndup_passage_sink *const *sinks,
                          size_t sink_count, const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status =
        NDUP__REQUIRE(error, "summary", summary, "corpus", corpus, "options", options);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_options(options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_sinks(sinks, sink_count, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *summary = (ndup_passage_summary){0};
    ndup__reuse_run run;
    status = ndup__reuse_init(&run, options, corpus, hooks, summary, error);
    if (status == NDUP_STATUS_OK) {
        sink_state state = {.items = sinks, .count = sink_count};
        status = make_run(&run, &state, error);
    }
    ndup__reuse_deinit(&run);
    return status;
}
