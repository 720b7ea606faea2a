/* SPDX-License-Identifier: MIT */
/* Labels come tab-separated, and as spreadsheets write them. */
#include "eval/gold_lines.h"

#include <stdint.h>
#include <string.h>

#include "text/spreadsheet.h"

char ndup__gold_delimiter(const char *bytes, size_t length)
{
    for (const char *delimiter = "\t,;"; *delimiter != '\0'; delimiter++) {
        if (length > 0 && memchr(bytes, *delimiter, length) != NULL) {
            return *delimiter;
        }
    }
    return '\t';
}

/* The end of a field in quotes, behind the closing one, if it is wholly in quotes; else NULL. */
static char *end_of_quoted(char *at, const char *end, char delimiter)
{
    if (at == end || *at != '"') {
        return NULL;
    }
    for (at++; at < end; at++) {
        if (*at == '"' && at + 1 < end && at[1] == '"') {
            at++;
        } else if (*at == '"') {
            return at + 1 == end || at[1] == delimiter ? at + 1 : NULL;
        }
    }
    return NULL;
}

/* Takes the quotes of "field" off and halves those in it; returns what is left in front of `to`. */
static char *unquote(char *field, const char *end)
{
    char *to = field;
    for (const char *at = field + 1; at < end - 1; at++) {
        *to++ = *at;
        at += *at == '"';
    }
    return to;
}

/* The character of "\u00XX", of which four digits are left; -1 if it is another. */
static int read_code(const char *digits, const char *end)
{
    int code = 0;
    if (end - digits < 4 || memcmp(digits, "00", 2) != 0) {
        return -1;
    }
    for (int i = 2; i < 4; i++) {
        const char *found = memchr("0123456789abcdef", digits[i] | 0x20, 16);
        if (digits[i] == '\0' || found == NULL) {
            return -1;
        }
        code = code * 16 + (int)(found - "0123456789abcdef");
    }
    return code < 0x20 ? code : -1;
}

/* The character that an escape stands for, with *at on the byte behind the backslash, and moved to
 * its last; -1 if it is none of ours. */
static int read_escape(const char **at, const char *end)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (*at < end && **at == 'u') {
        int code = read_code(*at + 1, end);
        *at += code >= 0 ? 4 : 0;
        return code;
    }
    const char *found = *at < end ? memchr(names, **at, sizeof names - 1) : NULL;
    return found != NULL ? meanings[found - names] : -1;
}

/* Decodes the inside of a JSON string to `to` (NULL: nowhere), which may be where it stands.
 * Returns the length, or SIZE_MAX if it is no such string; *is_needed says whether it had to be
 * one. */
static size_t decode(char *to, const char *inside, const char *end, bool *is_needed)
{
    size_t length = 0;
    *is_needed = false;
    for (const char *at = inside; at < end; at++) {
        int c = (unsigned char)*at;
        if (c == '\\') {
            at++;
            c = read_escape(&at, end);
        } else if (c == '"') {
            c = -1;
        }
        if (c < 0) {
            return SIZE_MAX;
        }
        *is_needed |= c < 0x20 || (c == '"' && length == 0);
        if (to != NULL) {
            to[length] = (char)c;
        }
        length++;
    }
    return length;
}

/* An id as it was before it was written to a line. */
static ndup_text plain(char *bytes, const char *end)
{
    size_t length = (size_t)(end - bytes);
    bool is_needed = false;
    if (length > 1 && bytes[0] == '\'' && ndup__spreadsheet_runs((ndup_text){bytes, length})) {
        return (ndup_text){bytes + 1, length - 1};
    }
    if (length > 1 && bytes[0] == '"' && end[-1] == '"' &&
        decode(NULL, bytes + 1, end - 1, &is_needed) != SIZE_MAX && is_needed) {
        return (ndup_text){bytes, decode(bytes, bytes + 1, end - 1, &is_needed)};
    }
    return (ndup_text){bytes, length};
}

size_t ndup__gold_cut(ndup_text *columns, char *line, size_t length, char delimiter)
{
    size_t count = 0;
    char *end = line + length;
    if (length > 0 && end[-1] == '\r') {
        end--;
    }
    while (count < NDUP__GOLD_COLUMNS) {
        char *stop = end_of_quoted(line, end, delimiter);
        bool is_quoted = stop != NULL;
        if (!is_quoted) {
            stop = memchr(line, delimiter, (size_t)(end - line));
            stop = stop != NULL ? stop : end;
        }
        bool is_last = stop == end;
        columns[count++] = plain(line, is_quoted ? unquote(line, stop) : stop);
        if (is_last) {
            break;
        }
        line = stop + 1;
    }
    return count;
}

static bool is_word_byte(char c)
{
    char lower = (char)(c | 32);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

bool ndup__gold_is_named(ndup_text column, const char *word)
{
    size_t length = strlen(word);
    if (column.length < length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if ((column.bytes[i] | 32) != word[i]) {
            return false;
        }
    }
    return column.length == length || !is_word_byte(column.bytes[length]);
}
