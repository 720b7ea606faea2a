/* SPDX-License-Identifier: MIT */
/* Printing and measuring character by character. */
#include "visible.h"

void cli_print_visible(FILE *out, const char *text, size_t length)
{
    char form[NDUP_VISIBLE_BYTES];
    ndup_character character;
    for (size_t i = 0; i < length; i += character.bytes) {
        ndup_character_visible(form, &character, (ndup_text){text + i, length - i});
        fputs(form, out);
    }
}

size_t cli_visible_width(const char *text, size_t length)
{
    char form[NDUP_VISIBLE_BYTES];
    ndup_character character;
    size_t width = 0;
    for (size_t i = 0; i < length; i += character.bytes) {
        width += ndup_character_visible(form, &character, (ndup_text){text + i, length - i});
    }
    return width;
}
