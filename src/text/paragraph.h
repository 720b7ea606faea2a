/* SPDX-License-Identifier: MIT */
/* Text to units: paragraphs, lines, and what Markdown marks. */
#ifndef NDUP__TEXT_PARAGRAPH_H
#define NDUP__TEXT_PARAGRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"
#include "neardup/unit.h"

/* A line, without its end and the spaces around it. */
typedef struct ndup__line {
    uint32_t offset;  /* bytes, of the first character that is no space */
    uint32_t length;  /* bytes; 0 = a blank line */
    uint32_t indent;  /* spaces before it, a tab counts as 4 */
    uint32_t columns; /* code points, with the indent; measured where the text may be wrapped */
} ndup__line;

/* The units of one text. Reused: zero-initialise, set the allocator, free at the end. Threads:
 * single-owner. */
typedef struct ndup__paragraphs {
    const ndup_allocator *allocator;
    ndup_unit *units;
    size_t count;
    size_t capacity;
    ndup__line *lines;
    size_t line_count;
    size_t line_capacity;
} ndup__paragraphs;

/* Replaces the contents by the units of text[0..length), in order, without the space around them.
 * A text is taken as wrapped when most of its line ends stand where the next word had no room; then
 * units are parted by blank lines, by deeper indents and by list markers. In every other text each
 * line is a unit, and so are the lines of a block in a wrapped text that were ended early (verse,
 * addresses, tables). `markdown` turns on headings, fences and tables. The first unit of at least
 * four words that stands before the first long one, and does not end like a sentence, is a
 * HEADLINE.
 * Cost: linear. Errors: MEMORY; LIMIT for a text of 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__paragraphs_split(ndup__paragraphs *paragraphs, const char *text,
                                                  size_t length, bool markdown, ndup_error *error);

void ndup__paragraphs_deinit(ndup__paragraphs *paragraphs);

#endif
