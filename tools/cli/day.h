/* SPDX-License-Identifier: MIT */
/* The day of a document. */
#ifndef CLI_DAY_H
#define CLI_DAY_H

#include "neardup.h"

enum { CLI_DAY_COLUMNS = 10 };

typedef struct cli_day {
    char text[CLI_DAY_COLUMNS + 1];
} cli_day;

/* The day in UTC; of a date that is not understood the first characters, "" without one. */
void cli_day_write(cli_day *day, const ndup_grouping *grouping);

#endif
