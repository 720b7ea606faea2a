/* SPDX-License-Identifier: MIT */
/* Options of the commands that use an index. */
#include "index_options.h"

#include <stdlib.h>
#include <string.h>

#include "value.h"

/* An answer to who wants none of the waiting: the library takes 0 for its own default. */
#define SECONDS_LEAST 0.001

static const char *sync_choice(size_t i)
{
    static const char *const choices[] = {"always", "batch", "never"};
    return i < sizeof choices / sizeof *choices ? choices[i] : NULL;
}

static const char *sync_meaning(size_t i)
{
    static const char *const meanings[] = {
        "when it is said to be done, from a power failure, too",
        "from the end of the program; a power failure may take the last seconds",
        "when the system likes; a power failure may damage the index"};
    return meanings[i];
}

static const char *as_choice(size_t i)
{
    static const char *const choices[] = {"auto", "text", "json", "none"};
    return i < sizeof choices / sizeof *choices ? choices[i] : NULL;
}

static const char *as_meaning(size_t i)
{
    static const char *const meanings[] = {"text on a terminal, else json", "a line for people",
                                           "a line of JSON", "only the sum at the end"};
    return meanings[i];
}

const cli_option cli_index_write_table[] = {
    {.name = "sync",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_index_write_options, sync),
     .argument = "WHEN",
     .choice = sync_choice,
     .meaning = sync_meaning,
     .help = "when what was added is safe"},
    {.name = "lock-timeout",
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_index_write_options, lock_timeout),
     .argument = "SECONDS",
     .range = {.least = 0, .most = 1e9},
     .standard = "10",
     .help = "how long to wait while another program changes the index"},
    {.name = NULL}};

const cli_option cli_index_ask_table[] = {
    {.name = "matches",
     .kind = CLI_COUNT,
     .offset = offsetof(cli_index_ask_options, matches),
     .argument = "N",
     .range = {.least = 1, .most = 1000},
     .standard = "1",
     .help = "tell up to N documents that each one is like, best first"},
    {.name = "within",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_index_ask_options, within),
     .argument = "TIME",
     .help = "documents whose dates are further apart are no match: 30d, 12h, 2w"},
    {.name = "as",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_index_ask_options, as),
     .argument = "WHAT",
     .choice = as_choice,
     .meaning = as_meaning,
     .help = "what is printed of each document"},
    {.name = NULL}};

bool cli_parse_days(double *days, const char *text)
{
    static const struct {
        char letter;
        double days;
    } units[] = {{'h', 1.0 / 24}, {'d', 1}, {'w', 7}};
    char number[32];
    size_t length = strlen(text);
    double unit = 0;
    for (size_t i = 0; length > 0 && i < sizeof units / sizeof *units; i++) {
        unit = text[length - 1] == units[i].letter ? units[i].days : unit;
    }
    length -= unit > 0;
    if (length == 0 || length >= sizeof number) {
        return false;
    }
    memcpy(number, text, length);
    number[length] = '\0';
    if (!cli_value_number(days, number) || *days <= 0) {
        return false;
    }
    *days *= unit > 0 ? unit : 1;
    return true;
}

static ndup_index_sync resolve_sync(const char *typed)
{
    for (size_t i = 0; typed != NULL && sync_choice(i) != NULL; i++) {
        if (strcmp(typed, sync_choice(i)) == 0) {
            return (ndup_index_sync)i;
        }
    }
    return NDUP_INDEX_SYNC_ALWAYS;
}

ndup_index_open_options cli_index_opening(const cli_index_write_options *write)
{
    ndup_index_open_options options = {.struct_size = sizeof options, .read_only = write == NULL};
    if (write != NULL) {
        options.sync = resolve_sync(write->sync);
    }
    if (write != NULL && write->lock_timeout.given) {
        double seconds = write->lock_timeout.value;
        options.lock_timeout = seconds > SECONDS_LEAST ? seconds : SECONDS_LEAST;
    }
    return options;
}

ndup_status cli_index_open(ndup_index **index, const char *path,
                           const cli_index_write_options *write, cli_job *job, ndup_error *error)
{
    const ndup_index_open_options options = cli_index_opening(write);
    return ndup_index_open(index, path, &options, &job->hooks, error);
}

int cli_index_ask_resolve(ndup_index_query *query, const cli_index_ask_options *typed,
                          const cli_command *command)
{
    *query = (ndup_index_query){.struct_size = sizeof *query};
    query->matches = (size_t)typed->matches.value;
    if (typed->within != NULL && !cli_parse_days(&query->within_days, typed->within)) {
        return cli_usage_error(command, "--within: '%s' is no length of time, such as 30d",
                               typed->within);
    }
    return CLI_GO_ON;
}
