/* SPDX-License-Identifier: MIT */
/* Blocks are scanned and winnowed in parallel, and their documents entered in corpus order. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "cluster/keep.h"
#include "corpus/asked_fields.h"
#include "corpus/document_name.h"
#include "report/out.h"
#include "reuse/reuse_run.h"

#define TITLE_BYTES 200

/* A document of a block; its grams stand in the worker's array. */
typedef struct sighting {
    ndup__reuse_document document; /* source and series are rows of the worker's */
    size_t gram_count;
    uint64_t line;
    const char *path;
    uint64_t text_bytes;
    bool is_unreadable;
} sighting;

typedef struct read_worker {
    ndup__reuse_run *run;
    bool is_against;
    ndup__block block;
    ndup__passage_text text;
    ndup__winnow winnow;
    ndup__arena strings;
    ndup__sources sources, series;
    sighting *sightings;
    size_t count, capacity;
    ndup__gram *grams;
    size_t gram_count, gram_capacity;
} read_worker;

typedef struct read_pass {
    ndup__reuse_run *run;
    ndup_corpus *corpus;
    ndup__line_counter lines;
    ndup__passed_over passed_over;
    unsigned given;
} read_pass;

static ndup_status copy_text(ndup_text *copy, ndup__arena *arena, ndup_text text, ndup_error *error)
{
    char *bytes = NULL;
    ndup_status status = ndup__arena_copy(arena, &bytes, text.bytes, text.length, error);
    *copy = (ndup_text){bytes, text.length};
    return status;
}

/* The name of the series that a record says it is of; empty for none. */
static ndup_status series_name(ndup_text *name, read_worker *worker, const ndup__item *item,
                               ndup_error *error)
{
    const ndup__value *value = item->extra;
    *name = (ndup_text){NULL, 0};
    if (value == NULL || value->kind == NDUP__VALUE_ABSENT || value->kind == NDUP__VALUE_NULL) {
        return NDUP_STATUS_OK;
    }
    *name = (ndup_text){value->raw, value->length};
    if (value->kind != NDUP__VALUE_STRING) {
        return NDUP_STATUS_OK;
    }
    void *block;
    uint64_t replaced = 0;
    ndup_status status =
        ndup__arena_take(&worker->strings, &block, value->length + NDUP__DECODE_SLACK, error);
    if (status == NDUP_STATUS_OK) {
        *name = (ndup_text){block, ndup__value_decode(block, value, &replaced)};
    }
    return status;
}

static ndup_status find_rows(ndup__reuse_document *made, read_worker *worker,
                             const ndup__item *item, ndup_error *error)
{
    const char *series = worker->run->options->series;
    ndup_text name;
    ndup_status status = ndup__sources_row(&made->source, &worker->sources, &item->document, error);
    if (status != NDUP_STATUS_OK || series == NULL) {
        return status;
    }
    if (strcmp(series, "source") == 0) {
        name = worker->sources.rows[made->source].name;
    } else {
        status = series_name(&name, worker, item, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__sources_find(&made->series, &worker->series, name, error)
               : status;
}

static uint64_t hash_of(ndup_text text)
{
    return ndup__hash_bytes(text.bytes, text.length, 0);
}

ndup_text ndup__reuse_title(const ndup_document *document)
{
    ndup_text text = document->title.length > 0 ? document->title : document->text;
    text.length = ndup__cut_at_character(text, TITLE_BYTES);
    return text;
}

static ndup_status enter(read_worker *worker, const ndup__item *item, ndup_error *error)
{
    const ndup_document *document = &item->document;
    ndup__reuse_document made = {.place = item->place,
                                 .length = (uint32_t)document->length,
                                 .text_hash = hash_of(document->text),
                                 .tokens = (uint32_t)worker->text.tokens.count,
                                 .is_against = worker->is_against};
    made.is_dated = ndup__parse_date(&made.milliseconds, document->date) == NDUP__DATE_READ;
    ndup_status status = copy_text(&made.id, &worker->strings, document->id, error);
    if (status == NDUP_STATUS_OK) {
        status = copy_text(&made.date, &worker->strings, document->date, error);
    }
    if (status == NDUP_STATUS_OK && worker->run->keeps_titles) {
        status = copy_text(&made.title, &worker->strings, ndup__reuse_title(document), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = find_rows(&made, worker, item, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(worker->run->allocator, &worker->sightings, &worker->capacity,
                               worker->count + 1, sizeof *worker->sightings, error);
    }
    if (status == NDUP_STATUS_OK) {
        worker->sightings[worker->count++] = (sighting){.document = made,
                                                        .gram_count = worker->winnow.count,
                                                        .line = document->line,
                                                        .path = document->path,
                                                        .text_bytes = document->text.length,
                                                        .is_unreadable = !worker->text.is_readable};
    }
    return status;
}

static ndup_status keep_grams(read_worker *worker, ndup_error *error)
{
    const ndup__winnow *winnow = &worker->winnow;
    ndup_status status =
        ndup__reserve(worker->run->allocator, &worker->grams, &worker->gram_capacity,
                      worker->gram_count + winnow->count, sizeof *worker->grams, error);
    if (status == NDUP_STATUS_OK && winnow->count > 0) {
        memcpy(worker->grams + worker->gram_count, winnow->grams,
               winnow->count * sizeof *winnow->grams);
        worker->gram_count += winnow->count;
    }
    return status;
}

static ndup_status read_document(void *context, const ndup__item *item, ndup_error *error)
{
    read_worker *worker = context;
    ndup_status status = ndup__passage_text_read(&worker->text, item->document.text, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__winnow_text(&worker->winnow, &worker->text, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = keep_grams(worker, error);
    }
    return status == NDUP_STATUS_OK ? enter(worker, item, error) : status;
}

static ndup_status take_block(void *context, void *item, unsigned number, bool *more,
                              ndup_error *error)
{
    (void)number;
    return ndup__corpus_take(((read_pass *)context)->corpus, &((read_worker *)item)->block, more,
                             error);
}

static ndup_status work_block(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    read_worker *worker = item;
    worker->count = 0;
    worker->gram_count = 0;
    ndup__arena_reset(&worker->strings);
    ndup__sources_reset(&worker->sources);
    ndup__sources_reset(&worker->series);
    ndup__visitor visitor = {.context = worker, .visit = read_document};
    ndup_status status =
        ndup__corpus_scan(((read_pass *)context)->corpus, &worker->block, &visitor, error);
    ndup__block_shrink(&worker->block);
    return status;
}

/* Gives a document the run's rows and strings in place of the worker's. */
static ndup_status settle(ndup__reuse_document *made, read_worker *worker, ndup_error *error)
{
    ndup__reuse_run *run = worker->run;
    ndup_text source = worker->sources.rows[made->source].name;
    ndup_status status = ndup__sources_find(&made->source, &run->sources, source, error);
    if (status == NDUP_STATUS_OK && run->options->series != NULL) {
        ndup_text series = worker->series.rows[made->series].name;
        status = ndup__sources_find(&made->series, &run->series, series, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_text(&made->id, &run->strings, made->id, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_text(&made->title, &run->strings, made->title, error);
    }
    return status == NDUP_STATUS_OK ? copy_text(&made->date, &run->strings, made->date, error)
                                    : status;
}

static ndup_status add_document(ndup__reuse_run *run, read_worker *worker, sighting *seen,
                                uint64_t line_base, const ndup__gram *grams, ndup_error *error)
{
    ndup__reuse_document *made = &seen->document;
    ndup_status status =
        ndup__name_document(&made->id, seen->path, line_base + seen->line, &worker->strings, error);
    if (status == NDUP_STATUS_OK) {
        status = settle(made, worker, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(run->allocator, &run->documents, &run->document_capacity,
                               run->document_count + 1, sizeof *run->documents, error);
    }
    bool is_left_out = run->left_out != NULL && run->left_out[run->document_count] != 0;
    made->grams = is_left_out ? 0 : (uint32_t)seen->gram_count;
    if (status == NDUP_STATUS_OK) {
        run->documents[run->document_count++] = *made;
        status = ndup__fingerprints_add(&run->fingerprints, grams, made->grams, error);
    }
    ndup_passage_summary *summary = run->summary;
    summary->text_bytes += seen->text_bytes;
    summary->tokens += made->tokens;
    summary->undated += !made->is_dated;
    summary->unreadable += seen->is_unreadable;
    ++*(made->is_against ? &summary->against_documents : &summary->documents);
    return status;
}

static ndup_status commit_block(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    read_pass *pass = context;
    ndup__reuse_run *run = pass->run;
    read_worker *worker = item;
    uint64_t line_base = ndup__line_counter_add(&pass->lines, &worker->block);
    ndup__block_report(&worker->block, line_base, run->reporter.hooks);
    run->summary->skipped += ndup__block_skipped(&worker->block);
    ndup__passed_over_add(&pass->passed_over, &worker->block.passed_over);
    pass->given |= worker->block.given;
    ndup_status status = NDUP_STATUS_OK;
    size_t taken = 0; /* grams; the array is NULL where no document has any */
    for (size_t i = 0; i < worker->count && status == NDUP_STATUS_OK; i++) {
        size_t count = worker->sightings[i].gram_count;
        const ndup__gram *grams = count > 0 ? worker->grams + taken : NULL;
        status = add_document(run, worker, &worker->sightings[i], line_base, grams, error);
        taken += count;
    }
    return status == NDUP_STATUS_OK
               ? ndup__reporter_at(&run->reporter, worker->block.stored, run->document_count, error)
               : status;
}

static ndup_status init_worker(read_worker *worker, ndup__reuse_run *run, bool is_against,
                               ndup_error *error)
{
    *worker =
        (read_worker){.run = run,
                      .is_against = is_against,
                      .text.tokens = {.allocator = run->allocator, .seed = run->options->seed},
                      .strings = {.allocator = run->allocator},
                      .sources = {.allocator = run->allocator},
                      .series = {.allocator = run->allocator}};
    ndup__block_init(&worker->block, run->allocator);
    return ndup__winnow_init(&worker->winnow, run->size, run->allocator, error);
}

static void deinit_worker(read_worker *worker)
{
    const ndup_allocator *allocator = worker->run->allocator;
    ndup__block_deinit(&worker->block);
    ndup__passage_text_deinit(&worker->text);
    ndup__winnow_deinit(&worker->winnow);
    ndup__arena_deinit(&worker->strings);
    ndup__sources_deinit(&worker->sources);
    ndup__sources_deinit(&worker->series);
    ndup__free(allocator, &worker->sightings, worker->capacity, sizeof *worker->sightings);
    ndup__free(allocator, &worker->grams, worker->gram_capacity, sizeof *worker->grams);
}

static ndup_status read_with(read_pass *pass, read_worker *workers, size_t count, bool is_against,
                             ndup_error *error)
{
    ndup__reuse_run *run = pass->run;
    ndup__stream_work stream = {
        .context = pass, .take = take_block, .work = work_block, .commit = commit_block};
    size_t ready = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (; ready < count && status == NDUP_STATUS_OK; ready++) {
        status = init_worker(&workers[ready], run, is_against, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_stream(run->pool, &stream, workers, sizeof *workers, count, error);
    }
    for (size_t i = 0; i < ready; i++) {
        deinit_worker(&workers[i]);
    }
    return status;
}

static ndup_status read_corpus(ndup__reuse_run *run, bool is_against, ndup_error *error)
{
    read_pass pass = {.run = run, .corpus = run->corpora[is_against]};
    const char *series = run->options->series;
    size_t count = ndup__pool_items(run->pool);
    read_worker *workers = NULL;
    ndup_status status = NDUP_STATUS_OK;
    if (series != NULL && strcmp(series, "source") != 0) {
        status = ndup__corpus_want_fields(pass.corpus, &series, 1, error);
    }
    ndup__corpus_keep_copy(pass.corpus);
    ndup__corpus_read_ahead(pass.corpus, ndup__pool_workers(run->pool) - 1);
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_rewind(pass.corpus, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&run->reporter, NDUP_STAGE_READ,
                                      ndup_corpus_bytes(pass.corpus), error);
    }
    if (status == NDUP_STATUS_OK) {
        run->summary->skipped += ndup__corpus_report_opening(pass.corpus, run->reporter.hooks);
        status = ndup__allocate_zeroed(run->allocator, &workers, count, sizeof *workers, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_with(&pass, workers, count, is_against, error);
        ndup__free(run->allocator, &workers, count, sizeof *workers);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__notice_passed_over(run->reporter.hooks, &pass.passed_over);
        ndup__notice_fields(pass.corpus, pass.given, run->reporter.hooks);
    }
    run->summary->seconds[NDUP_STAGE_READ] += ndup__reporter_seconds(&run->reporter);
    return status;
}

ndup_status ndup__reuse_read(ndup__reuse_run *run, ndup_error *error)
{
    uint32_t none;
    /* Row 0 is the empty name: documents of no series. */
    ndup_status status = ndup__sources_find(&none, &run->series, (ndup_text){"", 0}, error);
    for (unsigned i = 0; i < 2 && run->corpora[i] != NULL && status == NDUP_STATUS_OK; i++) {
        status = read_corpus(run, i == 1, error);
    }
    if (status == NDUP_STATUS_OK && run->options->series != NULL && run->series.count == 1 &&
        run->document_count > 0) {
        ndup__notice(
            run->reporter.hooks,
            "no document has a value in the field '%.80s', so that --series leaves nothing "
            "out",
            run->options->series);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&run->reporter, NDUP_STAGE_BUCKET, 0, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__fingerprints_seal(&run->fingerprints, run->pool, error);
    }
    run->summary->seconds[NDUP_STAGE_BUCKET] = ndup__reporter_seconds(&run->reporter);
    return status;
}

ndup_status ndup__reuse_fetch(const ndup__reuse_run *run, ndup__item *item,
                              const ndup__reuse_document *document, ndup__block *block,
                              ndup_error *error)
{
    ndup_status status = ndup__corpus_fetch(ndup__reuse_corpus(run, document), document->place,
                                            document->length, block, item, error);
    if (status == NDUP_STATUS_OK && hash_of(item->document.text) != document->text_hash) {
        ndup_text id = document->id;
        status = ndup__fail(error, NDUP_STATUS_CHANGED,
                            "document '%.*s' changed while it was being read",
                            (int)(id.length < 100 ? id.length : 100), id.bytes);
    }
    return status;
}
