/* SPDX-License-Identifier: MIT */
/* Formulas in the eyes of spreadsheets. */
#include "text/spreadsheet.h"

#include <string.h>

static size_t pass_digits(ndup_text text, size_t at)
{
    while (at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9') {
        at++;
    }
    return at;
}

/* A sign, digits with a point or not, an exponent or not: a spreadsheet sees a number in it, and
 * nothing to run. */
static size_t pass_sign(ndup_text text, size_t at)
{
    bool has_sign = at < text.length && (text.bytes[at] == '+' || text.bytes[at] == '-');
    return has_sign ? at + 1 : at;
}

/* A sign, digits with a point or not, an exponent or not: a spreadsheet sees a number in it, and
 * nothing to run. */
static bool is_number(ndup_text text)
{
    size_t start = pass_sign(text, 0);
    size_t at = pass_digits(text, start);
    size_t digits = at - start;
    if (at < text.length && text.bytes[at] == '.') {
        start = at + 1;
        at = pass_digits(text, start);
        digits += at - start;
    }
    if (digits > 0 && at < text.length && (text.bytes[at] | 0x20) == 'e') {
        start = pass_sign(text, at + 1);
        at = pass_digits(text, start);
        digits = at - start;
    }
    return digits > 0 && at == text.length;
}

bool ndup__spreadsheet_runs(ndup_text text)
{
    static const char plain[] = "=+-@\t\r\n";
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"};
    size_t at = 0;
    while (at < text.length && text.bytes[at] == '\'') {
        at++;
    }
    if (at == text.length) {
        return false;
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (text.length - at >= 3 && memcmp(text.bytes + at, wide[i], 3) == 0) {
            return true;
        }
    }
    return memchr(plain, text.bytes[at], sizeof plain - 1) != NULL && !is_number(text);
}
