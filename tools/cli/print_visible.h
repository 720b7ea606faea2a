/* SPDX-License-Identifier: MIT */
/* Printing text that comes from documents: nothing in it may steer the terminal. */
#ifndef CLI_PRINT_VISIBLE_H
#define CLI_PRINT_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "neardup.h"

/* White space of ASCII. */
bool cli_is_space(char c);

/* Prints text with every character in its visible form. */
void cli_print_visible(FILE *out, const char *text, size_t length);

/* Columns that cli_print_visible takes. */
size_t cli_visible_width(const char *text, size_t length);

/* Prints the beginning of a text in one line, white space as single spaces, with "..." where it
 * takes more columns. */
void cli_print_beginning(FILE *out, const char *text, size_t length, size_t columns);

#endif
