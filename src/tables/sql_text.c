/* SPDX-License-Identifier: MIT */
/* Putting a query together. */
#include "tables/sql_text.h"

#include <string.h>

#include "base/alloc.h"

static void add_bytes(ndup__sql_text *text, const char *bytes, size_t length)
{
    if (text->status == NDUP_STATUS_OK) {
        text->status =
            ndup__reserve(NULL, &text->bytes, &text->capacity, text->length + length + 1, 1, NULL);
    }
    if (text->status == NDUP_STATUS_OK) {
        memcpy(text->bytes + text->length, bytes, length);
        text->length += length;
        text->bytes[text->length] = '\0';
    }
}

void ndup__sql_add(ndup__sql_text *text, const char *part)
{
    add_bytes(text, part, strlen(part));
}

void ndup__sql_quote(ndup__sql_text *text, char quote, const char *part)
{
    add_bytes(text, &quote, 1);
    for (; *part != '\0'; part++) {
        add_bytes(text, part, 1);
        if (*part == quote) {
            add_bytes(text, part, 1);
        }
    }
    add_bytes(text, &quote, 1);
}

void ndup__sql_deinit(ndup__sql_text *text)
{
    ndup__free(NULL, &text->bytes, text->capacity, 1);
}
