/* SPDX-License-Identifier: MIT */
/* neardup: finds repeated and near-repeated text. Finds the command and runs it. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "console.h"
#include "help.h"
#include "neardup.h"
#include "signals.h"

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* A path in the place of the command is most often a corpus to be deduplicated. */
static int unknown_command(const char *word)
{
    struct stat info;
    if (word[0] == '-') {
        return cli_usage_error(NULL, "unknown option '%s'; options stand behind the command", word);
    }
    if (stat(word, &info) == 0) {
        return cli_usage_error(NULL, "'%s' is not a command; did you mean 'neardup dedup %s'?",
                               word, word);
    }
    return cli_choice_error(NULL, "command", word, cli_command_name);
}

/* libarchive ends the program where it has no memory; statuses of ours are kept. */
static bool is_regular_end;

static void end_as_failed(void)
{
    if (!is_regular_end) {
        if (ndup_outputs_abandon() == 0) {
            cli_complain("failed; nothing was written");
        }
        _exit(CLI_EXIT_FAILED);
    }
}

static int run(int argc, char *argv[])
{
    if (argc < 2) {
        return cli_usage_error(NULL, "no command given, such as 'neardup dedup FOLDER'");
    }
    if (is_one_of(argv[1], "--help", "-h")) {
        cli_help_overview();
        return cli_finish_stdout();
    }
    if (is_one_of(argv[1], "--version", "-V")) {
        cli_help_version();
        return cli_finish_stdout();
    }
    const cli_command *command = cli_command_find(argv[1]);
    return command != NULL ? command->run(argc - 1, argv + 1) : unknown_command(argv[1]);
}

int main(int argc, char *argv[])
{
    cli_signals_ignore_pipe();
    (void)atexit(end_as_failed);
    int status = run(argc, argv);
    cli_signals_pass_on();
    is_regular_end = true;
    return status;
}
