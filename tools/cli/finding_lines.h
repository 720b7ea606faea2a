/* SPDX-License-Identifier: MIT */
/* What --check found, one line each as compilers write them: "PATH:LINE: MESSAGE". */
#ifndef CLI_FINDING_LINES_H
#define CLI_FINDING_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "neardup.h"

/* A sink that prints every dropped document that the baseline does not know, in corpus order. */
typedef struct cli_duplicate_lines {
    ndup_sink sink;
    FILE *out;         /* borrowed */
    bool names_by_ids; /* the documents are parts of files: "ID: MESSAGE" */
} cli_duplicate_lines;

void cli_duplicate_lines_init(cli_duplicate_lines *lines, FILE *out, bool names_by_ids);

/* A sink that prints every repeat that the baseline does not know. */
typedef struct cli_repeat_lines {
    ndup_flag_sink sink;
    FILE *out;                /* borrowed */
    FILE *held;               /* with a baseline: lines, till it shows which of them are new */
    const ndup_flag_run *run; /* borrowed, from begin on */
    size_t *unit_lines;       /* of the document at hand */
} cli_repeat_lines;

void cli_repeat_lines_init(cli_repeat_lines *lines, FILE *out);
void cli_repeat_lines_free(cli_repeat_lines *lines);

#endif
