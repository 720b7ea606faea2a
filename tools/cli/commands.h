/* SPDX-License-Identifier: MIT */
/* The list of all commands; a new one is one line here. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "option_table.h"

/* X(name): the command cli_command_<name> of cmd_<name>.c, in the order of the overview. */
#define CLI_COMMAND_LIST(X) \
    X(dedup)                \
    X(flag)                 \
    X(passages)             \
    X(group)                \
    X(check)                \
    X(index)                \
    X(serve)                \
    X(sketch)               \
    X(bucket)               \
    X(components)           \
    X(count)                \
    X(verify)               \
    X(decide)               \
    X(work)                 \
    X(apply)                \
    X(report)               \
    X(explain)              \
    X(eval)                 \
    X(advise)               \
    X(presets)              \
    X(help)                 \
    X(generate)

#define CLI_COMMAND_DECLARE(name) extern const cli_command cli_command_##name;
CLI_COMMAND_LIST(CLI_COMMAND_DECLARE)
#undef CLI_COMMAND_DECLARE

/* Command i; NULL past the end. */
const cli_command *cli_command_get(size_t i);

/* The command of that name, or NULL. */
const cli_command *cli_command_find(const char *name);

/* Names of the commands that are not hidden; NULL past the end. */
const char *cli_command_name(size_t i);

#endif
