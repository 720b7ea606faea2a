/* SPDX-License-Identifier: MIT */
/* neardup presets: what the named choices set. */
#include <stdio.h>

#include "commands.h"
#include "console.h"
#include "help.h"
#include "json_print.h"
#include "neardup.h"

enum { PURPOSE_COLUMN = 47 };

typedef struct presets_options {
    bool json;
} presets_options;

static int run_presets(int argc, char *argv[]);

static const cli_option presets_table[] = {
    {.name = "json",
     .kind = CLI_FLAG,
     .offset = offsetof(presets_options, json),
     .help = "print JSON"},
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"},
    {.name = NULL}};
static const cli_group presets_groups[] = {{"Options", presets_table, 0}, {NULL, NULL, 0}};
static const cli_example presets_examples[] = {
    {"which presets are there, and what do they set?", "neardup presets"},
    {"use one, with a part of it changed", "neardup dedup corpus/ --preset strict -t 0.9"},
    {"for a program", "neardup presets --json"},
    {NULL, NULL}};

const cli_command cli_command_presets = {
    .name = "presets",
    .summary = "list the presets and what each sets",
    .operands = "",
    .description = "A preset is a named choice of threshold, shingles and treatment of numbers for "
                   "one kind of text; code says which files of folders are read, too. The one "
                   "marked with * is the default. Options given beside "
                   "--preset override its parts.",
    .examples = presets_examples,
    .groups = presets_groups,
    .run = run_presets};

static void print_table(void)
{
    printf("  %-9s %9s  %-13s  %7s  %s\n", "preset", "threshold", "shingle", "numbers", "for");
    for (size_t i = 0; ndup_preset_get(i) != NULL; i++) {
        const ndup_preset *preset = ndup_preset_get(i);
        char shingle[32], numbers[16] = "-";
        snprintf(shingle, sizeof shingle, "%u %s", preset->matching.shingle_size,
                 ndup_token_mode_name(preset->matching.tokens));
        if (preset->matching.number_agreement > 0) {
            snprintf(numbers, sizeof numbers, "%.2f", preset->matching.number_agreement);
        }
        printf("%c %-9s %9.2f  %-13s  %7s  ", i == 0 ? '*' : ' ', preset->name,
               preset->matching.threshold, shingle, numbers);
        cli_print_wrapped(preset->purpose, PURPOSE_COLUMN, PURPOSE_COLUMN, cli_help_width());
    }
    printf("\n* is the default. numbers: least agreement of the numbers in two texts.\n");
}

static void print_json(void)
{
    cli_json json = {.out = stdout};
    cli_json_begin(&json);
    cli_json_open(&json, "presets", '[');
    for (size_t i = 0; ndup_preset_get(i) != NULL; i++) {
        const ndup_preset *preset = ndup_preset_get(i);
        cli_json_open(&json, NULL, '{');
        cli_json_word(&json, "name", preset->name);
        cli_json_bool(&json, "default", i == 0);
        cli_json_number(&json, "threshold", preset->matching.threshold);
        cli_json_count(&json, "shingle_size", preset->matching.shingle_size);
        cli_json_word(&json, "tokens", ndup_token_mode_name(preset->matching.tokens));
        cli_json_number(&json, "number_agreement", preset->matching.number_agreement);
        cli_json_word(&json, "purpose", preset->purpose);
        cli_json_close(&json, '}');
    }
    cli_json_close(&json, ']');
    cli_json_end(&json);
}

static int run_presets(int argc, char *argv[])
{
    presets_options options = {0};
    cli_operands operands;
    int status = cli_options_parse(&options, &operands, &cli_command_presets, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (operands.count > 0) {
        return cli_usage_error(&cli_command_presets, "nothing is expected behind 'presets'");
    }
    if (options.json) {
        print_json();
    } else {
        print_table();
    }
    return cli_finish_stdout();
}
