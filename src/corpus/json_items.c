/* SPDX-License-Identifier: MIT */
/* One pass of the record scanner for each object; what is damaged is closed by its brackets, by the
 * indentation of its lines, or by a record separator. */
#include "corpus/json_items.h"

#include <string.h>

#include "base/error.h"
#include "corpus/record_scan.h"
#include "text/utf8.h"

#define RECORD_SEPARATOR '\x1E'

/* More bytes than the longest word or escape has: damage that is closer to the end may be none when
 * more bytes follow. */
#define NEAR_END 16

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool holds(const char *at, const char *end, char c)
{
    return memchr(at, c, (size_t)(end - at)) != NULL;
}

/* Passes what may stand between objects, but for line ends. */
static const char *skip_on_line(const char *at, const char *end)
{
    for (;;) {
        size_t mark = ndup__utf8_mark(at, (size_t)(end - at));
        if (mark > 0) {
            at += mark;
        } else if (at < end && (is_blank(*at) || *at == '[' || *at == ']' || *at == ',' ||
                                *at == RECORD_SEPARATOR)) {
            at++;
        } else {
            return at;
        }
    }
}

static const char *skip_between(const char *at, const char *end)
{
    at = skip_on_line(at, end);
    while (at < end && *at == '\n') {
        at = skip_on_line(at + 1, end);
    }
    return at;
}

const char *ndup__json_open_pass(ndup__json_open *open, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == '\n' && (open->in_string || open->depth == 0)) {
            return at;
        }
        if (open->in_string) {
            bool closes = *at == '"' && !open->escaped;
            open->escaped = *at == '\\' && !open->escaped;
            open->in_string = !closes;
            if (closes && open->depth == 0) {
                return at + 1;
            }
        } else if (*at == '"') {
            open->in_string = true;
        } else if (*at == '{' || *at == '[') {
            open->depth++;
        } else if (*at == '}' || *at == ']') {
            open->depth -= open->depth > 0;
            if (open->depth == 0) {
                return at + 1;
            }
        }
    }
    return NULL;
}

static size_t indentation(const char *line, const char *end)
{
    const char *at = line;
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    return (size_t)(at - line);
}

/* How far the line of the next object is indented at most: less than the damaged one's members. */
static size_t find_limit(const char *begin, const char *damage, const char *end)
{
    const char *line_end = memchr(begin, '\n', (size_t)(damage - begin));
    if (line_end == NULL) {
        return SIZE_MAX;
    }
    size_t limit = indentation(line_end + 1, end);
    return limit > 0 ? limit : 1;
}

static const char *find_line_end(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != RECORD_SEPARATOR) {
        at++;
    }
    return at;
}

/* The first line that begins with an object, from `line` on, or a record separator in front of it;
 * NULL if more bytes must tell. */
static const char *find_object_line(const char *line, const char *end, size_t limit, bool ended)
{
    while (line < end) {
        const char *at = skip_on_line(line, end);
        const char *stop = find_line_end(line, at);
        stop = stop < at ? stop : find_line_end(at, end);
        if (stop >= at && at < end && *at == '{' && indentation(line, end) < limit) {
            return line;
        }
        if (stop == end || *stop == RECORD_SEPARATOR) {
            return stop < end || ended ? stop : NULL;
        }
        line = stop + 1;
    }
    return ended ? end : NULL;
}

static const char *line_of(const char *begin, const char *at)
{
    while (at > begin && at[-1] != '\n') {
        at--;
    }
    return at;
}

/* Where the object goes on no more that begins at `begin` and is damaged at `damage`; NULL if more
 * bytes must tell. */
static const char *find_damage_end(const char *begin, const char *damage, const char *end,
                                   bool ended)
{
    ndup__json_open open = {0};
    /* Closed in front of the damage: text stands behind the object. */
    bool is_closed = ndup__json_open_pass(&open, begin, damage) != NULL;
    const char *line_end = damage;
    for (; line_end < end && *line_end != '\n' && *line_end != RECORD_SEPARATOR; line_end++) {
        if (!is_closed && ndup__json_open_pass(&open, line_end, line_end + 1) != NULL) {
            return line_end + 1;
        }
    }
    if (line_end == end && !ended) {
        return NULL;
    }
    const char *line = line_of(begin, damage);
    if (line == begin) {
        if (line_end == end || *line_end == RECORD_SEPARATOR) {
            return line_end;
        }
        line = line_end + 1;
    }
    return find_object_line(line, end, find_limit(begin, damage, end), ended);
}

static const char *trim_damage(const char *begin, const char *end)
{
    while (end > begin + 1 && (is_blank(end[-1]) || end[-1] == '\n' || end[-1] == ',')) {
        end--;
    }
    return end;
}

/* Whether an object may end in front of `at`: no text stands behind it on its line. */
static bool may_end(const char *at, const char *end)
{
    return at == end || *at == '\n' || *at == '{' || skip_on_line(at, end) > at;
}

/* Passes the object at `begin`. False if it is damaged; *at is then where. */
static bool pass_object(const char *begin, const char **at, const char **object_end,
                        const char *end)
{
    ndup_error error = {0};
    size_t passed;
    ndup_status status = ndup__record_pass(&passed, begin, (size_t)(end - begin), &error);
    *object_end = begin + passed;
    *at = status == NDUP_STATUS_OK ? *object_end : begin + error.byte;
    while (status == NDUP_STATUS_OK && *at < end && is_blank(**at)) {
        ++*at;
    }
    return status == NDUP_STATUS_OK && may_end(*at, end);
}

/* The object at item->begin; returns where the next item may begin, NULL if more bytes must tell.
 */
static const char *find_object(ndup__json_item *item, const char *end, bool ended)
{
    const char *at;
    bool is_whole = pass_object(item->begin, &at, &item->end, end);
    if (!ended && (is_whole ? at == end : end - at < NEAR_END)) {
        return NULL;
    }
    if (is_whole) {
        item->kind = NDUP__JSON_OBJECT;
        return item->end;
    }
    const char *next = find_damage_end(item->begin, at, end, ended);
    item->kind = NDUP__JSON_DAMAGED;
    item->end = next != NULL ? trim_damage(item->begin, next) : NULL;
    return next;
}

static bool is_scalar(const char *begin, const char *end)
{
    static const char *const words[] = {"null", "true", "false", "NaN", "Infinity", "-Infinity"};
    size_t length = (size_t)(end - begin);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i]) == length && memcmp(words[i], begin, length) == 0) {
            return true;
        }
    }
    for (const char *at = begin; at < end; at++) {
        if ((*at < '0' || *at > '9') &&
            (at == begin ? *at != '-' : memchr("+-.eE", *at, 5) == NULL)) {
            return false;
        }
    }
    return begin < end && end[-1] >= '0' && end[-1] <= '9';
}

static bool ends_word(char c)
{
    return is_blank(c) || c == '\n' || c == ',' || c == ']' || c == '[' || c == '{' || c == '"' ||
           c == RECORD_SEPARATOR;
}

/* What is no object: a value, or the rest of the line. */
static const char *find_other(ndup__json_item *item, const char *end, bool ended)
{
    const char *stop = item->begin;
    item->kind = NDUP__JSON_SCALAR;
    if (*stop == '"') {
        ndup__json_open open = {0};
        stop = ndup__json_open_pass(&open, stop, end);
        item->end = stop;
        bool is_cut = holds(item->begin, stop != NULL ? stop : end, RECORD_SEPARATOR);
        if (stop != NULL && !open.in_string && !is_cut) {
            return stop;
        }
    } else {
        while (stop < end && !ends_word(*stop)) {
            stop++;
        }
        item->end = stop;
        if ((stop < end || ended) && is_scalar(item->begin, stop)) {
            return stop;
        }
    }
    stop = find_line_end(item->begin, end);
    if (stop == end && !ended) {
        return NULL;
    }
    item->kind = NDUP__JSON_DAMAGED;
    item->end = trim_damage(item->begin, stop);
    return stop;
}

bool ndup__json_item_next(ndup__json_item *item, const char **at, const char *end, bool ended)
{
    item->begin = skip_between(*at, end);
    *at = item->begin;
    if (item->begin == end) {
        return false;
    }
    const char *next =
        *item->begin == '{' ? find_object(item, end, ended) : find_other(item, end, ended);
    *at = next != NULL ? next : item->begin;
    return next != NULL;
}

/* The layout of bytes that begin with an object: JSON lines, if it ends with its line or is damaged
 * in it, unless another object follows there. */
static ndup__json_layout find_lines(const char *begin, const char *end, bool ended)
{
    const char *at;
    const char *object_end;
    bool is_whole = pass_object(begin, &at, &object_end, end);
    if (!ended && (is_whole ? at == end : end - at < NEAR_END)) {
        return NDUP__JSON_UNKNOWN;
    }
    if (holds(begin, at, '\n')) {
        return NDUP__JSON_SPREAD;
    }
    ndup__json_item item;
    const char *next = begin;
    if (!ndup__json_item_next(&item, &next, end, ended)) {
        return NDUP__JSON_UNKNOWN;
    }
    if (holds(begin, next, '\n')) {
        return NDUP__JSON_LINES;
    }
    next = skip_on_line(next, end);
    if (next == end) {
        return ended ? NDUP__JSON_LINES : NDUP__JSON_UNKNOWN;
    }
    return *next == '{' ? NDUP__JSON_PACKED : NDUP__JSON_LINES;
}

/* The layout of bytes that begin with an array or a record separator, and go on at `at`. */
static ndup__json_layout find_framed(const char *at, const char *end, bool ended)
{
    ndup__json_item item;
    if (!ndup__json_item_next(&item, &at, end, ended)) {
        return NDUP__JSON_UNKNOWN;
    }
    at = skip_on_line(at, end);
    if (at == end) {
        return ended ? NDUP__JSON_SPREAD : NDUP__JSON_UNKNOWN;
    }
    return *at == '\n' ? NDUP__JSON_SPREAD : NDUP__JSON_PACKED;
}

ndup__json_layout ndup__json_find_layout(const char *bytes, size_t length, bool ended)
{
    const char *end = bytes + length;
    const char *at = skip_between(bytes, end);
    if (at == end) {
        return ended ? NDUP__JSON_LINES : NDUP__JSON_UNKNOWN;
    }
    if (*at == '\xEF' && end - at < 3 && !ended) { /* half a byte order mark */
        return NDUP__JSON_UNKNOWN;
    }
    if (holds(bytes, at, '[') || holds(bytes, at, RECORD_SEPARATOR)) {
        return find_framed(at, end, ended);
    }
    return *at == '{' ? find_lines(at, end, ended) : NDUP__JSON_LINES;
}

/* Behind the string at `at`; `end` if it does not end in the bytes. */
static const char *skip_key(const char *at, const char *end)
{
    ndup__json_open open = {0};
    const char *stop = ndup__json_open_pass(&open, at, end);
    return stop != NULL ? stop : end;
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (is_blank(*at) || *at == '\n')) {
        at++;
    }
    return at;
}

bool ndup__json_recognises(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const char *at = bytes + ndup__utf8_mark(bytes, length);
    at = skip_space(at, end);
    bool is_array = at < end && *at == '[';
    at = skip_space(at + (is_array || (at < end && *at == RECORD_SEPARATOR)), end);
    if (at == end || *at != '{') {
        /* An empty array, and nothing behind it. */
        return is_array && at < end && *at == ']' && skip_space(at + 1, end) == end;
    }
    at = skip_space(at + 1, end);
    if (at < end && *at == '}') {
        at = skip_space(at + 1, end);
        return at == end || *at == '{' || *at == ',' || *at == ']';
    }
    if (at == end) {
        return false;
    }
    at = *at == '"' ? skip_space(skip_key(at, end), end) : NULL;
    return at != NULL && (at == end || *at == ':');
}

bool ndup__json_array_begins(const char *bytes, size_t length)
{
    size_t at = ndup__utf8_mark(bytes, length);
    while (at < length && memchr(" \t\r\n", bytes[at], 4) != NULL) {
        at++;
    }
    return at < length && bytes[at] != '{' && ndup__json_recognises(bytes, length);
}
