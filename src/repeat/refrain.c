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
#define LISTING_BYTES_MOST 240
#define NUMBERED_LEAST 4
#define ROLLING_LEAST 3
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

bool ndup__is_contents_entry(ndup_text text)
{
    size_t i = 0;
    size_t points = 0;
    while (i < text.length && (is_digit(text.bytes[i]) || (i > 0 && text.bytes[i] == '.'))) {
        points += text.bytes[i] == '.' && i + 1 < text.length && is_digit(text.bytes[i + 1]);
        i++;
    }
    if (points > 0 && i < text.length && text.bytes[i] == ' ') {
        return true;
    }
    const char *at = memchr(text.bytes, ']', text.length);
    return at != NULL && text.bytes + text.length - at > 3 && memcmp(at, "](#", 3) == 0;
}

/* "12.29": what a live report puts in front of what it reports. */
static bool is_time(ndup_text text)
{
    const char *at = text.bytes;
    return text.length > 5 && is_digit(at[0]) && is_digit(at[1]) && at[2] == '.' &&
           is_digit(at[3]) && is_digit(at[4]) && at[5] == ' ';
}

/* Whether a unit is an item of a list whose items stand line by line. Its number is not part of the
 * text: a page leaves it to the browser. */
static bool is_tight_item(const ndup__profile *profile, size_t unit)
{
    const ndup_unit *units = profile->units;
    size_t end = units[unit].offset + units[unit].length;
    bool has_next = unit + 1 < profile->count && units[unit + 1].kind == NDUP_UNIT_LIST_ITEM;
    bool has_last = unit > 0 && units[unit - 1].kind == NDUP_UNIT_LIST_ITEM;
    return units[unit].kind == NDUP_UNIT_LIST_ITEM &&
           ((has_next && units[unit + 1].offset == end + 1) ||
            (has_last &&
             units[unit - 1].offset + units[unit - 1].length + 1 == units[unit].offset));
}

static bool is_numbered(const ndup__profile *profile)
{
    size_t numbered = 0;
    size_t judged = 0;
    for (size_t i = 0; i < profile->listed_count; i++) {
        size_t unit = profile->listed[i];
        if (profile->of[unit].judged) {
            judged++;
            ndup_text text = ndup__profile_text(profile, unit);
            numbered += has_clause_number(text) && !is_time(text) && !is_tight_item(profile, unit);
        }
    }
    return numbered >= NUMBERED_LEAST && (double)numbered >= NUMBERED_SHARE * (double)judged;
}

/* Captions of a film that roll up: a line stands there again when the next one comes below it. */
static bool is_rolling(const ndup__profile *profile)
{
    size_t doubled = 0;
    size_t distinct = 0;
    for (size_t i = 1; i < profile->count; i++) {
        size_t first = profile->of[i].first;
        distinct += first == i;
        doubled += first != i && profile->of[i - 1].first == first &&
                   (i < 2 || profile->of[i - 2].first != first);
    }
    return doubled >= ROLLING_LEAST && 2 * doubled >= distinct;
}

ndup__manner ndup__manner_of(const ndup__profile *profile)
{
    return (ndup__manner){.is_verse = ndup__is_verse(profile),
                          .is_rolling = is_rolling(profile),
                          .is_numbered = is_numbered(profile)};
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
        ndup__is_code(text, profile->is_ascii)) {
        return NDUP_REFRAIN_TABLE;
    }
    if (!manner->is_rolling && ndup__is_verse_line(profile, unit, manner->is_verse)) {
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
