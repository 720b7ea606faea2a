/* SPDX-License-Identifier: MIT */
/* Commands and their options as tables. The parser, the help texts, the man pages and the
 * completions all read these tables and nothing else. */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit status of the program. CLI_GO_ON is none: the command line was understood. */
enum {
    CLI_GO_ON = -1,
    CLI_EXIT_DONE = 0,
    CLI_EXIT_DUPLICATES = 1,
    CLI_EXIT_USAGE = 2,
    CLI_EXIT_SKIPPED = 3,
    CLI_EXIT_FAILED = 4
};

/* What an option takes, and the type of the member that it fills. */
typedef enum cli_kind {
    CLI_HELP,   /* nothing; prints the command's help */
    CLI_FLAG,   /* nothing; bool */
    CLI_TEXT,   /* const char * */
    CLI_CHOICE, /* const char *, one of choice(0), choice(1), ...; the first is the default */
    CLI_LIST,   /* cli_list; the option may be given several times */
    CLI_NUMBER, /* cli_number */
    CLI_COUNT,  /* cli_count */
    CLI_COUNT_OPTIONAL, /* cli_count; --name is 0, --name=N is N */
    CLI_SIZE            /* cli_count in bytes; takes K, M, G, KiB, MiB, GiB */
} cli_kind;

/* What was typed, apart from what it means: an option that was not given has given == false. */
typedef struct cli_number {
    bool given;
    double value;
} cli_number;

typedef struct cli_count {
    bool given;
    uint64_t value;
} cli_count;

typedef struct cli_list {
    const char **items; /* from the heap; the strings are borrowed */
    size_t count;
} cli_list;

/* Limits of a number. An open end does not belong to the range. */
typedef struct cli_range {
    double least;
    double most;
    bool open_least;
    bool open_most;
} cli_range;

/* One option. A table ends with an option whose name is NULL. */
typedef struct cli_option {
    const char *name; /* without the dashes */
    char letter;      /* short form, or 0 */
    cli_kind kind;
    size_t offset;                    /* of the member, in the struct of the option's group */
    const char *argument;             /* what stands for the value in help texts */
    const char *help;                 /* no capital at the start, no full stop at the end */
    const char *standard;             /* the default in words; NULL where there is none to name */
    const char *(*choice)(size_t i);  /* closed set of values, NULL past its end; of a CLI_LIST: of
                                         what stands before the colon */
    const char *(*meaning)(size_t i); /* of each choice, listed in the help; or NULL */
    bool is_path;                     /* completed as a file name */
    cli_range range;
} cli_option;

/* Options under one heading, which fill the struct at `offset` of the command's options. Following
 * groups with the same title share its heading. A list of groups ends with a NULL title. */
typedef struct cli_group {
    const char *title;
    const cli_option *options;
    size_t offset;
} cli_group;

typedef struct cli_example {
    const char *purpose;
    const char *line;
} cli_example;

/* One command: what it is called, how it is explained, and what runs it. */
typedef struct cli_command {
    const char *name;
    const char *summary;         /* one line, as a heading */
    const char *operands;        /* "INPUT..." */
    const char *operands_help;   /* what they may be, below the usage line of the help; or NULL */
    const char *description;     /* paragraphs, parted by empty lines; for the man page */
    const cli_example *examples; /* ends with a NULL line */
    const cli_group *groups;
    const char *const *exit_lines;    /* "0  done", ...; ends with NULL; NULL = 0, 2 and 4 only */
    const char *(*operand)(size_t i); /* closed set of first operands, or NULL */
    const struct cli_command *(*verb)(size_t i); /* of a command that has some, else NULL: what its
                                                    first operands name; called "COMMAND VERB" */
    bool hidden;                                 /* not listed, no man page */
    int (*run)(int argc, char *argv[]);          /* argv[0] is the command; gives the exit status */
} cli_command;

/* The last word of a command's name: what it is called by. */
const char *cli_command_word(const cli_command *command);

/* The words of a command line that are not options. */
typedef struct cli_operands {
    char **items; /* the front of argv, which is rearranged */
    size_t count;
} cli_operands;

/* Reads a command line into the struct behind `values`, which the caller has zeroed (NULL where no
 * option fills anything), and collects the operands. Gives CLI_GO_ON, or an exit status after it
 * has printed the help or what is wrong.
 */
int cli_options_parse(void *values, cli_operands *operands, const cli_command *command, int argc,
                      char *argv[]);

/* Frees the lists that cli_options_parse made. */
void cli_options_free(void *values, const cli_command *command);

/* Whether the command has an option of this name. */
bool cli_command_has_option(const cli_command *command, const char *name);

/* The name of the first option of a table that was given, where `values` is the struct that it
 * fills; NULL where none was. */
const char *cli_option_given(const cli_option *table, const void *values);

/* Adds a borrowed string to a list. */
void cli_list_add(cli_list *list, const char *item);
void cli_list_free(cli_list *list); /* of the items' places, not of what is borrowed */

/* Whether the option takes a value that may stand in the next word. */
bool cli_option_takes_value(const cli_option *option);

/* Says what is wrong with the command line, and where to look; gives CLI_EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int cli_usage_error(const cli_command *command,
                                                          const char *format, ...);

/* The same for a value outside a closed set: lists the set and names the nearest member. */
int cli_choice_error(const cli_command *command, const char *what, const char *value,
                     const char *(*choice)(size_t i));

#endif
