/* SPDX-License-Identifier: MIT */
/* Text that grows while it is written, and JSON in it. */
#ifndef SERVE_TEXT_H
#define SERVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/document.h"

/* Zero-initialise. Where memory is missing, has_failed is set and nothing more is written, so that
 * it is asked about once, at the end. Threads: single-owner. */
typedef struct serve_text {
    char *bytes; /* from the heap, owned */
    size_t length;
    size_t capacity;
    bool has_failed;
} serve_text;

void serve_text_free(serve_text *text);

/* Makes room for so many bytes more; false where there is none. */
bool serve_text_reserve(serve_text *text, size_t more);

void serve_text_add(serve_text *text, const char *bytes, size_t length);
__attribute__((format(printf, 2, 3))) void serve_text_print(serve_text *text, const char *format,
                                                            ...);

/* Members of JSON: each writes the comma that belongs in front of it. `key` is plain ASCII; NULL
 * inside arrays and for the outermost value. Damaged UTF-8 becomes U+FFFD. */
void serve_json_open(serve_text *text, const char *key, char bracket);
void serve_json_close(serve_text *text, char bracket);
void serve_json_string(serve_text *text, const char *key, ndup_text string);
void serve_json_word(serve_text *text, const char *key, const char *word); /* NULL is null */
void serve_json_count(serve_text *text, const char *key, uint64_t value);
void serve_json_signed(serve_text *text, const char *key, int64_t value);
void serve_json_number(serve_text *text, const char *key, double value);
void serve_json_bool(serve_text *text, const char *key, bool value);
void serve_json_hash(serve_text *text, const char *key, uint64_t value); /* 16 hex digits */

#endif
