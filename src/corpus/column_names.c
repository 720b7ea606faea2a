/* SPDX-License-Identifier: MIT */
/* From the first row of a table to the keys of its records. */
#include "corpus/column_names.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* Tables with more columns keep names that they have twice. */
#define DISTINCT_MOST 4096
/* Bytes of a name that are shown. */
#define SHOWN_BYTES 24

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || (unsigned char)byte == 0xA0;
}

static char to_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

static ndup_text trim(ndup_text name)
{
    while (name.length > 0 && is_blank(name.bytes[0])) {
        name.bytes++;
        name.length--;
    }
    while (name.length > 0 && is_blank(name.bytes[name.length - 1])) {
        name.length--;
    }
    return name;
}

/* Whether the path is one key, and that key is the name; in any case unless `exactly`. */
static bool is_called(ndup_text name, const char *path, bool exactly)
{
    size_t at = 0;
    for (; *path != '\0' && *path != '.'; path++, at++) {
        path += *path == '\\' && path[1] != '\0';
        if (at == name.length ||
            (exactly ? name.bytes[at] != *path : to_lower(name.bytes[at]) != to_lower(*path))) {
            return false;
        }
    }
    return *path == '\0' && at == name.length;
}

bool ndup__column_is_text(const ndup__fields *fields, const ndup__csv_field *field, bool is_first)
{
    const char *begin = field->begin + field->is_quoted;
    size_t length = (size_t)(field->end - begin);
    length -= field->is_quoted && length > 0 && begin[length - 1] == '"';
    ndup_text name = {begin, length};
    if (is_first && length > 0 && begin[0] == '#') {
        name = (ndup_text){begin + 1, length - 1};
    }
    name = trim(name);
    unsigned first = fields->first[NDUP__ROLE_TEXT];
    for (unsigned i = first; i < first + fields->count[NDUP__ROLE_TEXT]; i++) {
        if (is_called(name, fields->paths[i], false)) {
            return true;
        }
    }
    return false;
}

/* The names of the columns, while they are found out. */
typedef struct naming {
    ndup__columns *columns;
    const ndup__fields *fields;
    ndup__arena *arena;
    ndup_text *names; /* [columns->count] */
    char list[75];    /* of them as they stand there, as far as there is room */
} naming;

static ndup_status read_name(ndup_text *name, const naming *self, const ndup__csv_field *field,
                             ndup_error *error)
{
    void *room;
    size_t length = (size_t)(field->end - field->begin);
    ndup_status status = ndup__arena_take(self->arena, &room, length + 1, error);
    if (status == NDUP_STATUS_OK) {
        *name = trim((ndup_text){room, ndup__csv_field_copy(room, field, &self->columns->dialect)});
    }
    return status;
}

static ndup_status read_names(naming *self, ndup_error *error)
{
    ndup__columns *columns = self->columns;
    ndup__csv_dialect dialect = columns->dialect;
    const char *end = columns->names_row.bytes + columns->names_row.length;
    void *names;
    dialect.pads = true;
    columns->count = 0;
    for (const char *at = columns->names_row.bytes; at <= end; columns->count++) {
        at = ndup__csv_field_at(at, end, &dialect).end + 1;
    }
    ndup_status status =
        ndup__arena_take(self->arena, &names, columns->count * sizeof *self->names, error);
    self->names = names;
    const char *at = columns->names_row.bytes;
    for (size_t i = 0; i < columns->count && status == NDUP_STATUS_OK; i++) {
        ndup__csv_field field = ndup__csv_field_at(at, end, &dialect);
        status = read_name(&self->names[i], self, &field, error);
        at = field.end + 1;
    }
    return status;
}

/* A # in front of the first row is no part of its first name. */
static void drop_hash(naming *self)
{
    ndup_text *name = &self->names[0];
    if (name->length > 1 && name->bytes[0] == '#') {
        *name = trim((ndup_text){name->bytes + 1, name->length - 1});
    }
}

/* Gives the column that differs from the path by case only the name that the path has. */
static ndup_status adopt(naming *self, const char *path, ndup_error *error)
{
    size_t near = self->columns->count;
    for (size_t i = self->columns->count; i-- > 0;) {
        if (is_called(self->names[i], path, true)) {
            return NDUP_STATUS_OK;
        }
        near = is_called(self->names[i], path, false) ? i : near;
    }
    if (near == self->columns->count) {
        return NDUP_STATUS_OK;
    }
    char *key;
    size_t length = 0;
    ndup_status status = ndup__arena_copy(self->arena, &key, path, strlen(path), error);
    for (; status == NDUP_STATUS_OK && *path != '\0'; path++) {
        path += *path == '\\' && path[1] != '\0';
        key[length++] = *path;
    }
    self->names[near] = (ndup_text){key, length};
    return status;
}

static size_t find_text(const naming *self, size_t *same)
{
    const ndup__fields *fields = self->fields;
    unsigned first = fields->first[NDUP__ROLE_TEXT];
    for (unsigned i = first; i < first + fields->count[NDUP__ROLE_TEXT]; i++) {
        size_t found = self->columns->count;
        *same = 0;
        for (size_t k = self->columns->count; k-- > 0;) {
            bool is_text = is_called(self->names[k], fields->paths[i], true);
            found = is_text ? k : found;
            *same += is_text;
        }
        if (found < self->columns->count) {
            return found;
        }
    }
    return self->columns->count;
}

/* "ID, Title, Label" as far as there is room. */
static void list_names(naming *self)
{
    char *list = self->list;
    size_t capacity = sizeof self->list;
    size_t used = 0;
    for (size_t i = 0; i < self->columns->count; i++) {
        ndup_text name = self->names[i];
        bool is_long = name.length > SHOWN_BYTES;
        size_t shown = is_long ? SHOWN_BYTES : name.length;
        while (is_long && shown > 0 && ((unsigned char)name.bytes[shown] & 0xC0) == 0x80) {
            shown--;
        }
        const char *before = i > 0 ? ", " : "";
        if (used + shown + sizeof ", ..." + sizeof ", ..." > capacity) {
            snprintf(list + used, capacity - used, "%s...", before);
            return;
        }
        used += (size_t)snprintf(list + used, capacity - used, "%s%.*s%s", before, (int)shown,
                                 name.bytes, is_long ? "..." : "");
    }
}

static void explain(const naming *self, size_t text, size_t same)
{
    ndup__columns *columns = self->columns;
    const ndup__fields *fields = self->fields;
    unsigned first = fields->first[NDUP__ROLE_TEXT];
    if (text < columns->count) {
        if (same > 1) {
            (void)ndup__fail(&columns->oddity, NDUP_STATUS_OK,
                             "%zu columns are called '%.40s': the first is read as the text, the "
                             "others as '%.40s.1' and so on",
                             same, fields->paths[first], fields->paths[first]);
        }
        return;
    }
    if (fields->count[NDUP__ROLE_TEXT] == 1) {
        (void)ndup__fail(&columns->unusable, NDUP_STATUS_NOT_FOUND,
                         "the first row names no column '%.40s'; columns: %s", fields->paths[first],
                         self->list);
        return;
    }
    (void)ndup__fail(&columns->unusable, NDUP_STATUS_NOT_FOUND,
                     "the first row names no column 'text', 'content' or 'body'; columns: %s; name "
                     "one with --text-field or --html-field",
                     self->list);
}

static bool is_same(ndup_text a, ndup_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/* Which of the columns of its name this one is, from 0. */
static size_t count_before(const naming *self, size_t column)
{
    size_t before = 0;
    for (size_t i = 0; i < column && self->columns->count <= DISTINCT_MOST; i++) {
        before += is_same(self->names[i], self->names[column]);
    }
    return before;
}

static ndup_status make_key(ndup_text *key, const naming *self, size_t column,
                            ndup__json_line *line, ndup_error *error)
{
    char number[32] = "";
    char *copy = NULL;
    ndup_text name = self->names[column];
    size_t before = count_before(self, column);
    if (before > 0) {
        snprintf(number, sizeof number, ".%zu", before);
    }
    line->length = 0;
    ndup_status status = ndup__json_line_add(line, "\"", 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_escape(line, name.bytes, name.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, number, strlen(number), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, "\":\"", 3, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(self->arena, &copy, line->bytes, line->length, error);
    }
    *key = (ndup_text){copy, line->length};
    return status;
}

static ndup_status make_keys(naming *self, ndup_error *error)
{
    ndup__json_line line = {.allocator = self->arena->allocator};
    ndup__columns *columns = self->columns;
    void *keys;
    ndup_status status =
        ndup__arena_take(self->arena, &keys, columns->count * sizeof *columns->keys, error);
    columns->keys = keys;
    for (size_t i = 0; i < columns->count && status == NDUP_STATUS_OK; i++) {
        status = make_key(&columns->keys[i], self, i, &line, error);
    }
    ndup__json_line_deinit(&line);
    return status;
}

ndup_status ndup__columns_name(ndup__columns *columns, const ndup__fields *fields,
                               ndup__arena *arena, ndup_error *error)
{
    naming self = {.columns = columns, .fields = fields, .arena = arena};
    size_t same = 0;
    ndup_status status = read_names(&self, error);
    if (status == NDUP_STATUS_OK) {
        list_names(&self);
        drop_hash(&self);
    }
    for (unsigned i = 0; i < fields->path_count && status == NDUP_STATUS_OK; i++) {
        status = adopt(&self, fields->paths[i], error);
    }
    if (status == NDUP_STATUS_OK) {
        columns->text = find_text(&self, &same);
        explain(&self, columns->text, same);
        while (columns->count > columns->text + 1 && self.names[columns->count - 1].length == 0) {
            columns->count--; /* the first row ends with delimiters */
        }
        columns->dialect.columns = columns->count;
        status = make_keys(&self, error);
    }
    return status;
}
