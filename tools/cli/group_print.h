/* SPDX-License-Identifier: MIT */
/* Stories and their copies, for people. */
#ifndef CLI_GROUP_PRINT_H
#define CLI_GROUP_PRINT_H

#include "job.h"
#include "neardup.h"
#include "terminal.h"

struct cli_shown_story;

/* A sink that keeps the largest stories, and prints them at the end. */
typedef struct cli_group_view {
    ndup_group_sink sink;
    const cli_colours *colours;
    unsigned width;                  /* of the terminal */
    uint64_t most;                   /* stories that are printed */
    uint64_t seen;                   /* stories of two or more documents */
    struct cli_shown_story *stories; /* [count], by sources, documents, then number */
    size_t count;
} cli_group_view;

/* Before standard output is held back: looks at the terminal. */
void cli_group_view_init(cli_group_view *view, uint64_t most, const char *colour);
void cli_group_view_free(cli_group_view *view);

/* After the run: prints what was kept, and how many stories were not. */
void cli_group_view_print(const cli_group_view *view);

/* Prints the counts on standard error; as JSON where the job talks JSON, nothing where it is quiet.
 */
void cli_group_summary_print(const cli_job *job, const ndup_group_summary *summary);

#endif
