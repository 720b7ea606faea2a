/* SPDX-License-Identifier: MIT */
/* neardup group --stream: documents one by one, each answered before the next. */
#ifndef CLI_GROUP_STREAM_H
#define CLI_GROUP_STREAM_H

#include "group_options.h"
#include "input_options.h"
#include "job.h"

typedef struct cli_stream_options {
    bool stream;
    const char *state; /* folder */
    const char *ttl;
} cli_stream_options;

/* Fills the struct above. */
extern const cli_option cli_stream_table[];

/* What a run of a stream needs of what was typed. */
typedef struct cli_stream_plan {
    const cli_command *command;
    const cli_stream_options *stream;
    const cli_group_options *group;
    const cli_input_options *inputs;
    const cli_talk_options *talk;
} cli_stream_plan;

/* CLI_GO_ON, or the exit status of what was typed wrong. */
int cli_stream_check(const cli_stream_options *typed, const cli_command *command);

/* Runs it. Gives the exit status. */
int cli_stream_run(const cli_stream_plan *plan, const cli_inputs *inputs);

#endif
