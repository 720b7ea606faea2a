/* SPDX-License-Identifier: MIT */
/* Files of comma- or tab-separated rows: the first row names the fields, every other is a record,
 * read as the JSON object of its fields. */
#include <string.h>

#include "base/error.h"
#include "corpus/corpus_state.h"
#include "corpus/csv.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

/* What the first row says. */
struct ndup__columns {
    char delimiter;
    uint64_t begin; /* offset of what follows the first row */
    size_t count;
    ndup_text *keys;     /* [count] "name":" as in JSON */
    ndup_error unusable; /* why no row can be a document, if its status is not OK */
};

static const char *row_content_end(const char *at, const char *row_end)
{
    row_end -= row_end > at && row_end[-1] == '\n';
    while (row_end > at && row_end[-1] == '\r') {
        row_end--;
    }
    return row_end;
}

/* Comma, or the semicolon that programs write where the comma is the decimal sign. */
static char find_delimiter(const ndup__corpus_file *file, const char *at, const char *end)
{
    if (file->format == &ndup__format_tsv) {
        return '\t';
    }
    bool has_comma = memchr(at, ',', (size_t)(end - at)) != NULL;
    return !has_comma && memchr(at, ';', (size_t)(end - at)) != NULL ? ';' : ',';
}

static ndup_status make_key(ndup_text *key, ndup_corpus *corpus, ndup__json_line *line,
                            const char *at, const char *end, ndup_error *error)
{
    char *copy = NULL;
    line->length = 0;
    ndup_status status = ndup__json_line_add(line, "\"", 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__csv_field_escape(line, at, (size_t)(end - at), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, "\":\"", 3, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&corpus->strings, &copy, line->bytes, line->length, error);
    }
    *key = (ndup_text){copy, line->length};
    return status;
}

/* Reads a row without text, to see whether there is a column for the text. */
static ndup_status try_names(struct ndup__columns *columns, ndup_corpus *corpus,
                             ndup__json_line *line, ndup_error *error)
{
    ndup_document document;
    ndup__value extra[NDUP__EXTRA_FIELDS];
    uint64_t replaced;
    line->length = 0;
    ndup_status status = ndup__json_line_add(line, "{", 1, error);
    for (size_t i = 0; i < columns->count && status == NDUP_STATUS_OK; i++) {
        status = ndup__json_line_add(line, "\",", i > 0 ? 2 : 0, error);
        if (status == NDUP_STATUS_OK) {
            status =
                ndup__json_line_add(line, columns->keys[i].bytes, columns->keys[i].length, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, "\"}", 2, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__fields_read(&document, extra, &replaced, &corpus->fields, line->bytes,
                                   line->length, &corpus->strings, &columns->unusable);
        status = status == NDUP_STATUS_MEMORY ? ndup__fail(error, status, "out of memory")
                                              : NDUP_STATUS_OK;
    }
    return status;
}

static size_t count_fields(bool *is_open, const char *at, const char *end, char delimiter)
{
    size_t count = 1;
    while ((at = ndup__csv_field_end(is_open, at, end, delimiter)) < end) {
        at++;
        count++;
    }
    return count;
}

static ndup_status read_names(struct ndup__columns *columns, ndup_corpus *corpus, const char *at,
                              const char *end, ndup_error *error)
{
    ndup__json_line line = {.allocator = corpus->allocator};
    void *keys;
    bool is_open;
    columns->count = count_fields(&is_open, at, end, columns->delimiter);
    if (is_open) {
        columns->begin = 0; /* which makes it a record that is then refused */
    }
    ndup_status status =
        ndup__arena_take(&corpus->strings, &keys, columns->count * sizeof *columns->keys, error);
    columns->keys = keys;
    for (size_t i = 0; i < columns->count && status == NDUP_STATUS_OK; i++) {
        const char *stop = ndup__csv_field_end(&is_open, at, end, columns->delimiter);
        status = make_key(&columns->keys[i], corpus, &line, at, stop, error);
        at = stop + 1;
    }
    if (status == NDUP_STATUS_OK) {
        status = try_names(columns, corpus, &line, error);
    }
    ndup__json_line_deinit(&line);
    return status;
}

/* The end of the first row that is not blank, of which *begin is set to the beginning; NULL if it
 * is not whole. */
static const char *find_first_row(const char **begin, const ndup__corpus_file *file,
                                  const char *bytes, size_t length, bool ended)
{
    const char *at = bytes;
    const char *end = bytes + length;
    if (length >= 3 && memcmp(at, byte_order_mark, 3) == 0) {
        at += 3;
    }
    while (at < end && (*at == '\n' || *at == '\r')) {
        at++;
    }
    *begin = at;
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    char delimiter = find_delimiter(file, at, line_end != NULL ? line_end : end);
    const char *row_end = at < end ? ndup__csv_row_end(at, end, delimiter) : NULL;
    return row_end == NULL && ended && at < end ? end : row_end;
}

static ndup_status read_columns(ndup_corpus *corpus, ndup__corpus_file *file, const char *bytes,
                                size_t length, bool ended, ndup_error *error)
{
    const char *at;
    const char *row_end = find_first_row(&at, file, bytes, length, ended);
    void *taken;
    if (row_end == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__arena_take(&corpus->strings, &taken, sizeof(struct ndup__columns), error);
    if (status == NDUP_STATUS_OK) {
        struct ndup__columns *columns = taken;
        const char *end = row_content_end(at, row_end);
        *columns = (struct ndup__columns){.delimiter = find_delimiter(file, at, end),
                                          .begin = (uint64_t)(row_end - bytes)};
        status = read_names(columns, corpus, at, end, error);
        file->columns = columns;
    }
    return status;
}

static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    if (file->columns == NULL) {
        ndup_status status = read_columns(corpus, file, bytes, length, ended, error);
        if (status != NDUP_STATUS_OK || file->columns == NULL) {
            return status;
        }
    }
    const char *end = bytes + length;
    const char *at = bytes;
    for (const char *next = at; next != NULL && next < end;) {
        at = next;
        next = ndup__csv_row_end(at, end, file->columns->delimiter);
        cut->whole = (size_t)((next != NULL ? next : at) - bytes);
    }
    return NDUP_STATUS_OK;
}

/* Puts the row's fields into block->json. */
static ndup_status convert(ndup__block *block, const struct ndup__columns *columns, const char *at,
                           const char *end, ndup_error *error)
{
    ndup__json_line *line = &block->json;
    size_t count = 0;
    line->length = 0;
    ndup_status status = ndup__json_line_add(line, "{", 1, error);
    for (bool more = true; more && status == NDUP_STATUS_OK; count++) {
        bool is_open;
        const char *stop = ndup__csv_field_end(&is_open, at, end, columns->delimiter);
        if (is_open) {
            return ndup__fail(error, NDUP_STATUS_CORRUPT, "a quoted field is not closed");
        }
        if (count < columns->count) {
            const ndup_text *key = &columns->keys[count];
            status = ndup__json_line_add(line, "\",", count > 0 ? 2 : 0, error);
            status = status == NDUP_STATUS_OK
                         ? ndup__json_line_add(line, key->bytes, key->length, error)
                         : status;
            status = status == NDUP_STATUS_OK
                         ? ndup__csv_field_escape(line, at, (size_t)(stop - at), error)
                         : status;
        }
        more = stop < end;
        at = stop + more;
    }
    if (status == NDUP_STATUS_OK && count != columns->count) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT,
                          "a row of %zu fields, must be %zu as in the first row", count,
                          columns->count);
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "\"}", 2, error) : status;
}

static ndup_status scan_row(const ndup_corpus *corpus, ndup__block *block,
                            const ndup__visitor *visitor, ndup_text row, uint64_t line,
                            ndup_error *error)
{
    ndup__found found = {.raw = row, .line = line};
    ndup_error cause = {0};
    if (row.length > corpus->max_record_bytes) {
        uint64_t offset = block->offset + (uint64_t)(row.bytes - block->bytes);
        return ndup__note_too_long(corpus, block, line, offset, error);
    }
    if (!visitor->keeps) {
        ndup__arena_reset(&block->arena);
    }
    ndup_status status = convert(block, corpus->files[block->file].columns, row.bytes,
                                 row.bytes + row.length, &cause);
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_take_json(&found, block, visitor, &cause);
    }
    return status == NDUP_STATUS_OK ? ndup__found_visit(corpus, block, visitor, &found, error)
                                    : ndup__found_reject(corpus, block, &found, &cause, error);
}

static uint64_t count_lines(const char *at, const char *end)
{
    uint64_t count = 0;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    return count;
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    const struct ndup__columns *columns = corpus->files[block->file].columns;
    const char *at = block->bytes;
    const char *end = block->bytes + block->length;
    ndup_status status = NDUP_STATUS_OK;
    if (columns != NULL && columns->unusable.status != NDUP_STATUS_OK) {
        return block->offset > 0
                   ? NDUP_STATUS_OK
                   : ndup__block_note(block, corpus->files[block->file].path, 1, 0,
                                      (ndup_text){NULL, 0}, &columns->unusable, error);
    }
    while (columns != NULL && at < end && status == NDUP_STATUS_OK) {
        const char *next = ndup__csv_row_end(at, end, columns->delimiter);
        next = next != NULL ? next : end;
        const char *stop = row_content_end(at, next);
        bool is_record = block->offset + (uint64_t)(at - block->bytes) >= columns->begin;
        if (is_record && stop > at) {
            status = scan_row(corpus, block, visitor, (ndup_text){at, (size_t)(stop - at)},
                              block->lines + 1, error);
        }
        block->lines += count_lines(at, next);
        at = next;
    }
    return status;
}

static const char *const csv_suffixes[] = {".csv", NULL};
static const char *const tsv_suffixes[] = {".tsv", ".tab", NULL};

const ndup__format ndup__format_csv = {
    .name = "csv",
    .suffixes = csv_suffixes,
    .streams = true,
    .is_text = true,
    .has_lines = true,
    .is_converted = true,
    .cut = cut,
    .find_next = ndup__lines_find_next,
    .take = ndup__stream_take,
    .scan = scan,
};

const ndup__format ndup__format_tsv = {
    .name = "tsv",
    .suffixes = tsv_suffixes,
    .streams = true,
    .is_text = true,
    .has_lines = true,
    .is_converted = true,
    .cut = cut,
    .find_next = ndup__lines_find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
