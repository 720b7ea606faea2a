/* SPDX-License-Identifier: MIT */
/* Handing a result to sinks: one pass over the verdicts, with the records where a sink wants them.
 */
#include "neardup/output.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/name_lock.h"
#include "base/pool.h"
#include "base/require.h"
#include "base/unfinished.h"
#include "dedup/form_fold.h"
#include "dedup/result.h"
#include "dedup/run_profile.h"
#include "pipeline/link_guard.h"
#include "pipeline/progress.h"
#include "report/sink.h"

/* Documents formatted at a time: a plan of them is about a megabyte. */
#define DOCUMENTS_PER_PART 4096

typedef struct write_job {
    const ndup_result *result;
    ndup_corpus *corpus;
    ndup_sink *const *sinks;
    size_t sink_count;
    ndup__reporter reporter;
    ndup__line_counter lines;
    ndup__block fetched;      /* a document that was read by itself */
    uint64_t next;            /* number of the next document */
    ndup__stopwatch watch;    /* of the calling thread outside of streams */
    ndup__stopwatch *watches; /* [workers] in streams */
    ndup__tick_scale noted;   /* when times were last added to the result's profile */
    ndup__form_fold *fold;    /* NULL: no sink wants forms folded */
} write_job;

/* A block read again, with its documents collected so that they can be handed out in order. */
typedef struct writer_block {
    const ndup_allocator *allocator;
    ndup__block block;
    ndup__kept *documents;
    size_t count;
    size_t capacity;
} writer_block;

static void add_times(const write_job *job, unsigned worker, ndup__stopwatch *watch)
{
    if (job->result->profile != NULL) {
        ndup__profile_add(job->result->profile, worker, watch, ndup__tick_seconds(&job->noted));
    }
}

static void begin_times(write_job *job)
{
    job->watch.runs = job->result->profile != NULL;
    job->noted = ndup__tick_scale_begin();
    ndup__stopwatch_start(&job->watch);
}

/* Adds the time since the last call. Called before outputs are finished, so that the summary can
 * tell what writing took till then, and at the end. */
static void note_times(write_job *job)
{
    if (job->result->profile != NULL) {
        ndup__stopwatch_lap(&job->watch, NDUP_PART_WRITE);
        add_times(job, 0, &job->watch);
        ndup__tick_scale now = ndup__tick_scale_begin();
        job->result->profile->wall[NDUP_STAGE_WRITE] += now.seconds - job->noted.seconds;
        job->noted = now;
    }
}

static ndup_status to_sinks(const write_job *job, const ndup_verdict *verdict,
                            const ndup_document *document, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    const ndup_document *folded = document;
    if (job->fold != NULL) {
        status = ndup__form_fold_take(&folded, job->fold, verdict, document, error);
    }
    for (size_t i = 0; i < job->sink_count && status == NDUP_STATUS_OK; i++) {
        const ndup_sink *sink = job->sinks[i];
        status = sink->document(sink->context, verdict, sink->folds ? folded : document, error);
    }
    return status;
}

static ndup_status collect_document(void *context, const ndup__item *item, ndup_error *error)
{
    writer_block *block = context;
    ndup_status status = ndup__reserve(block->allocator, &block->documents, &block->capacity,
                                       block->count + 1, sizeof *block->documents, error);
    if (status == NDUP_STATUS_OK && item->document.id.length <= UINT16_MAX) {
        block->documents[block->count++] = ndup__block_keep(&block->block, item);
    }
    return status;
}

static ndup_status take_block(void *context, void *item, unsigned worker, bool *more,
                              ndup_error *error)
{
    write_job *job = context;
    writer_block *block = item;
    ndup__stopwatch_start(&job->watches[worker]);
    ndup_status status = ndup__corpus_take(job->corpus, &block->block, more, error);
    ndup__stopwatch_lap(&job->watches[worker], NDUP_PART_WRITE);
    return status;
}

static ndup_status scan_block(void *context, void *item, unsigned worker, ndup_error *error)
{
    write_job *job = context;
    writer_block *block = item;
    ndup__visitor visitor = {.context = block, .keeps = true, .visit = collect_document};
    block->count = 0;
    ndup__stopwatch_start(&job->watches[worker]);
    ndup_status status = ndup__corpus_scan(job->corpus, &block->block, &visitor, error);
    ndup__block_leave(&block->block);
    ndup__stopwatch_lap(&job->watches[worker], NDUP_PART_WRITE);
    return status;
}

static ndup_status fail_changed(const ndup_document *document, ndup_error *error)
{
    char shown[100];
    return ndup__fail(
        error, NDUP_STATUS_CHANGED, "%s changed since it was read (byte %llu)",
        ndup__shorten_path(shown, sizeof shown, document->path != NULL ? document->path : ""),
        (unsigned long long)document->offset);
}

/* The document must be the one that the verdict is about. */
static ndup_status hand_over(write_job *job, const ndup__block *block, ndup__kept *kept,
                             uint64_t line_base, ndup_error *error)
{
    const ndup__table *table = &job->result->table;
    uint64_t number = job->next;
    ndup_document *document = &kept->document;
    ndup_status status = ndup__kept_read(kept, job->corpus, block, &job->fetched, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t hash = ndup__hash_bytes(document->text.bytes, document->text.length, 0);
    if (number >= table->count || hash != table->text_hashes[number] ||
        kept->place != table->places[number]) {
        return fail_changed(document, error);
    }
    ndup_verdict verdict;
    ndup_result_verdict(job->result, number, &verdict);
    document->number = number;
    document->line += document->line != 0 ? line_base : 0;
    document->id = verdict.id;
    job->next++;
    status = to_sinks(job, &verdict, document, error);
    if (kept->is_left) {
        ndup__block_shrink(&job->fetched);
    }
    return status;
}

/* A record that was rejected, to the sinks that want it. */
static ndup_status hand_rejected(const write_job *job, const ndup__note *note, uint64_t line_base,
                                 ndup_error *error)
{
    ndup_problem problem = {
        .status = note->status,
        .skipped = note->skipped,
        .path = note->path,
        .line = note->line != 0 ? line_base + note->line : 0,
        .offset = note->offset,
        .message = note->message,
    };
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; note->skipped && i < job->sink_count && status == NDUP_STATUS_OK; i++) {
        const ndup_sink *sink = job->sinks[i];
        if (sink->rejected != NULL) {
            status = sink->rejected(sink->context, &problem, note->record, error);
        }
    }
    return status;
}

static ndup_status write_block(void *context, void *item, unsigned worker, ndup_error *error)
{
    write_job *job = context;
    writer_block *block = item;
    ndup__stopwatch_start(&job->watches[worker]);
    uint64_t line_base = ndup__line_counter_add(&job->lines, &block->block);
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < block->block.note_count && status == NDUP_STATUS_OK; i++) {
        status = hand_rejected(job, &block->block.notes[i], line_base, error);
    }
    for (size_t i = 0; i < block->count && status == NDUP_STATUS_OK; i++) {
        status = hand_over(job, &block->block, &block->documents[i], line_base, error);
    }
    ndup__stopwatch_lap(&job->watches[worker], NDUP_PART_WRITE);
    return status == NDUP_STATUS_OK
               ? ndup__reporter_at(&job->reporter, block->block.stored, job->next, error)
               : status;
}

static ndup_status stream_records(write_job *job, ndup__pool *pool, writer_block *blocks,
                                  size_t count, ndup_error *error)
{
    ndup__block_init(&job->fetched, job->result->allocator);
    for (size_t i = 0; i < count; i++) {
        blocks[i].allocator = job->result->allocator;
        ndup__block_init(&blocks[i].block, job->result->allocator);
    }
    ndup__stream_work stream = {
        .context = job, .take = take_block, .work = scan_block, .commit = write_block};
    ndup__stopwatch_lap(&job->watch, NDUP_PART_WRITE);
    ndup_status status = ndup__pool_stream(pool, &stream, blocks, sizeof *blocks, count, error);
    ndup__stopwatch_start(&job->watch);
    if (status == NDUP_STATUS_OK && job->next != job->result->table.count) {
        status = ndup__fail(error, NDUP_STATUS_CHANGED,
                            "the corpus changed since it was read: %llu documents instead of %zu",
                            (unsigned long long)job->next, job->result->table.count);
    }
    ndup__block_deinit(&job->fetched);
    for (size_t i = 0; i < count; i++) {
        ndup__block_deinit(&blocks[i].block);
        ndup__free(blocks[i].allocator, &blocks[i].documents, blocks[i].capacity,
                   sizeof *blocks[i].documents);
    }
    return status;
}

static unsigned count_workers(const write_job *job)
{
    unsigned threads = job->result->options.threads;
    return threads != 0 ? threads : ndup__processor_count();
}

/* A pool with a watch for each of its workers, and the number of items to give it. */
static ndup_status open_pool(ndup__pool **pool, size_t *items, write_job *job, unsigned workers,
                             ndup_error *error)
{
    const ndup_allocator *allocator = job->result->allocator;
    ndup_status status =
        ndup__allocate_zeroed(allocator, &job->watches, workers, sizeof *job->watches, error);
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        job->watches[i].runs = job->result->profile != NULL;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_new(pool, workers, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__pool_set_breath(*pool, job->result->table.breath);
        *items = ndup__pool_items(*pool);
    }
    return status;
}

static void close_pool(ndup__pool *pool, write_job *job, unsigned workers)
{
    ndup__pool_free(pool);
    for (unsigned i = 0; job->watches != NULL && i < workers; i++) {
        add_times(job, i, &job->watches[i]);
    }
    ndup__free(job->result->allocator, &job->watches, workers, sizeof *job->watches);
}

/* Reads the corpus again, scanning blocks in parallel and writing them in order. */
static ndup_status write_whole_records(write_job *job, ndup_error *error)
{
    const ndup_allocator *allocator = job->result->allocator;
    unsigned workers = count_workers(job);
    ndup__pool *pool = NULL;
    writer_block *blocks = NULL;
    ndup_status status = ndup__corpus_rewind(job->corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&job->reporter, NDUP_STAGE_WRITE,
                                      ndup_corpus_bytes(job->corpus), error);
    }
    size_t count = 0;
    if (status == NDUP_STATUS_OK) {
        status = open_pool(&pool, &count, job, workers, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &blocks, count, sizeof *blocks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = stream_records(job, pool, blocks, count, error);
    }
    ndup__free(allocator, &blocks, count, sizeof *blocks);
    close_pool(pool, job, workers);
    return status;
}

static bool wants_folds(const write_job *job)
{
    bool wants = false;
    for (size_t i = 0; i < job->sink_count; i++) {
        wants |= job->sinks[i]->folds;
    }
    return wants && job->result->options.templates == NDUP_TEMPLATES_FOLD;
}

static ndup_status write_records(write_job *job, ndup_error *error)
{
    ndup__form_fold fold;
    if (!wants_folds(job)) {
        return write_whole_records(job, error);
    }
    ndup_status status = ndup__form_fold_init(&fold, job->result, job->corpus, error);
    if (status == NDUP_STATUS_OK) {
        job->fold = &fold;
        status = write_whole_records(job, error);
        job->fold = NULL;
    }
    if (status == NDUP_STATUS_OK) {
        ndup__form_fold_tell(&fold, job->reporter.hooks);
    }
    ndup__form_fold_deinit(&fold);
    return status;
}

/* A range of documents, formatted for the outputs that can be put together from parts. */
typedef struct verdict_part {
    uint64_t begin;
    uint64_t end;
    ndup__file_output *outputs; /* [sink_count] */
} verdict_part;

static void describe_document(const write_job *job, uint64_t number, ndup_verdict *verdict,
                              ndup_document *document)
{
    const ndup__table *table = &job->result->table;
    ndup__place place = table->places[number];
    ndup_result_verdict(job->result, number, verdict);
    *document = (ndup_document){
        .id = verdict->id,
        .number = number,
        .path = ndup__corpus_file_path(job->corpus, NDUP__PLACE_FILE(place)),
        .relative = ndup__corpus_file_relative(job->corpus, NDUP__PLACE_FILE(place)),
        .offset = NDUP__PLACE_OFFSET(place),
        .length = table->lengths[number],
    };
    document->other_names = ndup__corpus_file_other_names(&document->other_name_count, job->corpus,
                                                          NDUP__PLACE_FILE(place));
}

/* Reads a document by itself. */
static ndup_status fetch_document(write_job *job, ndup_document *document, ndup_error *error)
{
    const ndup__table *table = &job->result->table;
    uint64_t number = document->number;
    ndup__item item;
    ndup_status status = ndup__corpus_fetch(job->corpus, table->places[number],
                                            table->lengths[number], &job->fetched, &item, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_text text = item.document.text;
    if (ndup__hash_bytes(text.bytes, text.length, 0) != table->text_hashes[number]) {
        return fail_changed(document, error);
    }
    item.document.number = number;
    item.document.id = document->id;
    item.document.line = 0;
    *document = item.document;
    return NDUP_STATUS_OK;
}

/* Hands a document to a sink that takes it from the table, or chooses to read it. */
static ndup_status hand_described(write_job *job, const ndup_sink *sink, uint64_t number,
                                  ndup_error *error)
{
    ndup_verdict verdict;
    ndup_document document;
    ndup_status status = NDUP_STATUS_OK;
    describe_document(job, number, &verdict, &document);
    if (sink->chooses != NULL && sink->chooses(sink->context, number)) {
        status = fetch_document(job, &document, error);
    }
    return status == NDUP_STATUS_OK ? sink->document(sink->context, &verdict, &document, error)
                                    : status;
}

static ndup_status take_range(void *context, void *item, unsigned worker, bool *more,
                              ndup_error *error)
{
    (void)worker;
    (void)error;
    write_job *job = context;
    verdict_part *part = item;
    uint64_t left = job->result->table.count - job->next;
    *more = left > 0;
    part->begin = job->next;
    part->end = job->next += left < DOCUMENTS_PER_PART ? left : DOCUMENTS_PER_PART;
    return NDUP_STATUS_OK;
}

static ndup_status format_range(void *context, void *item, unsigned worker, ndup_error *error)
{
    const write_job *job = context;
    verdict_part *part = item;
    ndup_status status = NDUP_STATUS_OK;
    ndup__stopwatch_start(&job->watches[worker]);
    for (uint64_t i = part->begin; i < part->end && status == NDUP_STATUS_OK; i++) {
        ndup_verdict verdict;
        ndup_document document;
        describe_document(job, i, &verdict, &document);
        for (size_t k = 0; k < job->sink_count && status == NDUP_STATUS_OK; k++) {
            if (ndup__output_in_parts(job->sinks[k]) != NULL) {
                status = ndup__output_part_add(&part->outputs[k], &verdict, &document, error);
            }
        }
    }
    ndup__stopwatch_lap(&job->watches[worker], NDUP_PART_WRITE);
    return status;
}

static ndup_status write_range(void *context, void *item, unsigned worker, ndup_error *error)
{
    write_job *job = context;
    verdict_part *part = item;
    ndup_status status = NDUP_STATUS_OK;
    ndup__stopwatch_start(&job->watches[worker]);
    for (size_t k = 0; k < job->sink_count && status == NDUP_STATUS_OK; k++) {
        ndup_sink *sink = job->sinks[k];
        ndup__file_output *whole = ndup__output_in_parts(sink);
        if (whole != NULL) {
            status = ndup__output_part_append(whole, &part->outputs[k], error);
            continue;
        }
        for (uint64_t i = part->begin; i < part->end && status == NDUP_STATUS_OK; i++) {
            status = hand_described(job, sink, i, error);
        }
    }
    ndup__stopwatch_lap(&job->watches[worker], NDUP_PART_WRITE);
    return status == NDUP_STATUS_OK ? ndup__reporter_at(&job->reporter, part->end, part->end, error)
                                    : status;
}

static ndup_status init_part(verdict_part *part, const write_job *job, ndup_error *error)
{
    const ndup_allocator *allocator = job->result->allocator;
    ndup_status status = ndup__allocate_zeroed(allocator, &part->outputs, job->sink_count,
                                               sizeof *part->outputs, error);
    for (size_t k = 0; k < job->sink_count && status == NDUP_STATUS_OK; k++) {
        const ndup__file_output *whole = ndup__output_in_parts(job->sinks[k]);
        if (whole != NULL) {
            ndup__output_part_init(&part->outputs[k], whole, allocator);
        }
    }
    return status;
}

static void deinit_part(verdict_part *part, const write_job *job)
{
    for (size_t k = 0; part->outputs != NULL && k < job->sink_count; k++) {
        ndup__output_part_deinit(&part->outputs[k]);
    }
    ndup__free(job->result->allocator, &part->outputs, job->sink_count, sizeof *part->outputs);
}

static ndup_status stream_verdicts(write_job *job, ndup__pool *pool, verdict_part *parts,
                                   size_t count, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = init_part(&parts[i], job, error);
    }
    ndup__stream_work stream = {
        .context = job, .take = take_range, .work = format_range, .commit = write_range};
    if (status == NDUP_STATUS_OK) {
        ndup__stopwatch_lap(&job->watch, NDUP_PART_WRITE);
        status = ndup__pool_stream(pool, &stream, parts, sizeof *parts, count, error);
        ndup__stopwatch_start(&job->watch);
    }
    for (size_t i = 0; i < count; i++) {
        deinit_part(&parts[i], job);
    }
    return status;
}

/* Sinks that want no records are served from the table: ranges of documents are formatted in
 * parallel and written in order. */
static ndup_status write_verdicts(write_job *job, ndup_error *error)
{
    const ndup_allocator *allocator = job->result->allocator;
    size_t documents = job->result->table.count;
    unsigned workers = documents > DOCUMENTS_PER_PART ? count_workers(job) : 1;
    ndup__pool *pool = NULL;
    verdict_part *parts = NULL;
    ndup__block_init(&job->fetched, allocator);
    ndup_status status = ndup__reporter_begin(&job->reporter, NDUP_STAGE_WRITE, documents, error);
    size_t count = 0;
    if (status == NDUP_STATUS_OK) {
        status = open_pool(&pool, &count, job, workers, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &parts, count, sizeof *parts, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = stream_verdicts(job, pool, parts, count, error);
    }
    ndup__free(allocator, &parts, count, sizeof *parts);
    ndup__block_deinit(&job->fetched);
    close_pool(pool, job, workers);
    return status;
}

/* Begins every sink; *begun is how many have been, in this run or before. */
static ndup_status begin_sinks(write_job *job, size_t *begun, bool *wants_records,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < job->sink_count && status == NDUP_STATUS_OK; i++) {
        ndup_sink *sink = job->sinks[i];
        *wants_records |= sink->wants_records;
        sink->committed = false;
        *begun = i + 1 > *begun ? i + 1 : *begun;
        const char *file = ndup__output_file(sink);
        status = ndup__refuse_linked(job->corpus, file != NULL ? file : ndup__output_folder(sink),
                                     error);
        if (status == NDUP_STATUS_OK && sink->begin != NULL) {
            status = sink->begin(sink->context, job->result, error);
        }
    }
    return status;
}

/* Whether a sink reads documents by itself that cannot be fetched: then all are read. */
static bool chooses_unplaced(const write_job *job)
{
    uint32_t files = ndup__corpus_file_count(job->corpus);
    bool chooses = false;
    bool has_places = true;
    for (size_t i = 0; i < job->sink_count; i++) {
        chooses |= job->sinks[i]->chooses != NULL;
    }
    for (uint32_t i = 0; i < files && chooses && has_places; i++) {
        has_places = ndup__corpus_has_places(job->corpus, i);
    }
    return chooses && !has_places;
}

/* From begin to the last document. */
static ndup_status write_run(write_job *job, size_t *begun, ndup_error *error)
{
    bool wants_records = false;
    begin_times(job);
    ndup_status status = begin_sinks(job, begun, &wants_records, error);
    if (status == NDUP_STATUS_OK) {
        status = wants_records || chooses_unplaced(job) ? write_records(job, error)
                                                        : write_verdicts(job, error);
    }
    note_times(job);
    return status;
}

static ndup_status finish_sinks(write_job *job, size_t *committed, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < job->sink_count && status == NDUP_STATUS_OK; i++) {
        const ndup_sink *sink = job->sinks[i];
        status = sink->finish != NULL ? sink->finish(sink->context, error) : NDUP_STATUS_OK;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_ask(&job->reporter, error);
    }
    /* Held so that who abandons outputs meets all of them in place, or none. */
    ndup__name_lock_enter();
    for (; *committed < job->sink_count && status == NDUP_STATUS_OK;
         *committed += status == NDUP_STATUS_OK) {
        ndup_sink *sink = job->sinks[*committed];
        status = sink->commit(sink->context, error);
        sink->committed |= status == NDUP_STATUS_OK;
    }
    ndup__unfinished_note_placed(*committed);
    ndup__name_lock_leave();
    return status;
}

static ndup_status check_sink(const ndup_sink *sink, size_t number, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "a sink", sink);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_size(sink->struct_size, sizeof *sink, "sink", error);
    }
    if (status == NDUP_STATUS_OK &&
        (sink->document == NULL || sink->commit == NULL || sink->abort == NULL)) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "sink %zu lacks document, commit or abort",
                            number + 1);
    }
    return status;
}

static ndup_status check_sinks(ndup_sink *const *sinks, size_t sink_count, size_t run_count,
                               ndup_error *error)
{
    ndup_status status = sink_count > 0 ? NDUP__REQUIRE(error, "sinks", sinks) : NDUP_STATUS_OK;
    for (size_t i = 0; i < sink_count && status == NDUP_STATUS_OK; i++) {
        status = check_sink(sinks[i], i, error);
    }
    for (size_t i = 0; i < sink_count && status == NDUP_STATUS_OK; i++) {
        if (run_count > 1 && !sinks[i]->takes_runs) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "output %zu holds one run, not %zu: only reports hold several", i + 1,
                              run_count);
        }
    }
    return status;
}

static ndup_status check_runs(const ndup_written_run *runs, size_t run_count, ndup_error *error)
{
    ndup_status status = run_count > 0 ? NDUP__REQUIRE(error, "runs", runs) : NDUP_STATUS_OK;
    for (size_t i = 0; i < run_count && status == NDUP_STATUS_OK; i++) {
        status = NDUP__REQUIRE(error, "a result", runs[i].result, "a corpus", runs[i].corpus);
    }
    return status;
}

ndup_status ndup_results_write(const ndup_written_run *runs, size_t run_count,
                               ndup_sink *const *sinks, size_t sink_count, const ndup_hooks *hooks,
                               ndup_error *error)
{
    write_job job = {.sinks = sinks, .sink_count = sink_count};
    size_t begun = 0;
    size_t committed = 0;
    ndup_status status = check_sinks(sinks, sink_count, run_count, error);
    if (status == NDUP_STATUS_OK) {
        status = check_runs(runs, run_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    for (size_t i = 0; i < run_count && status == NDUP_STATUS_OK; i++) {
        job = (write_job){.result = runs[i].result,
                          .corpus = runs[i].corpus,
                          .sinks = sinks,
                          .sink_count = sink_count,
                          .reporter = {.hooks = hooks}};
        status = write_run(&job, &begun, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = finish_sinks(&job, &committed, error);
    }
    if (job.result != NULL) {
        note_times(&job);
    }
    for (size_t i = committed; status != NDUP_STATUS_OK && i < begun; i++) {
        sinks[i]->abort(sinks[i]->context);
    }
    return status;
}

ndup_status ndup_result_write(const ndup_result *result, ndup_corpus *corpus,
                              ndup_sink *const *sinks, size_t sink_count, const ndup_hooks *hooks,
                              ndup_error *error)
{
    const ndup_written_run run = {result, corpus};
    return ndup_results_write(&run, 1, sinks, sink_count, hooks, error);
}
