/* SPDX-License-Identifier: MIT */
/* Why documents are one story, for people and as JSON. */
#ifndef CLI_STORY_PRINT_H
#define CLI_STORY_PRINT_H

#include <stdio.h>

#include "neardup.h"
#include "terminal.h"

/* A sink that prints the explanation that it is handed. */
typedef struct cli_story_view {
    ndup_group_sink sink;
    FILE *out;
    const cli_colours *colours; /* of standard output */
    unsigned width;
    bool json;
} cli_story_view;

/* Before standard output is held back: looks at the terminal. */
void cli_story_view_init(cli_story_view *view, FILE *out, bool json, const char *colour);

/* "the score is under the bar": why two are not one story, in a sentence without an end. */
const char *cli_apart_text(ndup_apart apart);

#endif
