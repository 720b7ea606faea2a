/* SPDX-License-Identifier: MIT */
/* Growing text; strings of JSON byte by byte. */
#include "serve_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve_utf8.h"

/* What one call of serve_text_print writes at most. */
enum { PRINTED_MOST = 400 };

void serve_text_free(serve_text *text)
{
    free(text->bytes);
    *text = (serve_text){.bytes = NULL};
}

bool serve_text_reserve(serve_text *text, size_t more)
{
    size_t capacity = text->capacity > 0 ? text->capacity : 512;
    if (text->has_failed || more > SIZE_MAX / 4 || text->length > SIZE_MAX / 4) {
        text->has_failed = true;
        return false;
    }
    while (capacity - text->length < more) {
        capacity *= 2;
    }
    if (capacity != text->capacity) {
        char *bytes = realloc(text->bytes, capacity);
        text->has_failed = bytes == NULL;
        if (text->has_failed) {
            return false;
        }
        text->bytes = bytes;
        text->capacity = capacity;
    }
    return true;
}

void serve_text_add(serve_text *text, const char *bytes, size_t length)
{
    if (length > 0 && serve_text_reserve(text, length)) {
        memcpy(text->bytes + text->length, bytes, length);
        text->length += length;
    }
}

void serve_text_print(serve_text *text, const char *format, ...)
{
    if (serve_text_reserve(text, PRINTED_MOST)) {
        va_list arguments;
        va_start(arguments, format);
        int length = vsnprintf(text->bytes + text->length, PRINTED_MOST, format, arguments);
        va_end(arguments);
        text->length += length < PRINTED_MOST ? (size_t)length : PRINTED_MOST - 1;
    }
}

/* The comma, where a value stands in front, and the key. */
static void begin_member(serve_text *text, const char *key)
{
    char last = text->length > 0 ? text->bytes[text->length - 1] : '\n';
    if (last != '{' && last != '[' && last != '\n') {
        serve_text_add(text, ",", 1);
    }
    if (key != NULL) {
        serve_text_print(text, "\"%s\":", key);
    }
}

void serve_json_open(serve_text *text, const char *key, char bracket)
{
    begin_member(text, key);
    serve_text_add(text, &bracket, 1);
}

void serve_json_close(serve_text *text, char bracket)
{
    serve_text_add(text, &bracket, 1);
}

static void add_escaped(serve_text *text, unsigned char byte)
{
    static const char named[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                 ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    if (byte < sizeof named && named[byte] != 0) {
        const char pair[2] = {'\\', named[byte]};
        serve_text_add(text, pair, 2);
    } else {
        serve_text_print(text, "\\u%04x", byte);
    }
}

void serve_json_string(serve_text *text, const char *key, ndup_text string)
{
    size_t plain = 0; /* what stands from here on can be copied */
    begin_member(text, key);
    serve_text_add(text, "\"", 1);
    for (size_t i = 0; i < string.length;) {
        unsigned char byte = (unsigned char)string.bytes[i];
        size_t sequence = serve_utf8_sequence(string.bytes + i, string.length - i);
        if (sequence > 0 && byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F) {
            i += sequence;
            continue;
        }
        serve_text_add(text, string.bytes + plain, i - plain);
        if (sequence == 0) {
            serve_text_add(text, "\xEF\xBF\xBD", 3);
        } else {
            add_escaped(text, byte);
        }
        plain = ++i;
    }
    serve_text_add(text, string.bytes + plain, string.length - plain);
    serve_text_add(text, "\"", 1);
}

void serve_json_word(serve_text *text, const char *key, const char *word)
{
    if (word != NULL) {
        serve_json_string(text, key, (ndup_text){word, strlen(word)});
    } else {
        begin_member(text, key);
        serve_text_add(text, "null", 4);
    }
}

void serve_json_count(serve_text *text, const char *key, uint64_t value)
{
    begin_member(text, key);
    serve_text_print(text, "%" PRIu64, value);
}

void serve_json_signed(serve_text *text, const char *key, int64_t value)
{
    begin_member(text, key);
    serve_text_print(text, "%" PRId64, value);
}

void serve_json_number(serve_text *text, const char *key, double value)
{
    begin_member(text, key);
    serve_text_print(text, "%.6g", value);
}

void serve_json_bool(serve_text *text, const char *key, bool value)
{
    begin_member(text, key);
    serve_text_print(text, "%s", value ? "true" : "false");
}

void serve_json_hash(serve_text *text, const char *key, uint64_t value)
{
    begin_member(text, key);
    serve_text_print(text, "\"%016" PRIx64 "\"", value);
}
