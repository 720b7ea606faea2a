/* SPDX-License-Identifier: MIT */
/* Putting one line of JSON together. */
#ifndef NDUP__CORPUS_JSON_LINE_H
#define NDUP__CORPUS_JSON_LINE_H

#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* Zero-initialise and set the allocator; set length to 0 to use it again. Threads: single-owner. */
typedef struct ndup__json_line {
    const ndup_allocator *allocator;
    char *bytes;
    size_t length;
    size_t capacity;
    size_t most;       /* bytes; 0 = no limit */
    uint64_t replaced; /* damaged sequences that became U+FFFD, ever since it was set to 0 */
} ndup__json_line;

void ndup__json_line_deinit(ndup__json_line *line);

/* Appends bytes as they are. Errors: MEMORY; LIMIT, of this and the others, beyond `most`. */
NDUP_NODISCARD ndup_status ndup__json_line_add(ndup__json_line *line, const char *bytes,
                                               size_t length, ndup_error *error);

/* Appends the inside of a JSON string. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_line_escape(ndup__json_line *line, const char *text,
                                                  size_t length, ndup_error *error);

/* Appends `"key":"value"`, with a comma in front unless the object has just begun. The key needs no
 * escapes. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_line_member(ndup__json_line *line, const char *key,
                                                  ndup_text value, ndup_error *error);

#endif
