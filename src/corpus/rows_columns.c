/* SPDX-License-Identifier: MIT */
/* Which columns of a table in memory fill which part of a document. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "corpus/record_path.h"
#include "corpus/rows.h"

/* What can be a part of a document as it is: texts as bytes, others as they are printed. */
static bool is_direct(const ndup__arrow_column *column, ndup__role role)
{
    bool is_date = column->kind == NDUP__ARROW_DATE || column->kind == NDUP__ARROW_TIMESTAMP;
    bool is_number = column->kind == NDUP__ARROW_INT || column->kind == NDUP__ARROW_UINT;
    return ndup__arrow_is_text(column) || column->kind == NDUP__ARROW_NULL ||
           (column->dictionary == NULL && role != NDUP__ROLE_TEXT && (is_date || is_number));
}

/* Structs and moments in time are no texts; numbers are, as they are in records. */
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
    size_t length = (size_t)snprintf(out, room, "%s", rows->column_count > 0 ? "" : "none");
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

/* A column that was asked for by name, or else the text, is not there. */
static ndup_status fail_absent(const ndup__rows *rows, const char *asked, ndup_error *error)
{
    char names[110];
    list_names(names, sizeof names, rows);
    return ndup__fail(error, NDUP_STATUS_NOT_FOUND, "no column '%.50s'; there %s %s",
                      asked != NULL ? asked : "text', 'content' or 'body",
                      rows->column_count == 1 ? "is" : "are", names);
}

/* Notes where paths lead that end at this column or below it. Of two columns of one name the second
 * counts, as of two keys of a record. */
static void follow(ndup__rows *rows, ndup__row_path *path, const ndup__path_node *node)
{
    for (uint32_t left = node->fields; left != 0; left &= left - 1) {
        rows->paths[__builtin_ctz(left)] = *path;
    }
    const ndup__arrow_column *column = path->column;
    for (size_t i = 0; column->kind == NDUP__ARROW_STRUCT && i < column->child_count; i++) {
        const char *name = column->children[i].name;
        const ndup__path_node *below = ndup__path_find(node, name, strlen(name), false);
        if (below != NULL && path->depth < NDUP__ARROW_DEPTH) {
            path->column = &column->children[i];
            path->steps[path->depth++] = i;
            follow(rows, path, below);
            path->depth--;
        }
    }
    path->column = column;
}

static void follow_paths(ndup__rows *rows, const ndup__fields *fields)
{
    memset(rows->paths, 0, sizeof rows->paths);
    for (size_t i = 0; i < rows->column_count; i++) {
        const char *name = rows->columns[i].name;
        const ndup__path_node *node =
            ndup__path_find(&fields->scanner->nodes[0], name, strlen(name), false);
        rows->is_field[i] = node != NULL;
        if (node != NULL) {
            ndup__row_path path = {.column = &rows->columns[i], .steps = {i}, .depth = 1};
            follow(rows, &path, node);
        }
    }
}

static ndup_status check_text(const ndup__arrow_column *column, ndup_error *error)
{
    return can_be_text(column)
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "column '%.60s' is of the type %s, must be strings or lists of them",
                            column->name, ndup__arrow_kind_name(column));
}

/* Whether there are columns for a part of the document, and whether they are it as they are. */
static ndup_status find_role(ndup__rows *rows, const ndup__fields *fields, ndup__role role,
                             const char *asked, ndup_error *error)
{
    bool is_found = false;
    bool is_plain = true;
    ndup_status status = NDUP_STATUS_OK;
    unsigned end = fields->first[role] + fields->count[role];
    for (unsigned i = fields->first[role]; i < end && status == NDUP_STATUS_OK; i++) {
        const ndup__arrow_column *column = rows->paths[i].column;
        if (column != NULL) {
            is_found = true;
            is_plain = is_plain && is_direct(column, role);
            status = role == NDUP__ROLE_TEXT ? check_text(column, error) : status;
        }
    }
    if (!is_found && (role == NDUP__ROLE_TEXT || asked != NULL)) {
        return fail_absent(rows, asked, error);
    }
    rows->direct |= is_plain ? 1u << role : 0;
    rows->reads_records = rows->reads_records || !is_plain;
    return status;
}

ndup_status ndup__rows_find_columns(ndup__rows *rows, const ndup_corpus *corpus, ndup_error *error)
{
    const ndup_corpus_options *options = &corpus->options;
    const char *const asked[NDUP__ROLE_COUNT] = {
        [NDUP__ROLE_TEXT] = options->html_field != NULL ? options->html_field : options->text_field,
        [NDUP__ROLE_ID] = options->id_field,
        [NDUP__ROLE_SOURCE] = options->source_field,
        [NDUP__ROLE_URL] = options->url_field,
        [NDUP__ROLE_DATE] = options->date_field,
        [NDUP__ROLE_TITLE] = options->title_field,
    };
    ndup_status status = NDUP_STATUS_OK;
    follow_paths(rows, &corpus->fields);
    rows->direct = 0;
    rows->reads_records = corpus->fields.extra_count > 0;
    for (ndup__role role = 0; role < NDUP__ROLE_COUNT && status == NDUP_STATUS_OK; role++) {
        status = find_role(rows, &corpus->fields, role, asked[role], error);
    }
    return status;
}
