/* SPDX-License-Identifier: MIT */
/* Which columns of a table in memory fill which part of a document. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "corpus/record_path.h"
#include "corpus/rows.h"

/* What can be a part of a document as it is: texts as bytes, others as they are printed. */
static bool is_direct(const ndup__arrow_column *column, ndup__role role)
{
    if (ndup__arrow_is_text(column)) {
        return true;
    }
    bool is_date = column->kind == NDUP__ARROW_DATE || column->kind == NDUP__ARROW_TIMESTAMP;
    bool is_number = column->kind == NDUP__ARROW_INT || column->kind == NDUP__ARROW_UINT;
    return column->kind == NDUP__ARROW_NULL ||
           (column->dictionary == NULL && role != NDUP__ROLE_TEXT && (is_date || is_number));
}

/* What a record cannot give as a text: maps, structs and moments in time are none. */
static bool can_be_text(const ndup__arrow_column *column)
{
    switch (column->kind) {
    case NDUP__ARROW_STRUCT:
    case NDUP__ARROW_DATE:
    case NDUP__ARROW_TIME:
    case NDUP__ARROW_TIMESTAMP:
    case NDUP__ARROW_DURATION:
    case NDUP__ARROW_INTERVAL:
        return false;
    default:
        return true;
    }
}

/* As many names as fit; the rest is counted. */
static void list_names(char *out, size_t room, const ndup__rows *rows)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < rows->column_count; i++) {
        const char *name = rows->columns[i].name;
        if (length + strlen(name) + 24 > room) {
            snprintf(out + length, room - length, "%s%zu more", i > 0 ? " and " : "",
                     rows->column_count - i);
            return;
        }
        length += (size_t)snprintf(out + length, room - length, "%s%s", i > 0 ? ", " : "", name);
    }
}

static ndup_status fail_absent(const ndup__rows *rows, const char *what, ndup_error *error)
{
    char names[120];
    list_names(names, sizeof names, rows);
    return ndup__fail(error, NDUP_STATUS_NOT_FOUND, "no column %.50s; there %s %s", what,
                      rows->column_count == 1 ? "is" : "are",
                      rows->column_count > 0 ? names : "none");
}

/* A column that was asked for by name, and is not there. */
static ndup_status fail_missing(const ndup__rows *rows, const char *name, ndup_error *error)
{
    char what[60];
    snprintf(what, sizeof what, "'%.50s'", name);
    return fail_absent(rows, what, error);
}

/* Where the paths of the fields lead: of two columns of one name to the second, as in records. */
static uint32_t follow_paths(ndup__rows *rows, const ndup__fields *fields)
{
    uint32_t nested = 0;
    for (unsigned i = 0; i < NDUP__RECORD_FIELDS; i++) {
        rows->column_of[i] = NDUP__NO_COLUMN;
    }
    for (size_t i = 0; i < rows->column_count; i++) {
        const char *name = rows->columns[i].name;
        const ndup__path_node *node =
            ndup__path_find(&fields->scanner->nodes[0], name, strlen(name), false);
        rows->is_read[i] = node != NULL && node->below != 0;
        for (uint32_t left = node != NULL ? node->fields : 0; left != 0; left &= left - 1) {
            rows->column_of[__builtin_ctz(left)] = i;
        }
        nested |= node != NULL ? node->below & ~node->fields : 0;
    }
    return nested;
}

/* What is found of one part: whether by columns that are it as they are, and whether at all. */
static ndup_status find_role(ndup__rows *rows, const ndup__fields *fields, ndup__role role,
                             uint32_t nested, bool is_asked, ndup_error *error)
{
    bool is_found = false;
    bool is_plain = true;
    for (unsigned i = fields->first[role]; i < fields->first[role] + fields->count[role]; i++) {
        size_t number = rows->column_of[i];
        bool is_nested = (nested >> i & 1) != 0;
        is_found = is_found || is_nested || number != NDUP__NO_COLUMN;
        is_plain = is_plain && !is_nested;
        if (number == NDUP__NO_COLUMN) {
            continue;
        }
        const ndup__arrow_column *column = &rows->columns[number];
        is_plain = is_plain && is_direct(column, role);
        if (role == NDUP__ROLE_TEXT && !can_be_text(column)) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "column '%.60s' is of the type %s, must be strings or lists of them",
                              column->name, ndup__arrow_kind_name(column));
        }
    }
    if (!is_found && (role == NDUP__ROLE_TEXT || is_asked)) {
        return is_asked ? fail_missing(rows, fields->paths[fields->first[role]], error)
                        : fail_absent(rows, "'text', 'content' or 'body'", error);
    }
    rows->direct |= is_plain ? 1u << role : 0;
    rows->reads_records = rows->reads_records || !is_plain;
    return NDUP_STATUS_OK;
}

ndup_status ndup__rows_find_columns(ndup_corpus *corpus, ndup_error *error)
{
    ndup__rows *rows = corpus->rows;
    const ndup__fields *fields = &corpus->fields;
    const ndup_corpus_options *options = &corpus->options;
    const char *const asked[NDUP__ROLE_COUNT] = {
        [NDUP__ROLE_TEXT] = options->html_field != NULL ? options->html_field : options->text_field,
        [NDUP__ROLE_ID] = options->id_field,
        [NDUP__ROLE_SOURCE] = options->source_field,
        [NDUP__ROLE_URL] = options->url_field,
        [NDUP__ROLE_DATE] = options->date_field,
        [NDUP__ROLE_TITLE] = options->title_field,
    };
    uint32_t nested = follow_paths(rows, fields);
    ndup_status status = NDUP_STATUS_OK;
    rows->direct = 0;
    rows->reads_records = fields->extra_count > 0;
    for (ndup__role role = 0; role < NDUP__ROLE_COUNT && status == NDUP_STATUS_OK; role++) {
        status = find_role(rows, fields, role, nested, asked[role] != NULL, error);
    }
    return status;
}
