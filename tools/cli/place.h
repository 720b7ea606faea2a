/* SPDX-License-Identifier: MIT */
/* Where a document and its parts stand, for people and editors. */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "neardup.h"

/* Whether the document is a file whose lines are those of the text. */
bool cli_is_plain_file(const ndup_document *document);

/* Prints "PATH:LINE: " of a finding on this line of the text: of a plain file that line, of a
 * record its own, of another whole file the first. What has no line is named by its id. */
void cli_print_place(FILE *out, const ndup_document *document, size_t line);

/* The line of the text on which each unit begins, from 1: resizes `lines` and gives it back. */
size_t *cli_find_lines(size_t *lines, const ndup_flagged *flagged);

/* "headline", "list item", ...; "block" for one of several. */
const char *cli_repeat_role(const ndup_repeat *repeat);

#endif
