/* SPDX-License-Identifier: MIT */
/* Help texts: examples first, then options by group, then the exit status. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "neardup.h"
#include "terminal.h"

enum { OPTION_COLUMN = 28, MEANING_COLUMN = 41, VERB_COLUMN = 17, WIDTH_MOST = 100 };

unsigned cli_help_width(void)
{
    unsigned width = cli_terminal_width(stdout);
    return width < WIDTH_MOST ? width : WIDTH_MOST;
}

void cli_print_wrapped(const char *text, unsigned at, unsigned indent, unsigned width)
{
    bool line_is_empty = true;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (!line_is_empty && at + 1 + word > width) {
            printf("\n%*s", (int)indent, "");
            at = indent;
            line_is_empty = true;
        }
        at += (unsigned)printf("%s%.*s", line_is_empty ? "" : " ", (int)word, text);
        line_is_empty = false;
        text += word;
        text += strspn(text, " ");
    }
    putchar('\n');
}

void cli_option_form(char text[60], const cli_option *option)
{
    const char *argument = option->argument;
    if (option->kind == CLI_COUNT_OPTIONAL) {
        snprintf(text, 60, "--%s[=%s]", option->name, argument);
    } else {
        snprintf(text, 60, "--%s%s%s", option->name, argument != NULL ? " " : "",
                 argument != NULL ? argument : "");
    }
}

void cli_option_text(char *text, const cli_option *option)
{
    size_t size = CLI_OPTION_TEXT_MAX;
    size_t length = (size_t)snprintf(text, size, "%s", option->help);
    if (option->meaning != NULL) {
        length += (size_t)snprintf(text + length, size - length, ":");
    } else if (option->choice != NULL) {
        length += (size_t)snprintf(text + length, size - length, ": ");
        for (size_t i = 0; option->choice(i) != NULL && length < size; i++) {
            length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? ", " : "",
                                       option->choice(i));
        }
    }
    const char *standard = option->standard;
    if (standard == NULL && option->kind == CLI_CHOICE) {
        standard = option->choice(0);
    }
    if (standard != NULL && length < size) {
        snprintf(text + length, size - length, " (default: %s)", standard);
    }
}

const char *const *cli_exit_lines(const cli_command *command)
{
    static const char *const usual[] = {"0  done", "2  wrong use", "4  failed", NULL};
    return command->exit_lines != NULL ? command->exit_lines : usual;
}

void cli_command_usage(char text[120], const cli_command *command)
{
    snprintf(text, 120, "neardup %s%s%s [options]", command->name,
             command->operands[0] != '\0' ? " " : "", command->operands);
}

static void print_option(const cli_option *option, unsigned width)
{
    char form[60], text[CLI_OPTION_TEXT_MAX];
    cli_option_form(form, option);
    cli_option_text(text, option);
    int at =
        option->letter != 0 ? printf("  -%c, %s", option->letter, form) : printf("      %s", form);
    if (at + 2 > OPTION_COLUMN) {
        putchar('\n');
        at = 0;
    }
    printf("%*s", OPTION_COLUMN - at, "");
    cli_print_wrapped(text, OPTION_COLUMN, OPTION_COLUMN, width);
    for (size_t i = 0; option->meaning != NULL && option->choice(i) != NULL; i++) {
        printf("%*s%-*s", OPTION_COLUMN + 2, "", MEANING_COLUMN - OPTION_COLUMN - 2,
               option->choice(i));
        cli_print_wrapped(option->meaning(i), MEANING_COLUMN, MEANING_COLUMN, width);
    }
}

static void print_verbs(const cli_command *command, const cli_colours *colours)
{
    if (command->verb == NULL) {
        return;
    }
    printf("\n%sVerbs:%s\n", colours->bold, colours->plain);
    for (size_t i = 0; command->verb(i) != NULL; i++) {
        printf("  %-*s", VERB_COLUMN - 2, cli_command_word(command->verb(i)));
        cli_print_wrapped(command->verb(i)->summary, VERB_COLUMN, VERB_COLUMN, cli_help_width());
    }
}

static void print_options(const cli_command *command, const cli_colours *colours)
{
    const char *title = "";
    for (const cli_group *group = command->groups; group->title != NULL; group++) {
        if (strcmp(group->title, title) != 0) {
            title = group->title;
            printf("\n%s%s:%s\n", colours->bold, title, colours->plain);
        }
        for (const cli_option *option = group->options; option->name != NULL; option++) {
            print_option(option, cli_help_width());
        }
    }
}

/* Every line of an example begins below the first. */
static void print_lines(const char *lines)
{
    while (*lines != '\0') {
        int length = (int)strcspn(lines, "\n");
        printf("  %.*s\n", length, lines);
        lines += length + (lines[length] == '\n');
    }
}

static void print_examples(const cli_example *example, const cli_colours *colours)
{
    printf("\n%sExamples:%s\n", colours->bold, colours->plain);
    for (; example->line != NULL; example++) {
        printf("  %s# %s%s\n", colours->dim, example->purpose, colours->plain);
        print_lines(example->line);
    }
}

void cli_help_command(const cli_command *command)
{
    const cli_colours *colours = cli_terminal_colours(stdout, NULL);
    char usage[120];
    cli_command_usage(usage, command);
    printf("%sneardup %s%s: ", colours->bold, command->name, colours->plain);
    cli_print_wrapped(command->summary,
                      (unsigned)strlen("neardup : ") + (unsigned)strlen(command->name), 4,
                      cli_help_width());
    print_examples(command->examples, colours);
    printf("\n%sUsage:%s %s\n", colours->bold, colours->plain, usage);
    if (command->operands_help != NULL) {
        fputs("\n  ", stdout);
        cli_print_wrapped(command->operands_help, 2, 2, cli_help_width());
    }
    print_verbs(command, colours);
    print_options(command, colours);
    printf("\n%sExit status:%s\n", colours->bold, colours->plain);
    for (const char *const *line = cli_exit_lines(command); *line != NULL; line++) {
        printf("  %-4.*s", (int)strspn(*line, "0123456789"), *line);
        cli_print_wrapped(*line + strspn(*line, "0123456789 "), 6, 6, cli_help_width());
    }
}

void cli_help_overview(void)
{
    static const cli_example examples[] = {
        {"what is repeated in a folder? Lists the largest groups, writes nothing",
         "neardup dedup corpus/"},
        {"write a corpus without near-duplicates, and the reason for every removal",
         "neardup dedup corpus.jsonl -o jsonl:kept.jsonl -o plan:plan.jsonl"},
        {"why do two texts match, or not?", "neardup explain a.txt b.txt"},
        {NULL, NULL}};
    const cli_colours *colours = cli_terminal_colours(stdout, NULL);
    printf("%sneardup%s: finds repeated and near-repeated text\n", colours->bold, colours->plain);
    print_examples(examples, colours);
    printf("\n%sUsage:%s neardup COMMAND [options]\n\n%sCommands:%s\n", colours->bold,
           colours->plain, colours->bold, colours->plain);
    for (size_t i = 0; cli_command_name(i) != NULL; i++) {
        const cli_command *command = cli_command_find(cli_command_name(i));
        printf("  %-12s", command->name);
        cli_print_wrapped(command->summary, 14, 14, cli_help_width());
    }
    printf("\n%sInstall%s, from the folder of the sources:\n"
           "  cmake -S . -B build && cmake --build build && cmake --install build\n",
           colours->bold, colours->plain);
    printf("\n'neardup COMMAND --help' explains a command; 'neardup --version' is the version.\n");
}

void cli_help_version(void)
{
    printf("neardup %s\nUnicode %s, schema version %d\n", ndup_version(), ndup_unicode_version(),
           NDUP_SCHEMA_VERSION);
}
