/* SPDX-License-Identifier: MIT */
/* The rule of a run in words. */
#ifndef CLI_RULE_PRINT_H
#define CLI_RULE_PRINT_H

#include <stdio.h>

#include "neardup.h"

/* Prints the rule of comparison as one phrase: "similarity >= 0.6, 5-word shingles (preset web)".
 */
void cli_rule_print(FILE *out, const ndup_dedup_options *options);

/* How texts differ that have the same tokens. */
const char *cli_same_tokens_text(const ndup_dedup_options *options);

/* "preset web", "preset web, changed", "no preset". Shapes: text has 60 bytes. */
void cli_preset_text(char text[60], const ndup_dedup_options *options);

#endif
