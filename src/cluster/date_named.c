/* SPDX-License-Identifier: MIT */
/* Dates with the name of the month, which says which number is the day. */
#include <string.h>

#include "cluster/date_parts.h"

#define BLANKS " \t\r\n"
#define BETWEEN " \t\r\n-/.,_"

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

static bool read_month(ndup__cursor *reader, int *month)
{
    *month = ndup__read_name(reader, months, 12) + 1;
    return *month > 0;
}

/* "29", "29th", "1st" */
static bool read_day(ndup__cursor *reader, int *day)
{
    if (ndup__read_number(reader, 2, day) == 0) {
        return false;
    }
    if (reader->end - reader->at >= 2 && ndup__at_letter(reader)) {
        char first = (char)(reader->at[0] | 32);
        char second = (char)(reader->at[1] | 32);
        bool is_suffix = (first == 's' && second == 't') || (first == 'n' && second == 'd') ||
                         (first == 'r' && second == 'd') || (first == 't' && second == 'h');
        reader->at += is_suffix ? 2 : 0;
    }
    return true;
}

/* Four digits, or two as RFC 2822, 4.3 reads them. */
static bool read_year(ndup__cursor *reader, bool may_be_short, int *year)
{
    unsigned digits = ndup__read_number(reader, 4, year);
    if (digits == 2 && may_be_short) {
        *year += *year < 50 ? 2000 : 1900;
        return true;
    }
    return digits == 4;
}

/* "29 Jan 2026", "29-Jan-26", "2026 Jan 29" */
static bool read_number_first(ndup__cursor *reader, ndup__date_parts *parts)
{
    bool year_first = ndup__read_digits(reader, 4, &parts->year);
    if (!year_first && !read_day(reader, &parts->day)) {
        return false;
    }
    (void)ndup__skip_any(reader, BETWEEN);
    if (!read_month(reader, &parts->month)) {
        return false;
    }
    (void)ndup__skip_any(reader, BETWEEN);
    return year_first ? read_day(reader, &parts->day) : read_year(reader, true, &parts->year);
}

static bool is_time_ahead(ndup__cursor reader)
{
    int hour;
    return ndup__read_number(&reader, 2, &hour) > 0 && ndup__read_byte(&reader, ':');
}

/* asctime, and what date(1) prints: "12:00:00 2026", "12:00:00 UTC 2026" */
static bool read_time_and_year(ndup__cursor *reader, ndup__date_parts *parts)
{
    if (!ndup__read_time(reader, false, &parts->time_ms) ||
        !ndup__read_zone(reader, &parts->time_ms)) {
        return false;
    }
    (void)ndup__skip_any(reader, BLANKS);
    return read_year(reader, false, &parts->year);
}

/* "January 29, 2026", "Jan 29 12:00:00 2026" */
static bool read_month_first(ndup__cursor *reader, ndup__date_parts *parts, bool *has_time)
{
    if (!read_month(reader, &parts->month)) {
        return false;
    }
    (void)ndup__skip_any(reader, BETWEEN);
    if (!read_day(reader, &parts->day) || !ndup__skip_any(reader, BETWEEN)) {
        return false;
    }
    *has_time = is_time_ahead(*reader);
    return *has_time ? read_time_and_year(reader, parts) : read_year(reader, false, &parts->year);
}

/* A time behind the date, if there is one. */
static bool read_rest(ndup__cursor *reader, ndup__date_parts *parts)
{
    (void)ndup__skip_any(reader, BLANKS ",");
    if (reader->end - reader->at > 3 && memcmp(reader->at, "at ", 3) == 0) {
        reader->at += 3;
    }
    if (reader->at == reader->end) {
        return true;
    }
    return ndup__read_time(reader, false, &parts->time_ms) &&
           ndup__read_zone(reader, &parts->time_ms);
}

bool ndup__read_named_date(ndup__cursor *reader, ndup__date_parts *parts)
{
    bool has_time = false;
    if (ndup__read_name(reader, weekdays, 7) >= 0) {
        (void)ndup__skip_any(reader, BLANKS ",");
    }
    bool is_date = ndup__at_digit(reader) ? read_number_first(reader, parts)
                                          : read_month_first(reader, parts, &has_time);
    return is_date && (has_time || read_rest(reader, parts));
}
