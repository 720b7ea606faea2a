/* SPDX-License-Identifier: MIT */
/* Telling JSON lines from other text by their first lines. */
#include "corpus/object_lines.h"

#include <string.h>

#include "text/utf8.h"

/* To see past a first line that is damaged. */
#define LINES_LOOKED_AT 20

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

/* Whether the line is an object. A cut line may end inside of it, behind its first quote. */
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
            return skip_space(at, end) == end;
        }
    }
    return is_cut;
}

/* Looks at the first lines, up to `most` of them; blank ones do not count. */
static bool are_objects(const char *bytes, size_t length, size_t most)
{
    const char *at = bytes + ndup__utf8_mark(bytes, length);
    const char *end = bytes + length;
    size_t count = 0;
    while (at < end && count < most) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = stop != NULL ? stop : end;
        if (skip_space(at, line_end) < line_end) {
            if (!is_object(at, line_end, stop == NULL)) {
                return false;
            }
            count++;
        }
        at = stop != NULL ? stop + 1 : end;
    }
    return count > 0;
}

/* Whether the text begins with a brace, and more of its first lines are objects than are not: the
 * first line of JSON lines may be damaged like any other. */
static bool are_mostly_objects(const char *bytes, size_t length)
{
    const char *at = bytes;
    const char *end = bytes + length;
    size_t objects = 0;
    size_t others = 0;
    while (at < end && objects + others < LINES_LOOKED_AT) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = stop != NULL ? stop : end;
        bool holds = skip_space(at, line_end) < line_end;
        bool is_one = holds && is_object(at, line_end, stop == NULL);
        objects += is_one;
        others += holds && !is_one;
        at = line_end + 1;
    }
    return length > 0 && bytes[0] == '{' && objects > others;
}

bool ndup__object_lines_begin(const char *bytes, size_t length)
{
    return are_objects(bytes, length, 1) || are_mostly_objects(bytes, length);
}

bool ndup__object_lines_all(const char *bytes, size_t length)
{
    return are_objects(bytes, length, length);
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
