/* SPDX-License-Identifier: MIT */
/* Days are counted off year by year: the dates of the C library end at years that records have. */
#include "day.h"

#include <stdio.h>
#include <string.h>

#define DAY_MILLISECONDS ((int64_t)24 * 3600 * 1000)

static unsigned days_of_year(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 366 : 365;
}

static unsigned days_of_month(unsigned month, unsigned year)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 1 && days_of_year(year) == 366 ? 29 : days[month];
}

/* The day in UTC, as records have it in a dozen forms. Dates are of 1970 to 9999, or count back. */
static void write_day(cli_day *day, int64_t milliseconds)
{
    int64_t left = milliseconds / DAY_MILLISECONDS - (milliseconds % DAY_MILLISECONDS < 0);
    unsigned year = 1970;
    unsigned month = 0;
    for (; left < 0 && year > 0; year--) {
        left += days_of_year(year - 1);
    }
    for (; left >= days_of_year(year) && year < 9999; year++) {
        left -= days_of_year(year);
    }
    for (; month < 11 && left >= days_of_month(month, year); month++) {
        left -= days_of_month(month, year);
    }
    snprintf(day->text, sizeof day->text, "%04u-%02u-%02u", year % 10000, month + 1,
             (unsigned)(left + 1) % 100);
}

void cli_day_write(cli_day *day, const ndup_grouping *grouping)
{
    size_t length = grouping->date.length;
    *day = (cli_day){""};
    if (grouping->is_dated) {
        write_day(day, grouping->milliseconds);
    } else if (length > 0) {
        memcpy(day->text, grouping->date.bytes,
               length < CLI_DAY_COLUMNS ? length : CLI_DAY_COLUMNS);
    }
}
