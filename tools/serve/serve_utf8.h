/* SPDX-License-Identifier: MIT */
/* Whether bytes are UTF-8. */
#ifndef SERVE_UTF8_H
#define SERVE_UTF8_H

#include <stddef.h>

/* Bytes of the sequence that begins here; 0 where none does. Overlong forms, surrogates and what is
 * beyond U+10FFFF are none. */
size_t serve_utf8_sequence(const char *bytes, size_t length);

/* Where the first damaged sequence begins; `length` if there is none. */
size_t serve_utf8_damage(const char *bytes, size_t length);

#endif
