/* SPDX-License-Identifier: MIT */
/* Paragraphs that a page parts by single line breaks. */
#ifndef NDUP__HTML_HTML_LINES_H
#define NDUP__HTML_HTML_LINES_H

#include "base/arena.h"
#include "html/html_blocks.h"

/* Copies the blocks' text and units into the arena, and parts those blocks whose lines are
 * paragraphs. A line is as long as one with 200 bytes, or with 100 that end like a sentence. Where
 * two lines or more are, and hold two thirds of the block, its line breaks part paragraphs, but for
 * those between two shorter lines. The lines of songs, poems and addresses are shorter, and stay
 * one block. Only paragraphs, quotes and items of lists are parted. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_lines_part(ndup_text *text, const ndup_unit **units,
                                                 size_t *unit_count,
                                                 const ndup__html_blocks *blocks,
                                                 ndup__arena *arena, ndup_error *error);

#endif
