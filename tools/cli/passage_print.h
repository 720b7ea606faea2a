/* SPDX-License-Identifier: MIT */
/* Passages that documents share, for people. */
#ifndef CLI_PASSAGE_PRINT_H
#define CLI_PASSAGE_PRINT_H

#include "job.h"
#include "neardup.h"
#include "terminal.h"

struct cli_shown_family;

/* A sink that keeps the passages that stand in most documents, and prints them at the end. */
typedef struct cli_passage_view {
    ndup_passage_sink sink;
    const cli_colours *colours;
    unsigned width; /* of the terminal */
    uint64_t most;  /* families that are printed */
    uint64_t seen;
    struct cli_shown_family *families; /* [count], by documents, then by number */
    size_t count;
} cli_passage_view;

/* Before standard output is held back: looks at the terminal. */
void cli_passage_view_init(cli_passage_view *view, uint64_t most, const char *colour);
void cli_passage_view_free(cli_passage_view *view);

/* After the run: prints what was kept, and how many families were not. */
void cli_passage_view_print(const cli_passage_view *view);

/* Prints the counts on standard error; as JSON where the job talks JSON, nothing where it is quiet.
 */
void cli_passage_summary_print(const cli_job *job, const ndup_passage_options *options,
                               const ndup_passage_summary *summary);

#endif
