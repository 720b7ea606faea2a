/* SPDX-License-Identifier: MIT */
/* The problems of a run, one line for each cause. */
#ifndef CLI_PROBLEMS_H
#define CLI_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup.h"

enum { CLI_PROBLEM_CAUSES = 20, CLI_PROBLEM_PLACES = 3 };

typedef struct cli_problem_place {
    char *path; /* owned */
    uint64_t line;
    uint64_t offset;
} cli_problem_place;

/* The problems of one cause: those whose messages are the same up to "; " or ", found ". */
typedef struct cli_problem_cause {
    char *message; /* of the first one; owned */
    size_t length; /* the part of it that tells the cause */
    uint64_t count;
    bool in_one_file;
    cli_problem_place places[CLI_PROBLEM_PLACES]; /* of the first ones */
} cli_problem_cause;

/* Zero-initialise. Threads: single-owner. */
typedef struct cli_problems {
    cli_problem_cause causes[CLI_PROBLEM_CAUSES];
    size_t cause_count;
    uint64_t others; /* problems of further causes */
} cli_problems;

/* Takes a problem in; ends the program when there is no memory. */
void cli_problems_add(cli_problems *problems, const ndup_problem *problem);

/* Prints a line for each cause, in the order in which they were met, and forgets them. */
void cli_problems_print(cli_problems *problems);

#endif
