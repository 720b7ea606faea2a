/* SPDX-License-Identifier: MIT */
/* The first pass: blocks are scanned and sketched in parallel and entered in the table in corpus
 * order. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/hash.h"
#include "corpus/asked_fields.h"
#include "corpus/document_name.h"
#include "dedup/asked.h"
#include "dedup/class_ranges.h"
#include "dedup/classes.h"
#include "dedup/forecast.h"
#include "dedup/keeper.h"
#include "dedup/reading.h"
#include "dedup/run.h"
#include "dedup/text_sketch.h"
#include "report/out.h"
#include "sketch/kind.h"
#include "text/shingle.h"

#define ID_BYTES_MOST UINT16_MAX

#define UNREADABLE_NAMED 3

/* Documents ahead of the one being entered whose place in the table is fetched. */
#define PREFETCH_AHEAD 16

/* A block on its way through the pass, and what turns it into sightings and rows. */
typedef struct block_worker {
    const ndup__run *run;
    ndup__stopwatch *watch;
    ndup__block block;
    ndup__text_sketch sketch;
    ndup__asked asked;         /* by the documents of the block */
    ndup__sources sources;     /* of the block */
    uint32_t *rows_of_sources; /* [sources.count] rows among those of the table */
    size_t source_capacity;
    ndup__arena strings; /* ids and keep values of the block */
    ndup__sighting *sightings;
    size_t count;
    size_t capacity;
    uint8_t *rows; /* [count][row bytes] */
    size_t row_capacity;
    ndup__keep_value *values; /* [count][policy count] */
    size_t value_capacity;
} block_worker;

typedef struct read_pass {
    ndup__run *run;
    ndup__pass_state state;
} read_pass;

static ndup_status reserve_sighting(block_worker *worker, ndup_error *error)
{
    const ndup__run *run = worker->run;
    size_t bytes = run->table.row_bytes;
    ndup_status status = ndup__reserve(run->allocator, &worker->sightings, &worker->capacity,
                                       worker->count + 1, sizeof *worker->sightings, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(run->allocator, &worker->rows, &worker->row_capacity,
                               (worker->count + 1) * bytes, sizeof *worker->rows, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__reserve(run->allocator, &worker->values, &worker->value_capacity,
                          (worker->count + 1) * run->policy.count, sizeof *worker->values, error);
    }
    return status;
}

static ndup_status copy_title(ndup_text *copied, block_worker *worker, ndup_text title,
                              ndup_error *error)
{
    size_t length = ndup__cut_at_character(title, NDUP__TITLE_BYTES);
    char *bytes = NULL;
    ndup_status status = ndup__arena_copy(&worker->strings, &bytes, title.bytes, length, error);
    *copied = (ndup_text){bytes, length};
    return status;
}

static ndup_status enter_sighting(block_worker *worker, const ndup__item *item, ndup_error *error)
{
    const ndup_document *document = &item->document;
    char *id = NULL;
    ndup_status status =
        ndup__arena_copy(&worker->strings, &id, document->id.bytes, document->id.length, error);
    uint32_t source;
    ndup_text title = {NULL, 0};
    if (status == NDUP_STATUS_OK && worker->run->table.keeps_titles) {
        status = copy_title(&title, worker, document->title, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__sources_row(&source, &worker->sources, document, error);
    }
    const ndup__text_sketch *sketch = &worker->sketch;
    ndup_reading reading = sketch->reading;
    ndup_text stored = {NULL, 0};
    if (status == NDUP_STATUS_OK && reading != NDUP_READING_WORDS) {
        status = ndup__corpus_stored(&stored, worker->run->corpus, &worker->block, item, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    worker->sightings[worker->count] = (ndup__sighting){
        .place = item->place,
        .length = (uint32_t)document->length,
        .tokens = reading != NDUP_READING_WORDS      ? 0
                  : sketch->token_count < UINT32_MAX ? (uint32_t)sketch->token_count
                                                     : UINT32_MAX,
        .text_length = (uint32_t)document->text.length,
        .is_protected = ndup__asked_protects(&worker->asked, document),
        .repaired = sketch->replaced + item->replaced > 0,
        .text_hash = ndup__hash_bytes(document->text.bytes, document->text.length, 0),
        .reading = reading,
        .source = source,
        .class_hash = ndup__text_sketch_class(sketch, stored),
        .id = {id, document->id.length},
        .title = title,
        .line = document->line,
        .path = document->path,
    };
    worker->count++;
    return NDUP_STATUS_OK;
}

static ndup_status note_long_id(block_worker *worker, const ndup__item *item, ndup_error *error)
{
    ndup_error cause = {0};
    (void)ndup__fail(&cause, NDUP_STATUS_LIMIT, "an id of %zu bytes, must be at most %d",
                     item->document.id.length, ID_BYTES_MOST);
    return ndup__block_note(&worker->block, item->document.path, item->document.line,
                            item->document.offset, item->document.record, &cause, error);
}

static ndup_status sight_document(void *context, const ndup__item *item, ndup_error *error)
{
    block_worker *worker = context;
    const ndup__run *run = worker->run;
    ndup__stopwatch_lap(worker->watch, NDUP_PART_SCAN);
    if (item->document.id.length > ID_BYTES_MOST) {
        return note_long_id(worker, item, error);
    }
    ndup_status status = reserve_sighting(worker, error);
    if (status == NDUP_STATUS_OK) {
        worker->sketch.watch = worker->watch;
        status = ndup__text_sketch_make(&worker->sketch, item->document.text, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__row_pack(run->sketcher, worker->rows + worker->count * run->table.row_bytes,
                       worker->sketch.state);
        ndup__stopwatch_lap(worker->watch, NDUP_PART_SKETCH);
    }
    if (status == NDUP_STATUS_OK && !run->policy.input_order) {
        status = ndup__keep_values(worker->values + worker->count * run->policy.count, &run->policy,
                                   item, 0, worker->sketch.token_count, &worker->strings, error);
        if (status == NDUP_STATUS_OK) {
            ndup__asked_note(&worker->asked, worker->values + worker->count * run->policy.count,
                             item);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = enter_sighting(worker, item, error);
    }
    ndup__stopwatch_lap(worker->watch, NDUP_PART_HASH);
    return status;
}

static ndup_status take_block(void *context, void *item, unsigned number, bool *more,
                              ndup_error *error)
{
    read_pass *pass = context;
    block_worker *worker = item;
    worker->watch = &pass->run->watches[number];
    ndup__stopwatch_start(worker->watch);
    ndup_status status = ndup__corpus_take(pass->run->corpus, &worker->block, more, error);
    ndup__stopwatch_lap(worker->watch, NDUP_PART_READ);
    return status;
}

static ndup_status work_block(void *context, void *item, unsigned number, ndup_error *error)
{
    read_pass *pass = context;
    block_worker *worker = item;
    worker->watch = &pass->run->watches[number];
    worker->count = 0;
    ndup__arena_reset(&worker->strings);
    ndup__sources_reset(&worker->sources);
    ndup__asked_reset(&worker->asked);
    ndup__stopwatch_start(worker->watch);
    ndup__visitor visitor = {.context = worker, .visit = sight_document};
    ndup_status status = ndup__corpus_scan(pass->run->corpus, &worker->block, &visitor, error);
    ndup__block_shrink(&worker->block); /* it may have to wait for its turn */
    ndup__stopwatch_lap(worker->watch, NDUP_PART_SCAN);
    return status;
}

/* Of unreadable documents only the first ones are named: mostly it is one encoding. */
static void report_repair(const ndup__run *run, const ndup__sighting *sighting, uint64_t line_base)
{
    const ndup_hooks *hooks = run->reporter.hooks;
    bool is_unreadable = sighting->reading == NDUP_READING_DAMAGED;
    if (hooks == NULL || hooks->problem == NULL ||
        (is_unreadable && run->summary.unreadable > UNREADABLE_NAMED)) {
        return;
    }
    ndup_problem problem = {
        .status = NDUP_STATUS_CORRUPT,
        .path = sighting->path,
        .line = sighting->line > 0 ? line_base + sighting->line : 0,
        .offset = NDUP__PLACE_OFFSET(sighting->place),
        .message = is_unreadable
                       ? "UTF-8 damaged throughout; only a copy of the same bytes can match it"
                       : "damaged UTF-8, read with U+FFFD in its place",
    };
    hooks->problem(hooks->context, &problem);
}

/* Finds the block's sources among those of the table. */
static ndup_status place_sources(ndup__run *run, block_worker *worker, ndup_error *error)
{
    ndup_status status =
        ndup__reserve(run->allocator, &worker->rows_of_sources, &worker->source_capacity,
                      worker->sources.count, sizeof *worker->rows_of_sources, error);
    for (size_t i = 0; i < worker->sources.count && status == NDUP_STATUS_OK; i++) {
        status = ndup__sources_find(&worker->rows_of_sources[i], &run->table.source_names,
                                    worker->sources.rows[i].name, error);
    }
    return status;
}

static void count_sighting(read_pass *pass, const ndup__sighting *sighting, uint64_t line_base)
{
    ndup_summary *summary = &pass->run->summary;
    summary->text_bytes += sighting->text_length;
    summary->empty += sighting->reading == NDUP_READING_NO_WORDS;
    summary->repaired += sighting->repaired;
    summary->unreadable += sighting->reading == NDUP_READING_DAMAGED;
    if (sighting->repaired) {
        report_repair(pass->run, sighting, line_base);
    }
}

static ndup_status commit_block(void *context, void *item, unsigned number, ndup_error *error)
{
    read_pass *pass = context;
    ndup__run *run = pass->run;
    block_worker *worker = item;
    ndup_summary *summary = &run->summary;
    worker->watch = &run->watches[number];
    ndup__stopwatch_start(worker->watch);
    uint64_t line_base = ndup__line_counter_add(&pass->state.lines, &worker->block);
    ndup__block_report(&worker->block, line_base, run->reporter.hooks);
    summary->skipped += ndup__block_skipped(&worker->block);
    ndup__passed_over_add(&pass->state.passed_over, &worker->block.passed_over);
    pass->state.given |= worker->block.given;
    ndup__asked_merge(&pass->state.asked, &worker->asked);
    ndup_status status = place_sources(run, worker, error);
    for (size_t i = 0; i < worker->count && status == NDUP_STATUS_OK; i++) {
        ndup__sighting *sighting = &worker->sightings[i];
        if (i + PREFETCH_AHEAD < worker->count) {
            ndup__table_prefetch(&run->table, sighting[PREFETCH_AHEAD].class_hash);
        }
        ndup__keep_value *values = worker->values + i * run->policy.count;
        sighting->source = worker->rows_of_sources[sighting->source];
        ndup__keep_set_number(values, &run->policy, run->table.count);
        status = ndup__name_document(&sighting->id, sighting->path, line_base + sighting->line,
                                     &worker->strings, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__table_add(&run->table, sighting, worker->rows + i * run->table.row_bytes,
                                     values, error);
        }
        count_sighting(pass, sighting, line_base);
    }
    summary->documents = run->table.count;
    ndup__table_expect(&run->table, worker->block.stored, run->reporter.now.total);
    ndup__stopwatch_lap(worker->watch, NDUP_PART_ENTER);
    ndup__forecast_at(run, worker->block.stored);
    if (status == NDUP_STATUS_OK && run->keeper != NULL && worker->block.can_go_on) {
        pass->state.next = worker->block.next;
        pass->state.stored = worker->block.stored;
        status = run->keeper->note(run->keeper->context, run, &pass->state, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__reporter_at(&run->reporter, worker->block.stored, run->table.count, error)
               : status;
}

static ndup_status init_worker(block_worker *worker, const ndup__run *run, ndup_error *error)
{
    *worker = (block_worker){.run = run,
                             .sources = {.allocator = run->allocator},
                             .strings = {.allocator = run->allocator}};
    ndup__block_init(&worker->block, run->allocator);
    worker->block.texts_only = true;
    ndup_status status = ndup__text_sketch_init(&worker->sketch, &run->shingling, run->sketcher,
                                                run->allocator, error);
    return status == NDUP_STATUS_OK
               ? ndup__asked_init(&worker->asked, run->options, &run->policy, error)
               : status;
}

static void deinit_worker(block_worker *worker)
{
    const ndup_allocator *allocator = worker->run->allocator;
    ndup__block_deinit(&worker->block);
    ndup__text_sketch_deinit(&worker->sketch);
    ndup__asked_deinit(&worker->asked);
    ndup__sources_deinit(&worker->sources);
    ndup__free(allocator, &worker->rows_of_sources, worker->source_capacity,
               sizeof *worker->rows_of_sources);
    ndup__arena_deinit(&worker->strings);
    ndup__free(allocator, &worker->sightings, worker->capacity, sizeof *worker->sightings);
    ndup__free(allocator, &worker->rows, worker->row_capacity, sizeof *worker->rows);
    ndup__free(allocator, &worker->values, worker->value_capacity, sizeof *worker->values);
}

static void report_repeat(void *context, size_t document, size_t first)
{
    const ndup__run *run = context;
    const ndup_hooks *hooks = run->reporter.hooks;
    if (hooks == NULL || hooks->problem == NULL) {
        return;
    }
    ndup_text id = ndup__table_id(&run->table, document);
    ndup__place place = run->table.places[document];
    ndup__place earlier = run->table.places[first];
    const char *where = "the same file";
    char other[100];
    if (NDUP__PLACE_FILE(earlier) != NDUP__PLACE_FILE(place)) {
        where = ndup__shorten_path(other, sizeof other,
                                   ndup__corpus_file_path(run->corpus, NDUP__PLACE_FILE(earlier)));
    }
    char message[300];
    snprintf(message, sizeof message,
             "an id that occurs again, and both are read; '%.*s' is first at byte %llu of %s",
             (int)(id.length < 80 ? id.length : 80), id.bytes,
             (unsigned long long)NDUP__PLACE_OFFSET(earlier), where);
    ndup_problem problem = {
        .status = NDUP_STATUS_EXISTS,
        .path = ndup__corpus_file_path(run->corpus, NDUP__PLACE_FILE(place)),
        .offset = NDUP__PLACE_OFFSET(place),
        .message = message,
    };
    hooks->problem(hooks->context, &problem);
}

ndup_status ndup__finish_checked(ndup__run *run, ndup_error *error)
{
    ndup__table_seal(&run->table);
    ndup_status status = ndup__table_repeated_ids(&run->summary.duplicate_ids, &run->table,
                                                  report_repeat, run, error);
    return status == NDUP_STATUS_OK ? ndup__table_rank(&run->table, error) : status;
}

ndup_status ndup__finish_table(ndup__run *run, ndup_error *error)
{
    ndup__stopwatch_start(&run->watches[0]);
    ndup_status status = ndup__class_ranges_join(&run->table, run->memory / NDUP__CLASS_WORK_SHARE,
                                                 run->pool, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__check_classes(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__finish_checked(run, error);
    }
    ndup__stopwatch_lap(&run->watches[0], NDUP_PART_ENTER);
    return status;
}

/* Says what was asked for and not found. */
static ndup_status report_pass(const ndup__run *run, const ndup__pass_state *state,
                               ndup_error *error)
{
    ndup__notice_passed_over(run->reporter.hooks, &state->passed_over);
    ndup__notice_fields(run->corpus, state->given, run->reporter.hooks);
    return ndup__asked_report(&state->asked, run->reporter.hooks, error);
}

static ndup_status stream_blocks(ndup__run *run, block_worker *workers, size_t count,
                                 ndup_error *error)
{
    read_pass pass = {.run = run};
    ndup__keeper *keeper = run->keeper;
    ndup__stream_work stream = {
        .context = &pass, .take = take_block, .work = work_block, .commit = commit_block};
    ndup_status status = ndup__asked_init(&pass.state.asked, run->options, &run->policy, error);
    if (status == NDUP_STATUS_OK && keeper != NULL) {
        status = keeper->resume(keeper->context, run, &pass.state, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_stream(run->pool, &stream, workers, sizeof *workers, count, error);
    }
    if (status == NDUP_STATUS_OK && keeper != NULL) {
        status = keeper->finish(keeper->context, run, &pass.state, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = report_pass(run, &pass.state, error);
    }
    ndup__asked_deinit(&pass.state.asked);
    return status;
}

ndup_status ndup__read_table(ndup__run *run, ndup_error *error)
{
    size_t count = ndup__pool_items(run->pool);
    block_worker *workers;
    ndup__corpus_read_ahead(run->corpus, ndup__pool_workers(run->pool) - 1);
    ndup_status status = ndup__corpus_rewind(run->corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&run->reporter, NDUP_STAGE_READ,
                                      ndup_corpus_bytes(run->corpus), error);
    }
    if (status == NDUP_STATUS_OK) {
        run->summary.skipped += ndup__corpus_report_opening(run->corpus, run->reporter.hooks);
        status = ndup__allocate_zeroed(run->allocator, &workers, count, sizeof *workers, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t ready = 0;
    for (; ready < count && status == NDUP_STATUS_OK; ready++) {
        status = init_worker(&workers[ready], run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = stream_blocks(run, workers, count, error);
    }
    for (size_t i = 0; i < ready; i++) {
        deinit_worker(&workers[i]);
    }
    ndup__free(run->allocator, &workers, count, sizeof *workers);
    return status;
}

ndup_status ndup__first_pass(ndup__run *run, ndup_error *error)
{
    ndup_status status = ndup__read_table(run, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__finish_table(run, error);
    }
    run->summary.seconds[NDUP_STAGE_READ] = ndup__reporter_seconds(&run->reporter);
    return status;
}
