/* SPDX-License-Identifier: MIT */
/* Dates as ISO 8601 writes them, and those with slashes or dots that begin with the year. */
#include "cluster/date_parts.h"

/* Day of a year, from 1, as month and day. */
static bool set_ordinal(ndup__date_parts *parts, int day)
{
    int most = ndup__days_of_month(parts->year, 2) + 337;
    if (day < 1 || day > most) {
        return false;
    }
    parts->month = 1;
    while (day > ndup__days_of_month(parts->year, parts->month)) {
        day -= ndup__days_of_month(parts->year, parts->month++);
    }
    parts->day = day;
    return true;
}

/* Weeks begin on Monday; the first one holds January 4th. Days may leave the year, which
 * time_ms makes up for. */
static bool set_week(ndup__date_parts *parts, int week, int weekday)
{
    int64_t fourth = ndup__days_since_1970(parts->year, 1, 4);
    int64_t next = ndup__days_since_1970(parts->year + 1, 1, 4);
    int64_t first_monday = fourth - (fourth + 3 + 7 * 200000) % 7;
    int64_t next_monday = next - (next + 3 + 7 * 200000) % 7;
    int64_t monday = first_monday + 7 * (week - 1);
    if (week < 1 || monday >= next_monday || weekday < 1 || weekday > 7) {
        return false;
    }
    parts->month = 1;
    parts->day = 1;
    parts->time_ms +=
        (monday + weekday - 1 - ndup__days_since_1970(parts->year, 1, 1)) * NDUP__DAY_MS;
    return true;
}

/* Behind "2026-W" or "2026W": "05-3", "053", "05" (its Monday). */
static bool read_week(ndup__cursor *reader, ndup__date_parts *parts, bool dashes)
{
    int week;
    int weekday = 1;
    if (!ndup__read_digits(reader, 2, &week)) {
        return false;
    }
    bool has_day = dashes ? ndup__read_byte(reader, '-') : ndup__at_digit(reader);
    if (has_day && !ndup__read_digits(reader, 1, &weekday)) {
        return false;
    }
    return set_week(parts, week, weekday);
}

/* "2026-01-29", "2026/1/29", "2026.01.29", "2026-01" (its first day), "2026-029" */
static bool read_separated(ndup__cursor *reader, ndup__date_parts *parts, char separator)
{
    int ordinal;
    if (separator == '-' && ndup__count_digits(reader) == 3) {
        return ndup__read_digits(reader, 3, &ordinal) && set_ordinal(parts, ordinal);
    }
    unsigned least = separator == '-' ? 2 : 1;
    parts->day = 1;
    if (ndup__read_number(reader, 2, &parts->month) < least) {
        return false;
    }
    if (!ndup__read_byte(reader, separator)) {
        return separator == '-' && reader->at == reader->end;
    }
    return ndup__read_number(reader, 2, &parts->day) >= least;
}

/* "20260129", "20260129153000", "2026029", "2026" (its first day) */
static bool read_basic(ndup__cursor *reader, ndup__date_parts *parts)
{
    int ordinal;
    switch (ndup__count_digits(reader)) {
    case 3:
        return ndup__read_digits(reader, 3, &ordinal) && set_ordinal(parts, ordinal);
    case 4:
    case 10:
        return ndup__read_digits(reader, 2, &parts->month) &&
               ndup__read_digits(reader, 2, &parts->day) &&
               (!ndup__at_digit(reader) || ndup__read_time(reader, true, &parts->time_ms));
    default:
        parts->month = parts->day = 1;
        return reader->at == reader->end;
    }
}

static bool read_day(ndup__cursor *reader, ndup__date_parts *parts)
{
    if (!ndup__read_digits(reader, 4, &parts->year)) {
        return false;
    }
    for (const char *separator = "-/."; *separator != '\0'; separator++) {
        if (ndup__read_byte(reader, *separator)) {
            return *separator == '-' && ndup__read_byte(reader, 'W')
                       ? read_week(reader, parts, true)
                       : read_separated(reader, parts, *separator);
        }
    }
    return ndup__read_byte(reader, 'W') ? read_week(reader, parts, false)
                                        : read_basic(reader, parts);
}

bool ndup__read_iso_date(ndup__cursor *reader, ndup__date_parts *parts)
{
    if (!read_day(reader, parts)) {
        return false;
    }
    if (reader->at == reader->end) {
        return true;
    }
    bool has_time =
        ndup__read_byte(reader, 'T') || ndup__read_byte(reader, 't') || ndup__skip_any(reader, " ");
    return has_time && ndup__read_time(reader, true, &parts->time_ms) &&
           ndup__read_zone(reader, &parts->time_ms);
}
