/* SPDX-License-Identifier: MIT */
/* White space is collapsed, blocks get their kind from where they stand. */
#include "html/html_blocks.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "html/charset.h"
#include "text/utf8.h"

/* A caption or a cell longer than this is running text with a table or class for layout. */
#define CAPTION_BYTES ((size_t)1000)
#define CELL_BYTES ((size_t)300)
/* Shorter blocks may be labels. */
#define LABEL_BYTES ((size_t)80)

void ndup__html_blocks_begin(ndup__html_blocks *blocks)
{
    blocks->length = 0;
    blocks->unit_count = 0;
    blocks->headings = 0;
    blocks->captions = 0;
    blocks->quotes = 0;
    blocks->items = 0;
    blocks->verbatims = 0;
    blocks->figures = 0;
    blocks->links = 0;
    blocks->prose = (ndup__html_prose){0};
    blocks->is_after_link = false;
    blocks->is_in_cell = false;
    blocks->is_open = false;
    blocks->gap = 0;
    blocks->line_ends = 0;
}

static ndup_unit_kind kind_here(const ndup__html_blocks *blocks)
{
    return blocks->verbatims > 0  ? NDUP_UNIT_CODE
           : blocks->headings > 0 ? NDUP_UNIT_HEADLINE
           : blocks->captions > 0 ? NDUP_UNIT_CAPTION
           : blocks->quotes > 0   ? NDUP_UNIT_QUOTE
           : blocks->items > 0    ? NDUP_UNIT_LIST_ITEM
           : blocks->is_in_cell   ? NDUP_UNIT_TABLE
           : blocks->figures > 0  ? NDUP_UNIT_CAPTION
                                  : NDUP_UNIT_PARAGRAPH;
}

static ndup_status reserve(ndup__html_blocks *blocks, size_t more, ndup_error *error)
{
    size_t bytes = blocks->length + more + blocks->unit_count * sizeof *blocks->units;
    if (blocks->most_bytes > 0 && bytes > blocks->most_bytes) {
        return ndup__fail(
            error, NDUP_STATUS_LIMIT,
            "a page with more than %zu bytes of text and paragraphs, which take three "
            "times the memory to read: a larger --max-record reads it",
            blocks->most_bytes);
    }
    return ndup__reserve(blocks->allocator, &blocks->text, &blocks->capacity, blocks->length + more,
                         1, error);
}

/* Begins a block before its first character. */
static ndup_status begin_block(ndup__html_blocks *blocks, ndup_error *error)
{
    ndup_status status = ndup__reserve(blocks->allocator, &blocks->units, &blocks->unit_capacity,
                                       blocks->unit_count + 1, sizeof *blocks->units, error);
    if (status == NDUP_STATUS_OK) {
        status = reserve(blocks, 2, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (blocks->unit_count > 0) {
        blocks->text[blocks->length++] = '\n';
        blocks->text[blocks->length++] = '\n';
    }
    blocks->is_open = true;
    blocks->start = blocks->length;
    blocks->cells = 1;
    blocks->cell_start = blocks->length;
    blocks->gap = 0;
    blocks->line_ends = 0;
    blocks->units[blocks->unit_count] = (ndup_unit){blocks->length, 0, kind_here(blocks)};
    return NDUP_STATUS_OK;
}

/* The rows of a table are no prose. */
static void end_prose(ndup__html_prose *prose, ndup_unit_kind kind)
{
    size_t length = kind == NDUP_UNIT_TABLE ? 0 : prose->here;
    prose->longest = length > prose->longest ? length : prose->longest;
    prose->sum += length >= LABEL_BYTES ? length : 0;
    prose->here = 0;
}

void ndup__html_blocks_end(ndup__html_blocks *blocks)
{
    blocks->gap = 0;
    blocks->line_ends = 0;
    if (!blocks->is_open) {
        return;
    }
    while (blocks->text[blocks->length - 1] == ' ' || blocks->text[blocks->length - 1] == '\n' ||
           blocks->text[blocks->length - 1] == '\t') {
        blocks->length--; /* of verbatim text */
    }
    ndup_unit *unit = &blocks->units[blocks->unit_count++];
    unit->length = blocks->length - blocks->start;
    bool is_running = (unit->kind == NDUP_UNIT_TABLE &&
                       (blocks->cells == 1 || unit->length > blocks->cells * CELL_BYTES)) ||
                      (unit->kind == NDUP_UNIT_CAPTION && unit->length > CAPTION_BYTES);
    if (is_running) {
        unit->kind = NDUP_UNIT_PARAGRAPH;
    }
    blocks->is_open = false;
    end_prose(&blocks->prose, unit->kind);
}

/* Writes what stands between the last character and the next, and begins a block where none is. */
static ndup_status before_character(ndup__html_blocks *blocks, ndup_error *error)
{
    if (blocks->is_open && blocks->line_ends > 1) {
        ndup__html_blocks_end(blocks); /* authors' way to part paragraphs */
    }
    if (!blocks->is_open) {
        return begin_block(blocks, error);
    }
    ndup_status status = NDUP_STATUS_OK;
    if (blocks->gap != 0 || blocks->line_ends > 0) {
        status = reserve(blocks, 1, error);
        if (status == NDUP_STATUS_OK) {
            blocks->text[blocks->length++] = blocks->line_ends > 0 ? '\n' : blocks->gap;
            blocks->prose.here += blocks->links == 0;
            blocks->cells += blocks->gap == '\t';
            blocks->cell_start = blocks->gap == '\t' ? blocks->length : blocks->cell_start;
        }
        blocks->gap = 0;
        blocks->line_ends = 0;
    }
    return status;
}

static ndup_status add_bytes(ndup__html_blocks *blocks, const char *bytes, size_t length,
                             ndup_error *error)
{
    ndup_status status = before_character(blocks, error);
    blocks->is_after_link = false;
    if (status == NDUP_STATUS_OK) {
        status = reserve(blocks, length, error);
    }
    if (status == NDUP_STATUS_OK) {
        memcpy(blocks->text + blocks->length, bytes, length);
        blocks->length += length;
        blocks->prose.here += blocks->links == 0 ? length : 0;
    }
    return status;
}

/* A byte order mark in the middle, and a zero-width space where a block would begin, are nothing.
 */
static bool is_nothing(const ndup__html_blocks *blocks, const char *at, const char *end)
{
    return end - at >= 3 && (memcmp(at, "\xEF\xBB\xBF", 3) == 0 ||
                             (!blocks->is_open && memcmp(at, "\xE2\x80\x8B", 3) == 0));
}

static ndup_status add_space(ndup__html_blocks *blocks, char space, ndup_error *error)
{
    if (blocks->verbatims > 0 && blocks->is_open) {
        ndup_status status = reserve(blocks, 1, error);
        if (status == NDUP_STATUS_OK) {
            blocks->text[blocks->length++] = space == '\n' || space == '\t' ? space : ' ';
        }
        return status;
    }
    blocks->gap = blocks->gap != 0 ? blocks->gap : ' ';
    return NDUP_STATUS_OK;
}

/* "&#8217;" or "&#x2019;" at the beginning of the text: its code point, and how many bytes it
 * takes; 0 when it is none. Source: HTML standard, 13.2.5.80. */
static size_t read_reference(uint32_t *code_point, const char *at, const char *end)
{
    const char *start = at;
    at += 2;
    bool is_hex = at < end && (*at == 'x' || *at == 'X');
    at += is_hex;
    const char *digits = at;
    uint32_t value = 0;
    for (; at < end; at++) {
        unsigned digit = (unsigned)(unsigned char)*at - '0';
        unsigned letter = ((unsigned)(unsigned char)*at | 0x20) - 'a';
        if (digit > 9 && !(is_hex && letter < 6)) {
            break;
        }
        value = value * (is_hex ? 16 : 10) + (digit <= 9 ? digit : letter + 10);
        value = value > 0x110000 ? 0x110000 : value;
    }
    if (at == digits) {
        return 0;
    }
    *code_point = value == 0      ? NDUP__REPLACEMENT
                  : value < 0x100 ? ndup__charset_windows_1252((unsigned char)value)
                                  : value;
    at += at < end && *at == ';';
    return (size_t)(at - start);
}

static ndup_status add_code_point(ndup__html_blocks *blocks, uint32_t code_point, ndup_error *error)
{
    if (code_point <= ' ' || code_point == 0xA0) {
        return add_space(blocks, (char)code_point, error);
    }
    char bytes[4];
    size_t length = ndup__utf8_write(bytes, code_point);
    return is_nothing(blocks, bytes, bytes + length) ? NDUP_STATUS_OK
                                                     : add_bytes(blocks, bytes, length, error);
}

/* How many bytes at the beginning are neither white space nor a reference, nor begin like a
 * character that may be nothing. A no-break space is white space: pages use it for layout. */
static size_t plain_length(const char *at, const char *end, bool has_references)
{
    const char *start = at;
    for (; at < end; at++) {
        unsigned char byte = (unsigned char)*at;
        bool is_space = byte <= ' ' || (byte == 0xC2 && end - at > 1 && at[1] == '\xA0');
        bool may_be_nothing = at > start && (byte == 0xE2 || byte == 0xEF);
        if (is_space || may_be_nothing ||
            (byte == '&' && has_references && end - at > 2 && at[1] == '#')) {
            break;
        }
    }
    return (size_t)(at - start);
}

ndup_status ndup__html_blocks_add(ndup__html_blocks *blocks, ndup_text text, bool has_references,
                                  ndup_error *error)
{
    const char *at = text.bytes;
    const char *end = text.bytes + text.length;
    ndup_status status = NDUP_STATUS_OK;
    while (at < end && status == NDUP_STATUS_OK) {
        size_t taken = plain_length(at, end, has_references);
        if (is_nothing(blocks, at, end)) {
            taken = 3;
        } else if (taken > 0) {
            status = add_bytes(blocks, at, taken, error);
        } else if (*at == '&') {
            uint32_t code_point = '&';
            taken = read_reference(&code_point, at, end);
            taken += taken == 0; /* just the character */
            status = add_code_point(blocks, code_point, error);
        } else {
            status = add_space(blocks, *at, error);
            taken = *at == '\xC2' ? 2 : 1;
        }
        at += taken;
    }
    return status;
}

/* The counter that this element adds to, or NULL. */
static unsigned *counter_of(ndup__html_blocks *blocks, GumboTag tag, ndup__html_mark mark)
{
    switch (tag) {
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
        return &blocks->headings;
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
        return &blocks->items;
    case GUMBO_TAG_A:
        return &blocks->links;
    case GUMBO_TAG_BLOCKQUOTE:
        return &blocks->quotes;
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_XMP:
        return &blocks->verbatims;
    case GUMBO_TAG_FIGURE:
        return &blocks->figures;
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_CAPTION:
        return &blocks->captions;
    default:
        return mark == NDUP__HTML_CAPTION ? &blocks->captions : NULL;
    }
}

static bool is_block(GumboTag tag, ndup__html_mark mark)
{
    return (ndup__html_traits(tag) & NDUP__HTML_BLOCK) != 0 || mark == NDUP__HTML_CAPTION;
}

static bool is_cell(GumboTag tag)
{
    return tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH;
}

/* A cell goes on with the row's block if that is one of short cells. */
static void begin_cell(ndup__html_blocks *blocks)
{
    if (blocks->is_open && blocks->units[blocks->unit_count].kind == NDUP_UNIT_TABLE &&
        blocks->length - blocks->cell_start <= CELL_BYTES) {
        blocks->gap = '\t';
        blocks->line_ends = 0;
    } else {
        ndup__html_blocks_end(blocks);
    }
    blocks->is_in_cell = true;
}

static void end_at_boundary(ndup__html_blocks *blocks, GumboTag tag, ndup__html_mark mark)
{
    if (is_block(tag, mark)) {
        blocks->is_in_cell = false;
        ndup__html_blocks_end(blocks);
    }
}

ndup_status ndup__html_blocks_enter(ndup__html_blocks *blocks, GumboTag tag, ndup__html_mark mark,
                                    ndup_error *error)
{
    if (tag == GUMBO_TAG_BR) {
        if (blocks->verbatims > 0) {
            return add_space(blocks, '\n', error);
        }
        blocks->line_ends++;
        return NDUP_STATUS_OK;
    }
    if (is_cell(tag)) {
        begin_cell(blocks);
        return NDUP_STATUS_OK;
    }
    if (tag == GUMBO_TAG_A && blocks->is_after_link && blocks->gap == 0) {
        blocks->gap = ' '; /* two links side by side are two things, set apart by style */
    }
    end_at_boundary(blocks, tag, mark);
    unsigned *counter = counter_of(blocks, tag, mark);
    if (counter != NULL) {
        ++*counter;
    }
    blocks->prose.headings += counter == &blocks->headings;
    blocks->prose.panels += mark == NDUP__HTML_PANEL;
    return NDUP_STATUS_OK;
}

void ndup__html_blocks_leave(ndup__html_blocks *blocks, GumboTag tag, ndup__html_mark mark)
{
    unsigned *counter = counter_of(blocks, tag, mark);
    blocks->is_after_link |= tag == GUMBO_TAG_A;
    end_at_boundary(blocks, tag, mark);
    if (counter != NULL) {
        --*counter;
    }
}

void ndup__html_blocks_deinit(ndup__html_blocks *blocks)
{
    ndup__free(blocks->allocator, &blocks->text, blocks->capacity, 1);
    ndup__free(blocks->allocator, &blocks->units, blocks->unit_capacity, sizeof *blocks->units);
    blocks->capacity = 0;
    blocks->unit_capacity = 0;
}
