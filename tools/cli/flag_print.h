/* SPDX-License-Identifier: MIT */
/* Repeats inside documents, for people. */
#ifndef CLI_FLAG_PRINT_H
#define CLI_FLAG_PRINT_H

#include "job.h"
#include "neardup.h"
#include "terminal.h"

/* A sink that prints every document with repeats on standard output. */
typedef struct cli_flag_view {
    ndup_flag_sink sink;
    const cli_colours *colours;
    unsigned width; /* of the terminal */
    uint64_t most;  /* repeats that are printed */
    uint64_t printed;
    uint64_t left_out;
    size_t *lines; /* of each unit of the document at hand, from 1 */
} cli_flag_view;

/* Before standard output is held back: looks at the terminal. */
void cli_flag_view_init(cli_flag_view *view, uint64_t most, const char *colour);
void cli_flag_view_free(cli_flag_view *view);

/* After the last document: says how many repeats were not printed. */
void cli_flag_view_end(const cli_flag_view *view);

/* Prints the counts on standard error; as JSON where the job talks JSON, nothing where it is quiet.
 */
void cli_flag_summary_print(const cli_job *job, const ndup_flag_summary *summary);

#endif
