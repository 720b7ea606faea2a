/* SPDX-License-Identifier: MIT */
/* Telling JSON lines from other text by their first lines. */
#ifndef NDUP__CORPUS_OBJECT_LINES_H
#define NDUP__CORPUS_OBJECT_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the first line that is not empty is a JSON object with at least one member, or the
 * beginning of one where the bytes end inside of that line. Brackets and strings are looked at, not
 * every value; a comma may follow. */
bool ndup__object_lines_begin(const char *bytes, size_t length);

/* Whether the first line is so, and nearly all others are: few may be damaged. */
bool ndup__object_lines_fill(const char *bytes, size_t length);

/* Whether the bytes begin like a JSON object with a member, or like an array of objects, over
 * however many lines. */
bool ndup__looks_like_json(const char *bytes, size_t length);

#endif
