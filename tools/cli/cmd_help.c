/* SPDX-License-Identifier: MIT */
/* neardup help: the overview, or the help of one command. */
#include <string.h>

#include "commands.h"
#include "console.h"
#include "help.h"

static int run_help(int argc, char *argv[]);

static const cli_option help_table[] = {
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"}, {.name = NULL}};
static const cli_group help_groups[] = {{"Options", help_table, 0}, {NULL, NULL, 0}};
static const cli_example help_examples[] = {
    {"list the commands", "neardup help"}, {"explain one", "neardup help dedup"}, {NULL, NULL}};

const cli_command cli_command_help = {.name = "help",
                                      .summary = "explain a command",
                                      .operands = "[COMMAND [VERB]]",
                                      .description =
                                          "Prints the list of commands, or the help of one.",
                                      .examples = help_examples,
                                      .groups = help_groups,
                                      .operand = cli_command_name,
                                      .run = run_help};

/* The command that the words name; NULL after saying what is wrong with them. */
static const cli_command *find_named(const cli_operands *words)
{
    const cli_command *command = cli_command_find(words->items[0]);
    if (command == NULL) {
        (void)cli_choice_error(NULL, "command", words->items[0], cli_command_name);
    }
    if (command == NULL || words->count == 1) {
        return command;
    }
    for (size_t i = 0; command->verb != NULL && command->verb(i) != NULL; i++) {
        if (strcmp(words->items[1], cli_command_word(command->verb(i))) == 0) {
            return command->verb(i);
        }
    }
    if (command->verb != NULL) {
        (void)cli_choice_error(command, "verb", words->items[1], command->operand);
    } else {
        (void)cli_usage_error(&cli_command_help, "one command at a time");
    }
    return NULL;
}

static int run_help(int argc, char *argv[])
{
    cli_operands operands;
    int status = cli_options_parse(NULL, &operands, &cli_command_help, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (operands.count > 2) {
        return cli_usage_error(&cli_command_help, "one command at a time");
    }
    if (operands.count == 0) {
        cli_help_overview();
        return cli_finish_stdout();
    }
    const cli_command *command = find_named(&operands);
    if (command == NULL) {
        return CLI_EXIT_USAGE;
    }
    cli_help_command(command);
    return cli_finish_stdout();
}
