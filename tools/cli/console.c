/* SPDX-License-Identifier: MIT */
/* Messages and their exit status. */
#include "console.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print_visible.h"

void cli_complain(const char *format, ...)
{
    char message[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    fputs("neardup: ", stderr);
    cli_print_visible(stderr, message, strlen(message));
    fputc('\n', stderr);
}

void cli_point_to_help(const cli_command *command)
{
    fprintf(stderr, "try 'neardup%s%s --help'\n", command != NULL ? " " : "",
            command != NULL ? command->name : "");
}

int cli_failure(const cli_command *command, const ndup_error *error)
{
    if (error->status == NDUP_STATUS_IO && error->system_errno == EPIPE) {
        return CLI_EXIT_FAILED;
    }
    const char *message =
        error->message[0] != '\0' ? error->message : ndup_status_text(error->status);
    bool can_replace = error->status == NDUP_STATUS_EXISTS && command != NULL &&
                       cli_command_has_option(command, "force");
    cli_complain("%s%s", message, can_replace ? "; --force replaces it" : "");
    if (error->status != NDUP_STATUS_INVALID) {
        return CLI_EXIT_FAILED;
    }
    cli_point_to_help(command);
    return CLI_EXIT_USAGE;
}

int cli_finish_stdout(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return CLI_EXIT_DONE;
    }
    if (errno != EPIPE) {
        cli_complain("standard output: %s", errno != 0 ? strerror(errno) : "writing failed");
    }
    clearerr(stdout); /* said once */
    return CLI_EXIT_FAILED;
}

void *cli_resize(void *block, size_t bytes)
{
    void *resized = realloc(block, bytes);
    if (resized == NULL) {
        cli_complain("out of memory");
        exit(CLI_EXIT_FAILED);
    }
    return resized;
}
