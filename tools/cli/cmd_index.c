/* SPDX-License-Identifier: MIT */
/* neardup index: finds the verb and runs it. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "help.h"
#include "index_verbs.h"

static int run_index(int argc, char *argv[]);

static const cli_command *verb_get(size_t i)
{
#define VERB_ADDRESS(name) &cli_index_##name,
    static const cli_command *const verbs[] = {CLI_INDEX_VERB_LIST(VERB_ADDRESS)};
#undef VERB_ADDRESS
    return i < sizeof verbs / sizeof *verbs ? verbs[i] : NULL;
}

/* A verb's command is called "index create". */
static const char *verb_name(size_t i)
{
    const cli_command *verb = verb_get(i);
    return verb != NULL ? cli_command_word(verb) : NULL;
}

static const cli_option index_table[] = {
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"}, {.name = NULL}};
static const cli_group index_groups[] = {{"Options", index_table, 0}, {NULL, NULL, 0}};
static const cli_example index_examples[] = {
    {"make an index of what a crawl has seen so far", "neardup index build seen/ crawl.jsonl.zst"},
    {"ask it, and add what is new", "neardup check --index seen/ --add today.jsonl"},
    {"how large is it, and what is repeated most?", "neardup index stat seen/"},
    {"forget what is older than a month", "neardup index expire seen/ --older-than 30d"},
    {NULL, NULL}};

const cli_command cli_command_index = {
    .name = "index",
    .summary = "make, fill and look into an index: has a crawl seen this text before?",
    .operands = "VERB PATH ...",
    .description =
        "An index is a folder that knows documents: their ids, addresses and dates, and what their "
        "texts are compared by. It is asked with 'neardup check', from programs through a pipe or "
        "the C library, while another process adds to it. It survives the end of programs and of "
        "the power, and an index of today opens in every later version.\n\n"
        "Each verb has its own help: 'neardup index VERB --help'.",
    .examples = index_examples,
    .groups = index_groups,
    .operand = verb_name,
    .verb = verb_get,
    .run = run_index};

static int run_index(int argc, char *argv[])
{
    cli_operands operands;
    for (size_t i = 0; argc > 1 && verb_get(i) != NULL; i++) {
        if (strcmp(argv[1], verb_name(i)) == 0) {
            return verb_get(i)->run(argc - 1, argv + 1);
        }
    }
    int status = cli_options_parse(NULL, &operands, &cli_command_index, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    return operands.count == 0
               ? cli_usage_error(&cli_command_index, "no verb given, such as 'neardup index stat "
                                                     "PATH'")
               : cli_choice_error(&cli_command_index, "verb", operands.items[0], verb_name);
}
