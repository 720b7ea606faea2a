/* SPDX-License-Identifier: MIT */
/* Printing and measuring character by character. */
#include "print_visible.h"

enum { ELLIPSIS_COLUMNS = 3 };

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
    ndup_character character;
    size_t width = 0;
    for (size_t i = 0; i < length; i += character.bytes) {
        width += ndup_character_visible(NULL, &character, (ndup_text){text + i, length - i});
    }
    return width;
}

bool cli_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

void cli_print_beginning(FILE *out, const char *text, size_t length, size_t columns)
{
    char form[NDUP_VISIBLE_BYTES];
    ndup_character character;
    while (length > 0 && cli_is_space(text[length - 1])) {
        length--;
    }
    for (size_t i = 0; i < length; i += character.bytes) {
        size_t spaces = 0;
        while (cli_is_space(text[i + spaces])) { /* another character follows */
            spaces++;
        }
        i += spaces;
        size_t width = (spaces > 0) +
                       ndup_character_visible(form, &character, (ndup_text){text + i, length - i});
        bool is_last = i + character.bytes == length;
        if (columns < width + (is_last ? 0 : ELLIPSIS_COLUMNS)) {
            fputs("...", out);
            return;
        }
        columns -= width;
        fputs(spaces > 0 ? " " : "", out);
        fputs(form, out);
    }
}
