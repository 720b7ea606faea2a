/* SPDX-License-Identifier: MIT */
/* Words on standard error, the end of standard output, and memory. */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include <stddef.h>

#include "neardup.h"
#include "option_table.h"

/* Prints "neardup: MESSAGE" as one line on standard error, in visible characters. */
__attribute__((format(printf, 1, 2))) void cli_complain(const char *format, ...);

/* Says why something failed and gives the exit
 * status that belongs to it: CLI_EXIT_USAGE for an argument that the library refused, after saying
 * where the help is, else CLI_EXIT_FAILED. A reader of standard output that went away is not worth
 * a word. */
int cli_failure(const cli_command *command, const ndup_error *error);

/* Prints "try 'neardup COMMAND --help'"; command may be NULL. */
void cli_point_to_help(const cli_command *command);

/* Flushes standard output. Gives CLI_EXIT_DONE, or CLI_EXIT_FAILED after saying what failed. */
int cli_finish_stdout(void);

/* realloc that ends the program when there is no memory. */
void *cli_resize(void *block, size_t bytes);

#endif
