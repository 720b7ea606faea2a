/* SPDX-License-Identifier: MIT */
/* Finding the records of a web archive and their header fields, in whatever state the archive is.
 */
#include "corpus/warc.h"

#include <string.h>
#include <strings.h>

/* Longer headers are garbage. */
#define HEADER_MOST ((size_t)64 << 10)
/* "WARC/" and a digit. */
#define START_BYTES 6

static bool is_start(const char *at, const char *end)
{
    return end - at >= START_BYTES && memcmp(at, "WARC/", 5) == 0 && at[5] >= '0' && at[5] <= '9';
}

size_t ndup__warc_find(const char *bytes, size_t length, size_t from)
{
    const char *end = bytes + length;
    const char *at = bytes + from;
    while (at < end && (at = memchr(at, 'W', (size_t)(end - at))) != NULL) {
        if (at > bytes && at[-1] == '\n' && is_start(at, end)) {
            return (size_t)(at - bytes);
        }
        at++;
    }
    return length;
}

static ndup_text trim(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    while (end > at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) {
        end--;
    }
    return (ndup_text){at, (size_t)(end - at)};
}

static bool is_name(const char *at, size_t length, const char *name)
{
    return length == strlen(name) && strncasecmp(at, name, length) == 0;
}

/* Decimal digits and nothing else; false for what does not fit as well. */
static bool read_count(uint64_t *count, ndup_text text)
{
    *count = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || *count > UINT64_MAX / 100) {
            return false;
        }
        *count = 10 * *count + (uint64_t)(text.bytes[i] - '0');
    }
    return text.length > 0;
}

/* A header being read. */
typedef struct header_fields {
    ndup__warc_record *record;
    bool has_length;
    uint64_t length; /* Content-Length */
} header_fields;

static void set_field(header_fields *header, const char *name, size_t name_length, ndup_text value)
{
    ndup__warc_record *record = header->record;
    const struct {
        const char *name;
        ndup_text *value;
    } fields[] = {{"WARC-Type", &record->type},
                  {"WARC-Record-ID", &record->id},
                  {"WARC-Target-URI", &record->url},
                  {"WARC-Date", &record->date},
                  {"WARC-Payload-Digest", &record->digest},
                  {"Content-Type", &record->content_type},
                  {"WARC-Identified-Content-Language", &record->language}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (is_name(name, name_length, fields[i].name)) {
            *fields[i].value = value;
            return;
        }
    }
    if (is_name(name, name_length, "WARC-Block-Digest") && record->digest.length == 0) {
        record->digest = value;
    } else if (is_name(name, name_length, "WARC-Truncated")) {
        record->was_truncated = true;
    } else if (is_name(name, name_length, "Content-Length")) {
        header->has_length = read_count(&header->length, value);
    }
}

static void strip_brackets(ndup_text *text)
{
    if (text->length >= 2 && text->bytes[0] == '<' && text->bytes[text->length - 1] == '>') {
        text->bytes++;
        text->length -= 2;
    }
}

/* Reads the header's lines from `at` on. RECORD: *stop is where the body begins. GARBAGE: it is
 * none, as is known at *stop. PARTIAL: its end is not there. */
static ndup__warc_kind read_header(header_fields *header, size_t *stop, const char *at,
                                   const char *end)
{
    const char *first = at;
    const char *most = (size_t)(end - at) > HEADER_MOST ? at + HEADER_MOST : end;
    for (;;) {
        const char *line_end = memchr(at, '\n', (size_t)(most - at));
        *stop = (size_t)(at - first);
        if (line_end == NULL) {
            return most < end ? NDUP__WARC_GARBAGE : NDUP__WARC_PARTIAL;
        }
        ndup_text line = trim(at, line_end);
        const char *colon = memchr(at, ':', (size_t)(line_end - at));
        bool is_first = at == first;
        bool is_folded = *at == ' ' || *at == '\t';
        if (line.length == 0) {
            *stop = (size_t)(line_end + 1 - first);
            strip_brackets(&header->record->id);
            strip_brackets(&header->record->url); /* as some old versions of wget wrote it */
            return NDUP__WARC_RECORD;
        }
        if (!is_first && (is_start(at, end) || (colon == NULL && !is_folded))) {
            return NDUP__WARC_GARBAGE;
        }
        if (!is_first && !is_folded) {
            set_field(header, at, (size_t)(colon - at), trim(colon + 1, line_end));
        }
        at = line_end + 1;
    }
}

static size_t skip_line_ends(const char *bytes, size_t length, size_t at)
{
    while (at < length && (bytes[at] == '\r' || bytes[at] == '\n')) {
        at++;
    }
    return at;
}

static ndup__warc_kind find_garbage_end(ndup__warc_record *record, const char *bytes, size_t length,
                                        size_t from)
{
    record->next = ndup__warc_find(bytes, length, from > record->begin ? from : record->begin + 1);
    record->end = record->next;
    return NDUP__WARC_GARBAGE;
}

/* The body ends where the next record begins, in front of the line ends. */
static ndup__warc_kind end_at(ndup__warc_record *record, const char *bytes, size_t body,
                              size_t next)
{
    size_t end = next;
    while (end > body && (bytes[end - 1] == '\r' || bytes[end - 1] == '\n')) {
        end--;
    }
    record->end = end;
    record->next = next;
    record->wrong_length = true;
    record->body.length = end - body;
    return NDUP__WARC_RECORD;
}

typedef enum belief { BELIEVED, REFUTED, UNDECIDED } belief;

/* Whether a body ends at `expected`: an empty line, a record or the end must follow. */
static belief check_end(size_t *next, const char *bytes, size_t length, size_t expected, bool ended)
{
    size_t at = skip_line_ends(bytes, length, expected);
    size_t gap = at - expected;
    *next = at;
    if ((gap >= 4 && memcmp(bytes + expected, "\r\n\r\n", 4) == 0) ||
        (gap >= 2 && memcmp(bytes + expected, "\n\n", 2) == 0)) {
        return BELIEVED;
    }
    if (length - at < START_BYTES && !ended) {
        return UNDECIDED;
    }
    return at == length || is_start(bytes + at, bytes + length) ? BELIEVED : REFUTED;
}

static ndup__warc_kind find_end(ndup__warc_record *record, const header_fields *header,
                                const char *bytes, size_t length, size_t body, bool ended)
{
    bool is_there = header->has_length && header->length <= length - body;
    size_t expected = is_there ? body + (size_t)header->length : length;
    record->body = (ndup_text){bytes + body, expected - body};
    if (record->claimed > NDUP__WARC_LARGE_BYTES) {
        size_t inner = ndup__warc_find(bytes, expected, body);
        if (inner < expected) {
            return end_at(record, bytes, body, inner);
        }
    }
    if (is_there) {
        belief found = check_end(&record->next, bytes, length, expected, ended);
        record->end = expected;
        if (found != REFUTED) {
            return found == BELIEVED ? NDUP__WARC_RECORD : NDUP__WARC_PARTIAL;
        }
    } else if (header->has_length && !ended) {
        return NDUP__WARC_PARTIAL;
    }
    size_t next = ndup__warc_find(bytes, length, body);
    return next == length && !ended ? NDUP__WARC_PARTIAL : end_at(record, bytes, body, next);
}

ndup__warc_kind ndup__warc_next(ndup__warc_record *record, const char *bytes, size_t length,
                                size_t at, bool ended)
{
    size_t begin = skip_line_ends(bytes, length, at);
    size_t stop;
    *record = (ndup__warc_record){.begin = begin, .end = begin, .next = begin};
    if (begin == length) {
        return NDUP__WARC_END;
    }
    if (!is_start(bytes + begin, bytes + length)) {
        return length - begin < START_BYTES && !ended
                   ? NDUP__WARC_PARTIAL
                   : find_garbage_end(record, bytes, length, begin);
    }
    header_fields header = {.record = record};
    ndup__warc_kind kind = read_header(&header, &stop, bytes + begin, bytes + length);
    if (kind == NDUP__WARC_PARTIAL && !ended) {
        return kind;
    }
    if (kind != NDUP__WARC_RECORD) {
        return find_garbage_end(record, bytes, length, begin + stop);
    }
    record->claimed = header.has_length ? stop + header.length : 0;
    return find_end(record, &header, bytes, length, begin + stop, ended);
}
