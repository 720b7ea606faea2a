/* SPDX-License-Identifier: MIT */
/* neardup index check, add and check-and-add. */
#include <stdint.h>

#include "ask.h"
#include "index_verbs.h"

typedef struct ask_known_options {
    bool add_known;
} ask_known_options;

typedef struct ask_verb_options {
    cli_ask_options ask;
    ask_known_options known;
} ask_verb_options;

static int run_check(int argc, char *argv[]);
static int run_add(int argc, char *argv[]);
static int run_check_and_add(int argc, char *argv[]);

static const cli_option known_table[] = {
    {.name = "add-known",
     .kind = CLI_FLAG,
     .offset = offsetof(ask_known_options, add_known),
     .help = "add what is known, too, as another member of its group"},
    {.name = NULL}};

#define INPUT_GROUPS                                                                          \
    {CLI_INPUT_TITLE, cli_list_table, offsetof(ask_verb_options, ask.inputs.list)},           \
        {CLI_INPUT_TITLE, cli_choice_table, offsetof(ask_verb_options, ask.inputs.choice)},   \
        {CLI_INPUT_TITLE, cli_field_table, offsetof(ask_verb_options, ask.inputs.fields)},    \
        {CLI_INPUT_TITLE, cli_storage_table, offsetof(ask_verb_options, ask.inputs.storage)}, \
        {"Running", cli_thread_table, offsetof(ask_verb_options, ask.threads)},               \
        {"Running", cli_talk_table, offsetof(ask_verb_options, ask.talk)},                    \
    {                                                                                         \
        NULL, NULL, 0                                                                         \
    }

static const cli_group check_groups[] = {
    {CLI_ANSWER_TITLE, cli_index_ask_table, offsetof(ask_verb_options, ask.ask)}, INPUT_GROUPS};
static const cli_group add_groups[] = {
    {CLI_INDEX_TITLE, cli_index_write_table, offsetof(ask_verb_options, ask.write)},
    {CLI_ANSWER_TITLE, cli_index_ask_table, offsetof(ask_verb_options, ask.ask)},
    INPUT_GROUPS};
static const cli_group check_and_add_groups[] = {
    {CLI_INDEX_TITLE, known_table, offsetof(ask_verb_options, known)},
    {CLI_INDEX_TITLE, cli_index_write_table, offsetof(ask_verb_options, ask.write)},
    {CLI_ANSWER_TITLE, cli_index_ask_table, offsetof(ask_verb_options, ask.ask)},
    INPUT_GROUPS};

static const cli_example check_examples[] = {
    {"has the index these pages already?", "neardup index check seen/ today.jsonl"},
    {"only the counts", "neardup index check seen/ today.jsonl --as none"},
    {NULL, NULL}};
static const cli_example add_examples[] = {
    {"add all documents of a file", "neardup index add seen/ today.jsonl"},
    {"a million of them, where the end of the power may cost the last seconds",
     "neardup index add seen/ year.jsonl.zst --sync batch --as none"},
    {NULL, NULL}};
static const cli_example check_and_add_examples[] = {
    {"add what is new, and say of the rest what it is like",
     "neardup index check-and-add seen/ today.jsonl"},
    {"from a program: write a record a line, read an answer a line",
     "neardup index check-and-add seen/ -"},
    {NULL, NULL}};

static const char *const ask_exit_lines[] = {
    "0  done", "2  the command line or an option is wrong",
    "3  done, but some records were skipped or could not be read (they are named)", "4  failed",
    NULL};

const cli_command cli_index_check = {
    .name = "index check",
    .summary = "say of each document whether the index has it; the same as 'neardup check'",
    .operands = "PATH INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description = "Asks about every document and changes nothing. 'neardup help check' has more.",
    .examples = check_examples,
    .groups = check_groups,
    .exit_lines = ask_exit_lines,
    .run = run_check};

const cli_command cli_index_add = {
    .name = "index add",
    .summary = "add documents, what is known already, too",
    .operands = "PATH INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Adds every document, and says what each one is like. What is known becomes another "
        "member of its group. A document with an id that the index has takes the place of that "
        "one. A thousand documents are added together: all of them or, after a failure, none.",
    .examples = add_examples,
    .groups = add_groups,
    .exit_lines = ask_exit_lines,
    .run = run_add};

const cli_command cli_index_check_and_add = {
    .name = "index check-and-add",
    .summary = "add documents that are new; the same as 'neardup check --add'",
    .operands = "PATH INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Asks about each document, and adds it if it is new, one after the other. A document with "
        "an id that the index has takes the place of that one. A thousand documents are added "
        "together: all of them or, after a failure, none.",
    .examples = check_and_add_examples,
    .groups = check_and_add_groups,
    .exit_lines = ask_exit_lines,
    .run = run_check_and_add};

static int run_verb(const cli_command *command, cli_ask_change change, int argc, char *argv[])
{
    ask_verb_options typed = {0};
    const char *path;
    cli_operands inputs;
    int status = cli_index_parse(&typed, &path, &inputs, command, argc, argv, 0, SIZE_MAX);
    if (status == CLI_GO_ON) {
        const cli_ask_plan plan = {.command = command,
                                   .path = path,
                                   .change = change,
                                   .adds_known = typed.known.add_known};
        status = cli_ask_run(&typed.ask, &plan, &inputs);
        cli_options_free(&typed, command);
    }
    return status;
}

static int run_check(int argc, char *argv[])
{
    return run_verb(&cli_index_check, CLI_ASK_ONLY, argc, argv);
}

static int run_add(int argc, char *argv[])
{
    return run_verb(&cli_index_add, CLI_ASK_ADD_ALL, argc, argv);
}

static int run_check_and_add(int argc, char *argv[])
{
    return run_verb(&cli_index_check_and_add, CLI_ASK_ADD_NEW, argc, argv);
}
