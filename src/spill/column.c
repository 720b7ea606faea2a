/* SPDX-License-Identifier: MIT */
/* Beyond its memory the column is written to an unnamed file, which the system keeps in what memory
 * there is and reads by pages. */
#include "spill/column.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/temporary_file.h"

#define FILE_NAME "the temporary file"

void ndup__column_init(ndup__column *column, uint64_t held_most, const char *folder,
                       const ndup_allocator *allocator)
{
    *column = (ndup__column){
        .allocator = allocator, .folder = folder, .held_most = held_most, .file = -1};
}

void ndup__column_deinit(ndup__column *column)
{
    if (column->file >= 0) {
        ndup__file_unmap(column->bytes, column->total);
        ndup__file_close_quietly(column->file);
    }
    ndup__free(column->allocator, &column->held, column->held_capacity, 1);
    *column = (ndup__column){.file = -1};
}

static ndup_status flush(ndup__column *column, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (column->file < 0) {
        status = ndup__temporary_file_open(&column->file, column->folder, error);
    }
    if (status == NDUP_STATUS_OK && column->held_bytes > 0) {
        status = ndup__file_write_at(column->file, column->held, column->held_bytes,
                                     column->file_bytes, FILE_NAME, error);
    }
    if (status == NDUP_STATUS_OK) {
        column->file_bytes += column->held_bytes;
        column->held_bytes = 0;
    }
    return status;
}

ndup_status ndup__column_append(ndup__column *column, const void *bytes, size_t length,
                                ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (column->held_bytes + length > column->held_most) {
        status = flush(column, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(column->allocator, &column->held, &column->held_capacity,
                               column->held_bytes + length, 1, error);
    }
    if (status == NDUP_STATUS_OK && length > 0) {
        memcpy(column->held + column->held_bytes, bytes, length);
        column->held_bytes += length;
        column->total += length;
    }
    return status;
}

ndup_status ndup__column_seal(ndup__column *column, ndup_error *error)
{
    if (column->file < 0) {
        column->bytes = column->held;
        return NDUP_STATUS_OK;
    }
    ndup_status status = flush(column, error);
    ndup__free(column->allocator, &column->held, column->held_capacity, 1);
    column->held_capacity = 0;
    return status == NDUP_STATUS_OK
               ? ndup__file_map(&column->bytes, column->file, column->total, FILE_NAME, error)
               : status;
}

ndup_status ndup__column_fill(ndup__column *column, uint64_t total, ndup_error *error)
{
    ndup_status status;
    if (total <= column->held_most) {
        status = ndup__allocate_zeroed(column->allocator, &column->held, total, 1, error);
        column->held_capacity = status == NDUP_STATUS_OK ? total : 0;
        column->bytes = column->held;
    } else {
        status = ndup__temporary_file_open(&column->file, column->folder, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_extend(column->file, total, FILE_NAME, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_map(&column->bytes, column->file, total, FILE_NAME, error);
        }
    }
    column->total = status == NDUP_STATUS_OK ? total : 0;
    return status;
}
