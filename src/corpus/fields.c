/* SPDX-License-Identifier: MIT */
/* The customary field names, and decoding the ones that a record has. */
#include "corpus/fields.h"

#include <string.h>

#include "base/error.h"
#include "corpus/json_list.h"

/* What each role is looked up as when the caller names no field, best first. */
#define NAMES_MAX 3
static const struct {
    const char *role;
    const char *names[NAMES_MAX];
} customary[NDUP__ROLE_COUNT] = {
    [NDUP__ROLE_TEXT] = {"text", {"text", "content", "body"}},
    [NDUP__ROLE_ID] = {"id", {"id", "_id", "doc_id"}},
    [NDUP__ROLE_SOURCE] = {"source", {"source", "site", "domain"}},
    [NDUP__ROLE_URL] = {"url", {"url", "link"}},
    [NDUP__ROLE_DATE] = {"date", {"date", "published", "timestamp"}},
    [NDUP__ROLE_TITLE] = {"title", {"title", "headline"}},
};

static const char *chosen_path(const ndup_corpus_options *options, ndup__role role)
{
    switch (role) {
    case NDUP__ROLE_TEXT:
        return options->html_field != NULL ? options->html_field : options->text_field;
    case NDUP__ROLE_ID:
        return options->id_field;
    case NDUP__ROLE_SOURCE:
        return options->source_field;
    case NDUP__ROLE_URL:
        return options->url_field;
    case NDUP__ROLE_DATE:
        return options->date_field;
    case NDUP__ROLE_TITLE:
        return options->title_field;
    case NDUP__ROLE_COUNT:
        break;
    }
    return NULL;
}

static void add_role(ndup__fields *fields, ndup__role role, const char *chosen)
{
    fields->first[role] = fields->path_count;
    if (chosen != NULL) {
        fields->paths[fields->path_count++] = chosen;
    }
    for (unsigned i = 0; chosen == NULL && i < NAMES_MAX && customary[role].names[i] != NULL; i++) {
        fields->paths[fields->path_count++] = customary[role].names[i];
    }
    fields->count[role] = fields->path_count - fields->first[role];
}

ndup_status ndup__fields_init(ndup__fields *fields, const ndup_corpus_options *options,
                              const char *const *extra, unsigned extra_count,
                              const ndup_allocator *allocator, ndup_error *error)
{
    *fields = (ndup__fields){.is_page = options->html_field != NULL};
    if (options->html_field != NULL && options->text_field != NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "text field '%.60s' and HTML field '%.60s': give one of them",
                          options->text_field, options->html_field);
    }
    if (extra_count > NDUP__EXTRA_FIELDS) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%u fields in the keep policy, must be at most %d", extra_count,
                          NDUP__EXTRA_FIELDS);
    }
    for (ndup__role role = 0; role < NDUP__ROLE_COUNT; role++) {
        add_role(fields, role, chosen_path(options, role));
    }
    fields->extra_first = fields->path_count;
    fields->extra_count = extra_count;
    for (unsigned i = 0; i < extra_count; i++) {
        fields->paths[fields->path_count++] = extra[i];
    }
    return ndup__record_scanner_new(&fields->scanner, fields->paths, fields->path_count, allocator,
                                    error);
}

void ndup__fields_deinit(ndup__fields *fields)
{
    ndup__record_scanner_free(fields->scanner);
    fields->scanner = NULL;
}

static ndup_status decode(ndup_text *part, uint64_t *replaced, const ndup__value *value,
                          ndup__arena *arena, ndup_error *error)
{
    if (!value->escaped) {
        *part = (ndup_text){value->raw, value->length};
        *replaced += value->replaced;
        return NDUP_STATUS_OK;
    }
    void *block;
    ndup_status status = ndup__arena_take(arena, &block, value->length + NDUP__DECODE_SLACK, error);
    if (status == NDUP_STATUS_OK) {
        size_t length = ndup__value_decode(block, value, replaced);
        ndup__arena_trim(arena, block, length);
        *part = (ndup_text){block, length};
    }
    return status;
}

enum { KEYS_SHOWN = 76 };

/* No field can be the text: names those that are there, and the option that names the right one. */
static ndup_status fail_absent(const ndup__fields *fields, ndup_text record, ndup_error *error)
{
    unsigned first = fields->first[NDUP__ROLE_TEXT];
    bool is_chosen = fields->count[NDUP__ROLE_TEXT] == 1;
    char keys[KEYS_SHOWN];
    ndup__json_name_keys(keys, sizeof keys, record.bytes, record.length);
    return ndup__fail(
        error, NDUP_STATUS_NOT_FOUND, "no field '%.40s%s; %s%s; %s names the one with the %s",
        is_chosen ? fields->paths[first] : "text", is_chosen ? "'" : "', 'content' or 'body'",
        keys[0] != '\0' ? "there are " : "the record is empty", keys,
        fields->is_page ? "--html-field" : "--text-field", fields->is_page ? "page" : "text");
}

static ndup_status fail_no_text(const ndup__fields *fields, const ndup__value *values,
                                ndup_text record, ndup_error *error)
{
    unsigned first = fields->first[NDUP__ROLE_TEXT];
    unsigned count = fields->count[NDUP__ROLE_TEXT];
    for (unsigned i = first; i < first + count; i++) {
        const ndup__value *value = &values[i];
        if (value->kind == NDUP__VALUE_NOT_FINITE) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "field '%.80s' is %.*s, must be a string or a list of strings",
                              fields->paths[i], (int)value->length, value->raw);
        }
        if (value->kind != NDUP__VALUE_ABSENT) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "field '%.80s' is %s, must be a string or a list of strings",
                              fields->paths[i], ndup__json_kind_text(value->kind));
        }
    }
    return fail_absent(fields, record, error);
}

/* The first of the role's paths that has a usable value; numbers are usable as they stand. */
static const ndup__value *find_value(const ndup__fields *fields, const ndup__value *values,
                                     ndup__role role)
{
    for (unsigned i = fields->first[role]; i < fields->first[role] + fields->count[role]; i++) {
        if (values[i].kind == NDUP__VALUE_STRING || values[i].kind == NDUP__VALUE_NUMBER) {
            return &values[i];
        }
    }
    return NULL;
}

/* How well a value serves as the text; 0 = not at all. */
static unsigned text_rank(ndup__value_kind kind)
{
    switch (kind) {
    case NDUP__VALUE_STRING:
        return 3;
    case NDUP__VALUE_ARRAY:
        return 2;
    case NDUP__VALUE_NULL:
    case NDUP__VALUE_NUMBER:
    case NDUP__VALUE_TRUE:
    case NDUP__VALUE_FALSE:
        return 1;
    default:
        return 0;
    }
}

/* The field that serves best as the text, the first among equals; NULL if none does. */
static const ndup__value *find_text(const ndup__fields *fields, const ndup__value *values)
{
    const ndup__value *best = NULL;
    unsigned first = fields->first[NDUP__ROLE_TEXT];
    for (unsigned i = first; i < first + fields->count[NDUP__ROLE_TEXT]; i++) {
        if (text_rank(values[i].kind) > (best != NULL ? text_rank(best->kind) : 0)) {
            best = &values[i];
        }
    }
    return best;
}

/* The text that the value stands for. */
static ndup_status take_text(ndup_text *text, uint64_t *replaced, const ndup__fields *fields,
                             const ndup__value *values, ndup_text record, ndup__arena *arena,
                             ndup_error *error)
{
    const ndup__value *value = find_text(fields, values);
    if (value == NULL) {
        return fail_no_text(fields, values, record, error);
    }
    switch (value->kind) {
    case NDUP__VALUE_STRING:
        return decode(text, replaced, value, arena, error);
    case NDUP__VALUE_ARRAY:
        return ndup__json_list_join(text, replaced, value, fields->paths[value - values], arena,
                                    error);
    default: /* null is the empty text, all else is as it is spelt */
        *text = (ndup_text){value->raw, value->kind == NDUP__VALUE_NULL ? 0 : value->length};
        return NDUP_STATUS_OK;
    }
}

ndup_status ndup__fields_find_text(ndup__value *text, const ndup__fields *fields, const char *line,
                                   size_t length, ndup_error *error)
{
    ndup__value values[NDUP__RECORD_FIELDS];
    ndup_status status = ndup__record_scan(values, fields->scanner, line, length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup__value *value = find_text(fields, values);
    if (value == NULL) {
        return fail_no_text(fields, values, (ndup_text){line, length}, error);
    }
    *text = *value;
    return NDUP_STATUS_OK;
}

/* The text is nearly all of most records: it is decoded while it is passed. */
static ndup_status scan_and_decode(ndup__value *values, const ndup__fields *fields,
                                   const char *line, size_t length, ndup__arena *arena,
                                   ndup_error *error)
{
    void *room;
    ndup_status status = ndup__arena_take(arena, &room, length + NDUP__DECODE_SLACK, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t texts = ((uint32_t)1 << fields->count[NDUP__ROLE_TEXT]) - 1;
    ndup__decoding decoding = {.fields = texts << fields->first[NDUP__ROLE_TEXT], .room = room};
    status = ndup__record_scan_decoding(values, fields->scanner, line, length, &decoding, error);
    ndup__arena_trim(arena, room, decoding.used);
    return status;
}

ndup_status ndup__fields_read(ndup_document *document, ndup__value *extra, uint64_t *replaced,
                              const ndup__fields *fields, const char *line, size_t length,
                              ndup__arena *arena, ndup_error *error)
{
    ndup__value values[NDUP__RECORD_FIELDS];
    *document = (ndup_document){.record = {line, length}};
    *replaced = 0;
    ndup_status status = scan_and_decode(values, fields, line, length, arena, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_text *const parts[NDUP__ROLE_COUNT] = {
        [NDUP__ROLE_TEXT] = NULL,
        [NDUP__ROLE_ID] = &document->id,
        [NDUP__ROLE_SOURCE] = &document->source,
        [NDUP__ROLE_URL] = &document->url,
        [NDUP__ROLE_DATE] = &document->date,
        [NDUP__ROLE_TITLE] = &document->title,
    };
    status = take_text(&document->text, replaced, fields, values, document->record, arena, error);
    for (ndup__role role = 0; role < NDUP__ROLE_COUNT && status == NDUP_STATUS_OK; role++) {
        const ndup__value *value =
            role != NDUP__ROLE_TEXT ? find_value(fields, values, role) : NULL;
        if (value != NULL) {
            status = decode(parts[role], replaced, value, arena, error);
        }
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (unsigned i = 0; i < fields->extra_count; i++) {
        extra[i] = values[fields->extra_first + i];
    }
    return NDUP_STATUS_OK;
}
