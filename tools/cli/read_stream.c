/* SPDX-License-Identifier: MIT */
/* Whole streams in memory. */
#include "read_stream.h"

#include "console.h"

bool cli_read_stream(char **text, size_t *length, FILE *stream)
{
    size_t capacity = 0;
    *text = NULL;
    *length = 0;
    do {
        if (capacity - *length < 2) {
            capacity = capacity * 2 + 65536;
            *text = cli_resize(*text, capacity);
        }
        *length += fread(*text + *length, 1, capacity - *length - 1, stream);
    } while (!feof(stream) && !ferror(stream));
    (*text)[*length] = '\0';
    return !ferror(stream);
}
