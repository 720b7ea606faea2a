/* SPDX-License-Identifier: MIT */
/* Splitting a text in units by the shape of its lines. */
#include "text/paragraph.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/line_ends.h"
#include "text/utf8.h"

/* Lines over this are paragraphs on one line; nobody wraps there. */
#define WRAP_COLUMNS_MOST 120
#define WRAP_COLUMNS_LEAST 40
#define WRAP_BREAKS_LEAST 3
#define HEADLINE_WORDS_LEAST 4
/* From here on a unit is body text: the head of an article is over. */
#define BODY_WORDS_LEAST 25
#define BODY_SENTENCE_WORDS_LEAST 12

typedef struct splitter {
    ndup__paragraphs *out;
    const char *text;
    size_t length;
    bool markdown;
    bool has_tabs;
    bool is_wrapped;
    uint32_t width; /* that lines are wrapped at */
} splitter;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* Scripts that are written without spaces may break behind every character. */
static uint32_t measure_first_word(const char *text, size_t length)
{
    size_t i = 0;
    uint32_t characters = 0;
    while (i < length && !is_space(text[i])) {
        bool breaks_anywhere = (unsigned char)text[i] >= 0xE0;
        characters += (signed char)text[i] >= -64;
        i++;
        if (breaks_anywhere) {
            break;
        }
    }
    return characters;
}

static void measure_line(ndup__line *line, const splitter *split, size_t begin, size_t end)
{
    const char *text = split->text;
    size_t at = begin;
    uint32_t indent = 0;
    while (at < end && is_space(text[at])) {
        indent += text[at] == '\t' ? 4 : 1;
        at++;
    }
    while (end > at && is_space(text[end - 1])) {
        end--;
    }
    line->offset = (uint32_t)at;
    line->length = (uint32_t)(end - at);
    line->indent = indent;
}

static ndup_status find_lines(splitter *split, ndup_error *error)
{
    ndup__paragraphs *out = split->out;
    ndup__line_ends ends = ndup__line_ends_of(split->text, split->length);
    size_t begin = 0;
    out->line_count = 0;
    while (begin < split->length) {
        size_t next;
        size_t end = ndup__line_ends_find(&next, &ends, split->text, split->length, begin);
        if (out->line_count == out->line_capacity) {
            ndup_status status = ndup__reserve(out->allocator, &out->lines, &out->line_capacity,
                                               out->line_count + 1, sizeof *out->lines, error);
            if (status != NDUP_STATUS_OK) {
                return status;
            }
        }
        measure_line(&out->lines[out->line_count++], split, begin, end);
        begin = next;
    }
    return NDUP_STATUS_OK;
}

static void measure_columns(splitter *split)
{
    bool is_ascii = ndup__utf8_is_ascii(split->text, split->length);
    for (size_t i = 0; i < split->out->line_count; i++) {
        ndup__line *line = &split->out->lines[i];
        size_t characters =
            is_ascii ? line->length : ndup__utf8_count(split->text + line->offset, line->length);
        line->columns = line->indent + (uint32_t)characters;
    }
}

/* The width that 97 % of the lines keep to: a link or a table may stand out. */
static uint32_t find_width(const ndup__paragraphs *out)
{
    size_t by_columns[WRAP_COLUMNS_MOST + 1] = {0};
    size_t count = 0;
    for (size_t i = 0; i < out->line_count; i++) {
        const ndup__line *line = &out->lines[i];
        if (line->length > 0 && line->columns <= WRAP_COLUMNS_MOST) {
            by_columns[line->columns]++;
            count++;
        }
    }
    size_t below = 0;
    uint32_t width = 0;
    while (width < WRAP_COLUMNS_MOST && (below += by_columns[width]) * 100 < count * 97) {
        width++;
    }
    return width;
}

/* Whether the first word of the next line had no room on this one. */
static bool is_forced(const splitter *split, const ndup__line *line)
{
    const ndup__line *next = line + 1;
    if (line->columns + 1 > split->width) {
        return true;
    }
    if (line->columns + 1 + next->length <= split->width) {
        return false; /* there was room for all of it */
    }
    return line->columns + 1 + measure_first_word(split->text + next->offset, next->length) >
           split->width;
}

static bool starts_upper(const splitter *split, const ndup__line *line)
{
    char first = split->text[line->offset];
    return first >= 'A' && first <= 'Z';
}

/* Whether half of the text at least stands in lines that may be wrapped, and half of the line ends
 * between two lines of text were forced. */
static bool is_mostly_forced(const splitter *split)
{
    const ndup__paragraphs *out = split->out;
    size_t bytes = 0;
    size_t long_bytes = 0;
    size_t breaks = 0;
    size_t forced = 0;
    for (size_t i = 0; i < out->line_count; i++) {
        const ndup__line *line = &out->lines[i];
        bytes += line->length;
        long_bytes += line->columns > WRAP_COLUMNS_MOST ? line->length : 0;
        if (i + 1 < out->line_count && line->length > 0 && line[1].length > 0) {
            breaks++;
            forced += is_forced(split, line);
        }
    }
    return 2 * long_bytes < bytes && 2 * forced >= breaks;
}

/* Lines of verse begin with capitals, whatever their length; those of wrapped prose rarely do.
 * Where neither blank lines nor indents part paragraphs, lines are all there is. In many texts they
 * are, and then nothing is measured. */
static void find_wrapping(splitter *split)
{
    const ndup__paragraphs *out = split->out;
    size_t breaks = 0;
    size_t upper = 0;
    size_t bytes = 0;
    size_t parts = 0;
    for (size_t i = 0; i < out->line_count; i++) {
        const ndup__line *line = &out->lines[i];
        bytes += line->length;
        if (i + 1 < out->line_count && line->length > 0 && line[1].length > 0) {
            breaks++;
            upper += starts_upper(split, line + 1);
            parts += line[1].indent > line->indent;
        }
        bool begins = i > 0 && line->length > 0 && line[-1].length == 0;
        parts += begins && bytes > line->length; /* blank lines between text */
    }
    if (breaks >= WRAP_BREAKS_LEAST && 3 * upper < 2 * breaks && parts > 0) {
        measure_columns(split);
        split->width = find_width(out);
        split->is_wrapped = split->width >= WRAP_COLUMNS_LEAST && is_mostly_forced(split);
    }
}

/* "- ", "* ", "+ ", "• ", "1. ", "12) ": how many bytes the marker takes, 0 if there is none. */
static size_t measure_marker(const char *text, size_t length)
{
    size_t at = 0;
    if (length > 2 && (text[0] == '-' || text[0] == '*' || text[0] == '+')) {
        at = 1;
    } else if (length > 4 && memcmp(text, "\xE2\x80\xA2", 3) == 0) {
        return 3;
    } else {
        while (at < length && at < 4 && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        at = at > 0 && at < length && (text[at] == '.' || text[at] == ')') ? at + 1 : 0;
    }
    return at > 0 && at < length && is_space(text[at]) ? at : 0;
}

static ndup_unit_kind kind_of(const splitter *split, size_t offset, size_t length)
{
    const char *text = split->text + offset;
    bool is_letter = (unsigned)((text[0] | 0x20) - 'a') < 26;
    if (!is_letter && measure_marker(text, length) > 0) {
        return NDUP_UNIT_LIST_ITEM;
    }
    if (text[0] == '>') {
        return NDUP_UNIT_QUOTE;
    }
    if (split->markdown && text[0] == '#') {
        return NDUP_UNIT_HEADLINE;
    }
    if ((split->has_tabs && memchr(text, '\t', length) != NULL) ||
        (text[0] == '|' && memchr(text + 1, '|', length - 1) != NULL)) {
        return NDUP_UNIT_TABLE;
    }
    return NDUP_UNIT_PARAGRAPH;
}

/* Appends lines [begin, end) as one unit; there is room for as many units as lines. */
static void add_unit(splitter *split, size_t begin, size_t end, bool is_code)
{
    ndup__paragraphs *out = split->out;
    size_t offset = out->lines[begin].offset;
    size_t length = out->lines[end - 1].offset + out->lines[end - 1].length - offset;
    ndup_unit_kind kind = is_code ? NDUP_UNIT_CODE : kind_of(split, offset, length);
    out->units[out->count++] = (ndup_unit){offset, length, kind};
}

static void add_lines(splitter *split, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        add_unit(split, i, i + 1, false);
    }
}

/* Whether two thirds of a block's lines were ended before they were full. */
static bool is_ended_early(const splitter *split, size_t begin, size_t end)
{
    size_t early = 0;
    for (size_t i = begin; i + 1 < end; i++) {
        early += !is_forced(split, &split->out->lines[i]);
    }
    return end - begin > 1 && 3 * early >= 2 * (end - begin - 1);
}

/* Splits the lines [begin, end), none of them blank. */
static void add_block(splitter *split, size_t begin, size_t end)
{
    const ndup__line *lines = split->out->lines;
    if (!split->is_wrapped || is_ended_early(split, begin, end)) {
        add_lines(split, begin, end);
        return;
    }
    for (size_t i = begin + 1; i < end; i++) {
        bool begins = lines[i].indent > lines[i - 1].indent ||
                      measure_marker(split->text + lines[i].offset, lines[i].length) > 0 ||
                      (split->markdown && split->text[lines[i].offset] == '#');
        /* The second line of a list item hangs; it begins nothing. */
        bool hangs = i == begin + 1 &&
                     measure_marker(split->text + lines[begin].offset, lines[begin].length) > 0 &&
                     measure_marker(split->text + lines[i].offset, lines[i].length) == 0;
        if (begins && !hangs) {
            add_unit(split, begin, i, false);
            begin = i;
        }
    }
    add_unit(split, begin, end, false);
}

static bool is_fence(const splitter *split, const ndup__line *line)
{
    const char *text = split->text + line->offset;
    return split->markdown && line->length >= 3 &&
           (memcmp(text, "```", 3) == 0 || memcmp(text, "~~~", 3) == 0);
}

/* What stands between the fence at `begin` and the one that closes it is one unit. Returns the line
 * behind that. */
static size_t add_fenced(splitter *split, size_t begin)
{
    const ndup__paragraphs *out = split->out;
    size_t end = begin + 1;
    while (end < out->line_count && !is_fence(split, &out->lines[end])) {
        end++;
    }
    size_t first = begin + 1;
    size_t last = end;
    while (first < last && out->lines[first].length == 0) {
        first++;
    }
    while (last > first && out->lines[last - 1].length == 0) {
        last--;
    }
    if (first < last) {
        add_unit(split, first, last, true);
    }
    return end < out->line_count ? end + 1 : end;
}

static void add_units(splitter *split)
{
    const ndup__paragraphs *out = split->out;
    size_t at = 0;
    while (at < out->line_count) {
        size_t end = at;
        while (end < out->line_count && out->lines[end].length > 0 &&
               !is_fence(split, &out->lines[end])) {
            end++;
        }
        if (end > at) {
            add_block(split, at, end);
        } else if (out->lines[at].length > 0) {
            end = add_fenced(split, at);
        } else {
            end++;
        }
        at = end;
    }
}

/* Words; five characters of a script without spaces count as one. */
static size_t count_words(const char *text, size_t length)
{
    size_t words = 0;
    size_t characters = 0;
    for (size_t i = 0; i < length; i++) {
        bool begins = !is_space(text[i]) && text[i] != '\n';
        words += begins && (i == 0 || is_space(text[i - 1]) || text[i - 1] == '\n');
        characters += (unsigned char)text[i] >= 0xE0;
    }
    return words + characters / 5;
}

static bool ends_like_sentence(const char *text, size_t length)
{
    static const char full_stop[] = "\xE3\x80\x82"; /* U+3002, ideographic */
    return strchr(".,;:", text[length - 1]) != NULL ||
           (length > 3 && memcmp(text + length - 3, full_stop, 3) == 0);
}

static void mark_headline(const splitter *split)
{
    const ndup__paragraphs *out = split->out;
    for (size_t i = 0; i < out->count; i++) {
        ndup_unit *unit = &out->units[i];
        const char *text = split->text + unit->offset;
        size_t words = count_words(text, unit->length);
        bool is_sentence = ends_like_sentence(text, unit->length);
        if (unit->kind == NDUP_UNIT_HEADLINE || words >= BODY_WORDS_LEAST ||
            (is_sentence && words >= BODY_SENTENCE_WORDS_LEAST)) {
            return;
        }
        if (unit->kind == NDUP_UNIT_PARAGRAPH && words >= HEADLINE_WORDS_LEAST && !is_sentence) {
            unit->kind = NDUP_UNIT_HEADLINE;
            return;
        }
    }
}

ndup_status ndup__paragraphs_split(ndup__paragraphs *paragraphs, const char *text, size_t length,
                                   bool markdown, ndup_error *error)
{
    splitter split = {.out = paragraphs, .text = text, .length = length, .markdown = markdown};
    paragraphs->count = 0;
    if (length >= UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "a text of %zu bytes, must be below 4 GiB",
                          length);
    }
    split.has_tabs = length > 0 && memchr(text, '\t', length) != NULL;
    ndup_status status = find_lines(&split, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(paragraphs->allocator, &paragraphs->units, &paragraphs->capacity,
                               paragraphs->line_count, sizeof *paragraphs->units, error);
    }
    if (status == NDUP_STATUS_OK) {
        find_wrapping(&split);
        add_units(&split);
        mark_headline(&split);
    }
    return status;
}

void ndup__paragraphs_deinit(ndup__paragraphs *paragraphs)
{
    ndup__free(paragraphs->allocator, &paragraphs->units, paragraphs->capacity,
               sizeof *paragraphs->units);
    ndup__free(paragraphs->allocator, &paragraphs->lines, paragraphs->line_capacity,
               sizeof *paragraphs->lines);
}
