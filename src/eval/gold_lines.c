/* SPDX-License-Identifier: MIT */
/* Labels come tab-separated, and as spreadsheets write them. */
#include "eval/gold_lines.h"

#include <string.h>

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

/* Takes the quotes of "field" off and halves those in it. */
static ndup_text unquote(char *field, const char *end)
{
    char *to = field;
    for (const char *at = field + 1; at < end - 1; at++) {
        *to++ = *at;
        at += *at == '"';
    }
    return (ndup_text){field, (size_t)(to - field)};
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
        columns[count++] =
            is_quoted ? unquote(line, stop) : (ndup_text){line, (size_t)(stop - line)};
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
