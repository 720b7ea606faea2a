/* SPDX-License-Identifier: MIT */
/* "Did you mean": the nearest word of a closed set. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/* The best candidate seen so far; zero-initialise, offer every candidate, then read `word`, which
 * stays NULL when none was near. */
typedef struct cli_suggestion {
    const char *word;
    size_t distance;
} cli_suggestion;

void cli_suggestion_offer(cli_suggestion *suggestion, const char *typed, const char *candidate);

#endif
