/* SPDX-License-Identifier: MIT */
/* Reading one escape of a JSON string. */
#ifndef NDUP__CORPUS_JSON_TEXT_H
#define NDUP__CORPUS_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Reads the escape that begins at bytes[0] == '\\' and returns the bytes taken: 2, 6, or 12 for a
 * surrogate pair. A lone surrogate gives U+FFFD and adds one to *replaced. The bytes must come from
 * a string that a scan has accepted. */
size_t ndup__json_unescape(uint32_t *code_point, const char *bytes, size_t length,
                           uint64_t *replaced);

/* Decodes the inside of a JSON string up to its end, or to what ends it (a quote) or cannot stand
 * in it (a control character, an escape that is none); returns where that is. Writes at *write,
 * which moves on; up to NDUP__STRING_SLACK bytes more may be written. */
const char *ndup__json_decode(char **write, const char *bytes, const char *end, uint64_t *replaced);

#endif
