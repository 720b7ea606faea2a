/* SPDX-License-Identifier: MIT */
/* A part of a text with some words around it, wrapped to the terminal. */
#ifndef CLI_EXCERPT_H
#define CLI_EXCERPT_H

#include <stddef.h>
#include <stdio.h>

#include "neardup.h"
#include "terminal.h"

/* How excerpts are laid out. */
typedef struct cli_excerpt_style {
    FILE *out;
    const cli_colours *colours; /* without colours the part stands in [brackets] */
    unsigned indent;            /* of every line but the first, which is already there */
    unsigned width;             /* of the terminal */
} cli_excerpt_style;

/* Prints text[offset, offset + length) and its surroundings. Long parts lose their middle.
 * White space becomes one space. */
void cli_excerpt_print(const cli_excerpt_style *style, ndup_text text, size_t offset,
                       size_t length);

#endif
