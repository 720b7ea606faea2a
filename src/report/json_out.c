/* SPDX-License-Identifier: MIT */
/* JSON values. */
#include "report/json_out.h"

#include "corpus/record.h"

/* Text is escaped in pieces, which need up to six times their length. */
#define PIECE_BYTES 512

void ndup__json_escaped(ndup__out *out, ndup_text text)
{
    char escaped[6 * PIECE_BYTES];
    while (text.length > 0) {
        size_t piece = ndup__cut_at_character(text, PIECE_BYTES);
        ndup__out_bytes(out, escaped, ndup__json_escape(escaped, text.bytes, piece));
        text.bytes += piece;
        text.length -= piece;
    }
}

static void write_key(ndup__out *out, const char *key)
{
    if (out->needs_comma) {
        ndup__out_bytes(out, ",", 1);
    }
    out->needs_comma = true;
    if (key != NULL) {
        ndup__out_bytes(out, "\"", 1);
        ndup__out_text(out, key);
        ndup__out_bytes(out, "\":", 2);
    }
}

void ndup__json_open(ndup__out *out, const char *key, char bracket)
{
    write_key(out, key);
    ndup__out_bytes(out, &bracket, 1);
    out->needs_comma = false;
}

void ndup__json_close(ndup__out *out, char bracket)
{
    ndup__out_bytes(out, &bracket, 1);
    out->needs_comma = true;
}

void ndup__json_string(ndup__out *out, const char *key, ndup_text text)
{
    write_key(out, key);
    ndup__out_bytes(out, "\"", 1);
    ndup__json_escaped(out, text);
    ndup__out_bytes(out, "\"", 1);
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
    char text[NDUP__NUMBER_BYTES];
    write_key(out, key);
    ndup__out_bytes(out, text, ndup__format_count(text, value));
}

void ndup__json_fixed(ndup__out *out, const char *key, double value)
{
    char text[NDUP__NUMBER_BYTES];
    size_t length = ndup__format_fixed(text, value);
    if (length == 0) {
        ndup__json_null(out, key);
        return;
    }
    write_key(out, key);
    ndup__out_bytes(out, text, length);
}

void ndup__json_bool(ndup__out *out, const char *key, bool value)
{
    write_key(out, key);
    ndup__out_text(out, value ? "true" : "false");
}

void ndup__json_null(ndup__out *out, const char *key)
{
    write_key(out, key);
    ndup__out_text(out, "null");
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
