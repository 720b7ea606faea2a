/* SPDX-License-Identifier: MIT */
/* Subtitles without what frames them. */
#ifndef NDUP__CORPUS_SUBTITLES_H
#define NDUP__CORPUS_SUBTITLES_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/reader.h"
#include "corpus/json_line.h"

/* Whether the bytes certainly begin like SubRip ("1", then "00:00:01,000 --> 00:00:02,500") or
 * WebVTT ("WEBVTT"). */
bool ndup__subtitles_begin(const char *bytes, size_t length);

/* Appends the lines that are shown, each on a line of its own, as they follow in the file. Left
 * out: cues' numbers, names and times, WebVTT's header and its NOTE, STYLE and REGION blocks, tags
 * (<i>, <c.loud>, <00:00:01.200>), positions ({\an8}), blank lines. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__subtitles_read(ndup__json_line *text, const char *bytes,
                                                size_t length, ndup_error *error);

/* Replaces the text by what ndup__subtitles_read gives, in the block's arena. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__subtitles_extract(ndup_text *text, ndup__block *block,
                                                   ndup_error *error);

#endif
