/* SPDX-License-Identifier: MIT */
/* Telling verse, tables, dialogue and clauses by their form, without a word list. */
#include "repeat/refrain.h"

#include <string.h>

#include "repeat/verse.h"

#define SPEECH_TOKENS_MOST 12
/* 40 English words or 80 ideographs: longer ones are copied by mistake. Laws in ideographs repeat
 * penalties and procedures of 130 of them word for word, but not one below the other. */
#define CLAUSE_BYTES_MOST 240
#define CLAUSE_BYTES_APART 400
/* Signs of code in a line of at most so many bytes. */
#define CODE_SIGNS_LEAST 2
#define CODE_BYTES_MOST 120
#define LISTING_BYTES_MOST 240
#define VALUE_WORDS_MOST 3
#define TEXT_SHARE 0.75
#define ROW_BYTES_MOST 80
#define NUMBERED_LEAST 4
#define NUMBERED_SHARE 0.25

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How many bytes of Chinese numerals stand at `at`. */
static size_t pass_numerals(ndup_text text, size_t at)
{
    static const char *const numerals[] = {"\xE4\xB8\x80", "\xE4\xBA\x8C", "\xE4\xB8\x89",
                                           "\xE5\x9B\x9B", "\xE4\xBA\x94", "\xE5\x85\xAD",
                                           "\xE4\xB8\x83", "\xE5\x85\xAB", "\xE4\xB9\x9D",
                                           "\xE5\x8D\x81", "\xE7\x99\xBE"};
    size_t begin = at;
    bool is_numeral = true;
    while (is_numeral && at + 3 < text.length) {
        is_numeral = false;
        for (size_t i = 0; i < sizeof numerals / sizeof *numerals && !is_numeral; i++) {
            is_numeral = memcmp(text.bytes + at, numerals[i], 3) == 0;
        }
        at += is_numeral ? 3 : 0;
    }
    return at - begin;
}

/* "十八、", "(三)": Chinese numerals before an ideographic comma, or in brackets. */
static bool has_chinese_number(ndup_text text)
{
    size_t begin = text.bytes[0] == '(' ? 1 : 0;
    size_t end = begin + pass_numerals(text, begin);
    if (end == begin) {
        return false;
    }
    return begin > 0 ? text.bytes[end] == ')'
                     : end + 3 <= text.length && memcmp(text.bytes + end, "\xE3\x80\x81", 3) == 0;
}

/* What most units begin with is no such number: letters without a bracket close behind, but not
 * the first ones of the names below. */
static bool may_have_clause_number(ndup_text text)
{
    const char *at = text.bytes;
    bool is_letter = (uint8_t)((at[0] | 0x20) - 'a') < 26;
    bool is_named = (at[0] == 'A') | (at[0] == 'S') | (at[0] == 'C');
    return text.length < 5 || !is_letter | is_named | (at[1] == ')') | (at[2] == ')') |
                                  (at[3] == ')') | (at[4] == ')');
}

/* "3.", "3.2", "(a)", "(iv)", "a)", "§ 3", "Article 4", "Section 2.1": the number of a clause, also
 * of one that is quoted. */
static bool has_clause_number(ndup_text text)
{
    size_t quote = text.length > 3 && memcmp(text.bytes, "\xE2\x80\x9C", 3) == 0 ? 3 : 0;
    text = (ndup_text){text.bytes + quote, text.length - quote};
    static const char *const names[] = {"Article ", "ARTICLE ", "Section ", "SECTION ",
                                        "Clause ",  "Chapter ", "Schedule "};
    const char *at = text.bytes;
    size_t left = text.length;
    if (!may_have_clause_number(text)) {
        return false;
    }
    if (left > 3 && memcmp(at, "\xC2\xA7", 2) == 0) {
        return true;
    }
    if (((unsigned char)at[0] >= 0xE4 || at[0] == '(') && has_chinese_number(text)) {
        return true;
    }
    /* U+7B2C "number", and a wide bracket, before a Chinese numeral */
    if (left > 3 && (memcmp(at, "\xE7\xAC\xAC", 3) == 0 || memcmp(at, "\xEF\xBC\x88", 3) == 0)) {
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (left > length && memcmp(at, names[i], length) == 0) {
            return is_digit(at[length]) || (at[length] >= 'A' && at[length] <= 'Z');
        }
    }
    size_t i = at[0] == '(' ? 1 : 0;
    size_t begin = i;
    while (i < left && i < 8 && (is_digit(at[i]) || (is_digit(at[begin]) && at[i] == '.'))) {
        i++;
    }
    if (i == begin) {
        while (i < left && i < begin + 4 && at[i] >= 'a' && at[i] <= 'z') {
            i++;
        }
        return i > begin && i < left && at[i] == ')';
    }
    bool goes_on = i < left && (at[i] == ' ' || (unsigned char)at[i] >= 0x80);
    return i < left && (at[i] == ')' || (at[i - 1] == '.' && goes_on) ||
                        (at[i] == ' ' && memchr(at, '.', i) != NULL));
}

bool ndup__has_section_number(ndup_text text)
{
    size_t i = 0;
    size_t points = 0;
    while (i < text.length && (is_digit(text.bytes[i]) || (i > 0 && text.bytes[i] == '.'))) {
        points += text.bytes[i] == '.' && i + 1 < text.length && is_digit(text.bytes[i + 1]);
        i++;
    }
    return points > 0 && i < text.length && text.bytes[i] == ' ';
}

static bool is_numbered(const ndup__profile *profile)
{
    size_t numbered = 0;
    size_t judged = 0;
    for (size_t i = 0; i < profile->listed_count; i++) {
        size_t unit = profile->listed[i];
        if (profile->of[unit].judged) {
            judged++;
            numbered += has_clause_number(ndup__profile_text(profile, unit));
        }
    }
    return numbered >= NUMBERED_LEAST && (double)numbered >= NUMBERED_SHARE * (double)judged;
}

ndup__manner ndup__manner_of(const ndup__profile *profile)
{
    return (ndup__manner){.is_verse = ndup__is_verse(profile), .is_numbered = is_numbered(profile)};
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
static bool is_full_of_figures(const ndup__profile *profile, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    size_t numbers = 0;
    if (3 * count_digits(text) < profile->of[unit].token_count) {
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

bool ndup__is_tabular(const ndup__profile *profile, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    return profile->units[unit].kind == NDUP_UNIT_TABLE || is_no_text(text) ||
           is_full_of_figures(profile, unit);
}

/* Names with underscores, calls, arrows, a semicolon or brace at the end; or a path, an address, a
 * name: ASCII without any space. */
static bool is_code(ndup_text text, bool is_ascii)
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

/* A command or a few lines of code are shown again as often as they are needed. */
static bool is_listing(const ndup__profile *profile, size_t unit, bool is_same)
{
    return profile->units[unit].kind == NDUP_UNIT_CODE &&
           (!is_same || profile->units[unit].length <= LISTING_BYTES_MOST);
}

static bool begins_with(ndup_text text, const char *const *marks)
{
    for (; *marks != NULL; marks++) {
        size_t length = strlen(*marks);
        if (text.length > length && memcmp(text.bytes, *marks, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool ends_with(ndup_text text, const char *const *marks)
{
    for (; *marks != NULL; marks++) {
        size_t length = strlen(*marks);
        if (text.length > length &&
            memcmp(text.bytes + text.length - length, *marks, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Opens with a quotation mark or a dialogue dash and ends like a sentence; a headline may begin
 * with a quotation but has no full stop. */
static bool is_speech(ndup_text text)
{
    static const char *const openers[] = {
        "\"",           "'",        "\xE2\x80\x9C", "\xE2\x80\x98",
        "\xE2\x80\x9E", "\xC2\xAB", "\xE2\x80\x94", "\xE2\x80\x93",
        "\xE3\x80\x8C", NULL};
    static const char *const ends[] = {".",
                                       "!",
                                       "?",
                                       "\"",
                                       "'",
                                       "\xE2\x80\x9D",
                                       "\xE2\x80\x99",
                                       "\xC2\xBB",
                                       "\xE3\x80\x82",
                                       "\xE3\x80\x8D",
                                       NULL};
    return begins_with(text, openers) && ends_with(text, ends);
}

static size_t longest_clause(const ndup__profile *profile, size_t unit)
{
    bool is_doubled = unit > 0 && profile->of[unit].first == unit - 1;
    bool has_ideographs = !profile->is_ascii &&
                          profile->units[unit].length < 4 * (size_t)profile->of[unit].token_count;
    return has_ideographs && !is_doubled ? CLAUSE_BYTES_APART : CLAUSE_BYTES_MOST;
}

ndup_refrain ndup__refrain_of(const ndup__profile *profile, const ndup__manner *manner, size_t unit,
                              bool is_same)
{
    ndup_text text = ndup__profile_text(profile, unit);
    if (ndup__is_tabular(profile, unit) || is_listing(profile, unit, is_same) ||
        is_code(text, profile->is_ascii)) {
        return NDUP_REFRAIN_TABLE;
    }
    if (ndup__is_verse_line(profile, unit, manner->is_verse)) {
        return NDUP_REFRAIN_VERSE;
    }
    if (profile->of[unit].token_count <= SPEECH_TOKENS_MOST && is_speech(text)) {
        return NDUP_REFRAIN_SPEECH;
    }
    if (manner->is_numbered && (!is_same || text.length <= longest_clause(profile, unit))) {
        return NDUP_REFRAIN_CLAUSE;
    }
    return profile->of[unit].judged ? NDUP_REFRAIN_NONE : NDUP_REFRAIN_SHORT;
}
