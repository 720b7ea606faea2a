/* SPDX-License-Identifier: MIT */
/* Reading the dates that feeds, crawls and people write. Which of two numbers is the day and which
 * the month is never guessed. */
#include "cluster/date_parts.h"

/* Programs write the years 1 and 9999 for "none". */
#define YEAR_LEAST 1000
#define YEAR_MOST 2999

static bool is_date(const ndup__date_parts *parts)
{
    return parts->year >= YEAR_LEAST && parts->year <= YEAR_MOST && parts->month >= 1 &&
           parts->month <= 12 && parts->day >= 1 &&
           parts->day <= ndup__days_of_month(parts->year, parts->month);
}

/* Seconds since 1970 of nine or ten digits, with or without a fraction, or milliseconds of twelve
 * or thirteen. */
static bool read_epoch(ndup__cursor reader, int64_t *milliseconds)
{
    bool is_negative = ndup__read_byte(&reader, '-');
    int64_t value = 0;
    int64_t fraction = 0;
    int64_t scale = 100;
    unsigned digits = 0;
    for (int digit; digits < 14 && ndup__read_digits(&reader, 1, &digit); digits++) {
        value = value * 10 + digit;
    }
    bool is_seconds = digits == 9 || digits == 10;
    if (ndup__read_byte(&reader, '.')) {
        for (int digit; ndup__read_digits(&reader, 1, &digit); scale /= 10) {
            fraction += digit * scale;
        }
    }
    value = is_seconds ? value * 1000 + fraction : value;
    *milliseconds = is_negative ? -value : value;
    return (is_seconds || digits == 12 || digits == 13) && reader.at == reader.end;
}

/* "03/04/2021", "29.1.26": numbers whose order is not said. */
static bool is_open(ndup__cursor reader)
{
    int number;
    for (int part = 0; part < 3; part++) {
        bool is_year = part == 2;
        unsigned digits = ndup__read_number(&reader, is_year ? 4 : 2, &number);
        bool is_separated = is_year || ndup__skip_any(&reader, "/.- ");
        if (digits == 0 || digits == 3 || !is_separated) {
            return false;
        }
    }
    return !ndup__at_letter(&reader);
}

typedef bool read_form(ndup__cursor *reader, ndup__date_parts *parts);

static bool try_form(ndup__cursor reader, read_form *read, int64_t *milliseconds)
{
    ndup__date_parts parts = {.year = 0};
    if (!read(&reader, &parts) || reader.at != reader.end || !is_date(&parts)) {
        return false;
    }
    *milliseconds =
        ndup__days_since_1970(parts.year, parts.month, parts.day) * NDUP__DAY_MS + parts.time_ms;
    return true;
}

ndup__date_reading ndup__parse_date(int64_t *milliseconds, ndup_text text)
{
    if (text.length == 0) {
        return NDUP__DATE_ABSENT;
    }
    ndup__cursor reader = {text.bytes, text.bytes + text.length};
    (void)ndup__skip_any(&reader, " \t\r\n");
    while (reader.end > reader.at && (unsigned char)reader.end[-1] <= ' ') {
        reader.end--;
    }
    if (try_form(reader, ndup__read_iso_date, milliseconds) || read_epoch(reader, milliseconds) ||
        try_form(reader, ndup__read_named_date, milliseconds)) {
        return NDUP__DATE_READ;
    }
    return reader.at == reader.end ? NDUP__DATE_ABSENT
           : is_open(reader)       ? NDUP__DATE_OPEN
                                   : NDUP__DATE_UNKNOWN;
}

bool ndup_date_parse(int64_t *milliseconds, ndup_text date)
{
    return milliseconds != NULL && (date.length == 0 || date.bytes != NULL) &&
           ndup__parse_date(milliseconds, date) == NDUP__DATE_READ;
}
