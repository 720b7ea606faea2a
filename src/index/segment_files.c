/* SPDX-License-Identifier: MIT */
/* Rows are read in order and their keys put into a column a table; each column is sorted. */
#include "index/segment_files.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "index/key_view.h"
#include "index/row_keys.h"
#include "store/sort_entries.h"

/* Documents of which all keys are in memory together: 28 tables are 224 MB. */
#define PART_DOCUMENTS ((uint32_t)1 << 20)

ndup_status ndup__segment_path(char path[NDUP__SEGMENT_PATH_BYTES], const char *folder,
                               uint32_t first, uint32_t last, ndup_error *error)
{
    int length = snprintf(path, NDUP__SEGMENT_PATH_BYTES, "%s/%08x-%08x.keys", folder, first, last);
    return length < NDUP__SEGMENT_PATH_BYTES
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_LIMIT, "the path of the index is too long");
}

unsigned ndup__segment_tier(uint32_t first, uint32_t last)
{
    unsigned tier = 0;
    for (uint64_t count = (uint64_t)last - first + 1;
         count >= (uint64_t)NDUP__FRESH_MOST * NDUP__TIER_SEGMENTS; count /= NDUP__TIER_SEGMENTS) {
        tier++;
    }
    return tier;
}

void ndup__segment_file_remove(const char *folder, uint32_t first, uint32_t last)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    ndup_status status = ndup__segment_path(path, folder, first, last, NULL);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_remove(path, NULL); /* what stays is a stray, and found later */
    }
    (void)status;
}

/* The entries of one table. */
typedef struct key_column {
    uint32_t *keys;
    uint32_t *numbers;
    size_t count;
    size_t key_capacity, number_capacity;
} key_column;

typedef struct segment_part {
    const ndup__index_settings *settings;
    const ndup_allocator *allocator;
    key_column *columns; /* [tables] */
    ndup__row_keys keys;
    uint64_t *scratch;
    size_t scratch_capacity;
} segment_part;

static ndup_status add_key(segment_part *part, uint32_t table, uint32_t key, uint32_t number,
                           ndup_error *error)
{
    key_column *column = &part->columns[table];
    ndup_status status = ndup__reserve(part->allocator, &column->keys, &column->key_capacity,
                                       column->count + 1, sizeof *column->keys, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(part->allocator, &column->numbers, &column->number_capacity,
                               column->count + 1, sizeof *column->numbers, error);
    }
    if (status == NDUP_STATUS_OK) {
        column->keys[column->count] = key;
        column->numbers[column->count++] = number;
    }
    return status;
}

static ndup_status add_row(segment_part *part, const ndup__stored_document *document,
                           const ndup__stored_sketch *sketch, ndup_error *error)
{
    ndup__document_keys keys;
    uint32_t number = document->number;
    ndup_status status = ndup__row_keys_make(&part->keys, &keys, document, sketch, error);
    for (uint32_t i = 0; status == NDUP_STATUS_OK && i < keys.key_count; i++) {
        status = add_key(part, i, keys.keys[i], number, error);
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < keys.gram_count; i++) {
        status = add_key(part, part->settings->key_count, keys.grams[i], number, error);
    }
    return status;
}

static ndup_status read_rows(segment_part *part, ndup__database *database, uint32_t first,
                             uint32_t last, ndup_error *error)
{
    ndup__stored_document document = {.number = first};
    ndup__stored_sketch sketch;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t from = first; from <= last && status == NDUP_STATUS_OK && found;
         from = (uint64_t)document.number + 1) {
        status = ndup__database_next(database, (uint32_t)from, &document, &sketch, &found, error);
        found = found && document.number <= last;
        if (status == NDUP_STATUS_OK && found) {
            status = add_row(part, &document, &sketch, error);
        }
    }
    return status;
}

static ndup_status write_column(segment_part *part, ndup__segment_writer *writer, uint32_t table,
                                ndup_error *error)
{
    key_column *column = &part->columns[table];
    ndup_status status = ndup__reserve(part->allocator, &part->scratch, &part->scratch_capacity,
                                       column->count, sizeof *part->scratch, error);
    if (status == NDUP_STATUS_OK) {
        ndup__sort_entries(column->keys, column->numbers, column->count, part->scratch);
        status =
            ndup__segment_writer_table(writer, column->keys, column->numbers, column->count, error);
    }
    return status;
}

static ndup_status write_part(segment_part *part, const char *path, uint32_t first, uint32_t last,
                              ndup_error *error)
{
    const ndup__segment_facts facts = {.identity = part->settings->identity,
                                       .tables = part->settings->tables,
                                       .first = first,
                                       .last = last};
    ndup__segment_writer *writer = NULL;
    ndup_status status = ndup__segment_writer_open(&writer, path, &facts, part->allocator, error);
    for (uint32_t i = 0; i < facts.tables && status == NDUP_STATUS_OK; i++) {
        status = write_column(part, writer, i, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_writer_commit(writer, error);
    }
    ndup__segment_writer_close(writer);
    return status;
}

static void free_part(segment_part *part)
{
    uint32_t tables = part->settings->tables;
    for (uint32_t i = 0; part->columns != NULL && i < tables; i++) {
        key_column *column = &part->columns[i];
        ndup__free(part->allocator, &column->keys, column->key_capacity, sizeof *column->keys);
        ndup__free(part->allocator, &column->numbers, column->number_capacity,
                   sizeof *column->numbers);
    }
    ndup__free(part->allocator, &part->columns, part->columns != NULL ? tables : 0,
               sizeof *part->columns);
    ndup__row_keys_deinit(&part->keys);
    ndup__free(part->allocator, &part->scratch, part->scratch_capacity, sizeof *part->scratch);
}

static ndup_status build_part(const ndup__index_settings *settings, ndup__database *database,
                              const char *path, uint32_t first, uint32_t last,
                              const ndup_allocator *allocator, ndup_error *error)
{
    segment_part part = {.settings = settings, .allocator = allocator};
    ndup_status status = ndup__allocate_zeroed(allocator, &part.columns, settings->tables,
                                               sizeof *part.columns, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__row_keys_init(&part.keys, settings, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_rows(&part, database, first, last, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_part(&part, path, first, last, error);
    }
    free_part(&part);
    return status;
}

/* A segment of several parts: their files are gone afterwards. */
static ndup_status merge_parts(const ndup__index_settings *settings, const char *path,
                               const char *folder, uint32_t first, uint32_t last,
                               const ndup_allocator *allocator, ndup_error *error)
{
    enum { PARTS_MOST = UINT32_MAX / PART_DOCUMENTS + 1 };
    ndup__segment **parts;
    size_t count = 0;
    char part_path[NDUP__SEGMENT_PATH_BYTES];
    ndup_status status = ndup__allocate_zeroed(allocator, &parts, PARTS_MOST, sizeof *parts, error);
    for (uint64_t at = first; at <= last && status == NDUP_STATUS_OK; at += PART_DOCUMENTS) {
        uint64_t end = at + PART_DOCUMENTS - 1 < last ? at + PART_DOCUMENTS - 1 : last;
        status = ndup__segment_path(part_path, folder, (uint32_t)at, (uint32_t)end, error);
        if (status == NDUP_STATUS_OK) {
            status =
                ndup__segment_open(&parts[count], part_path, settings->identity, allocator, error);
            count += status == NDUP_STATUS_OK;
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_merge(path, (const ndup__segment *const *)parts, count, NULL,
                                     allocator, error);
    }
    for (size_t i = 0; i < count; i++) {
        const ndup__segment_facts *facts = ndup__segment_get_facts(parts[i]);
        ndup__segment_file_remove(folder, facts->first, facts->last);
        ndup__segment_close(parts[i]);
    }
    ndup__free(allocator, &parts, PARTS_MOST, sizeof *parts);
    return status;
}

ndup_status ndup__segment_build(const ndup__index_settings *settings, ndup__database *database,
                                const char *folder, uint32_t first, uint32_t last,
                                const ndup_allocator *allocator, ndup_error *error)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t at = first; at <= last && status == NDUP_STATUS_OK; at += PART_DOCUMENTS) {
        uint64_t end = at + PART_DOCUMENTS - 1 < last ? at + PART_DOCUMENTS - 1 : last;
        status = ndup__segment_path(path, folder, (uint32_t)at, (uint32_t)end, error);
        if (status == NDUP_STATUS_OK) {
            status =
                build_part(settings, database, path, (uint32_t)at, (uint32_t)end, allocator, error);
        }
    }
    if (status != NDUP_STATUS_OK || last - first < PART_DOCUMENTS) {
        return status;
    }
    status = ndup__segment_path(path, folder, first, last, error);
    return status == NDUP_STATUS_OK
               ? merge_parts(settings, path, folder, first, last, allocator, error)
               : status;
}
