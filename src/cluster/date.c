/* SPDX-License-Identifier: MIT */
/* Reading the dates that feeds and crawls carry. */
#include "cluster/keep.h"

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool read_digits(cursor *reader, unsigned count, int *value)
{
    *value = 0;
    for (unsigned i = 0; i < count; i++) {
        if (reader->at == reader->end || *reader->at < '0' || *reader->at > '9') {
            return false;
        }
        *value = *value * 10 + (*reader->at++ - '0');
    }
    return true;
}

static bool read_byte(cursor *reader, char wanted)
{
    if (reader->at < reader->end && *reader->at == wanted) {
        reader->at++;
        return true;
    }
    return false;
}

/* Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March. */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = (month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static int days_of_month(int year, int month)
{
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 ? 28 + is_leap : 30 + (month + month / 8) % 2;
}

/* "[T ]12:30[:05[.250]]" */
static bool read_time(cursor *reader, int64_t *milliseconds)
{
    int hour;
    int minute;
    int second = 0;
    if (!read_digits(reader, 2, &hour) || !read_byte(reader, ':') ||
        !read_digits(reader, 2, &minute)) {
        return false;
    }
    if (read_byte(reader, ':') && !read_digits(reader, 2, &second)) {
        return false;
    }
    int64_t fraction = 0;
    int64_t scale = 100;
    if (read_byte(reader, '.')) {
        for (int digit; read_digits(reader, 1, &digit); scale /= 10) {
            fraction += digit * scale;
        }
    }
    *milliseconds += ((hour * 60 + minute) * 60 + second) * (int64_t)1000 + fraction;
    return hour < 24 && minute < 60 && second <= 60;
}

/* "Z", "+02:00", "+0200", "+02" or nothing */
static bool read_zone(cursor *reader, int64_t *milliseconds)
{
    if (reader->at == reader->end || read_byte(reader, 'Z') || read_byte(reader, 'z')) {
        return true;
    }
    bool ahead = read_byte(reader, '+');
    if (!ahead && !read_byte(reader, '-')) {
        return false;
    }
    int hours;
    int minutes = 0;
    if (!read_digits(reader, 2, &hours)) {
        return false;
    }
    (void)read_byte(reader, ':');
    if (reader->at < reader->end && !read_digits(reader, 2, &minutes)) {
        return false;
    }
    int64_t shift = (hours * 60 + minutes) * (int64_t)60000;
    *milliseconds += ahead ? -shift : shift;
    return true;
}

static bool read_iso(cursor *reader, int64_t *milliseconds)
{
    int year;
    int month;
    int day;
    if (!read_digits(reader, 4, &year)) {
        return false;
    }
    bool dashes = read_byte(reader, '-');
    if (!read_digits(reader, 2, &month) || (dashes && !read_byte(reader, '-')) ||
        !read_digits(reader, 2, &day) || month < 1 || month > 12 || day < 1 ||
        day > days_of_month(year, month)) {
        return false;
    }
    *milliseconds = days_since_1970(year, month, day) * 86400000;
    if (reader->at == reader->end) {
        return true;
    }
    return (read_byte(reader, 'T') || read_byte(reader, ' ')) && read_time(reader, milliseconds) &&
           read_zone(reader, milliseconds) && reader->at == reader->end;
}

/* Seconds since 1970, with or without a fraction: nine digits and more. */
static bool read_seconds(cursor *reader, int64_t *milliseconds)
{
    int64_t seconds = 0;
    unsigned digits = 0;
    for (int digit; digits < 12 && read_digits(reader, 1, &digit); digits++) {
        seconds = seconds * 10 + digit;
    }
    if (read_byte(reader, '.')) {
        for (int digit; read_digits(reader, 1, &digit);) {
        }
    }
    *milliseconds = seconds * 1000;
    return digits >= 9 && reader->at == reader->end;
}

bool ndup__parse_date(int64_t *milliseconds, ndup_text text)
{
    if (text.length == 0) {
        return false;
    }
    cursor iso = {text.bytes, text.bytes + text.length};
    cursor seconds = iso;
    return read_iso(&iso, milliseconds) || read_seconds(&seconds, milliseconds);
}
