/* SPDX-License-Identifier: MIT */
/* Keys are sorted in memory as far as that goes; what is more is written in parts, and merged. */
#include "index/segment_maker.h"

#include "base/alloc.h"
#include "base/file.h"
#include "index/segment_files.h"

/* 256 MB to sort a table. */
#define PART_ENTRIES ((size_t)1 << 24)
#define TELL_ROWS 4096 /* rows between two words of progress */

ndup_status ndup__segment_maker_init(ndup__segment_maker *maker,
                                     const ndup__index_settings *settings, const char *folder,
                                     uint32_t first, const ndup_allocator *allocator,
                                     ndup_error *error)
{
    *maker = (ndup__segment_maker){.settings = settings,
                                   .allocator = allocator,
                                   .folder = folder,
                                   .first = first,
                                   .part_first = first,
                                   .part_entries = PART_ENTRIES};
    return ndup__key_rows_init(&maker->rows, settings, allocator, error);
}

void ndup__segment_maker_deinit(ndup__segment_maker *maker)
{
    if (maker->settings == NULL) {
        return;
    }
    for (size_t i = 0; i < maker->part_count; i++) {
        ndup__segment_close(maker->parts[i]);
    }
    ndup__free(maker->allocator, &maker->parts, maker->part_capacity, sizeof *maker->parts);
    ndup__key_rows_deinit(&maker->rows);
    maker->settings = NULL;
}

/* Opens what was written, and takes its name away: what is left of it goes with the process. */
static ndup_status open_part(ndup__segment_maker *maker, const char *path, ndup_error *error)
{
    ndup__segment **opened = &maker->parts[maker->part_count];
    ndup_status status =
        ndup__segment_open(opened, path, maker->settings->identity, maker->allocator, error);
    maker->part_count += status == NDUP_STATUS_OK;
    return status == NDUP_STATUS_OK ? ndup__file_remove(path, error) : status;
}

static ndup_status write_part(ndup__segment_maker *maker, uint32_t last, ndup_error *error)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    ndup_status status = ndup__reserve(maker->allocator, &maker->parts, &maker->part_capacity,
                                       maker->part_count + 1, sizeof(ndup__segment *), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_part_path(path, maker->folder, maker->part_first, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__key_rows_write(&maker->rows, path, maker->part_first, last, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = open_part(maker, path, error);
    }
    if (status == NDUP_STATUS_OK) {
        maker->part_first = last + 1;
        ndup__key_rows_deinit(&maker->rows);
        status = ndup__key_rows_init(&maker->rows, maker->settings, maker->allocator, error);
    }
    return status;
}

ndup_status ndup__segment_maker_add(ndup__segment_maker *maker, uint32_t number,
                                    const ndup__document_keys *keys, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (ndup__key_rows_longest(&maker->rows) >= maker->part_entries) {
        status = write_part(maker, number - 1, error);
    }
    return status == NDUP_STATUS_OK ? ndup__key_rows_add(&maker->rows, number, keys, error)
                                    : status;
}

static ndup_status write_segment(ndup__segment_maker *maker, const char *path, uint32_t last,
                                 ndup_error *error)
{
    if (maker->part_count == 0) {
        return ndup__key_rows_write(&maker->rows, path, maker->first, last, error);
    }
    ndup_status status =
        maker->part_first <= last ? write_part(maker, last, error) : NDUP_STATUS_OK;
    return status == NDUP_STATUS_OK
               ? ndup__segment_merge(path, (const ndup__segment *const *)maker->parts,
                                     maker->part_count, NULL, maker->allocator, error)
               : status;
}

ndup_status ndup__segment_maker_end(ndup__segment_maker *maker, uint32_t last, ndup_error *error)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    ndup_status status = ndup__segment_path(path, maker->folder, maker->first, last, error);
    return status == NDUP_STATUS_OK ? write_segment(maker, path, last, error) : status;
}

static ndup_status add_rows(ndup__segment_maker *maker, ndup__row_keys *room,
                            ndup__database *database, uint32_t last, ndup__reporter *reporter,
                            ndup_error *error)
{
    uint64_t done = 0;
    ndup__stored_document document = {.number = maker->first};
    ndup__stored_sketch sketch;
    ndup__document_keys keys;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t from = maker->first; from <= last && status == NDUP_STATUS_OK && found;
         from = (uint64_t)document.number + 1) {
        status = ndup__database_next(database, (uint32_t)from, &document, &sketch, &found, error);
        found = found && document.number <= last;
        if (status == NDUP_STATUS_OK && found) {
            status = ndup__row_keys_make(room, &keys, &document, &sketch, error);
        }
        if (status == NDUP_STATUS_OK && found) {
            status = ndup__segment_maker_add(maker, document.number, &keys, error);
        }
        if (status == NDUP_STATUS_OK && reporter != NULL && ++done % TELL_ROWS == 0) {
            status = ndup__reporter_at(reporter, done, done, error);
        }
    }
    return status;
}

ndup_status ndup__segment_build(const ndup__index_settings *settings, ndup__database *database,
                                const char *folder, uint32_t first, uint32_t last,
                                ndup__reporter *reporter, const ndup_allocator *allocator,
                                ndup_error *error)
{
    ndup__segment_maker maker;
    ndup__row_keys room;
    ndup_status status =
        ndup__segment_maker_init(&maker, settings, folder, first, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__row_keys_init(&room, settings, allocator, error);
        if (status == NDUP_STATUS_OK) {
            status = add_rows(&maker, &room, database, last, reporter, error);
        }
        ndup__row_keys_deinit(&room);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_maker_end(&maker, last, error);
    }
    ndup__segment_maker_deinit(&maker);
    return status;
}
