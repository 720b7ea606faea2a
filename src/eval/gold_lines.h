/* SPDX-License-Identifier: MIT */
/* The lines of a label file, as columns. */
#ifndef NDUP__EVAL_GOLD_LINES_H
#define NDUP__EVAL_GOLD_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/document.h"

#define NDUP__GOLD_COLUMNS 64

/* What parts the columns of a file: tabs if it has any, else commas, else semicolons. */
char ndup__gold_delimiter(const char *bytes, size_t length);

/* Cuts a line, without its end, into at most NDUP__GOLD_COLUMNS columns and returns how many. A
 * column that is wholly in quotes loses them, in place. So do the marks of what neardup writes: an
 * apostrophe in front of what a spreadsheet would run, and a JSON string around an id with control
 * characters or a quote in front. */
size_t ndup__gold_cut(ndup_text *columns, char *line, size_t length, char delimiter);

/* Whether the column's name is `word`, alone or with something behind it that is no letter or
 * digit: "cluster (by page)", "level", "Label". */
bool ndup__gold_is_named(ndup_text column, const char *word);

#endif
