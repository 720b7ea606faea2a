/* SPDX-License-Identifier: MIT */
/* Telling verse, tables, dialogue and clauses by their form, without a word list. */
#include "repeat/refrain.h"

#include <string.h>

#define VERSE_COLUMNS_MOST 60
#define VERSE_WORDS_LEAST 3.5
#define VERSE_WORDS_MOST 10.0
#define VERSE_SHORT_SHARE 0.9
#define STANZA_LINES_LEAST 4
#define STANZA_DISTINCT_LEAST 3
#define STANZA_REACH 12 /* lines looked at on each side */
#define SPEECH_TOKENS_MOST 12
#define CLAUSE_TOKENS_MOST 40
#define NUMBERED_LEAST 4
#define NUMBERED_SHARE 0.25

static size_t count_characters(ndup_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += (signed char)text.bytes[i] >= -64;
    }
    return count;
}

/* The lines of a stretch of units, as verse has them. */
typedef struct line_tally {
    size_t lines;
    size_t short_lines;
    size_t tokens; /* of the short lines */
    size_t distinct;
} line_tally;

static bool is_short_line(const ndup__profile *profile, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    return text.length <= 4 * VERSE_COLUMNS_MOST && count_characters(text) <= VERSE_COLUMNS_MOST &&
           memchr(text.bytes, '\n', text.length) == NULL;
}

static void tally_line(line_tally *tally, const ndup__profile *profile, size_t unit)
{
    bool is_short = is_short_line(profile, unit);
    tally->lines++;
    tally->short_lines += is_short;
    tally->tokens += is_short ? profile->of[unit].token_count : 0;
    tally->distinct += profile->of[unit].first == unit;
}

static bool reads_as_verse(const line_tally *tally)
{
    double words = (double)tally->tokens / (double)(tally->short_lines + (tally->short_lines == 0));
    return (double)tally->short_lines >= VERSE_SHORT_SHARE * (double)tally->lines &&
           words >= VERSE_WORDS_LEAST && words <= VERSE_WORDS_MOST &&
           tally->lines >= STANZA_LINES_LEAST && tally->distinct >= STANZA_DISTINCT_LEAST;
}

/* Whether unit + 1 stands on the line after the unit. */
static bool is_next_line(const ndup__profile *profile, size_t unit)
{
    if (unit + 1 >= profile->count) {
        return false;
    }
    size_t begin = profile->units[unit].offset + profile->units[unit].length;
    size_t ends = 0;
    for (size_t i = begin; i < profile->units[unit + 1].offset; i++) {
        ends += profile->text.bytes[i] == '\n';
    }
    return ends == 1;
}

/* The lines around a unit that no blank line parts from it. */
static bool is_in_stanza(const ndup__profile *profile, size_t unit)
{
    size_t begin = unit;
    size_t end = unit;
    while (begin > 0 && unit - begin < STANZA_REACH && is_next_line(profile, begin - 1)) {
        begin--;
    }
    while (end - unit < STANZA_REACH && is_next_line(profile, end)) {
        end++;
    }
    line_tally tally = {0};
    for (size_t i = begin; i <= end; i++) {
        tally_line(&tally, profile, i);
    }
    return reads_as_verse(&tally);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "3.", "3.2", "(a)", "(iv)", "a)", "§ 3", "Article 4", "Section 2.1": the number of a clause. */
static bool has_clause_number(ndup_text text)
{
    static const char *const names[] = {"Article ", "ARTICLE ", "Section ", "SECTION ",
                                        "Clause ",  "Chapter ", "Schedule "};
    const char *at = text.bytes;
    size_t left = text.length;
    if (left > 3 && memcmp(at, "\xC2\xA7", 2) == 0) {
        return true;
    }
    if (left > 3 && memcmp(at, "\xE7\xAC\xAC", 3) == 0) { /* U+7B2C, "number" */
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
    return i < left && (at[i] == ')' || (at[i - 1] == '.' && at[i] == ' ') ||
                        (at[i] == ' ' && memchr(at, '.', i) != NULL));
}

ndup__manner ndup__manner_of(const ndup__profile *profile)
{
    line_tally tally = {0};
    size_t numbered = 0;
    size_t judged = 0;
    for (size_t i = 0; i < profile->count; i++) {
        tally_line(&tally, profile, i);
        if (profile->of[i].judged) {
            judged++;
            numbered += has_clause_number(ndup__profile_text(profile, i));
        }
    }
    return (ndup__manner){
        .is_verse = reads_as_verse(&tally),
        .is_numbered =
            numbered >= NUMBERED_LEAST && (double)numbered >= NUMBERED_SHARE * (double)judged,
    };
}

/* Columns, cells, leaders and blanks to fill in; or one word in three is a number. */
static bool is_tabular(const ndup__profile *profile, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    for (size_t i = 0; i + 3 < text.length; i++) {
        if (memcmp(text.bytes + i, "   ", 3) == 0 || memcmp(text.bytes + i, "___", 3) == 0 ||
            memcmp(text.bytes + i, "....", 4) == 0) {
            return true;
        }
    }
    const ndup__unit_profile *of = &profile->of[unit];
    size_t numbers = 0;
    for (size_t i = of->token_begin; i < of->token_begin + of->token_count; i++) {
        bool has_digit = false;
        for (size_t k = profile->tokens.starts[i]; k < profile->tokens.ends[i]; k++) {
            has_digit |= is_digit(profile->text.bytes[k]);
        }
        numbers += has_digit;
    }
    return 3 * numbers >= of->token_count;
}

/* Opens with a quotation mark or a dialogue dash. */
static bool is_speech(ndup_text text)
{
    static const char *const openers[] = {
        "\"",           "'",        "\xE2\x80\x9C", "\xE2\x80\x98",
        "\xE2\x80\x9E", "\xC2\xAB", "\xE2\x80\x94", "\xE2\x80\x93",
        "\xE3\x80\x8C"};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        size_t length = strlen(openers[i]);
        if (text.length > length && memcmp(text.bytes, openers[i], length) == 0) {
            return true;
        }
    }
    return false;
}

ndup_refrain ndup__refrain_of(const ndup__profile *profile, const ndup__manner *manner, size_t unit)
{
    size_t tokens = profile->of[unit].token_count;
    ndup_text text = ndup__profile_text(profile, unit);
    if (profile->units[unit].kind == NDUP_UNIT_TABLE || is_tabular(profile, unit)) {
        return NDUP_REFRAIN_TABLE;
    }
    if (is_short_line(profile, unit) && (manner->is_verse || is_in_stanza(profile, unit))) {
        return NDUP_REFRAIN_VERSE;
    }
    if (tokens <= SPEECH_TOKENS_MOST && is_speech(text)) {
        return NDUP_REFRAIN_SPEECH;
    }
    if (manner->is_numbered && tokens <= CLAUSE_TOKENS_MOST) {
        return NDUP_REFRAIN_CLAUSE;
    }
    return profile->of[unit].judged ? NDUP_REFRAIN_NONE : NDUP_REFRAIN_SHORT;
}
