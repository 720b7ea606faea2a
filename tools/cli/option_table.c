/* SPDX-License-Identifier: MIT */
/* The parser of command lines, driven by the tables. */
#include "option_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "help.h"
#include "suggest.h"
#include "value.h"

/* Where the parser stands. */
typedef struct parser {
    void *values;
    const cli_command *command;
    char **words; /* what is still to be read */
    char **end;
    bool helped; /* --help was met */
} parser;

/* An option of the command and the group that it is in. */
typedef struct found_option {
    const cli_option *option;
    const cli_group *group;
} found_option;

static found_option find_option(const cli_command *command, const char *name, size_t length,
                                char letter)
{
    for (const cli_group *group = command->groups; group->title != NULL; group++) {
        for (const cli_option *option = group->options; option->name != NULL; option++) {
            bool named = name != NULL && strncmp(option->name, name, length) == 0 &&
                         option->name[length] == '\0';
            if (named || (letter != 0 && option->letter == letter)) {
                return (found_option){option, group};
            }
        }
    }
    return (found_option){NULL, NULL};
}

const char *cli_command_word(const cli_command *command)
{
    const char *space = strrchr(command->name, ' ');
    return space != NULL ? space + 1 : command->name;
}

bool cli_command_has_option(const cli_command *command, const char *name)
{
    return find_option(command, name, strlen(name), 0).option != NULL;
}

bool cli_option_takes_value(const cli_option *option)
{
    return option->kind != CLI_HELP && option->kind != CLI_FLAG &&
           option->kind != CLI_COUNT_OPTIONAL;
}

void cli_list_add(cli_list *list, const char *item)
{
    /* The capacity is the next power of two above the count. */
    if ((list->count & (list->count + 1)) == 0) {
        list->items = cli_resize(list->items, (2 * list->count + 2) * sizeof(*list->items));
    }
    list->items[list->count++] = item;
}

void cli_list_free(cli_list *list)
{
    free(list->items);
    *list = (cli_list){.items = NULL};
}

int cli_usage_error(const cli_command *command, const char *format, ...)
{
    char message[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cli_complain("%s", message);
    cli_point_to_help(command);
    return CLI_EXIT_USAGE;
}

int cli_choice_error(const cli_command *command, const char *what, const char *value,
                     const char *(*choice)(size_t i))
{
    char list[300] = "";
    size_t length = 0;
    cli_suggestion near = {0};
    for (size_t i = 0; choice(i) != NULL; i++) {
        cli_suggestion_offer(&near, value, choice(i));
        if (length < sizeof list) {
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%s",
                                       i > 0 ? ", " : "", choice(i));
        }
    }
    if (near.word != NULL) {
        return cli_usage_error(command, "%s '%s' is unknown; did you mean '%s'? There are: %s",
                               what, value, near.word, list);
    }
    return cli_usage_error(command, "%s '%s' is unknown; there are: %s", what, value, list);
}

static int unknown_option(const cli_command *command, const char *word, const char *name,
                          size_t length)
{
    char typed[64];
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 63 ? length : 63), name);
    cli_suggestion near = {0};
    for (const cli_group *group = command->groups; group->title != NULL; group++) {
        for (const cli_option *option = group->options; option->name != NULL; option++) {
            cli_suggestion_offer(&near, typed, option->name);
        }
    }
    if (near.word != NULL) {
        return cli_usage_error(command, "unknown option '%s'; did you mean '--%s'?", word,
                               near.word);
    }
    return cli_usage_error(command, "unknown option '%s'", word);
}

static int bad_value(const parser *state, const cli_option *option, const char *text,
                     const char *expected)
{
    return cli_usage_error(state->command, "--%s: '%s' is not %s", option->name, text, expected);
}

static int check_range(const parser *state, const cli_option *option, const char *text,
                       double value)
{
    if (cli_range_holds(&option->range, value)) {
        return CLI_GO_ON;
    }
    char range[80];
    cli_range_text(range, &option->range);
    return cli_usage_error(state->command, "--%s: %s is out of range, must be %s", option->name,
                           text, range);
}

static int store_number(const parser *state, const cli_option *option, cli_number *number,
                        const char *text)
{
    if (!cli_value_number(&number->value, text)) {
        return bad_value(state, option, text, "a number");
    }
    number->given = true;
    return check_range(state, option, text, number->value);
}

static int store_count(const parser *state, const cli_option *option, cli_count *count,
                       const char *text)
{
    count->given = true;
    if (text == NULL) {
        count->value = 0;
        return CLI_GO_ON;
    }
    if (option->kind == CLI_SIZE) {
        if (!cli_value_size(&count->value, text)) {
            return bad_value(state, option, text, "a size, such as 1000000, 512K, 64MiB or 2GiB");
        }
    } else if (!cli_value_count(&count->value, text)) {
        return bad_value(state, option, text, "a whole number");
    }
    return check_range(state, option, text, (double)count->value);
}

static int store_choice(const parser *state, const cli_option *option, const char **chosen,
                        const char *text)
{
    for (size_t i = 0; option->choice(i) != NULL; i++) {
        if (strcmp(text, option->choice(i)) == 0) {
            *chosen = text;
            return CLI_GO_ON;
        }
    }
    char what[64];
    snprintf(what, sizeof what, "--%s:", option->name);
    return cli_choice_error(state->command, what, text, option->choice);
}

/* Puts a value, or NULL for none, where its option wants it. */
static int store(parser *state, found_option found, const char *text)
{
    const cli_option *option = found.option;
    void *member = state->values;
    if (member != NULL) {
        member = (char *)member + found.group->offset + option->offset;
    }
    switch (option->kind) {
    case CLI_HELP:
        state->helped = true;
        return CLI_GO_ON;
    case CLI_FLAG:
        *(bool *)member = true;
        return CLI_GO_ON;
    case CLI_TEXT:
        *(const char **)member = text;
        return CLI_GO_ON;
    case CLI_CHOICE:
        return store_choice(state, option, member, text);
    case CLI_LIST:
        cli_list_add(member, text);
        return CLI_GO_ON;
    case CLI_NUMBER:
        return store_number(state, option, member, text);
    case CLI_COUNT:
    case CLI_COUNT_OPTIONAL:
    case CLI_SIZE:
        return store_count(state, option, member, text);
    }
    return CLI_GO_ON;
}

/* Takes the value of an option from the next word. */
static int store_next_word(parser *state, found_option found)
{
    if (state->words == state->end) {
        return cli_usage_error(state->command, "--%s needs a value: --%s %s", found.option->name,
                               found.option->name, found.option->argument);
    }
    return store(state, found, *state->words++);
}

static int parse_long(parser *state, const char *word)
{
    const char *name = word + 2;
    size_t length = strcspn(name, "=");
    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    found_option found = find_option(state->command, name, length, 0);
    if (found.option == NULL || length == 0) {
        return unknown_option(state->command, word, name, length);
    }
    bool takes_value = cli_option_takes_value(found.option);
    if (value != NULL && !takes_value && found.option->kind != CLI_COUNT_OPTIONAL) {
        return cli_usage_error(state->command, "--%s takes no value, but '%s' was given",
                               found.option->name, value);
    }
    if (value == NULL && takes_value) {
        return store_next_word(state, found);
    }
    return store(state, found, value);
}

/* Parses "-q", "-qf", "-o VALUE" and "-oVALUE". */
static int parse_short(parser *state, const char *word)
{
    /* "-threshold" is a dash too few, not a group of letters. */
    size_t length = strcspn(word + 1, "=");
    if (length > 1 && find_option(state->command, word + 1, length, 0).option != NULL) {
        return unknown_option(state->command, word, word + 1, length);
    }
    for (const char *p = word + 1; *p != '\0'; p++) {
        found_option found = find_option(state->command, NULL, 0, *p);
        if (found.option == NULL) {
            return p == word + 1
                       ? unknown_option(state->command, word, p, length)
                       : cli_usage_error(state->command, "unknown option '-%c' in '%s'", *p, word);
        }
        if (cli_option_takes_value(found.option)) {
            return p[1] != '\0' ? store(state, found, p + 1) : store_next_word(state, found);
        }
        int status = store(state, found, NULL);
        if (status != CLI_GO_ON) {
            return status;
        }
    }
    return CLI_GO_ON;
}

static int parse_words(parser *state, cli_operands *operands)
{
    bool options_ended = false;
    while (state->words < state->end) {
        char *word = *state->words++;
        int status = CLI_GO_ON;
        if (options_ended || word[0] != '-' || word[1] == '\0') {
            operands->items[operands->count++] = word;
        } else if (strcmp(word, "--") == 0) {
            options_ended = true;
        } else {
            status = word[1] == '-' ? parse_long(state, word) : parse_short(state, word);
        }
        if (status != CLI_GO_ON) {
            return status;
        }
        if (state->helped) {
            cli_help_command(state->command);
            return cli_finish_stdout();
        }
    }
    return CLI_GO_ON;
}

int cli_options_parse(void *values, cli_operands *operands, const cli_command *command, int argc,
                      char *argv[])
{
    parser state = {.values = values, .command = command, .words = argv + 1, .end = argv + argc};
    *operands = (cli_operands){.items = argv};
    int status = parse_words(&state, operands);
    if (status != CLI_GO_ON) {
        cli_options_free(values, command);
    }
    return status;
}

void cli_options_free(void *values, const cli_command *command)
{
    for (const cli_group *group = command->groups; group->title != NULL; group++) {
        for (const cli_option *option = group->options; option->name != NULL; option++) {
            if (option->kind == CLI_LIST) {
                cli_list *list = (void *)((char *)values + group->offset + option->offset);
                free(list->items);
                *list = (cli_list){0};
            }
        }
    }
}

static bool is_given(const cli_option *option, const void *values)
{
    const void *member = (const char *)values + option->offset;
    switch (option->kind) {
    case CLI_HELP:
        return false;
    case CLI_FLAG:
        return *(const bool *)member;
    case CLI_TEXT:
    case CLI_CHOICE:
        return *(const char *const *)member != NULL;
    case CLI_LIST:
        return ((const cli_list *)member)->count > 0;
    case CLI_NUMBER:
        return ((const cli_number *)member)->given;
    case CLI_COUNT:
    case CLI_COUNT_OPTIONAL:
    case CLI_SIZE:
        break;
    }
    return ((const cli_count *)member)->given;
}

const char *cli_option_given(const cli_option *table, const void *values)
{
    for (const cli_option *option = table; option->name != NULL; option++) {
        if (is_given(option, values)) {
            return option->name;
        }
    }
    return NULL;
}
