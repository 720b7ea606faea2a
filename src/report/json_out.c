/* SPDX-License-Identifier: MIT */
/* JSON values. */
#include "report/json_out.h"

#include <string.h>

#include "corpus/record_scan.h"

/* Text is escaped in pieces, which need up to six times their length. */
#define PIECE_BYTES 2048

/* How many bytes at `text` have to be hidden from parsers of HTML and JavaScript, and the escape
 * that does it; 0 for all others. */
static size_t hidden_bytes(const char **escape, const char *text, size_t length)
{
    switch (text[0]) {
    case '<':
        *escape = "\\u003c";
        return 1;
    case '>':
        *escape = "\\u003e";
        return 1;
    case '&':
        *escape = "\\u0026";
        return 1;
    case '\xE2':
        if (length >= 3 && text[1] == '\x80' && (text[2] == '\xA8' || text[2] == '\xA9')) {
            *escape = text[2] == '\xA8' ? "\\u2028" : "\\u2029";
            return 3;
        }
        return 0;
    default:
        return 0;
    }
}

/* Writes the inside of a JSON string so that it can stand between script tags. */
static void write_hidden(ndup__out *out, ndup_text text)
{
    char escaped[6 * PIECE_BYTES];
    size_t length = ndup__json_escape(escaped, text.bytes, text.length);
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        const char *escape;
        size_t hidden = hidden_bytes(&escape, escaped + i, length - i);
        if (hidden > 0) {
            ndup__out_bytes(out, escaped + written, i - written);
            ndup__out_text(out, escape);
            written = i + hidden;
        }
        i += hidden > 0 ? hidden : 1;
    }
    ndup__out_bytes(out, escaped + written, length - written);
}

void ndup__json_escaped(ndup__out *out, ndup_text text)
{
    while (text.length > 0) {
        size_t piece = ndup__cut_at_character(text, PIECE_BYTES);
        if (out->is_embedded) {
            write_hidden(out, (ndup_text){text.bytes, piece});
            text.bytes += piece;
            text.length -= piece;
            continue;
        }
        char *at = ndup__out_room(out, 6 * piece);
        if (at == NULL) {
            return;
        }
        ndup__out_keep(out, at + ndup__json_escape(at, text.bytes, piece));
        text.bytes += piece;
        text.length -= piece;
    }
}

/* Writes the comma and the key of a value; behind them is room for `bytes`. NULL after a failure.
 */
static char *begin_value(ndup__out *out, const char *key, size_t bytes)
{
    size_t length = key != NULL ? strlen(key) : 0;
    char *at = ndup__out_room(out, length + bytes + 4);
    if (at == NULL) {
        return NULL;
    }
    if (out->needs_comma) {
        *at++ = ',';
    }
    out->needs_comma = true;
    if (key != NULL) {
        *at++ = '"';
        memcpy(at, key, length);
        memcpy(at + length, "\":", 2);
        at += length + 2;
    }
    return at;
}

static void write_value(ndup__out *out, const char *key, const char *value, size_t length)
{
    char *at = begin_value(out, key, length);
    if (at != NULL) {
        memcpy(at, value, length);
        ndup__out_keep(out, at + length);
    }
}

void ndup__json_open(ndup__out *out, const char *key, char bracket)
{
    write_value(out, key, &bracket, 1);
    out->needs_comma = false;
}

void ndup__json_close(ndup__out *out, char bracket)
{
    ndup__out_bytes(out, &bracket, 1);
    out->needs_comma = true;
}

void ndup__json_string(ndup__out *out, const char *key, ndup_text text)
{
    if (text.length > PIECE_BYTES || out->is_embedded) {
        write_value(out, key, "\"", 1);
        ndup__json_escaped(out, text);
        ndup__out_bytes(out, "\"", 1);
        return;
    }
    char *at = begin_value(out, key, 6 * text.length + 2);
    if (at != NULL) {
        *at++ = '"';
        at += ndup__json_escape(at, text.bytes, text.length);
        *at++ = '"';
        ndup__out_keep(out, at);
    }
}

void ndup__json_word(ndup__out *out, const char *key, const char *word)
{
    if (word == NULL) {
        ndup__json_null(out, key);
    } else {
        ndup__json_string(out, key, ndup__text_of(word));
    }
}

void ndup__json_count(ndup__out *out, const char *key, uint64_t value)
{
    char *at = begin_value(out, key, NDUP__NUMBER_BYTES);
    if (at != NULL) {
        ndup__out_keep(out, at + ndup__format_count(at, value));
    }
}

void ndup__json_fixed(ndup__out *out, const char *key, double value)
{
    char text[NDUP__NUMBER_BYTES];
    size_t length = ndup__format_fixed(text, value);
    if (length == 0) {
        ndup__json_null(out, key);
        return;
    }
    write_value(out, key, text, length);
}

void ndup__json_bool(ndup__out *out, const char *key, bool value)
{
    write_value(out, key, value ? "true" : "false", value ? 4 : 5);
}

void ndup__json_null(ndup__out *out, const char *key)
{
    write_value(out, key, "null", 4);
}

void ndup__json_optional(ndup__out *out, const char *key, ndup_text text)
{
    if (text.length > 0) {
        ndup__json_string(out, key, text);
    } else {
        ndup__json_null(out, key);
    }
}

void ndup__json_hash(ndup__out *out, const char *key, uint64_t value)
{
    char text[NDUP__NUMBER_BYTES];
    ndup__json_string(out, key, (ndup_text){text, ndup__format_hash(text, value)});
}

void ndup__json_end_line(ndup__out *out)
{
    ndup__out_bytes(out, "\n", 1);
    out->needs_comma = false;
}
