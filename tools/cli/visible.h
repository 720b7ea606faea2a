/* SPDX-License-Identifier: MIT */
/* Printing text that comes from documents: nothing in it may steer the terminal. */
#ifndef CLI_VISIBLE_H
#define CLI_VISIBLE_H

#include <stddef.h>
#include <stdio.h>

#include "neardup.h"

/* Prints text with every character in its visible form. */
void cli_print_visible(FILE *out, const char *text, size_t length);

/* Columns that cli_print_visible takes. */
size_t cli_visible_width(const char *text, size_t length);

#endif
