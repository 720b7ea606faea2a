/* SPDX-License-Identifier: MIT */
/* Files of delimited rows: the first row names the fields, every other is a record, read as the
 * JSON object of its fields. */
#include <string.h>

#include "base/error.h"
#include "corpus/columns.h"
#include "corpus/corpus_state.h"
#include "text/utf8.h"

/* What the first rows of other programs say where there is no text. */
static const char *const no_values[] = {"\\N", "NULL", "null", "NaN", "nan", "None"};

static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    if (file->columns == NULL && cut->offset > 0) {
        cut->whole = length; /* the first row was too long */
        return NDUP_STATUS_OK;
    }
    if (file->columns == NULL) {
        char usual = file->format == &ndup__format_tsv ? '\t' : ',';
        ndup_status status = ndup__columns_read(&file->columns, &corpus->fields, usual, bytes,
                                                length, ended, &corpus->strings, error);
        if (status != NDUP_STATUS_OK || file->columns == NULL) {
            return status;
        }
    }
    const char *end = bytes + length;
    size_t head = file->columns->head.length;
    const char *next = bytes + (cut->offset >= head ? 0 : head - cut->offset);
    while (next != NULL && next < end) {
        cut->whole = (size_t)(next - bytes);
        next = ndup__csv_row_end(next, end, ended, &file->columns->dialect);
    }
    cut->whole = next == end ? length : cut->whole;
    return NDUP_STATUS_OK;
}

static bool find_next(size_t *next, ndup__corpus_file *file, const char *bytes, size_t length)
{
    (void)file;
    size_t at = 0;
    while (at < length && bytes[at] != '\n' && bytes[at] != '\r') {
        at++;
    }
    *next = at < length ? at + 1 : length;
    return at < length;
}

/* A row on its way to a record. */
typedef struct table_row {
    const ndup__columns *columns;
    ndup_text bytes;
    ndup__csv_field text;   /* where it has one */
    size_t fields;          /* up to the last one that is not empty, or that has a column */
    uint64_t text_replaced; /* damaged sequences of the text */
    bool has_open_quote;    /* a quote that opens a field and is closed nowhere */
} table_row;

static bool says_no_value(const ndup__csv_field *field)
{
    size_t length = (size_t)(field->end - field->begin);
    for (size_t i = 0; !field->is_quoted && i < sizeof no_values / sizeof *no_values; i++) {
        if (strlen(no_values[i]) == length && memcmp(no_values[i], field->begin, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds the value of column `number` to the object. */
static ndup_status add_value(ndup__json_line *line, table_row *row, const ndup__csv_field *field,
                             size_t number, ndup_error *error)
{
    const ndup_text *key = &row->columns->keys[number];
    uint64_t before = line->replaced;
    ndup_status status = ndup__json_line_add(line, "\",", number > 0 ? 2 : 0, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, key->bytes, key->length, error);
    }
    bool is_text = number == row->columns->text;
    if (status == NDUP_STATUS_OK && !(is_text && says_no_value(field))) {
        status = ndup__csv_field_escape(line, field, &row->columns->dialect, error);
    }
    if (is_text) {
        row->text = *field;
        row->text_replaced = line->replaced - before;
    }
    return status;
}

/* Rows may be short of fields behind the text, and end with delimiters. */
static ndup_status check_width(const table_row *row, ndup_error *error)
{
    const ndup__columns *columns = row->columns;
    if (row->fields <= columns->text) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT,
                          "a row of %zu fields, but the text is field %zu of %zu in the first row",
                          row->fields, columns->text + 1, columns->count);
    }
    return row->fields > columns->count
               ? ndup__fail(error, NDUP_STATUS_CORRUPT,
                            "a row of %zu fields, must be %zu as in the first row", row->fields,
                            columns->count)
               : NDUP_STATUS_OK;
}

/* Puts the row's fields into `line`. */
static ndup_status convert(ndup__json_line *line, table_row *row, ndup_error *error)
{
    const ndup__columns *columns = row->columns;
    const char *at = row->bytes.bytes;
    const char *end = at + row->bytes.length;
    line->length = 0;
    line->replaced = 0;
    ndup_status status = ndup__json_line_add(line, "{", 1, error);
    for (size_t i = 0; at <= end && status == NDUP_STATUS_OK; i++) {
        ndup__csv_field field = ndup__csv_field_at(at, end, &columns->dialect);
        row->has_open_quote |= field.is_open;
        if (i < columns->count) {
            row->fields = i + 1;
            status = add_value(line, row, &field, i, error);
        } else if (field.end - field.begin > (field.is_quoted ? 2 : 0)) {
            row->fields = i + 1;
        }
        at = field.end + 1;
    }
    if (status == NDUP_STATUS_OK) {
        status = check_width(row, error);
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "\"}", 2, error) : status;
}

/* The text as it stands in the row, damaged: so that it is counted and compared as that of a file
 * is. The record has U+FFFD there. */
static ndup_status restore_damage(ndup__item *item, ndup__block *block, const table_row *row,
                                  ndup_error *error)
{
    void *room;
    size_t length = (size_t)(row->text.end - row->text.begin);
    ndup_status status = ndup__arena_take(&block->arena, &room, length + 1, error);
    if (status == NDUP_STATUS_OK) {
        length = ndup__csv_field_copy(room, &row->text, &row->columns->dialect);
        item->document.text = (ndup_text){room, length};
    }
    return status;
}

static ndup_status visit_row(const ndup_corpus *corpus, ndup__block *block,
                             const ndup__visitor *visitor, const ndup__found *found,
                             const table_row *row, ndup_error *error)
{
    ndup__value extra[NDUP__EXTRA_FIELDS];
    ndup__item item;
    ndup_error cause = {0};
    uint64_t replaced = block->json.replaced;
    ndup_status status = ndup__found_read(&item, extra, corpus, block, found, &cause);
    item.replaced += replaced;
    if (status == NDUP_STATUS_OK && row->text_replaced > 0 && corpus->options.html_field == NULL) {
        item.replaced -= row->text_replaced;
        status = restore_damage(&item, block, row, &cause);
    }
    item.document.row = row->bytes;
    item.document.table_head = row->columns->head;
    return status == NDUP_STATUS_OK ? visitor->visit(visitor->context, &item, error)
                                    : ndup__found_reject(corpus, block, found, &cause, error);
}

static ndup_status warn(const ndup_corpus *corpus, ndup__block *block, const ndup__found *found,
                        const char *message, ndup_error *error)
{
    ndup_error cause = {0};
    (void)ndup__fail(&cause, NDUP_STATUS_CORRUPT, "%s", message);
    return ndup__block_warn(block, corpus->files[block->file].path, found->line,
                            block->offset + (uint64_t)(found->raw.bytes - block->bytes), &cause,
                            error);
}

static ndup_status scan_row(const ndup_corpus *corpus, ndup__block *block,
                            const ndup__visitor *visitor, ndup_text bytes, uint64_t line,
                            ndup_error *error)
{
    ndup__found found = {.raw = bytes, .line = line};
    table_row row = {.columns = corpus->files[block->file].columns, .bytes = bytes};
    ndup_error cause = {0};
    if (bytes.length > corpus->max_record_bytes) {
        uint64_t offset = block->offset + (uint64_t)(bytes.bytes - block->bytes);
        return ndup__note_too_long(corpus, block, line, offset, error);
    }
    if (!visitor->keeps) {
        ndup__arena_reset(&block->arena);
    }
    ndup_status status = ndup__check_memory(block, 2 * bytes.length, &cause);
    if (status == NDUP_STATUS_OK) {
        status = convert(&block->json, &row, &cause);
    }
    if (row.has_open_quote && row.columns->dialect.delimiter != '\t') {
        ndup_status warned =
            warn(corpus, block, &found,
                 "nothing closes the quote that opens a field: read as a letter", error);
        if (warned != NDUP_STATUS_OK) {
            return warned;
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_take_json(&found, block, visitor, &cause);
    }
    return status == NDUP_STATUS_OK ? visit_row(corpus, block, visitor, &found, &row, error)
                                    : ndup__found_reject(corpus, block, &found, &cause, error);
}

/* Files that were put behind each other have the first row again. */
static bool is_names_row(const ndup__columns *columns, ndup_text row)
{
    size_t mark = ndup__utf8_mark(row.bytes, row.length);
    return row.length - mark == columns->names_row.length &&
           memcmp(row.bytes + mark, columns->names_row.bytes, row.length - mark) == 0;
}

static uint64_t count_lines(const char *at, const char *end, char line_end)
{
    uint64_t count = 0;
    while (at < end && (at = memchr(at, line_end, (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    return count;
}

static ndup_status scan_rows(const ndup_corpus *corpus, ndup__block *block,
                             const ndup__visitor *visitor, const char *at, ndup_error *error)
{
    const ndup__columns *columns = corpus->files[block->file].columns;
    const char *end = block->bytes + block->length;
    ndup_status status = NDUP_STATUS_OK;
    while (at < end && status == NDUP_STATUS_OK) {
        const char *next = ndup__csv_row_end(at, end, true, &columns->dialect);
        ndup_text row = {at, (size_t)(ndup__csv_content_end(at, next, &columns->dialect) - at)};
        if (is_names_row(columns, row)) {
            ndup__found found = {.raw = row, .line = block->lines + 1};
            status = warn(corpus, block, &found, "the first row again: passed over", error);
        } else if (row.length > 0) {
            status = scan_row(corpus, block, visitor, row, block->lines + 1, error);
        }
        block->lines += count_lines(at, next, columns->dialect.line_end);
        at = next;
    }
    return status;
}

/* What is said of the file as a whole. */
static ndup_status scan_head(const ndup_corpus *corpus, ndup__block *block, ndup_error *error)
{
    const ndup__columns *columns = corpus->files[block->file].columns;
    const char *path = corpus->files[block->file].path;
    if (columns->unusable.status != NDUP_STATUS_OK) {
        return ndup__block_note(block, path, 1, 0, (ndup_text){NULL, 0}, &columns->unusable, error);
    }
    return columns->oddity.message[0] != '\0'
               ? ndup__block_warn(block, path, 1, 0, &columns->oddity, error)
               : NDUP_STATUS_OK;
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    const ndup__columns *columns = corpus->files[block->file].columns;
    const char *at = block->bytes;
    ndup_status status = NDUP_STATUS_OK;
    if (columns == NULL) {
        return NDUP_STATUS_OK;
    }
    if (block->offset == 0) {
        status = scan_head(corpus, block, error);
    }
    if (block->length == 0) {
        return status;
    }
    if (block->offset < columns->head.length) {
        size_t left = columns->head.length - block->offset;
        at += left < block->length ? left : block->length;
        block->lines = count_lines(block->bytes, at, columns->dialect.line_end);
    }
    return status == NDUP_STATUS_OK && columns->unusable.status == NDUP_STATUS_OK
               ? scan_rows(corpus, block, visitor, at, error)
               : status;
}

static const char *const csv_suffixes[] = {".csv", NULL};
static const char *const tsv_suffixes[] = {".tsv", ".tab", NULL};

const ndup__format ndup__format_csv = {
    .name = "csv",
    .suffixes = csv_suffixes,
    .streams = true,
    .is_text = true,
    .has_lines = true,
    .is_table = true,
    .cut = cut,
    .find_next = find_next,
    .take = ndup__stream_take,
    .scan = scan,
};

const ndup__format ndup__format_tsv = {
    .name = "tsv",
    .suffixes = tsv_suffixes,
    .streams = true,
    .is_text = true,
    .has_lines = true,
    .is_table = true,
    .cut = cut,
    .find_next = find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
