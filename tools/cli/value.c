/* SPDX-License-Identifier: MIT */
/* Strict reading of numbers and ranges. */
#include "value.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_value_number(double *value, const char *text)
{
    /* strtod would also take blanks, "inf", "nan" and hexadecimal. */
    if (text[strspn(text, "0123456789.eE+-")] != '\0' || text[0] == '\0') {
        return false;
    }
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    return *end == '\0' && end != text && isfinite(*value);
}

/* Reads decimal digits and gives what follows them; NULL when there are none or too many. */
static const char *read_digits(uint64_t *value, const char *text)
{
    uint64_t sum = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (sum > (UINT64_MAX - digit) / 10) {
            return NULL;
        }
        sum = sum * 10 + digit;
    }
    *value = sum;
    return p == text ? NULL : p;
}

bool cli_value_count(uint64_t *value, const char *text)
{
    const char *end = read_digits(value, text);
    return end != NULL && *end == '\0';
}

bool cli_value_size(uint64_t *bytes, const char *text)
{
    static const char units[] = "KMG";
    const char *end = read_digits(bytes, text);
    if (end == NULL) {
        return false;
    }
    if (*end == '\0') {
        return true;
    }
    const char *unit = strchr(units, *end);
    if (unit == NULL || (end[1] != '\0' && strcmp(end + 1, "iB") != 0)) {
        return false;
    }
    unsigned shift = 10 * (unsigned)(unit - units + 1);
    if (*bytes > UINT64_MAX >> shift) {
        return false;
    }
    *bytes <<= shift;
    return true;
}

bool cli_range_holds(const cli_range *range, double value)
{
    if (range->least == range->most) {
        return true;
    }
    bool above = range->open_least ? value > range->least : value >= range->least;
    bool below = range->open_most ? value < range->most : value <= range->most;
    return above && below;
}

void cli_range_text(char text[80], const cli_range *range)
{
    if (!range->open_least && !range->open_most && isfinite(range->most)) {
        snprintf(text, 80, "between %.15g and %.15g", range->least, range->most);
        return;
    }
    int length =
        snprintf(text, 80, "%s %.15g", range->open_least ? "above" : "at least", range->least);
    if (isfinite(range->most)) {
        snprintf(text + length, 80 - (size_t)length, " and %s %.15g",
                 range->open_most ? "below" : "at most", range->most);
    }
}
