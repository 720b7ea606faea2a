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
    bool csv_raw;
    bool open;
    const char *report_dir;
    char pages[CLI_PAGES_BYTES]; /* "pages:DIR", listed in outputs by cli_outputs_check */
} cli_output_options;

extern const cli_option cli_output_table[]; /* -o, with the formats of ndup_output_get */
extern const cli_option cli_target_table[]; /* what goes with -o of any formats */
extern const cli_option cli_csv_table[];    /* what goes with those that may be CSV */
#define CLI_OUTPUT_TITLE "Outputs"
#define CLI_CSV_RAW_HELP                                                                      \
    "leave CSV cells as they are; else what a spreadsheet would run (= + - @ first, but for " \
    "plain "                                                                                  \
    "numbers) gets an apostrophe in front, and control characters are escaped"

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

/* The library's options. Outputs must endanger neither the inputs nor the other files that are read
 * (a path each; borrowed). */
ndup_output_options cli_outputs_opening(const cli_output_options *options, const cli_list *inputs,
                                        const cli_list *also_read);

/* Opens all sinks, or none. */
ndup_status cli_outputs_open(cli_outputs *outputs, const cli_output_options *options,
                             const ndup_output_options *opening, ndup_error *error);
void cli_outputs_close(cli_outputs *outputs);

/* After a failure: lets the job tell of the outputs that are in their place all the same. */
void cli_outputs_tell(const cli_outputs *outputs, const cli_output_options *options, cli_job *job);

/* Adds the listing on standard output. */
ndup_status cli_outputs_add_listing(cli_outputs *outputs, const ndup_listing *listing,
                                    ndup_error *error);

/* Adds a borrowed sink; nothing can be opened behind it. */
void cli_outputs_add(cli_outputs *outputs, ndup_sink *sink);

/* Names of the formats; NULL past the end. */
const char *cli_output_format(size_t i);

#endif
