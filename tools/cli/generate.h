/* SPDX-License-Identifier: MIT */
/* Files made from the option tables: man pages and completions of shells. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include <stdio.h>

#include "option_table.h"

/* "neardup", "neardup-dedup", "neardup-index-create". Shapes: name has 60 bytes. */
const char *cli_man_name(char name[60], const cli_command *command);

/* The page of a command; NULL is the page of the program. */
void cli_generate_man(FILE *out, const cli_command *command);

void cli_generate_bash(FILE *out);
void cli_generate_zsh(FILE *out);
void cli_generate_fish(FILE *out);

#endif
