/* SPDX-License-Identifier: MIT */
/* Text of documents on a terminal: nothing in it may steer the terminal, and columns line up. */
#ifndef NEARDUP_VISIBLE_H
#define NEARDUP_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/document.h"
#include "neardup/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Room for the visible form of a character, with a zero behind it. */
#define NDUP_VISIBLE_BYTES 12

/* A code point, or a byte that is no UTF-8. */
typedef struct ndup_character {
    uint32_t code;
    size_t bytes; /* of the text; 0 at its end */
    bool damaged; /* code is a byte, not a code point */
} ndup_character;

/* The first character of a text. Result: bytes is 0 for an empty text. Threads: any. */
NDUP_API ndup_character ndup_character_read(ndup_text text);

/* The form in which the first character of a text can be printed: itself, or an escape such as
 * \x1b, \u202e or \n when it is a control character, a direction override, or damaged. Shapes: form
 * has NDUP_VISIBLE_BYTES; it and `character`, what was read, may be NULL. Result: the columns that
 * the form takes (0 for a combining mark, 2 for a Chinese character). Empty: an empty form.
 * Threads: any. */
NDUP_API unsigned ndup_character_visible(char *form, ndup_character *character, ndup_text text);

#ifdef __cplusplus
}
#endif
#endif
