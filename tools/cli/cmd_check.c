/* SPDX-License-Identifier: MIT */
/* neardup check: has an index a document already? */
#include <string.h>

#include "ask.h"
#include "commands.h"
#include "console.h"

typedef struct check_own_options {
    const char *index;
    bool add;
    bool add_known;
} check_own_options;

typedef struct check_options {
    cli_ask_options ask;
    check_own_options own;
} check_options;

static int run_check(int argc, char *argv[]);

static const cli_option check_table[] = {
    {.name = "index",
     .kind = CLI_TEXT,
     .offset = offsetof(check_own_options, index),
     .argument = "PATH",
     .is_path = true,
     .help = "the index, a folder that 'neardup index create' has made; needed"},
    {.name = "add",
     .kind = CLI_FLAG,
     .offset = offsetof(check_own_options, add),
     .help = "add what is new; what has the id of a document in the index takes its place"},
    {.name = "add-known",
     .kind = CLI_FLAG,
     .offset = offsetof(check_own_options, add_known),
     .help = "add what is known, too, as another member of its group"},
    {.name = NULL}};

static const cli_group check_groups[] = {
    {CLI_INDEX_TITLE, check_table, offsetof(check_options, own)},
    {CLI_INDEX_TITLE, cli_index_write_table, offsetof(check_options, ask.write)},
    {CLI_ANSWER_TITLE, cli_index_ask_table, offsetof(check_options, ask.ask)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(check_options, ask.inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(check_options, ask.inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(check_options, ask.inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(check_options, ask.inputs.storage)},
    {"Running", cli_thread_table, offsetof(check_options, ask.threads)},
    {"Running", cli_talk_table, offsetof(check_options, ask.talk)},
    {NULL, NULL, 0}};

static const cli_example check_examples[] = {
    {"has the index these pages already? What is like them, and how?",
     "neardup check --index seen/ today.jsonl"},
    {"from a program: write a record a line, read an answer a line",
     "neardup check --index seen/ --add -"},
    {"all documents that a text is like, if their dates are near",
     "neardup check --index seen/ article.txt --matches 20 --within 30d"},
    {NULL, NULL}};

static const char *const check_exit_lines[] = {
    "0  done", "2  the command line or an option is wrong",
    "3  done, but some records were skipped or could not be read (they are named)", "4  failed",
    NULL};

const cli_command cli_command_check = {
    .name = "check",
    .summary = "ask an index whether it has a document already, or one that is like it",
    .operands = "INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Asks an index about every document of the inputs and prints an answer for each: new, or "
        "known, and then which document it is like, how, and how large the group of copies is. "
        "Nothing is changed without --add.\n\n"
        "Standard input (-) is read as JSON lines, as they come: whoever writes a record gets its "
        "answer before the next one, so that any language with a pipe can ask. A line that cannot "
        "be read, an empty one too, is answered with its error. With --format it is read as "
        "anything else, to its end.\n\n"
        "Answers are JSON lines, described in src/report/SCHEMA.md, or on a terminal lines for "
        "people. 'neardup index' makes and changes indexes.",
    .examples = check_examples,
    .groups = check_groups,
    .exit_lines = check_exit_lines,
    .run = run_check};

static int run_check(int argc, char *argv[])
{
    check_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_check, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    const check_own_options *own = &typed.own;
    if (own->index == NULL) {
        status = cli_usage_error(&cli_command_check, "--index PATH is needed: the index to ask");
    } else if (own->add_known && !own->add) {
        status = cli_usage_error(&cli_command_check, "--add-known goes with --add");
    } else {
        const cli_ask_plan plan = {.command = &cli_command_check,
                                   .path = own->index,
                                   .change = own->add ? CLI_ASK_ADD_NEW : CLI_ASK_ONLY,
                                   .adds_known = own->add_known};
        status = cli_ask_run(&typed.ask, &plan, &operands);
    }
    cli_options_free(&typed, &cli_command_check);
    return status;
}
