/* SPDX-License-Identifier: MIT */
/* The table of date forms. */
#include "dates.h"

#include <stddef.h>

const cli_date_form cli_date_forms[] = {
    {"ISO 8601", "2026-01-29, 2026-01-29T15:30:05.250+01:00, 20260129T1530Z, 2026-01, 2026"},
    {"week, day of the year", "2026-W05-4, 2026W054, 2026-W05 (its Monday), 2026-029, 2026029"},
    {"year first", "2026/01/29, 2026.1.29, 20260129153000, 2026-Jan-29"},
    {"mail and HTTP", "Thu, 29 Jan 2026 15:30:05 +0100, 29 Jan 26 15:30 EST, "
                      "Thursday, 29-Jan-26 15:30:05 GMT"},
    {"C and browsers", "Thu Jan 29 15:30:05 2026, Thu Jan 29 2026 15:30:05 GMT+0100 (CET)"},
    {"as people write", "29 January 2026, January 29, 2026, Jan. 29th 2026 at 3:30 pm, "
                        "7-APR-1987 11:02:03"},
    {"since 1970", "1769700605, 1769700605.25 (seconds), 1769700605250 (milliseconds)"},
    {NULL, NULL}};

const char cli_date_rules[] =
    "A date without a zone is in UTC, one without a time is midnight; months and weekdays are "
    "English. A zone by a name that is not known counts as UTC. Two digits of a year up to 49 are "
    "20xx. Which of two numbers is the day and which the month is never guessed: 03/04/2021 and "
    "29.01.2026 are not read. Neither are years before 1000 and after 2999, which programs write "
    "for none. How many dates were not read is told; such documents come last.";
