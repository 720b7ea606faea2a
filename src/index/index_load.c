/* SPDX-License-Identifier: MIT */
/* Lines of a dump as rows. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/error.h"
#include "base/require.h"
#include "cluster/keep.h"
#include "corpus/record_scan.h"
#include "index/moved_rows.h"

#define TYPE "neardup-index-dump"

/* What is read of a line; parameters follow in the order of ndup__row_parameters. */
enum {
    FIELD_TYPE,
    FIELD_ID,
    FIELD_URL,
    FIELD_SOURCE,
    FIELD_TITLE,
    FIELD_DATE,
    FIELD_BYTES,
    FIELD_TOKENS,
    FIELD_READING,
    FIELD_ADDED,
    FIELD_TEXT_HASH,
    FIELD_CLASS_LOW,
    FIELD_CLASS_HIGH,
    FIELD_SKETCH,
    FIELD_WORDS,
    FIELD_TEXT,
    FIELD_COUNT
};

static const char *const field_names[FIELD_COUNT] = {
    "type",    "id",    "url",       "source",    "title",      "date",   "bytes", "tokens",
    "reading", "added", "text_hash", "class_low", "class_high", "sketch", "words", "text"};

typedef struct loading {
    ndup_index *index;
    ndup__record_scanner *row_scanner;
    ndup__record_scanner *parameter_scanner;
    ndup__moved_row *rows; /* [capacity], of which count are filled */
    size_t count, capacity;
    ndup__arena arena;
} loading;

static ndup_status fail_field(const char *name, const char *expected, ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_CORRUPT, "'%s' must be %s", name, expected);
}

/* A text, or nothing for null. */
static ndup_status take_text(ndup_text *text, const ndup__value *value, const char *name,
                             ndup__arena *arena, ndup_error *error)
{
    void *room;
    uint64_t replaced = 0;
    *text = (ndup_text){"", 0};
    if (value->kind == NDUP__VALUE_ABSENT || value->kind == NDUP__VALUE_NULL) {
        return NDUP_STATUS_OK;
    }
    if (value->kind != NDUP__VALUE_STRING) {
        return fail_field(name, "a string", error);
    }
    ndup_status status = ndup__arena_take(arena, &room, value->length + NDUP__DECODE_SLACK, error);
    if (status == NDUP_STATUS_OK) {
        *text = (ndup_text){room, ndup__value_decode(room, value, &replaced)};
        ndup__arena_trim(arena, room, text->length);
    }
    return status;
}

static ndup_status take_bytes(ndup_text *bytes, const ndup__value *value, const char *name,
                              ndup__arena *arena, ndup_error *error)
{
    void *room;
    ndup_text text;
    size_t length;
    ndup_status status = take_text(&text, value, name, arena, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_take(arena, &room, text.length + 3, error);
    }
    if (status == NDUP_STATUS_OK && !ndup__base64_decode(room, &length, text.bytes, text.length)) {
        status = fail_field(name, "base64", error);
    }
    if (status == NDUP_STATUS_OK) {
        *bytes = (ndup_text){room, length};
        ndup__arena_trim(arena, room, length);
    }
    return status;
}

/* Digits of a base, all of them and no more than 64 bits. */
static ndup_status take_number(uint64_t *number, const ndup__value *value, unsigned base,
                               const char *name, ndup_error *error)
{
    bool is_known = value->kind == (base == 10 ? NDUP__VALUE_NUMBER : NDUP__VALUE_STRING);
    bool is_number = is_known && value->length > 0;
    *number = 0;
    for (size_t i = 0; is_number && i < value->length; i++) {
        char c = value->raw[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                : base;
        is_number = digit < base && *number <= (UINT64_MAX - digit) / base;
        *number = is_number ? *number * base + digit : 0;
    }
    return is_number ? NDUP_STATUS_OK
                     : fail_field(name, base == 10 ? "a whole number" : "16 hex digits", error);
}

static ndup_status take_texts(loading *now, ndup__moved_row *row, const ndup__value *values,
                              ndup_error *error)
{
    ndup__stored_document *document = &row->document;
    ndup_text *const texts[] = {&document->id, &document->url, &document->source, &document->title,
                                &document->date};
    ndup_text *const blobs[] = {&row->sketch.row, &row->sketch.tokens, &row->sketch.text};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == NDUP_STATUS_OK; i++) {
        size_t field = FIELD_ID + i;
        status = take_text(texts[i], &values[field], field_names[field], &now->arena, error);
    }
    for (size_t i = 0; i < sizeof blobs / sizeof *blobs && status == NDUP_STATUS_OK; i++) {
        size_t field = FIELD_SKETCH + i;
        status = take_bytes(blobs[i], &values[field], field_names[field], &now->arena, error);
    }
    return status;
}

static ndup_status take_numbers(ndup__moved_row *row, const ndup__value *values, ndup_error *error)
{
    ndup__stored_document *document = &row->document;
    uint64_t reading = 0;
    uint64_t added = 0;
    uint64_t *const numbers[] = {
        &document->bytes,         &document->tokens,       &reading, &added, &document->text_hash,
        &document->class_hash[0], &document->class_hash[1]};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && status == NDUP_STATUS_OK; i++) {
        size_t field = FIELD_BYTES + i;
        status = take_number(numbers[i], &values[field], field >= FIELD_TEXT_HASH ? 16 : 10,
                             field_names[field], error);
    }
    if (status == NDUP_STATUS_OK && reading > NDUP_READING_DAMAGED) {
        status = fail_field("reading", "0 to 2", error);
    }
    document->reading = (unsigned)reading;
    document->added = (int64_t)(added <= INT64_MAX ? added : INT64_MAX);
    return status;
}

static ndup_status take_row(loading *now, const ndup__value *values, ndup_error *error)
{
    const ndup__index_settings *settings = &now->index->settings;
    bool is_sketches = settings->options.store == NDUP_INDEX_SKETCHES;
    ndup_status status = ndup__reserve(now->index->allocator, &now->rows, &now->capacity,
                                       now->count + 1, sizeof *now->rows, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__moved_row *row = &now->rows[now->count];
    *row = (ndup__moved_row){.document.number = 0};
    status = take_texts(now, row, values, error);
    if (status == NDUP_STATUS_OK) {
        status = take_numbers(row, values, error);
    }
    if (status == NDUP_STATUS_OK && row->document.id.length == 0) {
        status = fail_field("id", "a string that is not empty", error);
    }
    if (status == NDUP_STATUS_OK && row->sketch.row.length != settings->row_bytes) {
        status = fail_field("sketch", "as long as sketches of this index", error);
    }
    if (status == NDUP_STATUS_OK && !is_sketches && row->sketch.tokens.length == 0) {
        status = fail_field("words", "there: this index keeps them", error);
    }
    row->document.is_dated =
        ndup__parse_date(&row->document.time, row->document.date) == NDUP__DATE_READ;
    now->count += status == NDUP_STATUS_OK;
    return status;
}

/* Compares what a dump was made with. */
static ndup_status check_parameters(const loading *now, ndup_text line, ndup_error *error)
{
    ndup__value values[NDUP__ROW_PARAMETERS];
    ndup__row_parameter given[NDUP__ROW_PARAMETERS];
    ndup_status status =
        ndup__record_scan(values, now->parameter_scanner, line.bytes, line.length, error);
    for (size_t i = 0; i < NDUP__ROW_PARAMETERS; i++) {
        size_t length = values[i].kind == NDUP__VALUE_STRING ? values[i].length : 0;
        length = length < sizeof given[i].value ? length : 0;
        memcpy(given[i].value, length > 0 ? values[i].raw : "", length);
        given[i].value[length] = '\0';
    }
    return status == NDUP_STATUS_OK
               ? ndup__row_parameters_check(&now->index->settings, given, error)
               : status;
}

static bool is_blank(ndup_text line)
{
    return line.length == 0 || (line.length == 1 && line.bytes[0] == '\r');
}

static bool is_parameters(const ndup__value *type)
{
    return type->kind == NDUP__VALUE_STRING && type->length == strlen(TYPE) &&
           memcmp(type->raw, TYPE, type->length) == 0;
}

static ndup_status take_line(loading *now, ndup_text line, ndup_error *error)
{
    ndup__value values[FIELD_COUNT];
    if (is_blank(line)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__record_scan(values, now->row_scanner, line.bytes, line.length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return is_parameters(&values[FIELD_TYPE]) ? check_parameters(now, line, error)
                                              : take_row(now, values, error);
}

static ndup_status take_lines(loading *now, const ndup_text *lines, size_t count, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = take_line(now, lines[i], error);
        if (status != NDUP_STATUS_OK && error != NULL) {
            error->line = i + 1;
        }
    }
    return status;
}

static ndup_status make_scanners(loading *now, ndup_error *error)
{
    ndup__row_parameter parameters[NDUP__ROW_PARAMETERS];
    const char *names[NDUP__ROW_PARAMETERS];
    ndup__row_parameters(parameters, &now->index->settings);
    for (size_t i = 0; i < NDUP__ROW_PARAMETERS; i++) {
        names[i] = parameters[i].name;
    }
    ndup_status status = ndup__record_scanner_new(&now->row_scanner, field_names, FIELD_COUNT,
                                                  now->index->allocator, error);
    return status == NDUP_STATUS_OK
               ? ndup__record_scanner_new(&now->parameter_scanner, names, NDUP__ROW_PARAMETERS,
                                          now->index->allocator, error)
               : status;
}

ndup_status ndup_index_load(ndup_index *index, uint64_t *loaded, const ndup_text *lines,
                            size_t count, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "index", index);
    if (status == NDUP_STATUS_OK && count > 0) {
        status = NDUP__REQUIRE(error, "lines", lines);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    loading now = {.index = index, .arena = {.allocator = index->allocator}};
    status = make_scanners(&now, error);
    if (status == NDUP_STATUS_OK) {
        status = take_lines(&now, lines, count, error);
    }
    if (status == NDUP_STATUS_OK && now.count > 0) {
        status = ndup__moved_rows_add(index, now.rows, now.count, error);
    }
    if (loaded != NULL) {
        *loaded = status == NDUP_STATUS_OK ? now.count : 0;
    }
    ndup__record_scanner_free(now.row_scanner);
    ndup__record_scanner_free(now.parameter_scanner);
    ndup__free(index->allocator, &now.rows, now.capacity, sizeof *now.rows);
    ndup__arena_deinit(&now.arena);
    return status;
}
