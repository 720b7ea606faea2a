/* SPDX-License-Identifier: MIT */
/* What the forms of dates have in common: a cursor, the parts of a date, times of day, zones. */
#ifndef NDUP__CLUSTER_DATE_PARTS_H
#define NDUP__CLUSTER_DATE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "cluster/keep.h"

#define NDUP__DAY_MS ((int64_t)86400000)

/* What is left of a text. */
typedef struct ndup__cursor {
    const char *at;
    const char *end;
} ndup__cursor;

/* A date as it was written. */
typedef struct ndup__date_parts {
    int year;
    int month;
    int day;
    int64_t time_ms; /* since midnight, the zone taken off; may leave the day */
} ndup__date_parts;

static inline bool ndup__at_digit(const ndup__cursor *reader)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
}

static inline bool ndup__at_letter(const ndup__cursor *reader)
{
    return reader->at < reader->end && (*reader->at | 32) >= 'a' && (*reader->at | 32) <= 'z';
}

/* Exactly `count` digits. */
bool ndup__read_digits(ndup__cursor *reader, unsigned count, int *value);

/* How many digits come. */
unsigned ndup__count_digits(const ndup__cursor *reader);

/* All digits that come, if they are at most `most` (<= 9); returns how many there are, or 0. */
unsigned ndup__read_number(ndup__cursor *reader, unsigned most, int *value);

bool ndup__read_byte(ndup__cursor *reader, char wanted);

/* Passes bytes that are in the list; returns whether there was one. */
bool ndup__skip_any(ndup__cursor *reader, const char *list);

/* Reads a word that begins with one of the names, which differ in three letters, in any case:
 * "Sept", "september" for "sep". Returns its number, or -1 and leaves the cursor. */
int ndup__read_name(ndup__cursor *reader, const char *const *names, int count);

/* "12", "12:30", "12:30:05", "12:30:05.250", with am or pm behind; with `basic` also "1230" and
 * "123005". Adds to time_ms. */
bool ndup__read_time(ndup__cursor *reader, bool basic, int64_t *time_ms);

/* Nothing, "Z", "+02:00", "+0200", "+02", a name, a name with an offset ("GMT+0100"), and a comment
 * in brackets behind. A name that is not known is UTC (RFC 2822, 4.3). Takes it off time_ms. */
bool ndup__read_zone(ndup__cursor *reader, int64_t *time_ms);

/* Days since 1970-01-01 in the Gregorian calendar. */
int64_t ndup__days_since_1970(int year, int month, int day);
int ndup__days_of_month(int year, int month);

/* ISO 8601: calendar, week and ordinal dates, extended and basic. */
bool ndup__read_iso_date(ndup__cursor *reader, ndup__date_parts *parts);

/* Dates with the name of the month: RFC 822, RFC 850, asctime, and as people write them. */
bool ndup__read_named_date(ndup__cursor *reader, ndup__date_parts *parts);

#endif
