/* SPDX-License-Identifier: MIT */
/* Rows and fields of delimited text. */
#include "corpus/csv.h"

#include <string.h>

/* Behind the quote that closes the field, which begins with one; NULL if nothing closes it. */
static const char *quoted_end(const char *at, const char *end)
{
    for (const char *p = at + 1; p < end;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        if (quote == NULL) {
            return NULL;
        }
        if (quote + 1 == end || quote[1] != '"') {
            return quote + 1;
        }
        p = quote + 2;
    }
    return NULL;
}

static bool is_line_end(const char *at, const char *end)
{
    return *at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n');
}

const char *ndup__csv_field_end(bool *is_open, const char *at, const char *end, char delimiter)
{
    *is_open = false;
    if (at < end && *at == '"') {
        at = quoted_end(at, end);
        *is_open = at == NULL;
        if (at == NULL) {
            return end;
        }
    }
    while (at < end && *at != delimiter && !is_line_end(at, end)) {
        at++;
    }
    /* A lone CR at the very end is what is left of a line end. */
    return at;
}

const char *ndup__csv_row_end(const char *at, const char *end, char delimiter)
{
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    if (line_end == NULL || memchr(at, '"', (size_t)(line_end - at)) == NULL) {
        return line_end != NULL ? line_end + 1 : NULL;
    }
    for (;;) {
        bool is_open;
        at = ndup__csv_field_end(&is_open, at, end, delimiter);
        if (at == end) {
            return NULL;
        }
        if (*at != delimiter) {
            return *at == '\n' ? at + 1 : at + 2;
        }
        at++;
    }
}

ndup_status ndup__csv_field_escape(ndup__json_line *line, const char *at, size_t length,
                                   ndup_error *error)
{
    const char *end = at + length;
    ndup_status status = NDUP_STATUS_OK;
    bool is_quoted = at < end && *at == '"';
    at += is_quoted;
    while (is_quoted && status == NDUP_STATUS_OK) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        if (quote == NULL) {
            break;
        }
        is_quoted = quote + 1 < end && quote[1] == '"';
        status = ndup__json_line_escape(line, at, (size_t)(quote - at) + is_quoted, error);
        at = quote + 1 + is_quoted;
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_escape(line, at, (size_t)(end - at), error)
                                    : status;
}
