/* SPDX-License-Identifier: MIT */
/* One thread decodes, and hands out batches of records; the others pack and read them. */
#include "corpus/gather.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "corpus/by_points.h"
#include "corpus/file_walk.h"

/* Bytes and records of a batch, where records allow. */
#define BATCH_BYTES NDUP__BLOCK_BYTES
#define BATCH_RECORDS 1024

/* Records on their way, each behind the one before it. */
typedef struct gather_batch {
    const ndup_allocator *allocator;
    ndup__wanted_record records[BATCH_RECORDS];
    size_t count;
    char *bytes; /* of the records whose files have no places */
    size_t length, capacity;
    ndup__block block;               /* of the record that is read */
    ndup__span spans[BATCH_RECORDS]; /* that wait to be put into a frame */
    size_t span_count;
    const char *span_bytes; /* where those of the first begin */
    size_t span_length;
} gather_batch;

typedef struct gather_pass {
    ndup_corpus *corpus;
    const ndup__gathering *gathering;
    ndup__file_walk walk;
    bool has_held; /* the record does not fit the batch before it */
    ndup__wanted_record held;
    const ndup__corpus_file *counted; /* the last one */
    size_t by_points, from_beginning; /* files */
} gather_pass;

static bool has_bytes(const ndup_corpus *corpus, const ndup__wanted_record *record)
{
    return !ndup__corpus_has_places(corpus, NDUP__PLACE_FILE(record->place));
}

/* Files that have been opened, by the way that was chosen for them. */
static void count_file(gather_pass *pass, const ndup__corpus_file *file)
{
    if (file != pass->counted) {
        pass->counted = file;
        pass->by_points += file->goes_by_points;
        pass->from_beginning += !file->goes_by_points;
    }
}

static ndup_status add_record(gather_pass *pass, gather_batch *batch,
                              const ndup__wanted_record *record, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    ndup__corpus_file *file = &pass->corpus->files[NDUP__PLACE_FILE(record->place)];
    if (has_bytes(pass->corpus, record)) {
        count_file(pass, file);
        status = ndup__reserve(batch->allocator, &batch->bytes, &batch->capacity,
                               batch->length + record->length, 1, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_walk_read(&pass->walk, file, NDUP__PLACE_OFFSET(record->place),
                                          batch->bytes + batch->length, record->length, error);
            batch->length += record->length;
        }
    }
    batch->records[batch->count++] = *record;
    return status;
}

static bool fits(const gather_batch *batch, const ndup__wanted_record *record)
{
    return batch->count == 0 ||
           (batch->count < BATCH_RECORDS && batch->length + record->length <= BATCH_BYTES);
}

static ndup_status take_batch(void *context, void *item, unsigned worker, bool *more,
                              ndup_error *error)
{
    (void)worker;
    gather_pass *pass = context;
    gather_batch *batch = item;
    const ndup__gathering *gathering = pass->gathering;
    ndup_status status = ndup__pulse_check(gathering->pulse, error);
    batch->count = batch->length = 0;
    while (status == NDUP_STATUS_OK &&
           (pass->has_held || gathering->next(gathering->context, &pass->held))) {
        pass->has_held = !fits(batch, &pass->held);
        if (pass->has_held) {
            break;
        }
        status = add_record(pass, batch, &pass->held, error);
    }
    *more = batch->count > 0;
    return status;
}

/* Puts the spans that wait into a frame. */
static ndup_status flush(ndup_corpus *corpus, gather_batch *batch, ndup_error *error)
{
    ndup_status status = ndup__frame_room_want(&batch->block.frames, batch->allocator, error);
    if (status == NDUP_STATUS_OK && batch->span_count > 0) {
        status = ndup__copy_add_spans(&corpus->gathered, batch->block.frames, batch->spans,
                                      batch->span_count, batch->span_bytes, error);
    }
    batch->span_count = batch->span_length = 0;
    return ndup__spool_explain(corpus, status, error);
}

/* Bytes of one frame follow each other, so what is not kept ends it. */
static ndup_status keep(ndup_corpus *corpus, gather_batch *batch, const ndup__wanted_record *record,
                        const char *bytes, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (batch->span_count > 0 && (bytes != batch->span_bytes + batch->span_length ||
                                  batch->span_length + record->length > NDUP__FRAME_BYTES)) {
        status = flush(corpus, batch, error);
    }
    if (batch->span_count == 0) {
        batch->span_bytes = bytes;
    }
    batch->spans[batch->span_count++] = (ndup__span){record->place, record->length};
    batch->span_length += record->length;
    return status;
}

static ndup_status hand_over(const gather_pass *pass, gather_batch *batch,
                             const ndup__wanted_record *record, const char *bytes, unsigned worker,
                             ndup_error *error)
{
    ndup__block *block = &batch->block;
    ndup__item item;
    ndup_status status = NDUP_STATUS_OK;
    if (bytes == NULL) {
        status =
            ndup__corpus_fetch(pass->corpus, record->place, record->length, block, &item, error);
    } else {
        ndup__corpus_begin_one(block, record->place);
        status = ndup__block_reserve(block, record->length, error);
        if (status == NDUP_STATUS_OK) {
            memcpy(block->bytes, bytes, record->length);
            block->length = record->length;
            status = ndup__corpus_scan_one(pass->corpus, record->place, record->length, block,
                                           &item, error);
        }
    }
    return status == NDUP_STATUS_OK ? pass->gathering->read(pass->gathering->context, record, &item,
                                                            block, worker, error)
                                    : status;
}

static ndup_status work_batch(void *context, void *item, unsigned worker, ndup_error *error)
{
    const gather_pass *pass = context;
    gather_batch *batch = item;
    const char *next = batch->bytes;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < batch->count && status == NDUP_STATUS_OK; i++) {
        const ndup__wanted_record *record = &batch->records[i];
        const char *bytes = has_bytes(pass->corpus, record) ? next : NULL;
        if (bytes != NULL) {
            next += record->length;
        }
        if (record->keeps && bytes != NULL) {
            status = keep(pass->corpus, batch, record, bytes, error);
        }
        if (status == NDUP_STATUS_OK && record->reads) {
            status = hand_over(pass, batch, record, bytes, worker, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = flush(pass->corpus, batch, error);
    }
    ndup__block_shrink(&batch->block);
    return status;
}

static ndup_status commit_batch(void *context, void *item, unsigned worker, ndup_error *error)
{
    (void)context, (void)worker, (void)error;
    gather_batch *batch = item;
    if (batch->capacity > 4 * BATCH_BYTES) {
        ndup__free(batch->allocator, &batch->bytes, batch->capacity, 1);
        batch->capacity = 0;
    }
    return NDUP_STATUS_OK;
}

static ndup_status stream_batches(gather_pass *pass, ndup__pool *pool, ndup_error *error)
{
    const ndup_allocator *allocator = pass->corpus->allocator;
    size_t count = ndup__pool_items(pool);
    gather_batch *batches;
    ndup_status status = ndup__allocate_zeroed(allocator, &batches, count, sizeof *batches, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        batches[i].allocator = allocator;
        ndup__block_init(&batches[i].block, allocator);
        batches[i].block.texts_only = true;
    }
    const ndup__stream_work stream = {
        .context = pass, .take = take_batch, .work = work_batch, .commit = commit_batch};
    status = ndup__pool_stream(pool, &stream, batches, sizeof *batches, count, error);
    for (size_t i = 0; i < count; i++) {
        ndup__block_deinit(&batches[i].block);
        ndup__free(allocator, &batches[i].bytes, batches[i].capacity, 1);
    }
    ndup__free(allocator, &batches, count, sizeof *batches);
    return status;
}

ndup_status ndup__corpus_gather(ndup__gathered *gathered, ndup_corpus *corpus,
                                const ndup__gathering *gathering, ndup__pool *pool,
                                ndup_error *error)
{
    gather_pass pass = {.corpus = corpus, .gathering = gathering, .walk = {.corpus = corpus}};
    ndup_status status = ndup__gathered_open(corpus, error);
    if (status == NDUP_STATUS_OK) {
        ndup__choose_points(corpus, gathering);
        status = stream_batches(&pass, pool, error);
    }
    *gathered = (ndup__gathered){.stored = status == NDUP_STATUS_OK ? corpus->gathered.stored : 0,
                                 .decoded = pass.walk.decoded,
                                 .by_points = pass.by_points,
                                 .from_beginning = pass.from_beginning};
    ndup__file_walk_end(&pass.walk);
    return status;
}
