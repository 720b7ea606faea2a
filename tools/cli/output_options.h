/* SPDX-License-Identifier: MIT */
/* The outputs of a command: -o FORMAT:PATH, and --force. */
#ifndef CLI_OUTPUT_OPTIONS_H
#define CLI_OUTPUT_OPTIONS_H

#include <stdbool.h>

#include "job.h"
#include "neardup.h"
#include "option_table.h"

#define CLI_PAGES_BYTES 4200

typedef struct cli_output_options {
    cli_list outputs; /* FORMAT:PATH */
    bool force;
    bool open;
    const char *report_dir;
    char pages[CLI_PAGES_BYTES]; /* "pages:DIR", listed in outputs by cli_outputs_check */
} cli_output_options;

extern const cli_option cli_output_table[]; /* -o, with the formats of ndup_output_get */
extern const cli_option cli_target_table[]; /* what goes with -o of any formats */
#define CLI_OUTPUT_TITLE "Outputs"

/* The sinks that belong to the outputs, then those that were added. */
typedef struct cli_outputs {
    ndup_sink **sinks;
    size_t count;
    size_t opened;
} cli_outputs;

/* Adds the output that --report-dir stands for; refuses unknown formats (those that format_name
 * does not list) and outputs that would overwrite each other. Gives CLI_GO_ON or an exit status. */
int cli_outputs_check(cli_output_options *options, const cli_command *command,
                      const char *(*format_name)(size_t i));

/* Whether some output has one of these formats, which end with NULL. */
bool cli_outputs_have(const cli_output_options *options, const char *const *formats);

/* Whether some output goes to standard output. */
bool cli_outputs_use_stdout(const cli_output_options *options);

/* Opens all sinks, or none; refuses those that endanger one of the inputs (a path each). */
ndup_status cli_outputs_open(cli_outputs *outputs, const cli_output_options *options,
                             const cli_list *inputs, ndup_error *error);
void cli_outputs_close(cli_outputs *outputs);

/* Adds the listing on standard output. */
ndup_status cli_outputs_add_listing(cli_outputs *outputs, const ndup_listing *listing,
                                    ndup_error *error);

/* Adds a borrowed sink; nothing can be opened behind it. */
void cli_outputs_add(cli_outputs *outputs, ndup_sink *sink);

/* Names of the formats; NULL past the end. */
const char *cli_output_format(size_t i);

#endif
