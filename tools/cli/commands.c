/* SPDX-License-Identifier: MIT */
/* The list of all commands. */
#include "commands.h"

#include <string.h>

const cli_command *cli_command_get(size_t i)
{
#define COMMAND_ADDRESS(name) &cli_command_##name,
    static const cli_command *const commands[] = {CLI_COMMAND_LIST(COMMAND_ADDRESS)};
#undef COMMAND_ADDRESS
    return i < sizeof commands / sizeof *commands ? commands[i] : NULL;
}

const cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; cli_command_get(i) != NULL; i++) {
        if (strcmp(cli_command_get(i)->name, name) == 0) {
            return cli_command_get(i);
        }
    }
    return NULL;
}

const char *cli_command_name(size_t i)
{
    for (size_t k = 0; cli_command_get(k) != NULL; k++) {
        if (!cli_command_get(k)->hidden && i-- == 0) {
            return cli_command_get(k)->name;
        }
    }
    return NULL;
}
