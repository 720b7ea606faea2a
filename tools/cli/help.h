/* SPDX-License-Identifier: MIT */
/* Help on standard output, made from the option tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "option_table.h"

void cli_help_overview(void);
void cli_help_command(const cli_command *command);
void cli_help_version(void);

enum { CLI_OPTION_TEXT_MAX = 700 };

/* Prints words on standard output, wrapped at `width`. The first line begins at column `at`, the
 * others at `indent`. Ends the line. */
void cli_print_wrapped(const char *text, unsigned at, unsigned indent, unsigned width);

/* Columns of help texts. */
unsigned cli_help_width(void);

/* The help line of an option with its closed set and its default.
 * Shapes: text has CLI_OPTION_TEXT_MAX bytes. */
void cli_option_text(char *text, const cli_option *option);

/* "--threshold T", "--check[=N]", "--quiet". Shapes: text has 60 bytes. */
void cli_option_form(char text[60], const cli_option *option);

/* The exit status list of a command: "0  done", ...; ends with NULL. */
const char *const *cli_exit_lines(const cli_command *command);

/* What stands before the list of options: "neardup dedup INPUT... [options]". */
void cli_command_usage(char text[120], const cli_command *command);

#endif
