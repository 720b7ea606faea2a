/* SPDX-License-Identifier: MIT */
/* Rows and fields of delimited text.
 *
 * Where a row ends depends on what follows it only where a quote is open: then what closes it is
 * looked for. All quotes in between are doubled, so no other field can begin an open quote there,
 * and no byte is looked at twice for it. A row alone gives the same fields as in its file: a quote
 * that is a letter there has nothing in its row that closes it. */
#include "corpus/csv.h"

#include <string.h>

/* Lines in quotes that are as many rows. */
#define ROWS_ENOUGH 20
#define ROWS_ENOUGH_BETWEEN_TABS 2

/* Whether the quote has an odd number of backslashes in front of it, down to `begin`. */
static bool is_escaped(const char *begin, const char *quote)
{
    const char *p = quote;
    while (p > begin && p[-1] == '\\') {
        p--;
    }
    return (quote - p) % 2 != 0;
}

/* The quote that closes the field whose first quote is at[0]; NULL if nothing does. */
static const char *find_close(const char *at, const char *end, const ndup__csv_dialect *dialect)
{
    const char *begin = at + 1;
    for (const char *p = begin; p < end;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        if (quote == NULL) {
            return NULL;
        }
        if (dialect->backslash && is_escaped(begin, quote)) {
            p = quote + 1;
            continue;
        }
        if (quote + 1 == end || quote[1] != '"') {
            return quote;
        }
        p = quote + 2;
    }
    return NULL;
}

/* What stands behind a quote that closes a field. */
typedef enum behind { BEHIND_END, BEHIND_TEXT, BEHIND_UNKNOWN } behind;

static behind look_behind(const char *quote, const char *end, bool ended,
                          const ndup__csv_dialect *dialect)
{
    const char *p = quote + 1;
    while (p < end && *p == ' ' && dialect->delimiter != '\t') {
        p++;
    }
    if (p < end && (*p == dialect->delimiter || *p == dialect->line_end)) {
        return BEHIND_END;
    }
    while (p < end && *p == '\r') {
        p++;
    }
    if (p == end) {
        return ended ? BEHIND_END : BEHIND_UNKNOWN;
    }
    return *p == '\n' && p[-1] == '\r' ? BEHIND_END : BEHIND_TEXT;
}

static size_t count(const char *at, const char *end, char byte, size_t most)
{
    size_t found = 0;
    while (at < end && found <= most && (at = memchr(at, byte, (size_t)(end - at))) != NULL) {
        at++;
        found++;
    }
    return found;
}

/* Whether each line of a field, from its first quote to the end of the line that it ends in, has
 * the delimiters of a whole row. `before`: fields in front of it. */
static bool holds_rows(const char *at, const char *last_line_end, size_t before,
                       const ndup__csv_dialect *dialect)
{
    bool has_tabs = dialect->delimiter == '\t';
    size_t enough = has_tabs ? ROWS_ENOUGH_BETWEEN_TABS : ROWS_ENOUGH;
    size_t lines = 0;
    if (dialect->columns < 2) {
        return false;
    }
    while (at < last_line_end) {
        const char *line_end = memchr(at, dialect->line_end, (size_t)(last_line_end - at));
        line_end = line_end != NULL ? line_end : last_line_end;
        size_t delimiters = before + count(at, line_end, dialect->delimiter, dialect->columns);
        if (delimiters != dialect->columns - 1) {
            return false;
        }
        before = 0;
        lines++;
        at = line_end + 1;
    }
    return lines >= enough;
}

typedef enum opening { OPENS, IS_LETTER, NEEDS_MORE } opening;

static bool is_too_long(const char *at, const char *stop, const ndup__csv_dialect *dialect)
{
    size_t length = (size_t)(stop - at);
    return length > NDUP__CSV_BYTES_MOST ||
           (length > NDUP__CSV_LINES_MOST &&
            count(at, stop, dialect->line_end, NDUP__CSV_LINES_MOST) > NDUP__CSV_LINES_MOST);
}

/* Decides over a quote at at[0] whose field runs over the end of its line; *line_end becomes that
 * of the line in which it ends. */
static opening judge(const char **line_end, const char *at, const char *end, size_t before,
                     bool ended, const ndup__csv_dialect *dialect)
{
    const char *quote = find_close(at, end, dialect);
    if (is_too_long(at, quote != NULL ? quote : end, dialect)) {
        return IS_LETTER;
    }
    if (quote == NULL || (quote + 1 == end && !ended)) {
        return ended ? IS_LETTER : NEEDS_MORE;
    }
    behind what = look_behind(quote, end, ended, dialect);
    const char *stop = memchr(quote, dialect->line_end, (size_t)(end - quote));
    if (what == BEHIND_TEXT) {
        return IS_LETTER;
    }
    if (what == BEHIND_UNKNOWN || (stop == NULL && !ended)) {
        return NEEDS_MORE;
    }
    stop = stop != NULL ? stop : end;
    if (holds_rows(at, stop, before, dialect) &&
        memchr(at + 1, '"', (size_t)(quote - at - 1)) == NULL) {
        return IS_LETTER;
    }
    *line_end = stop;
    return OPENS;
}

static const char *skip_blanks(const char *at, const char *end, const ndup__csv_dialect *dialect)
{
    while (dialect->pads && at < end && *at == ' ') {
        at++;
    }
    return at;
}

/* Behind the quote that closes the field at[0..], if there is one in its line and it counts; else
 * `at`. */
static const char *pass_quoted(const char *at, const char *end, const ndup__csv_dialect *dialect)
{
    const char *quote = at < end && *at == '"' ? find_close(at, end, dialect) : NULL;
    bool is_text = quote == NULL || (dialect->delimiter == '\t' &&
                                     look_behind(quote, end, true, dialect) == BEHIND_TEXT);
    return is_text ? at : quote + 1;
}

const char *ndup__csv_row_end(const char *at, const char *end, bool ended,
                              const ndup__csv_dialect *dialect)
{
    const char *line_end = memchr(at, dialect->line_end, (size_t)(end - at));
    if (line_end == NULL) {
        return ended ? end : NULL;
    }
    if (memchr(at, '"', (size_t)(line_end - at)) == NULL) {
        return line_end + 1;
    }
    for (size_t before = 0;; before++) {
        at = skip_blanks(at, line_end, dialect);
        const char *behind_quotes = pass_quoted(at, line_end, dialect);
        if (behind_quotes == at && at < line_end && *at == '"' &&
            find_close(at, line_end, dialect) == NULL) {
            const char *old_end = line_end;
            opening found = judge(&line_end, at, end, before, ended, dialect);
            if (found == NEEDS_MORE) {
                return NULL;
            }
            behind_quotes = found == OPENS ? find_close(old_end, line_end, dialect) : at;
        }
        at = memchr(behind_quotes, dialect->delimiter, (size_t)(line_end - behind_quotes));
        if (at == NULL) {
            return line_end < end ? line_end + 1 : end;
        }
        at++;
    }
}

const char *ndup__csv_content_end(const char *at, const char *row_end,
                                  const ndup__csv_dialect *dialect)
{
    row_end -= row_end > at && row_end[-1] == '\n' && dialect->line_end == '\n';
    while (row_end > at && row_end[-1] == '\r') {
        row_end--;
    }
    return row_end;
}

ndup__csv_field ndup__csv_field_at(const char *at, const char *end,
                                   const ndup__csv_dialect *dialect)
{
    at = skip_blanks(at, end, dialect);
    const char *behind_quotes = pass_quoted(at, end, dialect);
    const char *stop = memchr(behind_quotes, dialect->delimiter, (size_t)(end - behind_quotes));
    return (ndup__csv_field){.begin = at,
                             .end = stop != NULL ? stop : end,
                             .is_quoted = behind_quotes != at,
                             .is_open = behind_quotes == at && at < end && *at == '"'};
}

/* A field's text in the runs that stand in it as they are. */
typedef struct runs {
    const char *at;
    const char *end;
    bool in_quotes;
    bool has_backslashes;
} runs;

static runs begin_runs(const ndup__csv_field *field, const ndup__csv_dialect *dialect)
{
    return (runs){field->begin + field->is_quoted, field->end, field->is_quoted,
                  dialect->backslash};
}

/* The backslash that is an escape, if there is one in front of `stop`. */
static const char *find_escape(const runs *self, const char *stop)
{
    const char *p = self->at;
    while (p < stop && (p = memchr(p, '\\', (size_t)(stop - p))) != NULL) {
        if (p + 1 < self->end && (p[1] == '"' || p[1] == '\\')) {
            return p;
        }
        p++;
    }
    return NULL;
}

static bool next_run(ndup_text *run, runs *self)
{
    const char *at = self->at;
    if (at >= self->end) {
        return false;
    }
    const char *quote = self->in_quotes ? memchr(at, '"', (size_t)(self->end - at)) : NULL;
    const char *stop = quote != NULL ? quote : self->end;
    const char *escape = self->in_quotes && self->has_backslashes ? find_escape(self, stop) : NULL;
    if (escape == at) {
        *run = (ndup_text){at + 1, 1};
        self->at = at + 2;
        return true;
    }
    if (escape != NULL) {
        stop = self->at = escape;
    } else if (quote != NULL && quote + 1 < self->end && quote[1] == '"') {
        stop = quote + 1;
        self->at = quote + 2;
    } else {
        self->at = quote != NULL ? quote + 1 : self->end;
        self->in_quotes = false;
    }
    *run = (ndup_text){at, (size_t)(stop - at)};
    return true;
}

ndup_status ndup__csv_field_escape(ndup__json_line *line, const ndup__csv_field *field,
                                   const ndup__csv_dialect *dialect, ndup_error *error)
{
    runs pieces = begin_runs(field, dialect);
    ndup_status status = NDUP_STATUS_OK;
    ndup_text run;
    while (status == NDUP_STATUS_OK && next_run(&run, &pieces)) {
        status = ndup__json_line_escape(line, run.bytes, run.length, error);
    }
    return status;
}

size_t ndup__csv_field_copy(char *out, const ndup__csv_field *field,
                            const ndup__csv_dialect *dialect)
{
    runs pieces = begin_runs(field, dialect);
    size_t length = 0;
    ndup_text run;
    while (next_run(&run, &pieces)) {
        memcpy(out + length, run.bytes, run.length);
        length += run.length;
    }
    return length;
}
