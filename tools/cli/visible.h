/* SPDX-License-Identifier: MIT */
/* Printing text that comes from documents: nothing in it may steer the terminal. */
#ifndef CLI_VISIBLE_H
#define CLI_VISIBLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A code point, or a byte that is no UTF-8. */
typedef struct cli_character {
    uint32_t code;
    size_t bytes; /* of the text; 0 at its end */
    int damaged;  /* code is a byte, not a code point */
} cli_character;

cli_character cli_character_read(const char *text, size_t length);

/* The form in which a character is printed: itself, or an escape such as \x1b, \u202e or \n when it
 * is a control character, a direction override, or damaged.
 * Result: columns that it takes on a terminal. Shapes: form has 12 bytes. */
unsigned cli_character_form(char form[12], cli_character character, const char *text);

/* Prints text with every character in that form. */
void cli_print_visible(FILE *out, const char *text, size_t length);

/* Columns that cli_print_visible takes. */
size_t cli_visible_width(const char *text, size_t length);

#endif
