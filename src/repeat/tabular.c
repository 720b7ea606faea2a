/* SPDX-License-Identifier: MIT */
/* Rows, forms, figures and code, by layout and signs. */
#include "repeat/tabular.h"

#include <string.h>

/* Signs of code in a line of at most so many bytes. */
#define CODE_SIGNS_LEAST 2
#define CODE_BYTES_MOST 120
#define VALUE_WORDS_MOST 3
#define TEXT_SHARE 0.75
#define ROW_BYTES_MOST 80
#define AMOUNTS_LEAST 6

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Leaders and blanks to fill in. */
static bool begins_leaders(const char *at, size_t left)
{
    return left > 4 &&
           (memcmp(at, "___", 3) == 0 || memcmp(at, "....", 4) == 0 || memcmp(at, ". . .", 5) == 0);
}

/* Characters of ASCII that are neither letters, figures nor spaces. Without branches, so that
 * compilers turn it into vector code. */
static size_t count_marks(ndup_text text)
{
    size_t marks = 0;
    for (size_t begin = 0; begin < text.length; begin += 128) {
        size_t end = text.length - begin < 128 ? text.length : begin + 128;
        uint8_t part = 0;
        for (size_t i = begin; i < end; i++) {
            uint8_t c = (uint8_t)text.bytes[i];
            uint8_t letter = (uint8_t)((c | 0x20) - 'a') < 26;
            uint8_t figure = (uint8_t)(c - '0') < 10;
            part = (uint8_t)(part + ((uint8_t)(c - '!') < 0x80 - '!' && !letter && !figure));
        }
        marks += part;
    }
    return marks;
}

/* Where the rules of layout have anything to look at: nowhere in most units. Without branches, too.
 */
enum { TWO_SPACES = 1, LEADERS = 2 };

static unsigned look_for_layout(ndup_text text)
{
    uint8_t spaces = 0;
    uint8_t leaders = 0;
    for (size_t i = 0; i + 2 < text.length; i++) {
        char c = text.bytes[i];
        char next = text.bytes[i + 1];
        spaces |= (c == ' ') & (next == ' ');
        leaders |= ((c == '_') | (c == '.')) & (c == next);
        leaders |= (c == '.') & (next == ' ') & (text.bytes[i + 2] == '.');
    }
    return (spaces != 0 ? TWO_SPACES : 0u) | (leaders != 0 ? LEADERS : 0u);
}

/* One gap in a long text is a slip of the typist, and those at the front of a line are indents. */
static bool has_columns(ndup_text text)
{
    size_t gaps = 0;
    const char *end = text.bytes + text.length;
    for (const char *at = memchr(text.bytes, ' ', text.length); at != NULL && end - at > 3;) {
        bool is_gap = memcmp(at, "   ", 3) == 0;
        gaps += is_gap && at > text.bytes && at[-1] != ' ' && at[-1] != '\n';
        at = memchr(at + 1, ' ', (size_t)(end - at - 1));
    }
    return gaps >= 2 || (gaps == 1 && text.length <= ROW_BYTES_MOST);
}

static bool has_leaders(ndup_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (begins_leaders(text.bytes + i, text.length - i)) {
            return true;
        }
    }
    return false;
}

static bool is_laid_out(ndup_text text)
{
    unsigned found = look_for_layout(text);
    return memchr(text.bytes, '\t', text.length) != NULL ||
           ((found & TWO_SPACES) != 0 && has_columns(text)) ||
           ((found & LEADERS) != 0 && has_leaders(text));
}

/* Layout; or more than a quarter of punctuation, as code and encoded data have. */
static bool is_no_text(ndup_text text)
{
    return is_laid_out(text) || (double)count_marks(text) > (1 - TEXT_SHARE) * (double)text.length;
}

static size_t count_digits(ndup_text text)
{
    size_t digits = 0;
    for (size_t begin = 0; begin < text.length; begin += 128) {
        size_t end = text.length - begin < 128 ? text.length : begin + 128;
        uint8_t part = 0;
        for (size_t i = begin; i < end; i++) {
            part = (uint8_t)(part + ((uint8_t)(text.bytes[i] - '0') < 10));
        }
        digits += part;
    }
    return digits;
}

static bool is_word_byte(char c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26 || is_digit(c) || (signed char)c < 0;
}

/* Between two digits, but no space. */
static bool is_point(ndup_text text, size_t at)
{
    return at > 0 && at + 1 < text.length && text.bytes[at] != ' ' && text.bytes[at] != '-' &&
           is_digit(text.bytes[at - 1]) && is_digit(text.bytes[at + 1]);
}

/* 1900 to 2099 */
static bool is_year(const char *digits, size_t count)
{
    return count == 4 && (memcmp(digits, "19", 2) == 0 || memcmp(digits, "20", 2) == 0);
}

/* One word in three is a number. A time, and a sum with cents, are one; a year is none. */
static bool is_full_of_figures(const ndup__profile *profile, size_t unit, size_t digits)
{
    ndup_text text = ndup__profile_text(profile, unit);
    size_t numbers = 0;
    if (3 * digits < profile->of[unit].token_count) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        size_t begin = i;
        while (i < text.length && (is_word_byte(text.bytes[i]) || is_point(text, i))) {
            i++;
        }
        numbers +=
            i > begin && is_digit(text.bytes[begin]) && !is_year(text.bytes + begin, i - begin);
    }
    return 3 * numbers >= profile->of[unit].token_count;
}

/* Whether `text` from `at` on is a value of a form: not empty, and a few words at most. */
static bool is_value(ndup_text text, size_t at)
{
    size_t words = 0;
    for (size_t i = at; i < text.length; i++) {
        words += text.bytes[i] != ' ' && text.bytes[i - 1] == ' ';
    }
    return words > 0 && words <= VALUE_WORDS_MOST;
}

bool ndup__is_other_value(ndup_text a, ndup_text b)
{
    size_t label = 0;
    size_t shorter = a.length < b.length ? a.length : b.length;
    for (size_t i = 0; i < shorter && a.bytes[i] == b.bytes[i]; i++) {
        label = a.bytes[i] == ':' ? i + 1 : label;
    }
    return label > 0 && is_value(a, label) && is_value(b, label);
}

/* "1 cup", "½ cup", "1.5 kg": up to three figures, and a word; no year. */
static bool begins_number(const char *at, size_t left)
{
    bool is_part = left > 1 && at[0] == '\xC2' && (uint8_t)at[1] >= 0xBC && (uint8_t)at[1] <= 0xBE;
    size_t digits = 0;
    while (digits < left && is_digit(at[digits])) {
        digits++;
    }
    bool goes_on = digits < left && (at[digits] == ' ' || at[digits] == '.' || at[digits] == '/' ||
                                     at[digits] == '-');
    return is_part || (digits > 0 && digits <= 3 && goes_on);
}

/* Whether what stands up to the first comma begins with a number, or has one behind a bracket or a
 * colon: "Salad (1 cup lettuce". */
static bool opens_with_amount(ndup_text part)
{
    for (size_t i = 0; i + 1 < part.length; i++) {
        char c = part.bytes[i];
        size_t next = i + 1 + (c == ':');
        bool is_opener = c == '(' || c == '[' || c == ':';
        if (is_opener && next < part.length &&
            begins_number(part.bytes + next, part.length - next)) {
            return true;
        }
    }
    return begins_number(part.bytes, part.length);
}

/* Most parts of a list begin with a number: what goes into a dish, what is ordered. */
static bool is_list_of_amounts(ndup_text text, size_t digits)
{
    const char *end = text.bytes + text.length;
    const char *comma = digits + 1 < AMOUNTS_LEAST ? NULL : memchr(text.bytes, ',', text.length);
    size_t parts = 1;
    size_t amounts = 0;
    if (comma == NULL) {
        return false;
    }
    amounts += opens_with_amount((ndup_text){text.bytes, (size_t)(comma - text.bytes)});
    while (comma != NULL && end - comma > 2) {
        parts++;
        amounts += comma[1] == ' ' && begins_number(comma + 2, (size_t)(end - comma - 2));
        comma = memchr(comma + 1, ',', (size_t)(end - comma - 1));
    }
    return amounts >= AMOUNTS_LEAST && 3 * amounts >= 2 * parts;
}

bool ndup__is_tabular(const ndup__profile *profile, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    if (profile->units[unit].kind == NDUP_UNIT_TABLE || is_no_text(text)) {
        return true;
    }
    size_t digits = count_digits(text);
    return is_full_of_figures(profile, unit, digits) || is_list_of_amounts(text, digits);
}

/* Names with underscores, calls, arrows, a semicolon or brace at the end; or a path, an address, a
 * name: ASCII without any space. */
bool ndup__is_code(ndup_text text, bool is_ascii)
{
    size_t signs = 0;
    if (text.length > CODE_BYTES_MOST) {
        return false;
    }
    if (is_ascii && memchr(text.bytes, ' ', text.length) == NULL) {
        return true;
    }
    for (size_t i = 1; i + 1 < text.length; i++) {
        char before = text.bytes[i - 1];
        char after = text.bytes[i + 1];
        switch (text.bytes[i]) {
        case '_':
            signs += is_word_byte(before) && is_word_byte(after);
            break;
        case '(':
            signs += is_word_byte(before);
            break;
        case '>':
            signs += before == '-' && is_word_byte(after);
            break;
        case '=':
        case '&':
        case ':':
            signs += before == text.bytes[i];
            break;
        default:
            break;
        }
    }
    char last = text.length > 0 ? text.bytes[text.length - 1] : ' ';
    return signs + (last == ';' || last == '{' || last == '}') >= CODE_SIGNS_LEAST;
}
