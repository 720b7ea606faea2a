/* SPDX-License-Identifier: MIT */
/* Repeats inside documents: blocks are split and searched in parallel and handed to the sinks in
 * corpus order. */
#include "neardup/flag.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/name_lock.h"
#include "base/require.h"
#include "base/pool.h"
#include "base/unfinished.h"
#include "corpus/asked_fields.h"
#include "corpus/document_name.h"
#include "corpus/reader.h"
#include "corpus/units.h"
#include "flag/flag_known.h"
#include "flag/flag_options.h"
#include "flag/flag_site.h"
#include "pipeline/link_guard.h"
#include "pipeline/loss.h"
#include "pipeline/progress.h"
#include "report/flag_output.h"
#include "repeat/finder.h"
#include "text/damage.h"

#define UNREADABLE_NAMED 3

/* A document of a block, with where its units and repeats stand in the block's arrays. */
typedef struct flagged_document {
    ndup__kept kept;
    size_t unit_begin, unit_count;
    size_t repeat_begin, repeat_count;
    size_t repeated_bytes, unit_bytes;
    bool is_unreadable;
} flagged_document;

typedef struct flag_worker {
    const ndup_flag_options *options;
    const ndup__site *site; /* NULL where it was not asked for */
    ndup__block block;
    ndup__paragraphs paragraphs;
    ndup__repeat_finder finder;
    ndup__arena strings; /* names of records without an id */
    flagged_document *documents;
    size_t count, capacity;
    ndup_unit *units;
    size_t unit_count, unit_capacity;
    ndup_repeat *repeats;
    size_t repeat_count, repeat_capacity;
} flag_worker;

typedef struct flag_job {
    ndup_corpus *corpus;
    const ndup_flag_options *options;
    ndup_flag_sink *const *sinks;
    size_t sink_count;
    ndup__reporter reporter;
    ndup__line_counter lines;
    ndup_flag_summary *summary;
    ndup__passed_over passed_over; /* records without text */
    unsigned given;                /* fields that some record had */
    const ndup__site *site;
    ndup__flag_known known;
    ndup__block again; /* a document that its block did not keep, read again */
    ndup_flag_run run;
} flag_job;

void ndup_flag_options_init(ndup_flag_options *options)
{
    if (options == NULL) {
        return;
    }
    *options = (ndup_flag_options){
        .struct_size = sizeof *options, .threshold = 0.7, .site_share = 0.3, .site_pages = 5};
}

ndup_status ndup__flag_options_check(const ndup_flag_options *options, ndup_error *error)
{
    if (options->struct_size < sizeof *options) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "struct_size %zu of the flag options, must be %zu", options->struct_size,
                          sizeof *options);
    }
    if (!(options->threshold > 0 && options->threshold <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "threshold %g, must be over 0 and at most 1",
                          options->threshold);
    }
    if (!(options->site_share > 0 && options->site_share <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "site share %g, must be over 0 and at most 1",
                          options->site_share);
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_sinks(ndup_flag_sink *const *sinks, size_t sink_count, ndup_error *error)
{
    ndup_status status = sink_count > 0 ? NDUP__REQUIRE(error, "sinks", sinks) : NDUP_STATUS_OK;
    for (size_t i = 0; i < sink_count && status == NDUP_STATUS_OK; i++) {
        const ndup_flag_sink *sink = sinks[i];
        status = NDUP__REQUIRE(error, "a sink", sink);
        if (status == NDUP_STATUS_OK) {
            status = ndup__require_size(sink->struct_size, sizeof *sink, "sink", error);
        }
        if (status == NDUP_STATUS_OK &&
            (sink->document == NULL || sink->commit == NULL || sink->abort == NULL)) {
            status = ndup__fail(error, NDUP_STATUS_INVALID,
                                "sink %zu lacks document, commit or abort", i + 1);
        }
    }
    return status;
}

static ndup_status keep_found(flag_worker *worker, const ndup__item *item, const ndup_unit *units,
                              size_t unit_count, ndup_error *error)
{
    const ndup_allocator *allocator = worker->options->allocator;
    const ndup__repeat_finder *finder = &worker->finder;
    ndup_status status = ndup__reserve(allocator, &worker->documents, &worker->capacity,
                                       worker->count + 1, sizeof *worker->documents, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &worker->units, &worker->unit_capacity,
                               worker->unit_count + unit_count, sizeof *worker->units, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__reserve(allocator, &worker->repeats, &worker->repeat_capacity,
                          worker->repeat_count + finder->count, sizeof *worker->repeats, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (unit_count > 0) {
        memcpy(worker->units + worker->unit_count, units, unit_count * sizeof *units);
    }
    worker->documents[worker->count++] = (flagged_document){
        .kept = ndup__block_keep(&worker->block, item),
        .unit_begin = worker->unit_count,
        .unit_count = unit_count,
        .repeat_begin = worker->repeat_count,
        .repeat_count = finder->count,
        .repeated_bytes = finder->repeated_bytes,
        .unit_bytes = finder->unit_bytes,
        .is_unreadable = ndup__is_damaged_throughout(&finder->profile.tokens),
    };
    if (finder->count > 0) {
        memcpy(worker->repeats + worker->repeat_count, finder->repeats,
               finder->count * sizeof *finder->repeats);
    }
    worker->unit_count += unit_count;
    worker->repeat_count += finder->count;
    return NDUP_STATUS_OK;
}

static ndup_status flag_document(void *context, const ndup__item *item, ndup_error *error)
{
    flag_worker *worker = context;
    const ndup_document *document = &item->document;
    const ndup_unit *units;
    size_t count;
    ndup_status status = ndup__document_units(&units, &count, &worker->paragraphs, document, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__repeat_find(&worker->finder, document, units, count, error);
    }
    if (status == NDUP_STATUS_OK && worker->site != NULL) {
        status = ndup__site_find(worker->site, &worker->finder, document, error);
    }
    const ndup__profile *profile = &worker->finder.profile;
    return status == NDUP_STATUS_OK
               ? keep_found(worker, item, profile->units, profile->count, error)
               : status;
}

static ndup_status take_block(void *context, void *item, unsigned number, bool *more,
                              ndup_error *error)
{
    (void)number;
    return ndup__corpus_take(((flag_job *)context)->corpus, &((flag_worker *)item)->block, more,
                             error);
}

static ndup_status work_block(void *context, void *item, unsigned number, ndup_error *error)
{
    flag_worker *worker = item;
    (void)number;
    worker->count = 0;
    worker->unit_count = 0;
    worker->repeat_count = 0;
    ndup__arena_reset(&worker->strings);
    ndup__visitor visitor = {.context = worker, .keeps = true, .visit = flag_document};
    ndup_status status =
        ndup__corpus_scan(((flag_job *)context)->corpus, &worker->block, &visitor, error);
    ndup__block_leave(&worker->block);
    return status;
}

static void count_repeats(ndup_flag_summary *summary, const ndup_flagged *flagged)
{
    bool headline = false;
    bool caption = false;
    bool block = false;
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        const ndup_repeat *repeat = &flagged->repeats[i];
        uint64_t *const by_kind[] = {&summary->exact, &summary->normalized, &summary->near,
                                     &summary->contained, &summary->site};
        ++*by_kind[repeat->kind];
        summary->refrains += repeat->refrain != NDUP_REFRAIN_NONE;
        headline |= repeat->role == NDUP_UNIT_HEADLINE;
        caption |= repeat->role == NDUP_UNIT_CAPTION;
        block |= repeat->block_units > 1;
    }
    summary->documents++;
    summary->text_bytes += flagged->document->text.length;
    summary->units += flagged->unit_count;
    summary->flagged += flagged->repeat_count > 0;
    summary->repeats += flagged->repeat_count;
    summary->repeated_bytes += flagged->repeated_bytes;
    summary->doubled_headlines += headline;
    summary->doubled_captions += caption;
    summary->doubled_blocks += block;
}

/* Names the first documents that could hardly be read: mostly it is one encoding. */
static void count_unreadable(flag_job *job, const ndup_document *document)
{
    const ndup_hooks *hooks = job->reporter.hooks;
    job->summary->unreadable++;
    if (job->summary->unreadable <= UNREADABLE_NAMED && hooks != NULL && hooks->problem != NULL) {
        ndup_problem problem = {
            .status = NDUP_STATUS_CORRUPT,
            .path = document->path,
            .line = document->line,
            .offset = document->offset,
            .message = "UTF-8 damaged throughout; only passages of the same bytes are repeats",
        };
        hooks->problem(hooks->context, &problem);
    }
}

static ndup_status hand_over(flag_job *job, flag_worker *worker, flagged_document *found,
                             uint64_t line_base, ndup_error *error)
{
    ndup_document *document = &found->kept.document;
    ndup_status status =
        ndup__kept_read(&found->kept, job->corpus, &worker->block, &job->again, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    document->number = job->summary->documents;
    document->line += document->line != 0 ? line_base : 0;
    if (found->is_unreadable) {
        count_unreadable(job, document);
    }
    ndup_repeat *repeats = found->repeat_count > 0 ? worker->repeats + found->repeat_begin : NULL;
    status =
        ndup__name_document(&document->id, document->path, document->line, &worker->strings, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__flag_known_mark(&job->known, document, repeats, found->repeat_count, error);
    }
    ndup_flagged flagged = {
        .document = document,
        .units = found->unit_count > 0 ? worker->units + found->unit_begin : NULL,
        .unit_count = found->unit_count,
        .repeats = repeats,
        .repeat_count = found->repeat_count,
        .repeated_bytes = found->repeated_bytes,
        .share =
            found->unit_bytes > 0 ? (double)found->repeated_bytes / (double)found->unit_bytes : 0,
    };
    count_repeats(job->summary, &flagged);
    for (size_t i = 0; i < job->sink_count && status == NDUP_STATUS_OK; i++) {
        status = job->sinks[i]->document(job->sinks[i]->context, &flagged, error);
    }
    if (found->kept.is_left) {
        ndup__block_shrink(&job->again);
    }
    return status;
}

static ndup_status commit_block(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    flag_job *job = context;
    flag_worker *worker = item;
    uint64_t line_base = ndup__line_counter_add(&job->lines, &worker->block);
    if (job->site != NULL) {
        ndup__site_drop_told(job->site, &worker->block, line_base);
    }
    ndup__block_report(&worker->block, line_base, job->reporter.hooks);
    job->summary->skipped += ndup__block_skipped(&worker->block);
    ndup__passed_over_add(&job->passed_over, &worker->block.passed_over);
    job->given |= worker->block.given;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < worker->count && status == NDUP_STATUS_OK; i++) {
        status = hand_over(job, worker, &worker->documents[i], line_base, error);
    }
    return status == NDUP_STATUS_OK ? ndup__reporter_at(&job->reporter, worker->block.stored,
                                                        job->summary->documents, error)
                                    : status;
}

static void init_worker(flag_worker *worker, const flag_job *job)
{
    const ndup_allocator *allocator = job->options->allocator;
    *worker = (flag_worker){.options = job->options,
                            .site = job->site,
                            .paragraphs = {.allocator = allocator},
                            .strings = {.allocator = allocator}};
    ndup__block_init(&worker->block, allocator);
    ndup__repeat_finder_init(&worker->finder, job->options);
}

static void deinit_worker(flag_worker *worker)
{
    const ndup_allocator *allocator = worker->options->allocator;
    ndup__block_deinit(&worker->block);
    ndup__paragraphs_deinit(&worker->paragraphs);
    ndup__repeat_finder_deinit(&worker->finder);
    ndup__arena_deinit(&worker->strings);
    ndup__free(allocator, &worker->documents, worker->capacity, sizeof *worker->documents);
    ndup__free(allocator, &worker->units, worker->unit_capacity, sizeof *worker->units);
    ndup__free(allocator, &worker->repeats, worker->repeat_capacity, sizeof *worker->repeats);
}

static ndup_status stream_documents(flag_job *job, ndup__pool *pool, ndup_error *error)
{
    const ndup_allocator *allocator = job->options->allocator;
    size_t count = ndup__pool_items(pool);
    flag_worker *workers = NULL;
    ndup__corpus_read_ahead(job->corpus, ndup__pool_workers(pool) - 1);
    ndup_status status = ndup__corpus_rewind(job->corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&job->reporter, NDUP_STAGE_READ,
                                      ndup_corpus_bytes(job->corpus), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &workers, count, sizeof *workers, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < count; i++) {
            init_worker(&workers[i], job);
        }
        ndup__block_init(&job->again, allocator);
        ndup__stream_work stream = {
            .context = job, .take = take_block, .work = work_block, .commit = commit_block};
        status = ndup__pool_stream(pool, &stream, workers, sizeof *workers, count, error);
        if (status == NDUP_STATUS_OK) {
            ndup__notice_passed_over(job->reporter.hooks, &job->passed_over);
            ndup__notice_fields(job->corpus, job->given, job->reporter.hooks);
        }
        for (size_t i = 0; i < count; i++) {
            deinit_worker(&workers[i]);
        }
        ndup__block_deinit(&job->again);
    }
    ndup__free(allocator, &workers, count, sizeof *workers);
    return status;
}

static ndup_status begin_sinks(flag_job *job, size_t *begun, ndup_error *error)
{
    job->run =
        (ndup_flag_run){.options = job->options, .corpus = ndup__corpus_options(job->corpus)};
    job->run.input_count = ndup__corpus_inputs(job->corpus, &job->run.inputs);
    ndup_status status = NDUP_STATUS_OK;
    for (*begun = 0; *begun < job->sink_count && status == NDUP_STATUS_OK; (*begun)++) {
        ndup_flag_sink *sink = job->sinks[*begun];
        sink->committed = false;
        status = ndup__refuse_linked(job->corpus, ndup__flag_output_file(sink), error);
        if (status == NDUP_STATUS_OK && sink->begin != NULL) {
            status = sink->begin(sink->context, &job->run, error);
        }
    }
    return status;
}

static ndup_status finish_sinks(flag_job *job, size_t *committed, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < job->sink_count && status == NDUP_STATUS_OK; i++) {
        const ndup_flag_sink *sink = job->sinks[i];
        if (sink->finish != NULL) {
            status = sink->finish(sink->context, job->summary, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_ask(&job->reporter, error);
    }
    /* Held so that who abandons outputs meets all of them in place, or none. */
    ndup__name_lock_enter();
    for (; *committed < job->sink_count && status == NDUP_STATUS_OK;
         *committed += status == NDUP_STATUS_OK) {
        ndup_flag_sink *sink = job->sinks[*committed];
        status = sink->commit(sink->context, error);
        sink->committed |= status == NDUP_STATUS_OK;
    }
    ndup__unfinished_note_placed(*committed);
    ndup__name_lock_leave();
    return status;
}

/* Both passes, when there are two. */
static ndup_status read_corpus(flag_job *job, ndup_error *error)
{
    const ndup_flag_options *options = job->options;
    unsigned threads = options->threads != 0 ? options->threads : ndup__processor_count();
    ndup__pool *pool = NULL;
    ndup__site *site = NULL;
    uint64_t skipped = 0;
    ndup_status status = ndup__pool_new(&pool, threads, options->allocator, error);
    if (status == NDUP_STATUS_OK) {
        job->summary->skipped += ndup__corpus_report_opening(job->corpus, job->reporter.hooks);
    }
    if (status == NDUP_STATUS_OK && options->site) {
        status =
            ndup__site_count(&site, &skipped, job->corpus, options, pool, &job->reporter, error);
        job->summary->skipped += skipped;
    }
    if (status == NDUP_STATUS_OK) {
        job->site = site;
        status = stream_documents(job, pool, error);
    }
    if (site != NULL) {
        ndup__site_totals(site, &job->summary->hosts, &job->summary->hosts_judged);
        if (job->summary->hosts == 0 && job->summary->documents > 0) {
            ndup__notice(job->reporter.hooks,
                         "no page has an address, so no site is known: --site found nothing; "
                         "--url-field names the field of the address");
        }
    }
    ndup__site_free(site);
    ndup__pool_free(pool);
    return status;
}

ndup_status ndup_flag(ndup_flag_summary *summary, ndup_corpus *corpus,
                      const ndup_flag_options *options, ndup_flag_sink *const *sinks,
                      size_t sink_count, const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status given =
        NDUP__REQUIRE(error, "summary", summary, "corpus", corpus, "options", options);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given == NDUP_STATUS_OK) {
        given = check_sinks(sinks, sink_count, error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    *summary = (ndup_flag_summary){0};
    flag_job job = {.corpus = corpus,
                    .options = options,
                    .sinks = sinks,
                    .sink_count = sink_count,
                    .reporter = {.hooks = hooks},
                    .summary = summary};
    size_t begun = 0;
    size_t committed = 0;
    ndup_status status = ndup__flag_options_check(options, error);
    double start = ndup__clock_seconds();
    if (status == NDUP_STATUS_OK) {
        status = ndup__flag_known_init(&job.known, options->baseline, options->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = begin_sinks(&job, &begun, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_corpus(&job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__loss_check(summary->documents, summary->skipped, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__flag_known_end(&job.known, error);
    }
    if (status == NDUP_STATUS_OK) {
        job.run.moved = job.known.moved;
        summary->known = job.known.count;
        summary->seconds = ndup__clock_seconds() - start;
        status = finish_sinks(&job, &committed, error);
    }
    for (size_t i = committed; status != NDUP_STATUS_OK && i < begun; i++) {
        sinks[i]->abort(sinks[i]->context);
    }
    ndup__flag_known_deinit(&job.known);
    return status;
}
