/* SPDX-License-Identifier: MIT */
/* The dialect of a table, told by its beginning. */
#include "corpus/columns.h"

#include <string.h>

#include "base/error.h"
#include "corpus/column_names.h"
#include "text/utf8.h"

/* Where the rows begin, and what is known of how they are written. */
typedef struct beginning {
    const ndup__fields *fields;
    const char *at;
    const char *end;    /* of all bytes */
    const char *sample; /* the end of the sample */
    bool ended;
    bool is_starved; /* what was asked takes more bytes to answer */
    char usual;      /* delimiter */
    char stated;     /* by a line sep=X, else 0 */
    ndup__csv_dialect dialect;
} beginning;

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

static const char *find_line_end(const char *at, const char *end)
{
    while (at < end && !is_line_end(*at)) {
        at++;
    }
    return at;
}

/* Passes `sep=;`, which Excel writes and reads, with or without quotes around it. */
static void pass_stated_delimiter(beginning *self)
{
    const char *at = self->at + (self->at < self->end && *self->at == '"');
    const char *stop = find_line_end(at, self->sample);
    bool states = stop - at >= 5 && (at[0] == 's' || at[0] == 'S') &&
                  (at[1] == 'e' || at[1] == 'E') && (at[2] == 'p' || at[2] == 'P') && at[3] == '=';
    if (states && stop - at - 5 == (at > self->at) && at[4] != '"') {
        self->stated = at[4];
        self->at = stop;
    }
}

/* CR where the first line end outside of quotes is one without a line feed behind it. */
static char tell_line_end(const beginning *self)
{
    bool in_quotes = false;
    for (const char *p = self->at; p < self->sample; p++) {
        in_quotes ^= *p == '"';
        if (!in_quotes && is_line_end(*p)) {
            while (p < self->sample && *p == '\r') {
                p++;
            }
            return p < self->sample && *p == '\n' ? '\n' : p[-1] == '\r' ? '\r' : '\n';
        }
    }
    return '\n';
}

static void pass_line_ends(beginning *self)
{
    while (self->at < self->end && is_line_end(*self->at)) {
        self->at++;
    }
}

/* The end of the first row if the delimiter was this one; NULL if it is not whole. */
static const char *row_end(beginning *self, char delimiter)
{
    ndup__csv_dialect dialect = self->dialect;
    dialect.delimiter = delimiter;
    dialect.pads = true;
    const char *stop = ndup__csv_row_end(self->at, self->end, self->ended, &dialect);
    self->is_starved |= stop == NULL;
    return stop;
}

/* How many columns the delimiter makes; *has_text is whether one of them is the text. */
static size_t try_delimiter(bool *has_text, beginning *self, char delimiter)
{
    const ndup__csv_dialect dialect = {.delimiter = delimiter, .pads = true};
    const char *stop = row_end(self, delimiter);
    *has_text = false;
    if (stop == NULL) {
        return 0;
    }
    stop = ndup__csv_content_end(self->at, stop, &self->dialect);
    size_t count = 0;
    for (const char *at = self->at; at <= stop; count++) {
        ndup__csv_field field = ndup__csv_field_at(at, stop, &dialect);
        *has_text |= ndup__column_is_text(self->fields, &field, count == 0);
        at = field.end + 1;
    }
    return count;
}

static char tell_delimiter(bool *has_text, beginning *self)
{
    const char candidates[] = {self->usual, ',', ';', '\t', '|'};
    char best = self->stated;
    size_t most = 0;
    if (best != '\0') {
        (void)try_delimiter(has_text, self, best);
        return best;
    }
    *has_text = false;
    for (size_t i = 0; i < sizeof candidates; i++) {
        bool has;
        size_t count = try_delimiter(&has, self, candidates[i]);
        if (has > *has_text || (has == *has_text && count > most)) {
            best = candidates[i];
            most = count;
            *has_text = has;
        }
    }
    return best != '\0' ? best : self->usual;
}

/* Lines in front of the first row that begin with # and name no text. */
static void pass_comments(beginning *self)
{
    bool has_text = false;
    while (self->at < self->sample && *self->at == '#' &&
           (tell_delimiter(&has_text, self), !has_text)) {
        const char *stop = find_line_end(self->at, self->sample);
        while (stop < self->sample && is_line_end(*stop)) {
            stop++;
        }
        if (stop == self->sample) {
            return;
        }
        self->at = stop;
    }
}

/* Whether a quote at `p` stands alone where nothing begins or ends. */
static bool is_inside(const char *p, const beginning *self)
{
    const char *next = p + 1;
    return next < self->sample && *next != '"' && *next != self->dialect.delimiter &&
           !is_line_end(*next);
}

static bool tell_backslash(const beginning *self)
{
    size_t escaped = 0;
    size_t doubled = 0;
    const char *p = self->at;
    while ((p = memchr(p, '"', (size_t)(self->sample - p))) != NULL) {
        char before = p > self->at ? p[-1] : '\n';
        bool is_double = p + 1 < self->sample && p[1] == '"';
        escaped += before == '\\' && is_inside(p, self);
        doubled += is_double && before != '\\' && before != self->dialect.delimiter &&
                   !is_line_end(before) && is_inside(p + 1, self);
        p += 1 + is_double;
    }
    return escaped > doubled;
}

static bool tell_blanks_in_rows(const beginning *self)
{
    size_t padded = 0;
    size_t bare = 0;
    const char *p = self->at;
    while ((p = memchr(p, self->dialect.delimiter, (size_t)(self->sample - p))) != NULL) {
        p++;
        const char *behind = p;
        while (behind < self->sample && *behind == ' ') {
            behind++;
        }
        bool is_quote = behind < self->sample && *behind == '"';
        padded += is_quote && behind > p;
        bare += is_quote && behind == p;
    }
    return padded > 0 && bare == 0;
}

static bool tell_blanks(const beginning *self, const char *names_end)
{
    for (const char *at = self->at; at <= names_end;) {
        ndup__csv_field field = ndup__csv_field_at(at, names_end, &self->dialect);
        if (at > self->at && field.end > at && *at == ' ') {
            return true;
        }
        at = field.end + 1;
    }
    return tell_blanks_in_rows(self);
}

/* Goes to the first row, and tells how it is written. */
static void begin(beginning *self)
{
    bool has_text;
    self->at += ndup__utf8_mark(self->at, (size_t)(self->end - self->at));
    pass_stated_delimiter(self);
    pass_line_ends(self);
    self->dialect.line_end = tell_line_end(self);
    pass_comments(self);
    self->dialect.delimiter = tell_delimiter(&has_text, self);
}

/* What the first row, which ends at `stop`, and the sample say. */
static ndup_status make(const ndup__columns **columns, beginning *self, ndup_text head,
                        ndup__arena *arena, ndup_error *error)
{
    void *room;
    char *copy = NULL;
    ndup_status status = ndup__arena_take(arena, &room, sizeof **columns, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(arena, &copy, head.bytes, head.length, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const char *names_end =
        ndup__csv_content_end(self->at, head.bytes + head.length, &self->dialect);
    self->dialect.pads = tell_blanks(self, names_end);
    self->dialect.backslash = tell_backslash(self);
    ndup__columns *made = room;
    *made = (ndup__columns){
        .dialect = self->dialect,
        .head = {copy, head.length},
        .names_row = {copy + (self->at - head.bytes), (size_t)(names_end - self->at)}};
    status = ndup__columns_name(made, self->fields, arena, error);
    *columns = status == NDUP_STATUS_OK ? made : NULL;
    return status;
}

ndup_status ndup__columns_read(const ndup__columns **columns, const ndup__fields *fields,
                               char usual, const char *bytes, size_t length, bool ended,
                               ndup__arena *arena, ndup_error *error)
{
    *columns = NULL;
    if (length < NDUP__COLUMNS_SAMPLE_BYTES && !ended) {
        return NDUP_STATUS_OK;
    }
    size_t sampled = length < NDUP__COLUMNS_SAMPLE_BYTES ? length : NDUP__COLUMNS_SAMPLE_BYTES;
    beginning self = {.fields = fields,
                      .at = bytes,
                      .end = bytes + length,
                      .sample = bytes + sampled,
                      .ended = ended,
                      .usual = usual};
    begin(&self);
    const char *stop = row_end(&self, self.dialect.delimiter);
    if (self.is_starved || self.at == self.end) {
        return NDUP_STATUS_OK;
    }
    return make(columns, &self, (ndup_text){bytes, (size_t)(stop - bytes)}, arena, error);
}
