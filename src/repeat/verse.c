/* SPDX-License-Identifier: MIT */
/* Lines are counted wherever they end: between units, as in a text, or inside of one, as in a page.
 * So a song is one whatever its file is. */
#include "repeat/verse.h"

#include <string.h>

#include "text/utf8.h"

#define VERSE_COLUMNS_MOST 60
/* One line of four may be longer, but not as long as a paragraph. */
#define VERSE_LONG_COLUMNS_MOST 100
#define VERSE_SHORT_SHARE 0.75
/* Headlines are longer on average; a text of nothing but stanzas has none. */
#define VERSE_COLUMNS_AVERAGE 45.0
#define VERSE_WORDS_LEAST 3.5
#define VERSE_WORDS_MOST 10.0
/* Lines of a poem are of like length, labels and titles in a list are not: the standard deviation
 * beside the average. */
#define VERSE_DEVIATION_MOST 0.5
#define VERSE_FIGURES_SHARE 0.34
#define STANZA_LINES_LEAST 4
#define STANZA_DISTINCT_LEAST 3
#define STANZA_LINES_AVERAGE 8
#define VERSE_LINES_ENOUGH 64 /* to tell that a text is none */
#define STANZA_REACH 24       /* lines on each side; what is longer is no stanza */

/* The lines of a stretch of units. */
typedef struct line_tally {
    size_t lines;
    size_t short_lines;
    size_t tokens;
    size_t distinct;
    double columns;
    double squares;
} line_tally;

static size_t count_columns(const ndup__profile *profile, ndup_text line)
{
    return profile->is_ascii ? line.length : ndup__utf8_count(line.bytes, line.length);
}

static void tally_line(line_tally *tally, const ndup__profile *profile, ndup_text line)
{
    size_t columns = count_columns(profile, line);
    tally->lines++;
    tally->short_lines += columns <= VERSE_COLUMNS_MOST;
    tally->columns += (double)columns;
    tally->squares += (double)columns * (double)columns;
}

/* `begin` is the first unit of the stretch. */
static void tally_unit(line_tally *tally, const ndup__profile *profile, size_t begin, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    size_t first = profile->of[unit].first;
    const char *at = text.bytes;
    const char *end = text.bytes + text.length;
    size_t before = tally->lines;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop != NULL ? stop : end;
        tally_line(tally, profile, (ndup_text){at, (size_t)(stop - at)});
        at = stop + (stop < end);
    }
    tally->tokens += profile->of[unit].token_count;
    tally->distinct += first == unit || first < begin ? tally->lines - before : 0;
}

static bool reads_as_verse(const line_tally *tally, double columns_most)
{
    double lines = (double)tally->lines;
    double words = (double)tally->tokens / lines;
    double average = tally->columns / lines;
    double variance = tally->squares / lines - average * average;
    double most = VERSE_DEVIATION_MOST * average;
    return tally->lines >= STANZA_LINES_LEAST && tally->distinct >= STANZA_DISTINCT_LEAST &&
           (double)tally->short_lines >= VERSE_SHORT_SHARE * lines && average <= columns_most &&
           words >= VERSE_WORDS_LEAST && words <= VERSE_WORDS_MOST && variance <= most * most;
}

/* Whether one line in three has a figure: an address, a table of contents. */
static bool has_figures(const ndup__profile *profile, size_t begin, size_t end, size_t lines)
{
    const ndup_unit *units = profile->units;
    const char *at = profile->text.bytes + units[begin].offset;
    const char *stop = profile->text.bytes + units[end].offset + units[end].length;
    size_t with_figure = 0;
    for (bool is_new = true; at < stop; at++) {
        bool is_figure = is_new && *at >= '0' && *at <= '9';
        with_figure += is_figure;
        is_new = *at == '\n' || (is_new && !is_figure);
    }
    return (double)with_figure >= VERSE_FIGURES_SHARE * (double)lines;
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

/* Whether blank lines, or the ends of the text, bound a few lines around a unit that read as verse.
 */
static bool is_in_stanza(const ndup__profile *profile, size_t unit)
{
    size_t begin = unit;
    size_t end = unit;
    while (begin > 0 && unit - begin < STANZA_REACH && is_next_line(profile, begin - 1)) {
        begin--;
    }
    while (unit - begin < STANZA_REACH && end - unit < STANZA_REACH && is_next_line(profile, end)) {
        end++;
    }
    if (unit - begin == STANZA_REACH || end - unit == STANZA_REACH) {
        return false;
    }
    line_tally tally = {0};
    for (size_t i = begin; i <= end; i++) {
        tally_unit(&tally, profile, begin, i);
    }
    return reads_as_verse(&tally, VERSE_COLUMNS_AVERAGE) &&
           !has_figures(profile, begin, end, tally.lines);
}

/* Whether so many units are short that a text may be verse, by their bytes alone. */
static bool may_be_verse(const ndup__profile *profile)
{
    size_t most = profile->is_ascii ? VERSE_COLUMNS_MOST : 4 * VERSE_COLUMNS_MOST;
    size_t may_be = 0;
    for (size_t i = 0; i < profile->count; i++) {
        ndup_text text = ndup__profile_text(profile, i);
        may_be += text.length <= most || memchr(text.bytes, '\n', text.length) != NULL;
    }
    return (double)may_be >= VERSE_SHORT_SHARE * (double)profile->count;
}

bool ndup__is_verse(const ndup__profile *profile)
{
    line_tally tally = {0};
    size_t adjacent = 0; /* lines with another one right below */
    if (profile->count == 0 || !may_be_verse(profile)) {
        return false;
    }
    for (size_t i = 0; i < profile->count; i++) {
        size_t before = tally.lines;
        tally_unit(&tally, profile, 0, i);
        if (tally.lines >= VERSE_LINES_ENOUGH &&
            (double)tally.short_lines < VERSE_SHORT_SHARE / 2 * (double)tally.lines) {
            return false;
        }
        adjacent += is_next_line(profile, i) + tally.lines - before - 1;
    }
    size_t stanzas = tally.lines - adjacent;
    bool has_stanzas = stanzas > 1 && tally.lines <= STANZA_LINES_AVERAGE * stanzas;
    return reads_as_verse(&tally, has_stanzas ? VERSE_COLUMNS_MOST : VERSE_COLUMNS_AVERAGE) &&
           2 * adjacent >= tally.lines && !has_figures(profile, 0, profile->count - 1, tally.lines);
}

/* Whether the lines around a long one are short. */
static bool is_among_short(const ndup__profile *profile, size_t unit)
{
    bool above = unit == 0 || count_columns(profile, ndup__profile_text(profile, unit - 1)) <=
                                  VERSE_COLUMNS_MOST;
    bool below =
        unit + 1 == profile->count ||
        count_columns(profile, ndup__profile_text(profile, unit + 1)) <= VERSE_COLUMNS_MOST;
    return above && below;
}

bool ndup__is_verse_line(const ndup__profile *profile, size_t unit, bool text_is_verse)
{
    ndup_text text = ndup__profile_text(profile, unit);
    if (memchr(text.bytes, '\n', text.length) != NULL) {
        line_tally tally = {0};
        tally_unit(&tally, profile, unit, unit);
        tally.distinct = tally.lines;
        return text_is_verse || (reads_as_verse(&tally, VERSE_COLUMNS_AVERAGE) &&
                                 !has_figures(profile, unit, unit, tally.lines));
    }
    if (text.length > 4 * VERSE_LONG_COLUMNS_MOST) {
        return false;
    }
    size_t columns = count_columns(profile, text);
    bool may_be = columns <= VERSE_COLUMNS_MOST ||
                  (columns <= VERSE_LONG_COLUMNS_MOST && is_among_short(profile, unit));
    return may_be && (text_is_verse || is_in_stanza(profile, unit));
}
