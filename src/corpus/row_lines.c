/* SPDX-License-Identifier: MIT */
/* From a stream of arrays to lines of JSON, batch by batch. */
#include "corpus/row_lines.h"

#include <string.h>

#include "base/alloc.h"
#include "corpus/rows.h"
#include "tables/table_access.h"

struct ndup__row_lines {
    const ndup_corpus *corpus;
    struct ArrowArrayStream stream;
    ndup__rows *rows; /* the batch at hand */
    uint64_t next;    /* row */
    bool has_ended;
    ndup__json_line line;
    size_t at; /* line.bytes[at..length) waits to be handed out */
};

static void close_stream(struct ArrowArrayStream *stream)
{
    if (stream->release != NULL) {
        stream->release(stream);
    }
}

/* Opens the file and reads what its columns are. */
static ndup_status open_rows(ndup__row_lines *lines, const char *path, const char *const *columns,
                             size_t column_count, ndup_error *error)
{
    ndup_status status = ndup__table_files_read(&lines->stream, path, columns, column_count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__rows_new(&lines->rows, lines->corpus->allocator, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__rows_read_schema(lines->rows, lines->corpus, &lines->stream, error)
               : status;
}

static void close_rows(ndup__row_lines *lines)
{
    if (lines->rows != NULL) {
        ndup__rows_free(lines->corpus->allocator, lines->rows);
    }
    lines->rows = NULL;
    close_stream(&lines->stream);
}

/* Opens it for the columns that fields are read from: others may be many and large. */
static ndup_status choose_columns(ndup__row_lines *lines, const char *path, ndup_error *error)
{
    const ndup_allocator *allocator = lines->corpus->allocator;
    ndup__rows *all = lines->rows;
    size_t count = 0;
    const char **names = NULL;
    ndup_status status =
        ndup__resize(allocator, &names, 0, all->column_count, sizeof *names, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < all->column_count; i++) {
        if (all->is_field[i]) {
            names[count++] = all->columns[i].name;
        }
    }
    close_stream(&lines->stream);
    lines->rows = NULL;
    status = open_rows(lines, path, names, count, error);
    ndup__free(allocator, &names, all->column_count, sizeof *names);
    ndup__rows_free(allocator, all);
    return status;
}

ndup_status ndup__row_lines_open(ndup__row_lines **out, const ndup_corpus *corpus, const char *path,
                                 ndup_error *error)
{
    ndup__row_lines *lines;
    ndup_status status = ndup__allocate_zeroed(corpus->allocator, &lines, 1, sizeof *lines, error);
    *out = NULL;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    lines->corpus = corpus;
    lines->line.allocator = corpus->allocator;
    status = open_rows(lines, path, NULL, 0, error);
    if (status == NDUP_STATUS_OK) {
        status = choose_columns(lines, path, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__row_lines_close(lines);
        return status;
    }
    *out = lines;
    return NDUP_STATUS_OK;
}

void ndup__row_lines_close(ndup__row_lines *lines)
{
    if (lines == NULL) {
        return;
    }
    const ndup_allocator *allocator = lines->corpus->allocator;
    close_rows(lines);
    ndup__json_line_deinit(&lines->line);
    ndup__free(allocator, &lines, 1, sizeof *lines);
}

/* Makes the next line; *more is false at the end. */
static ndup_status next_line(ndup__row_lines *lines, bool *more, ndup_error *error)
{
    ndup__rows *rows = lines->rows;
    ndup_status status = NDUP_STATUS_OK;
    *more = !lines->has_ended;
    while (status == NDUP_STATUS_OK && *more && lines->next == rows->count) {
        ndup__rows_drop(rows);
        status = ndup__rows_next(rows, lines->corpus, &lines->stream, more, error);
    }
    lines->has_ended = !*more;
    lines->at = lines->line.length = 0;
    if (status != NDUP_STATUS_OK || !*more) {
        return status;
    }
    status = ndup__rows_record(&lines->line, rows, lines->next++, true, error);
    return status == NDUP_STATUS_OK ? ndup__json_line_add(&lines->line, "\n", 1, error) : status;
}

ndup_status ndup__row_lines_read(ndup__row_lines *lines, char *buffer, size_t capacity, size_t *got,
                                 ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    bool more = true;
    *got = 0;
    while (*got < capacity && more && status == NDUP_STATUS_OK) {
        size_t left = lines->line.length - lines->at;
        size_t taken = left < capacity - *got ? left : capacity - *got;
        if (taken > 0) {
            memcpy(buffer + *got, lines->line.bytes + lines->at, taken);
        }
        *got += taken;
        lines->at += taken;
        if (*got < capacity) {
            status = next_line(lines, &more, error);
        }
    }
    return status;
}
