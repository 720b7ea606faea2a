/* SPDX-License-Identifier: MIT */
/* Man pages from the option tables. */
#include <ctype.h>
#include <string.h>

#include "commands.h"
#include "dates.h"
#include "generate.h"
#include "help.h"
#include "matching_options.h"
#include "neardup.h"

const char *cli_man_name(char name[60], const cli_command *command)
{
    snprintf(name, 60, "neardup%s%s", command != NULL ? "-" : "",
             command != NULL ? command->name : "");
    for (char *at = name; *at != '\0'; at++) {
        *at = *at == ' ' ? '-' : *at;
    }
    return name;
}

/* Writes text so that roff prints it as it stands. */
static void write_text(FILE *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\') {
            fputs("\\e", out);
        } else if (*p == '-') {
            fputs("\\-", out);
        } else if (*p == '\'') {
            fputs("\\(aq", out);
        } else if (*p == '.' && p == text) {
            fputs("\\&.", out);
        } else {
            fputc(*p, out);
        }
    }
}

static void write_line(FILE *out, const char *text)
{
    write_text(out, text);
    fputc('\n', out);
}

/* Paragraphs are parted by empty lines. */
static void write_paragraphs(FILE *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (p[0] == '\n' && p[1] == '\n') {
            fputs("\n.PP\n", out);
            p++;
        } else {
            char one[2] = {*p, '\0'};
            write_text(out, one);
        }
    }
    fputc('\n', out);
}

static void write_title(FILE *out, const char *name)
{
    fputs(".TH ", out);
    for (const char *p = name; *p != '\0'; p++) {
        fprintf(out, *p == '-' ? "\\-" : "%c", toupper((unsigned char)*p));
    }
    fprintf(out, " 1 \"\" \"neardup %s\" \"User Commands\"\n", ndup_version());
}

static void write_examples(FILE *out, const cli_example *example)
{
    fputs(".SH EXAMPLES\n", out);
    for (; example->line != NULL; example++) {
        fputs(".PP\n", out);
        write_line(out, example->purpose);
        fputs(".RS 4\n.nf\n", out);
        write_line(out, example->line);
        fputs(".fi\n.RE\n", out);
    }
}

static void write_option(FILE *out, const cli_option *option)
{
    char text[CLI_OPTION_TEXT_MAX];
    cli_option_text(text, option);
    fputs(".TP\n", out);
    if (option->letter != 0) {
        fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
    }
    fputs("\\fB\\-\\-", out);
    write_text(out, option->name);
    fputs("\\fR", out);
    if (option->argument != NULL) {
        bool optional = option->kind == CLI_COUNT_OPTIONAL;
        fprintf(out, "%s\\fI%s\\fR%s", optional ? "[=" : " ", option->argument,
                optional ? "]" : "");
    }
    fputc('\n', out);
    write_line(out, text);
    if (option->meaning == NULL) {
        return;
    }
    fputs(".RS\n", out);
    for (size_t i = 0; option->choice(i) != NULL; i++) {
        fprintf(out, ".TP 12\n.B %s\n", option->choice(i));
        write_line(out, option->meaning(i));
    }
    fputs(".RE\n", out);
}

static void write_options(FILE *out, const cli_command *command)
{
    const char *title = "";
    fputs(".SH OPTIONS\n", out);
    for (const cli_group *group = command->groups; group->title != NULL; group++) {
        if (strcmp(title, group->title) != 0) {
            title = group->title;
            fputs(".SS ", out);
            write_line(out, title);
        }
        for (const cli_option *option = group->options; option->name != NULL; option++) {
            write_option(out, option);
        }
    }
}

static void write_verbs(FILE *out, const cli_command *command)
{
    if (command->verb != NULL) {
        fputs(".SH VERBS\n", out);
    }
    for (size_t i = 0; command->verb != NULL && command->verb(i) != NULL; i++) {
        char name[60];
        fputs(".TP\n.BR ", out);
        write_text(out, cli_man_name(name, command->verb(i)));
        fputs(" (1)\n", out);
        write_line(out, command->verb(i)->summary);
    }
}

static void write_exit_status(FILE *out, const char *const *line)
{
    fputs(".SH \"EXIT STATUS\"\n", out);
    for (; *line != NULL; line++) {
        int digits = (int)strspn(*line, "0123456789");
        fprintf(out, ".TP\n.B %.*s\n", digits, *line);
        write_line(out, *line + digits + strspn(*line + digits, " "));
    }
}

/* Of commands that can keep the newest. */
static void write_dates(FILE *out, const cli_command *command)
{
    bool keeps = false;
    for (const cli_group *group = command->groups; group->title != NULL; group++) {
        keeps |= group->options == cli_keep_table;
    }
    if (!keeps) {
        return;
    }
    fputs(".SH DATES\nDates, for \\fB\\-\\-keep newest\\fR and \\fBoldest\\fR, are read in "
          "these forms:\n",
          out);
    for (const cli_date_form *form = cli_date_forms; form->form != NULL; form++) {
        fputs(".TP\n", out);
        write_line(out, form->form);
        write_line(out, form->examples);
    }
    fputs(".PP\n", out);
    write_line(out, cli_date_rules);
}

static void write_environment(FILE *out)
{
    fputs(".SH ENVIRONMENT\n", out);
    fputs(".TP\n.B NO_COLOR\nno colours, when set to anything\n", out);
    fputs(".TP\n.B COLUMNS\nwidth of the terminal\n", out);
    fputs(".TP\n.B TMPDIR\nfolder for temporary files\n", out);
    fputs(".TP\n.B NEARDUP_PAGER\npager of long lists, before\n.B PAGER\nand less\n", out);
    fputs(".TP\n.B BROWSER\nwhat \\-\\-open shows a page with\n", out);
}

static void write_see_also(FILE *out, const cli_command *command)
{
    fputs(".SH \"SEE ALSO\"\n", out);
    const char *separator = "";
    if (command != NULL) {
        fputs(".BR neardup (1)", out);
        separator = ",\n";
    }
    for (size_t i = 0; cli_command_name(i) != NULL; i++) {
        if (command == NULL || strcmp(cli_command_name(i), command->name) != 0) {
            fprintf(out, "%s.BR neardup\\-%s (1)", separator, cli_command_name(i));
            separator = ",\n";
        }
    }
    fputc('\n', out);
}

static void write_program(FILE *out)
{
    write_title(out, "neardup");
    fputs(".SH NAME\nneardup \\- finds repeated and near\\-repeated text\n", out);
    fputs(".SH SYNOPSIS\n.B neardup\n.I COMMAND\n[options]\n.SH DESCRIPTION\n", out);
    fputs("Finds documents of a corpus that are copies of others, or nearly so, and writes the\n"
          "corpus without them, together with the reason for every removal.\n"
          ".SH COMMANDS\n",
          out);
    for (size_t i = 0; cli_command_name(i) != NULL; i++) {
        const cli_command *command = cli_command_find(cli_command_name(i));
        fprintf(out, ".TP\n.B %s\n", command->name);
        write_line(out, command->summary);
    }
    static const char *const exit_lines[] = {"0  done",
                                             "1  only with --check: more was found than it allows",
                                             "2  wrong use",
                                             "3  done, but some inputs were skipped or unreadable",
                                             "4  failed; nothing was written",
                                             "130  cancelled by a signal (128 + its number)",
                                             NULL};
    write_exit_status(out, exit_lines);
    write_environment(out);
    write_see_also(out, NULL);
}

void cli_generate_man(FILE *out, const cli_command *command)
{
    fputs(".\\\" Generated by 'neardup generate man'.\n", out);
    if (command == NULL) {
        write_program(out);
        return;
    }
    char name[60];
    write_title(out, cli_man_name(name, command));
    fputs(".SH NAME\n", out);
    write_text(out, name);
    fputs(" \\- ", out);
    write_line(out, command->summary);
    fprintf(out, ".SH SYNOPSIS\n.B neardup %s\n", command->name);
    if (command->operands[0] != '\0') {
        fputs(".I ", out);
        write_line(out, command->operands);
    }
    fputs("[options]\n.SH DESCRIPTION\n", out);
    write_paragraphs(out, command->description);
    write_examples(out, command->examples);
    write_verbs(out, command);
    write_options(out, command);
    write_dates(out, command);
    write_exit_status(out, cli_exit_lines(command));
    write_environment(out);
    write_see_also(out, command);
}
