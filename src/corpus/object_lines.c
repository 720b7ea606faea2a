/* SPDX-License-Identifier: MIT */
/* Telling JSON lines from other text by their first lines. */
#include "corpus/object_lines.h"

#include <string.h>

#include "text/utf8.h"

/* To see past a first line that is damaged. */
#define LINES_LOOKED_AT 20
/* So many lines of a file that is called a text must be objects for each that is none. */
#define OBJECTS_PER_OTHER 4

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && is_space(*at)) {
        at++;
    }
    return at;
}

/* The byte behind the string whose first quote is at[0], or `end`. */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        at += *at == '\\' && at + 1 < end;
    }
    return at < end ? at + 1 : end;
}

/* Passes "{", a key and its colon; NULL where something else stands, `end` where the line ends. */
static const char *skip_opening(const char *at, const char *end)
{
    static const char wanted[] = "{\":";
    for (int i = 0; i < 3; i++) {
        at = skip_space(at, end);
        if (at == end) {
            return i > 0 ? end : NULL;
        }
        if (*at != wanted[i]) {
            return NULL;
        }
        at = i == 1 ? skip_string(at, end) : at + 1;
    }
    return at;
}

/* Whether the line is an object, with a comma behind it or not. A cut line may end inside of it,
 * behind its first quote. */
static bool is_object(const char *at, const char *end, bool is_cut)
{
    const char *begin = at;
    at = skip_opening(at, end);
    if (at == NULL || (at == end && memchr(begin, '"', (size_t)(end - begin)) == NULL)) {
        return false;
    }
    for (unsigned depth = 1; at < end;) {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
        if (depth == 0) {
            at = skip_space(at, end);
            return skip_space(at < end && *at == ',' ? at + 1 : at, end) == end;
        }
    }
    return is_cut;
}

typedef struct line_counts {
    size_t objects;
    size_t others;
    bool begins; /* the first one is an object */
} line_counts;

/* Looks at the first lines, up to `most` of them; blank ones do not count. */
static line_counts count_lines(const char *bytes, size_t length, size_t most)
{
    const char *end = bytes + length;
    const char *at = bytes + ndup__utf8_mark(bytes, length);
    line_counts counts = {.objects = 0};
    while (at < end && counts.objects + counts.others < most) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = stop != NULL ? stop : end;
        if (skip_space(at, line_end) < line_end) {
            bool is_one = is_object(at, line_end, stop == NULL);
            counts.begins |= is_one && counts.others == 0;
            counts.objects += is_one;
            counts.others += !is_one;
        }
        at = stop != NULL ? stop + 1 : end;
    }
    return counts;
}

/* Of a text that begins with a brace more of the first lines must be objects than are not: the
 * first line of JSON lines may be damaged like any other. */
bool ndup__object_lines_begin(const char *bytes, size_t length)
{
    if (count_lines(bytes, length, 1).begins) {
        return true;
    }
    line_counts first = count_lines(bytes, length, LINES_LOOKED_AT);
    return length > 0 && bytes[0] == '{' && first.objects > first.others;
}

bool ndup__object_lines_fill(const char *bytes, size_t length)
{
    if (!count_lines(bytes, length, 1).begins) {
        return false; /* nearly all texts, without a look at their other lines */
    }
    line_counts counts = count_lines(bytes, length, length);
    return counts.others * OBJECTS_PER_OTHER <= counts.objects;
}

bool ndup__looks_like_json(const char *bytes, size_t length)
{
    char first = '\0';
    for (size_t i = 0; i < length; i++) {
        if (is_space(bytes[i]) || bytes[i] == '\n') {
            continue;
        }
        if (first != '\0') {
            return bytes[i] == (first == '{' ? '"' : '{');
        }
        first = bytes[i];
        if (first != '{' && first != '[') {
            return false;
        }
    }
    return false;
}
