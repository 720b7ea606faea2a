/* SPDX-License-Identifier: MIT */
/* neardup generate: writes man pages and completions; the build uses it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "generate.h"
#include "neardup/output.h"

#define TEXT_BYTES (1 << 18)

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
    .description = "Writes man pages, or the completions of a shell, into a folder.",
    .examples = generate_examples,
    .groups = generate_groups,
    .operand = kind_choice,
    .hidden = true,
    .run = run_generate};

/* The text that is being made; the longest page takes an eighth. It goes through a temporary file,
 * since streams in memory do not tell when they could not grow. */
static struct {
    FILE *out;
    char bytes[TEXT_BYTES];
    char waiting[BUFSIZ];
} text;

static FILE *begin_text(void)
{
    text.out = tmpfile();
    if (text.out == NULL) {
        cli_complain("cannot create a temporary file: %s", strerror(errno));
    } else {
        setvbuf(text.out, text.waiting, _IOFBF, sizeof text.waiting);
    }
    return text.out;
}

/* Reads the text; its length, 0 after saying what is wrong with it. */
static size_t end_text(const char *name)
{
    errno = 0;
    bool failed = fflush(text.out) != 0 || ferror(text.out) != 0;
    failed = failed || fseek(text.out, 0, SEEK_SET) != 0;
    size_t length = failed ? 0 : fread(text.bytes, 1, sizeof text.bytes, text.out);
    failed = failed || ferror(text.out) != 0 || length == 0 || length == sizeof text.bytes;
    if (failed) {
        cli_complain("%s, its temporary file: %s", name,
                     errno != 0 ? strerror(errno) : "not of a size that can be");
    }
    fclose(text.out);
    return failed ? 0 : length;
}

/* Writes the text to FOLDER/NAME, or says why not. */
static int write_text(const char *folder, const char *name)
{
    char path[4096];
    ndup_error error;
    bool written = false;
    size_t length = end_text(name);
    if (length == 0) {
        return CLI_EXIT_FAILED;
    }
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        cli_complain("%s: the path is too long", folder);
        return CLI_EXIT_FAILED;
    }
    if (ndup_output_write_text(&written, path, (ndup_text){text.bytes, length}, true, &error) ==
        NDUP_STATUS_OK) {
        return CLI_EXIT_DONE;
    }
    cli_complain("%s", error.message);
    if (written) {
        cli_complain("written all the same: %s", path);
    }
    return CLI_EXIT_FAILED;
}

static const char *man_page_name(char name[64], const cli_command *command)
{
    char page[60];
    snprintf(name, 64, "%s.1", cli_man_name(page, command));
    return name;
}

static int write_man_page(const char *folder, const cli_command *command)
{
    char name[64];
    if (begin_text() == NULL) {
        return CLI_EXIT_FAILED;
    }
    cli_generate_man(text.out, command);
    return write_text(folder, man_page_name(name, command));
}

enum { PAGES_MOST = 100 };

/* The program (NULL), its commands and their verbs; how many. */
static size_t list_pages(const cli_command *pages[PAGES_MOST])
{
    size_t count = 0;
    pages[count++] = NULL;
    for (size_t i = 0; cli_command_name(i) != NULL; i++) {
        const cli_command *command = cli_command_find(cli_command_name(i));
        pages[count++] = command;
        for (size_t k = 0; command->verb != NULL && command->verb(k) != NULL; k++) {
            pages[count++] = command->verb(k);
        }
    }
    return count;
}

/* As many pages as succeed. */
static int write_man_pages(const char *folder)
{
    const cli_command *pages[PAGES_MOST];
    char name[64];
    size_t count = list_pages(pages);
    size_t written = 0;
    int status = CLI_EXIT_DONE;
    while (status == CLI_EXIT_DONE && written < count) {
        status = write_man_page(folder, pages[written]);
        written += status == CLI_EXIT_DONE;
    }
    for (size_t i = 0; status != CLI_EXIT_DONE && i < written; i++) {
        cli_complain("written all the same: %s/%s", folder, man_page_name(name, pages[i]));
    }
    return status;
}

static int write_completion(const char *folder, const char *name, void (*generate)(FILE *out))
{
    if (begin_text() == NULL) {
        return CLI_EXIT_FAILED;
    }
    generate(text.out);
    return write_text(folder, name);
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
