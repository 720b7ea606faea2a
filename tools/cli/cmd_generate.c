/* SPDX-License-Identifier: MIT */
/* neardup generate: writes man pages and completions; the build uses it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "generate.h"

static int run_generate(int argc, char *argv[]);

static const char *kind_choice(size_t i)
{
    static const char *const kinds[] = {"man", "bash", "zsh", "fish"};
    return i < sizeof kinds / sizeof *kinds ? kinds[i] : NULL;
}

static const cli_option generate_table[] = {
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"}, {.name = NULL}};
static const cli_group generate_groups[] = {{"Options", generate_table, 0}, {NULL, NULL, 0}};
static const cli_example generate_examples[] = {
    {"man pages", "neardup generate man man1/"},
    {"completion of bash", "neardup generate bash completions/"},
    {NULL, NULL}};

const cli_command cli_command_generate = {
    .name = "generate",
    .summary = "write man pages or the completions of a shell into a folder",
    .operands = "man|bash|zsh|fish DIR",
    .description = "Writes man pages, or the completions of a shell, into an existing folder.",
    .examples = generate_examples,
    .groups = generate_groups,
    .operand = kind_choice,
    .hidden = true,
    .run = run_generate};

static FILE *open_in(const char *folder, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = length < (int)sizeof path ? fopen(path, "w") : NULL;
    if (file == NULL) {
        cli_complain("%s/%s: %s", folder, name, strerror(errno));
    }
    return file;
}

static int close_written(FILE *file, const char *folder)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) {
        cli_complain("%s: %s", folder, errno != 0 ? strerror(errno) : "writing failed");
        return CLI_EXIT_FAILED;
    }
    return CLI_EXIT_DONE;
}

static int write_man_page(const char *folder, const cli_command *command)
{
    char name[64] = "neardup.1";
    if (command != NULL) {
        snprintf(name, sizeof name, "neardup-%s.1", command->name);
    }
    FILE *file = open_in(folder, name);
    if (file == NULL) {
        return CLI_EXIT_FAILED;
    }
    cli_generate_man(file, command);
    return close_written(file, folder);
}

static int write_man_pages(const char *folder)
{
    int status = write_man_page(folder, NULL);
    for (size_t i = 0; status == CLI_EXIT_DONE && cli_command_name(i) != NULL; i++) {
        status = write_man_page(folder, cli_command_find(cli_command_name(i)));
    }
    return status;
}

static int write_completion(const char *folder, const char *name, void (*generate)(FILE *out))
{
    FILE *file = open_in(folder, name);
    if (file == NULL) {
        return CLI_EXIT_FAILED;
    }
    generate(file);
    return close_written(file, folder);
}

static int run_generate(int argc, char *argv[])
{
    cli_operands operands;
    int status = cli_options_parse(NULL, &operands, &cli_command_generate, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (operands.count != 2) {
        return cli_usage_error(&cli_command_generate, "two words are needed: %s",
                               cli_command_generate.operands);
    }
    const char *kind = operands.items[0], *folder = operands.items[1];
    if (strcmp(kind, "man") == 0) {
        return write_man_pages(folder);
    }
    if (strcmp(kind, "bash") == 0) {
        return write_completion(folder, "neardup", cli_generate_bash);
    }
    if (strcmp(kind, "zsh") == 0) {
        return write_completion(folder, "_neardup", cli_generate_zsh);
    }
    if (strcmp(kind, "fish") == 0) {
        return write_completion(folder, "neardup.fish", cli_generate_fish);
    }
    return cli_choice_error(&cli_command_generate, "what to generate,", kind, kind_choice);
}
