/* SPDX-License-Identifier: MIT */
/* Documents come with all their keys, and a segment wants all keys of a table: blocks of documents
 * are turned round as they come, and the tables sorted by all threads in the end. */
#include "index/key_rows.h"

#include "base/alloc.h"
#include "base/pool.h"
#include "store/segment.h"
#include "store/sort_entries.h"

/* Documents of a block: those of a table are a page then. */
#define BLOCK_DOCUMENTS 1024
#define HELD_BYTES ((uint64_t)64 << 20)
#define SORTERS_MOST 4
/* With fewer documents a second thread costs more than it takes over. */
#define SHARED_LEAST 65536

typedef struct counted_number {
    uint32_t number, keys;
} counted_number;

/* A table that is being sorted, in one piece of memory. */
typedef struct sorter {
    uint32_t table;
    uint64_t *scratch; /* [room], then the other two, [room] each */
    uint32_t *keys, *numbers;
    size_t room, count;
} sorter;

typedef struct sorting {
    const ndup__key_rows *rows;
    ndup__segment_writer *writer;
    uint32_t next; /* table to be sorted */
} sorting;

ndup_status ndup__key_rows_init(ndup__key_rows *rows, const ndup__index_settings *settings,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *rows = (ndup__key_rows){.settings = settings, .allocator = allocator};
    ndup__column_init(&rows->blocks, HELD_BYTES, NULL, allocator);
    ndup__column_init(&rows->numbers, HELD_BYTES / 8, NULL, allocator);
    ndup__column_init(&rows->grams, HELD_BYTES / 4, NULL, allocator);
    return ndup__resize(allocator, &rows->block, 0, (size_t)BLOCK_DOCUMENTS * settings->key_count,
                        sizeof *rows->block, error);
}

void ndup__key_rows_deinit(ndup__key_rows *rows)
{
    if (rows->settings == NULL) {
        return;
    }
    ndup__free(rows->allocator, &rows->block,
               rows->block != NULL ? (size_t)BLOCK_DOCUMENTS * rows->settings->key_count : 0,
               sizeof *rows->block);
    ndup__column_deinit(&rows->blocks);
    ndup__column_deinit(&rows->numbers);
    ndup__column_deinit(&rows->grams);
    rows->settings = NULL;
}

static ndup_status end_block(ndup__key_rows *rows, ndup_error *error)
{
    size_t bytes = (size_t)BLOCK_DOCUMENTS * rows->settings->key_count * sizeof *rows->block;
    return ndup__column_append(&rows->blocks, rows->block, bytes, error);
}

ndup_status ndup__key_rows_add(ndup__key_rows *rows, uint32_t number,
                               const ndup__document_keys *keys, ndup_error *error)
{
    const counted_number counted = {number, keys->key_count};
    size_t place = rows->count % BLOCK_DOCUMENTS;
    for (size_t i = 0; i < keys->key_count; i++) {
        rows->block[i * BLOCK_DOCUMENTS + place] = keys->keys[i];
    }
    ndup_status status = ndup__column_append(&rows->numbers, &counted, sizeof counted, error);
    for (size_t i = 0; i < keys->gram_count && status == NDUP_STATUS_OK; i++) {
        const uint32_t gram[2] = {keys->grams[i], number};
        status = ndup__column_append(&rows->grams, gram, sizeof gram, error);
    }
    if (status == NDUP_STATUS_OK && ++rows->count % BLOCK_DOCUMENTS == 0) {
        status = end_block(rows, error);
    }
    return status;
}

/* The entries of a table, in the order of their numbers. */
static void gather_keys(sorter *sort, const ndup__key_rows *rows, uint32_t table)
{
    const uint32_t *blocks = rows->blocks.bytes;
    const counted_number *numbers = rows->numbers.bytes;
    size_t block_keys = (size_t)BLOCK_DOCUMENTS * rows->settings->key_count;
    sort->count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const uint32_t *block = blocks + i / BLOCK_DOCUMENTS * block_keys;
        sort->keys[sort->count] = block[(size_t)table * BLOCK_DOCUMENTS + i % BLOCK_DOCUMENTS];
        sort->numbers[sort->count] = numbers[i].number;
        sort->count += numbers[i].keys > table;
    }
}

static size_t gram_count(const ndup__key_rows *rows)
{
    return (size_t)(rows->grams.total / (2 * sizeof(uint32_t)));
}

size_t ndup__key_rows_longest(const ndup__key_rows *rows)
{
    size_t grams = gram_count(rows);
    return grams > rows->count ? grams : rows->count;
}

static void gather_grams(sorter *sort, const ndup__key_rows *rows)
{
    const uint32_t *grams = rows->grams.bytes;
    sort->count = gram_count(rows);
    for (size_t i = 0; i < sort->count; i++) {
        sort->keys[i] = grams[2 * i];
        sort->numbers[i] = grams[2 * i + 1];
    }
}

static ndup_status make_room(sorter *sort, const ndup__key_rows *rows, ndup_error *error)
{
    bool is_of_grams = sort->table == rows->settings->key_count;
    size_t wanted = is_of_grams ? gram_count(rows) : rows->count;
    ndup_status status = NDUP_STATUS_OK;
    if (wanted > sort->room) {
        status = ndup__resize(rows->allocator, &sort->scratch, 2 * sort->room, 2 * wanted,
                              sizeof *sort->scratch, error);
    }
    if (status == NDUP_STATUS_OK && wanted > sort->room) {
        sort->room = wanted;
        sort->keys = (uint32_t *)(sort->scratch + wanted);
        sort->numbers = sort->keys + wanted;
    }
    return status;
}

static ndup_status take_table(void *context, void *item, unsigned worker, bool *more,
                              ndup_error *error)
{
    sorting *now = context;
    sorter *sort = item;
    (void)worker;
    (void)error;
    *more = now->next < now->rows->settings->tables;
    sort->table = now->next++;
    return NDUP_STATUS_OK;
}

static ndup_status sort_table(void *context, void *item, unsigned worker, ndup_error *error)
{
    const sorting *now = context;
    sorter *sort = item;
    (void)worker;
    ndup_status status = make_room(sort, now->rows, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (sort->table == now->rows->settings->key_count) {
        gather_grams(sort, now->rows);
    } else {
        gather_keys(sort, now->rows, sort->table);
    }
    ndup__sort_entries(sort->keys, sort->numbers, sort->count, sort->scratch);
    return NDUP_STATUS_OK;
}

static ndup_status write_table(void *context, void *item, unsigned worker, ndup_error *error)
{
    const sorting *now = context;
    const sorter *sort = item;
    (void)worker;
    return ndup__segment_writer_table(now->writer, sort->keys, sort->numbers, sort->count, error);
}

/* Sorts tables on all workers, while those before are written. */
static ndup_status write_tables(sorting *now, ndup_error *error)
{
    const ndup_allocator *allocator = now->rows->allocator;
    const ndup__stream_work work = {
        .context = now, .take = take_table, .work = sort_table, .commit = write_table};
    unsigned processors = ndup__processor_count();
    unsigned workers = now->rows->count < SHARED_LEAST ? 1
                       : processors < SORTERS_MOST     ? processors
                                                       : SORTERS_MOST;
    sorter sorters[SORTERS_MOST + 1] = {{0}};
    ndup__pool *pool;
    ndup_status status = ndup__pool_new(&pool, workers, allocator, error);
    if (status == NDUP_STATUS_OK) {
        size_t count = workers > 1 ? workers + 1 : 1;
        status = ndup__pool_stream(pool, &work, sorters, sizeof *sorters, count, error);
        ndup__pool_free(pool);
    }
    for (size_t i = 0; i < sizeof sorters / sizeof *sorters; i++) {
        ndup__free(allocator, &sorters[i].scratch, 2 * sorters[i].room, sizeof *sorters[i].scratch);
    }
    return status;
}

/* Ends the last block, of which only a part may be filled. */
static ndup_status seal(ndup__key_rows *rows, ndup_error *error)
{
    ndup_status status =
        rows->count % BLOCK_DOCUMENTS != 0 ? end_block(rows, error) : NDUP_STATUS_OK;
    ndup__column *const columns[] = {&rows->blocks, &rows->numbers, &rows->grams};
    for (size_t i = 0; i < sizeof columns / sizeof *columns && status == NDUP_STATUS_OK; i++) {
        status = ndup__column_seal(columns[i], error);
    }
    return status;
}

ndup_status ndup__key_rows_write(ndup__key_rows *rows, const char *path, uint32_t first,
                                 uint32_t last, ndup_error *error)
{
    const ndup__segment_facts facts = {.identity = rows->settings->identity,
                                       .tables = rows->settings->tables,
                                       .first = first,
                                       .last = last};
    sorting now = {.rows = rows};
    ndup_status status = seal(rows, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_writer_open(&now.writer, path, &facts, rows->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_tables(&now, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_writer_commit(now.writer, error);
    }
    ndup__segment_writer_close(now.writer);
    return status;
}
