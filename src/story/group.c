/* SPDX-License-Identifier: MIT */
/* Copies and stories: copies first, stories over their first documents, then the sinks. */
#include "neardup/group.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/name_lock.h"
#include "base/require.h"
#include "base/unfinished.h"
#include "story/explanation.h"
#include "story/story_copies.h"

void ndup_group_options_init(ndup_group_options *options)
{
    if (options != NULL) {
        *options = (ndup_group_options){.struct_size = sizeof *options, .share = 0.5, .bar = 0.15};
    }
}

const char *ndup_role_name(ndup_role role)
{
    static const char *const names[] = {"first",   "copy",   "excerpt", "extends",
                                        "partial", "update", "compiles"};
    return (unsigned)role < sizeof names / sizeof *names ? names[role] : NULL;
}

static ndup_status check_options(const ndup_group_options *options, ndup_error *error)
{
    ndup_status status =
        ndup__require_size(options->struct_size, sizeof *options, "group options", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (!(options->share > 0 && options->share <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "share %g of copied words, must be over 0 and at most 1", options->share);
    }
    if (!(options->bar > 0 && options->bar < 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "bar %g of stories, must be between 0 and 1",
                          options->bar);
    }
    if (!(options->within_days >= 0 && options->within_days <= 1e6)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%g days within which stories lie, must be 0 to 1000000",
                          options->within_days);
    }
    if (options->explain_with != NULL && options->explain == NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "explain_with '%.100s' without a document to explain",
                          options->explain_with);
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_sinks(ndup_group_sink *const *sinks, size_t count, ndup_error *error)
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
    ndup_group_sink *const *items;
    size_t count;
    size_t begun;
    size_t committed;
} sink_state;

static ndup_status begin_sinks(sink_state *sinks, const ndup_group_run *told, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (; sinks->begun < sinks->count && status == NDUP_STATUS_OK; sinks->begun++) {
        ndup_group_sink *sink = sinks->items[sinks->begun];
        sink->committed = false;
        if (sink->begin != NULL) {
            status = sink->begin(sink->context, told, error);
        }
    }
    return status;
}

static ndup_status finish_sinks(sink_state *sinks, ndup__group_run *run, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sinks->count && status == NDUP_STATUS_OK; i++) {
        const ndup_group_sink *sink = sinks->items[i];
        if (sink->finish != NULL) {
            status = sink->finish(sink->context, run->summary, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_ask(&run->reuse.reporter, error);
    }
    /* Held so that who abandons outputs meets all of them in place, or none. */
    ndup__name_lock_enter();
    for (; sinks->committed < sinks->count && status == NDUP_STATUS_OK;
         sinks->committed += status == NDUP_STATUS_OK) {
        ndup_group_sink *sink = sinks->items[sinks->committed];
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

/* What the steps counted. */
static void add_counts(ndup__group_run *run)
{
    ndup_group_summary *summary = run->summary;
    const ndup_passage_summary *passages = &run->passages;
    summary->text_bytes = passages->text_bytes;
    summary->skipped = passages->skipped;
    summary->unreadable = passages->unreadable;
    for (size_t i = 0; i < NDUP_STAGE_COUNT; i++) {
        summary->seconds[i] =
            passages->seconds[i] +
            (run->verdicts != NULL ? ndup_result_summary(run->verdicts)->seconds[i] : 0);
    }
}

/* Stories over copies; what they take counts as comparing. */
static ndup_status find_stories(ndup__group_run *run, ndup_error *error)
{
    double start = ndup__clock_seconds();
    ndup_status status = ndup__group_stories(run, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__story_copies_find(run, error);
    }
    add_counts(run);
    run->summary->seconds[NDUP_STAGE_VERIFY] += ndup__clock_seconds() - start;
    return status;
}

static ndup_status emit(ndup__group_run *run, const sink_state *sinks, ndup_error *error)
{
    double start = ndup__clock_seconds();
    ndup_status status = ndup__group_emit(run, sinks->items, sinks->count, error);
    run->summary->seconds[NDUP_STAGE_WRITE] += ndup__clock_seconds() - start;
    return status;
}

static ndup_status make_run(ndup__group_run *run, sink_state *sinks, ndup_error *error)
{
    ndup_group_run told = {.options = run->options, .corpus = ndup__corpus_options(run->corpus)};
    told.input_count = ndup__corpus_inputs(run->corpus, &told.inputs);
    ndup_status status = begin_sinks(sinks, &told, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__group_copies(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__explanation_check(run, error); /* before more is made in vain */
    }
    if (status == NDUP_STATUS_OK) {
        status = find_stories(run, error);
    } else {
        add_counts(run);
    }
    if (status == NDUP_STATUS_OK) {
        status = emit(run, sinks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = finish_sinks(sinks, run, error);
    }
    if (status != NDUP_STATUS_OK) {
        abort_sinks(sinks);
    }
    return status;
}

static void end_run(ndup__group_run *run)
{
    size_t count = run->reuse.document_count;
    if (run->stories_are_made) {
        ndup__stories_deinit(&run->stories);
    }
    ndup__term_counts_deinit(&run->counts);
    ndup__set_phrases_deinit(&run->phrases);
    if (run->left_out != NULL) { /* made before documents are counted again */
        ndup__free(run->allocator, &run->left_out, ndup_result_summary(run->verdicts)->documents,
                   1);
    }
    ndup__free(run->allocator, &run->order, run->order != NULL ? count : 0, sizeof *run->order);
    ndup__free(run->allocator, &run->copies, run->copies != NULL ? count : 0, sizeof *run->copies);
    ndup__free(run->allocator, &run->firsts, run->firsts != NULL ? count : 0, sizeof *run->firsts);
    if (run->reuse_is_made) {
        ndup__reuse_deinit(&run->reuse);
    }
    ndup_result_free(run->verdicts);
}

ndup_status ndup_group(ndup_group_summary *summary, ndup_corpus *corpus,
                       const ndup_group_options *options, ndup_group_sink *const *sinks,
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
    *summary = (ndup_group_summary){0};
    ndup__group_run run = {.options = options,
                           .allocator = options->allocator,
                           .corpus = corpus,
                           .hooks = hooks,
                           .summary = summary,
                           .counts = {.allocator = options->allocator},
                           .phrases = {.allocator = options->allocator}};
    sink_state state = {.items = sinks, .count = sink_count};
    status = make_run(&run, &state, error);
    end_run(&run);
    return status;
}
