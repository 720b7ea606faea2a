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

/* Reads the \u escape at bytes[0] == '\\', which may be damaged, with the one behind it where the
 * two are a surrogate pair, and writes its character at *write, which moves on. Returns the bytes
 * taken; 0 when it is none. */
size_t ndup__json_read_unicode(char **write, const char *bytes, size_t length, uint64_t *replaced);

#endif
