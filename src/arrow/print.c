/* SPDX-License-Identifier: MIT */
/* Printing numbers, dates and times. */
#include "arrow/print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_SECONDS 86400

/* The quotient rounded down, and what is left over, which is not negative. */
static int64_t divide(int64_t *rest, int64_t value, int64_t by)
{
    bool is_below = value % by < 0;
    *rest = value % by + (is_below ? by : 0);
    return value / by - is_below;
}

static size_t print_day(char *out, size_t room, int64_t days)
{
    /* Years of 400 that begin in March: a leap day is then the last of its year. */
    int64_t day, year_day;
    int64_t era = divide(&day, days + 719468, 146097);
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    year_day = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * year_day + 2) / 153;
    int64_t month_day = year_day - (153 * month + 2) / 5 + 1;
    bool is_next = month >= 10;
    return (size_t)snprintf(out, room, "%04" PRId64 "-%02d-%02d", year + era * 400 + is_next,
                            (int)(is_next ? month - 9 : month + 3), (int)month_day);
}

static int digits_of(int64_t per_second)
{
    return per_second >= 1000000000 ? 9 : per_second >= 1000000 ? 6 : per_second >= 1000 ? 3 : 0;
}

/* The fraction of a second, if there is one: ".250". */
static size_t print_fraction(char *out, size_t room, int64_t rest, int64_t per_second)
{
    return rest == 0 ? 0 : (size_t)snprintf(out, room, ".%0*" PRId64, digits_of(per_second), rest);
}

static size_t print_clock(char *out, size_t room, int64_t seconds, int64_t rest, int64_t per_second)
{
    size_t length = (size_t)snprintf(out, room, "%02d:%02d:%02d", (int)(seconds / 3600),
                                     (int)(seconds / 60 % 60), (int)(seconds % 60));
    return length + print_fraction(out + length, room - length, rest, per_second);
}

static size_t print_moment(char *out, size_t room, int64_t value, int64_t per_second,
                           const char *zone)
{
    int64_t rest, second;
    int64_t day = divide(&second, divide(&rest, value, per_second), DAY_SECONDS);
    size_t length = print_day(out, room, day);
    out[length++] = 'T';
    length += print_clock(out + length, room - length, second, rest, per_second);
    if (zone[0] != '\0') {
        out[length++] = 'Z';
    }
    return length;
}

/* "PT1.5S": seconds, with their sign in front. */
static size_t print_seconds(char *out, size_t room, int64_t value, int64_t per_second)
{
    int64_t whole = value / per_second;
    int64_t rest = value % per_second;
    const char *sign = value < 0 && whole == 0 ? "-" : "";
    size_t length = (size_t)snprintf(out, room, "T%s%" PRId64, sign, whole);
    length += print_fraction(out + length, room - length, rest < 0 ? -rest : rest, per_second);
    out[length++] = 'S';
    return length;
}

static size_t print_interval(char *out, size_t room, const void *buffer, unsigned width,
                             int64_t place)
{
    const char *value = (const char *)buffer + place * (int64_t)width;
    int months = (int)ndup__arrow_int(value, 4, 0);
    int days = width == 8 ? months : width == 16 ? (int)ndup__arrow_int(value, 4, 1) : 0;
    if (width == 4) {
        return (size_t)snprintf(out, room, "P%dM", months);
    }
    size_t length = width == 8 ? (size_t)snprintf(out, room, "P%dD", days)
                               : (size_t)snprintf(out, room, "P%dM%dD", months, days);
    return length + (width == 8 ? print_seconds(out + length, room - length,
                                                ndup__arrow_int(value, 4, 1), 1000)
                                : print_seconds(out + length, room - length,
                                                ndup__arrow_int(value, 8, 1), 1000000000));
}

static double half(uint16_t bits)
{
    int exponent = bits >> 10 & 31;
    double fraction = bits & 1023;
    double value = exponent == 0    ? ldexp(fraction, -24)
                   : exponent == 31 ? (fraction > 0 ? (double)NAN : HUGE_VAL)
                                    : ldexp(fraction + 1024, exponent - 25);
    return (bits & 0x8000) != 0 ? -value : value;
}

/* Whether the text reads back as the value, in the column's precision. */
static bool reads_back(const char *text, double value, unsigned width)
{
    return width == 8 ? strtod(text, NULL) == value : strtof(text, NULL) == (float)value;
}

/* The fewest digits that read back as the value. */
static size_t print_float(char *out, size_t room, double value, unsigned width)
{
    int most = width == 8 ? 17 : 9;
    size_t length = 0;
    if (!isfinite(value)) {
        return 0;
    }
    for (int digits = width == 8 ? 15 : width == 4 ? 6 : 5; digits <= most; digits++) {
        length = (size_t)snprintf(out, room, "%.*g", digits, value);
        if (reads_back(out, value, width)) {
            break;
        }
    }
    for (size_t i = 0; i < length; i++) { /* the locale's point */
        bool is_usual = (out[i] >= '0' && out[i] <= '9') || strchr("+-e", out[i]) != NULL;
        out[i] = is_usual ? out[i] : '.';
    }
    return length;
}

static double read_float(const void *buffer, unsigned width, int64_t place)
{
    float single;
    double value;
    switch (width) {
    case 2:
        return half((uint16_t)ndup__arrow_uint(buffer, 2, place));
    case 4:
        memcpy(&single, (const char *)buffer + place * 4, sizeof single);
        return (double)single;
    default:
        memcpy(&value, (const char *)buffer + place * 8, sizeof value);
        return value;
    }
}

/* Divides a number of `count` words, the least first, by ten; returns what is left over. */
static unsigned divide_words(uint32_t *words, unsigned count)
{
    uint64_t rest = 0;
    for (unsigned i = count; i-- > 0;) {
        uint64_t value = rest << 32 | words[i];
        words[i] = (uint32_t)(value / 10);
        rest = value % 10;
    }
    return (unsigned)rest;
}

static void negate_words(uint32_t *words, unsigned count)
{
    uint64_t carry = 1;
    for (unsigned i = 0; i < count; i++) {
        carry += (uint32_t)~words[i];
        words[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* 256 bits are 78 digits; a scale beyond that is written as an exponent. */
static size_t print_decimal(char *out, size_t room, const char *value, unsigned width, int scale)
{
    uint32_t words[8];
    char digits[80];
    unsigned count = width / 4;
    size_t at = sizeof digits;
    memcpy(words, value, width);
    bool is_negative = words[count - 1] >> 31 != 0;
    if (is_negative) {
        negate_words(words, count);
    }
    bool has_point = scale > 0 && scale < 76;
    for (int i = 0; i < (has_point ? scale + 1 : 1) || at == sizeof digits; i++) {
        digits[--at] = (char)('0' + divide_words(words, count));
    }
    for (bool is_more = true; is_more && at > 1;) {
        is_more = false;
        for (unsigned i = 0; i < count; i++) {
            is_more = is_more || words[i] != 0;
        }
        if (is_more) {
            digits[--at] = (char)('0' + divide_words(words, count));
        }
    }
    int whole = (int)(sizeof digits - at) - (has_point ? scale : 0);
    size_t length =
        (size_t)snprintf(out, room, "%s%.*s", is_negative ? "-" : "", whole, digits + at);
    if (has_point) {
        length +=
            (size_t)snprintf(out + length, room - length, ".%.*s", scale, digits + at + whole);
    } else if (scale != 0) {
        length += (size_t)snprintf(out + length, room - length, "e%d", -scale);
    }
    return length;
}

static ndup__arrow_form print_number(char *out, size_t *length, ndup__arrow_cell cell)
{
    const ndup__arrow_column *column = cell.column;
    const void *buffer = cell.array->buffers[1];
    int64_t place = cell.array->offset + cell.at;
    size_t room = NDUP__ARROW_PRINTED;
    switch (column->kind) {
    case NDUP__ARROW_BOOL:
        *length =
            (size_t)snprintf(out, room, "%s", ndup__arrow_bit(buffer, place) ? "true" : "false");
        break;
    case NDUP__ARROW_INT:
        *length =
            (size_t)snprintf(out, room, "%" PRId64, ndup__arrow_int(buffer, column->width, place));
        break;
    case NDUP__ARROW_UINT:
        *length =
            (size_t)snprintf(out, room, "%" PRIu64, ndup__arrow_uint(buffer, column->width, place));
        break;
    case NDUP__ARROW_FLOAT:
        *length = print_float(out, room, read_float(buffer, column->width, place), column->width);
        break;
    default:
        *length = print_decimal(out, room, (const char *)buffer + place * (int64_t)column->width,
                                column->width, column->scale);
    }
    return *length > 0 ? NDUP__ARROW_AS_WORD : NDUP__ARROW_AS_NOTHING;
}

static ndup__arrow_form print_time(char *out, size_t *length, ndup__arrow_cell cell)
{
    const ndup__arrow_column *column = cell.column;
    const void *buffer = cell.array->buffers[1];
    int64_t place = cell.array->offset + cell.at;
    int64_t value = 0, rest = 0;
    size_t room = NDUP__ARROW_PRINTED;
    if (column->kind != NDUP__ARROW_INTERVAL) {
        value = ndup__arrow_int(buffer, column->width, place);
    }
    switch (column->kind) {
    case NDUP__ARROW_DATE:
        if (column->per_second > 0) {
            value = divide(&rest, value, DAY_SECONDS * column->per_second);
        }
        *length = print_day(out, room, value);
        break;
    case NDUP__ARROW_TIME:
        value = divide(&rest, value, column->per_second);
        *length = print_clock(out, room, value, rest, column->per_second);
        break;
    case NDUP__ARROW_TIMESTAMP:
        *length = print_moment(out, room, value, column->per_second, column->zone);
        break;
    case NDUP__ARROW_DURATION:
        out[0] = 'P';
        *length = 1 + print_seconds(out + 1, room - 1, value, column->per_second);
        break;
    default:
        *length = print_interval(out, room, buffer, column->width, place);
    }
    return NDUP__ARROW_AS_STRING;
}

ndup__arrow_form ndup__arrow_print(char out[NDUP__ARROW_PRINTED], size_t *length,
                                   ndup__arrow_cell cell)
{
    *length = 0;
    if (ndup__arrow_is_null(cell)) {
        return NDUP__ARROW_AS_NOTHING;
    }
    switch (cell.column->kind) {
    case NDUP__ARROW_BOOL:
    case NDUP__ARROW_INT:
    case NDUP__ARROW_UINT:
    case NDUP__ARROW_FLOAT:
    case NDUP__ARROW_DECIMAL:
        return print_number(out, length, cell);
    case NDUP__ARROW_DATE:
    case NDUP__ARROW_TIME:
    case NDUP__ARROW_TIMESTAMP:
    case NDUP__ARROW_DURATION:
    case NDUP__ARROW_INTERVAL:
        return print_time(out, length, cell);
    case NDUP__ARROW_LIST:
    case NDUP__ARROW_LIST_VIEW:
    case NDUP__ARROW_FIXED_LIST:
        return NDUP__ARROW_AS_LIST;
    case NDUP__ARROW_STRUCT:
        return NDUP__ARROW_AS_STRUCT;
    default:
        return NDUP__ARROW_AS_BYTES;
    }
}
