/* SPDX-License-Identifier: MIT */
/* The format of a table in memory: runs of rows as blocks, rows as documents. A place is the row's
 * number. */
#include "corpus/rows.h"

#include <stdio.h>
#include <string.h>

#include "arrow/print.h"
#include "base/alloc.h"
#include "base/error.h"
#include "corpus/asked_fields.h"
#include "corpus/page.h"

/* Most rows of a block, however short. */
#define ROWS_MOST 8192

/* Rows are taken until they hold a block's bytes, within one batch. stream.offset is the next row.
 */
static ndup_status take(ndup_corpus *corpus, ndup__block *block, bool *more, ndup_error *error)
{
    (void)error;
    ndup__stream_state *state = &corpus->stream;
    const ndup__rows *rows = corpus->rows;
    uint64_t bytes = 0;
    *more = state->offset < rows->count;
    if (!*more) {
        return NDUP_STATUS_OK;
    }
    const ndup__row_batch *batch = ndup__rows_batch(rows, state->offset);
    uint64_t end = batch->first + (uint64_t)batch->array.length;
    block->offset = state->offset;
    while (state->offset < end && bytes < NDUP__BLOCK_BYTES &&
           state->offset - block->offset < ROWS_MOST) {
        bytes += ndup__rows_text_bytes(corpus, batch, state->offset, 1);
        state->offset++;
    }
    block->rows = state->offset - block->offset;
    state->stored += bytes;
    block->stored = corpus->stored_before + state->stored;
    return NDUP_STATUS_OK;
}

/* A row on its way to a document. */
typedef struct table_row {
    const ndup_corpus *corpus;
    ndup__block *block;
    const ndup__row_batch *batch;
    uint64_t number;
} table_row;

/* The first value that a part's columns have. */
static bool find_value(ndup__arrow_cell *cell, const table_row *row, ndup__role role)
{
    const ndup__rows *rows = row->corpus->rows;
    const ndup__fields *fields = &row->corpus->fields;
    for (unsigned i = fields->first[role]; i < fields->first[role] + fields->count[role]; i++) {
        if (rows->paths[i].column != NULL) {
            *cell = ndup__rows_value(rows, row->batch, row->number, &rows->paths[i]);
            if (!ndup__arrow_is_null(*cell)) {
                return true;
            }
        }
    }
    return false;
}

/* The bytes of a part, where they stand, or printed. */
static ndup_status read_part(ndup_text *part, const table_row *row, ndup__role role,
                             ndup_error *error)
{
    char printed[NDUP__ARROW_PRINTED];
    size_t length;
    char *copy = NULL;
    ndup__arrow_cell cell;
    *part = (ndup_text){NULL, 0};
    if (!find_value(&cell, row, role)) {
        return NDUP_STATUS_OK;
    }
    if (ndup__arrow_print(printed, &length, cell) == NDUP__ARROW_AS_BYTES) {
        *part = ndup__arrow_bytes(cell);
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__arena_copy(&row->block->arena, &copy, printed, length, error);
    *part = (ndup_text){copy, length};
    return status;
}

/* Vectors are loaded beyond the end of a text, so it is copied to where that can be done. */
static ndup_status copy_text(ndup_text *text, ndup__block *block, ndup_error *error)
{
    void *room;
    ndup_status status =
        ndup__arena_take(&block->arena, &room, text->length + NDUP__BLOCK_PADDING, error);
    if (status == NDUP_STATUS_OK) {
        if (text->length > 0) {
            memcpy(room, text->bytes, text->length);
        }
        memset((char *)room + text->length, 0, NDUP__BLOCK_PADDING);
        text->bytes = room;
    }
    return status;
}

static ndup_status check_length(const table_row *row, size_t length, ndup_error *error)
{
    return length <= row->corpus->max_record_bytes
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_LIMIT, "a text of more than %llu bytes; row %llu",
                            (unsigned long long)row->corpus->max_record_bytes,
                            (unsigned long long)row->number);
}

/* Before anything is made of the row. */
static ndup_status check_row(const table_row *row, ndup_error *error)
{
    ndup__arrow_cell cell;
    bool is_text = (row->corpus->rows->direct >> NDUP__ROLE_TEXT & 1) != 0 &&
                   find_value(&cell, row, NDUP__ROLE_TEXT);
    return is_text ? check_length(row, ndup__arrow_bytes(cell).length, error) : NDUP_STATUS_OK;
}

static ndup_status read_direct(ndup_document *document, const table_row *row, ndup_error *error)
{
    ndup_text *const parts[NDUP__ROLE_COUNT] = {
        [NDUP__ROLE_TEXT] = &document->text,     [NDUP__ROLE_ID] = &document->id,
        [NDUP__ROLE_SOURCE] = &document->source, [NDUP__ROLE_URL] = &document->url,
        [NDUP__ROLE_DATE] = &document->date,     [NDUP__ROLE_TITLE] = &document->title,
    };
    ndup_status status = NDUP_STATUS_OK;
    for (ndup__role role = 0; role < NDUP__ROLE_COUNT && status == NDUP_STATUS_OK; role++) {
        if ((row->corpus->rows->direct >> role & 1) == 0) {
            continue;
        }
        status = read_part(parts[role], row, role, error);
        if (status == NDUP_STATUS_OK && role == NDUP__ROLE_TEXT) {
            status = copy_text(&document->text, row->block, error);
        }
    }
    return status;
}

/* Puts the record together, where one is wanted or a part is read from it; of the latter only the
 * columns that are read. */
static ndup_status make_record(ndup_text *record, const table_row *row,
                               const ndup__visitor *visitor, ndup_error *error)
{
    const ndup__rows *rows = row->corpus->rows;
    ndup__block *block = row->block;
    ndup__found found = {.line = 0};
    *record = (ndup_text){NULL, 0};
    if (block->texts_only && !rows->reads_records) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__rows_record(&block->json, rows, row->number, block->texts_only, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_take_json(&found, block, visitor, error);
        *record = found.json;
    }
    return status;
}

static ndup_status name_row(ndup_text *id, const table_row *row, ndup_error *error)
{
    char number[24];
    char *copy = NULL;
    int length = snprintf(number, sizeof number, "%llu", (unsigned long long)row->number);
    ndup_status status = ndup__arena_copy(&row->block->arena, &copy, number, (size_t)length, error);
    *id = (ndup_text){copy, (size_t)length};
    return status;
}

static ndup_status read_row(ndup__item *item, ndup__value *extra, const table_row *row,
                            const ndup__visitor *visitor, ndup_error *error)
{
    const ndup_corpus *corpus = row->corpus;
    ndup__block *block = row->block;
    ndup_document *document = &item->document;
    ndup_text record = {NULL, 0};
    ndup_status status = check_row(row, error);
    if (status == NDUP_STATUS_OK) {
        status = make_record(&record, row, visitor, error);
    }
    if (status == NDUP_STATUS_OK && corpus->rows->reads_records) {
        status = ndup__fields_read(document, extra, &item->replaced, &corpus->fields, record.bytes,
                                   record.length, &block->arena, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_direct(document, row, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_length(row, document->text.length, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    block->given |= ndup__fields_given(document);
    document->length = (uint32_t)document->text.length;
    if (corpus->options.html_field != NULL) {
        const ndup__html_hints hints = {.url = document->url, .is_utf8 = true};
        status = ndup__page_read(document, &item->replaced, block, document->text, &hints, error);
    }
    document->record = block->texts_only ? (ndup_text){NULL, 0} : record;
    item->stored = document->record;
    return status == NDUP_STATUS_OK && document->id.length == 0
               ? name_row(&document->id, row, error)
               : status;
}

static ndup_status visit_row(const table_row *row, const ndup__visitor *visitor, ndup_error *error)
{
    const ndup__corpus_file *file = &row->corpus->files[row->block->file];
    ndup__value extra[NDUP__EXTRA_FIELDS] = {{.kind = NDUP__VALUE_ABSENT}};
    ndup__item item = {.place = row->number, .extra = extra};
    ndup_error cause = {0};
    ndup_status status = read_row(&item, extra, row, visitor, &cause);
    item.document.path = file->path;
    item.document.relative = file->relative;
    item.document.offset = row->number;
    if (status == NDUP_STATUS_OK) {
        return visitor->visit(visitor->context, &item, error);
    }
    return ndup__is_system_fault(&cause) ? ndup__fail_as(error, &cause)
                                         : ndup__block_note(row->block, file->path, 0, row->number,
                                                            (ndup_text){NULL, 0}, &cause, error);
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    const ndup__rows *rows = corpus->rows;
    ndup_status status = NDUP_STATUS_OK;
    block->json.most = 0; /* the row is in memory: its record is no more than some times that */
    for (uint64_t i = 0; i < block->rows && status == NDUP_STATUS_OK; i++) {
        uint64_t number = block->offset + i;
        table_row row = {corpus, block, ndup__rows_batch(rows, number), number};
        if (!visitor->keeps) {
            ndup__arena_reset(&block->arena);
        }
        status = visit_row(&row, visitor, error);
    }
    return status;
}

ndup_status ndup__corpus_stored(ndup_text *stored, const ndup_corpus *corpus, ndup__block *block,
                                const ndup__item *item, ndup_error *error)
{
    *stored = item->stored;
    if (corpus->rows == NULL || item->stored.bytes != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__rows_record(&block->json, corpus->rows,
                                           NDUP__PLACE_OFFSET(item->place), false, error);
    *stored = (ndup_text){block->json.bytes, block->json.length};
    return status;
}

static const char *const no_suffixes[] = {NULL};

const ndup__format ndup__format_rows = {
    .name = "rows",
    .suffixes = no_suffixes,
    .is_converted = true,
    .take = take,
    .scan = scan,
};
