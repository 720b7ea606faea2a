/* SPDX-License-Identifier: MIT */
/* Lines are measured block by block; most blocks have one and are copied as they are. */
#include "html/html_lines.h"

#include <string.h>

#include "text/utf8.h"

#define PARAGRAPH_BYTES ((size_t)200)
#define SENTENCE_BYTES ((size_t)100)

/* Marks that end sentences, and those that close what one stands in. */
static bool ends_sentence(const char *begin, const char *end)
{
    static const uint32_t marks[] = {'.',    '!',    '?',    ':',    ';',    '"',    '\'',
                                     ')',    ']',    0xBB,   0x2019, 0x201C, 0x201D, 0x2026,
                                     0x203A, 0x3002, 0x300D, 0x300F, 0xFF01, 0xFF09, 0xFF1A,
                                     0xFF1F, 0x061F, 0x06D4, 0x0964, 0x1362, 0x17D4, 0x104B};
    const char *at = end - 1;
    while (at > begin && (*at & 0xC0) == 0x80) {
        at--;
    }
    uint32_t last;
    uint64_t replaced = 0;
    (void)ndup__utf8_read(&last, at, (size_t)(end - at), &replaced);
    size_t i = 0;
    while (i < sizeof marks / sizeof *marks && marks[i] != last) {
        i++;
    }
    return i < sizeof marks / sizeof *marks;
}

static bool is_paragraph(const char *begin, const char *end)
{
    size_t length = (size_t)(end - begin);
    return length >= PARAGRAPH_BYTES || (length >= SENTENCE_BYTES && ends_sentence(begin, end));
}

static const char *line_end(const char *at, const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return stop != NULL ? stop : end;
}

/* How many of the block's lines are paragraphs; 0 unless that makes its line breaks part them. */
static size_t count_paragraphs(const char *begin, const char *end)
{
    size_t count = 0;
    size_t bytes = 0;
    const char *at = begin;
    for (;;) {
        const char *stop = line_end(at, end);
        if (is_paragraph(at, stop)) {
            bytes += (size_t)(stop - at);
            count++;
        }
        if (stop == end) {
            break;
        }
        at = stop + 1;
    }
    return count > 1 && bytes >= (size_t)(end - begin) / 3 * 2 ? count : 0;
}

static bool may_be_parted(const ndup__html_blocks *blocks, const ndup_unit *unit)
{
    bool has_kind = unit->kind == NDUP_UNIT_PARAGRAPH || unit->kind == NDUP_UNIT_QUOTE ||
                    unit->kind == NDUP_UNIT_LIST_ITEM;
    return has_kind && unit->length > 2 * SENTENCE_BYTES &&
           memchr(blocks->text + unit->offset, '\n', unit->length) != NULL;
}

/* What is written. */
typedef struct parted {
    char *text;
    size_t length;
    ndup_unit *units;
    size_t count;
} parted;

static void put_unit(parted *out, const char *bytes, size_t length, ndup_unit_kind kind)
{
    if (out->count > 0) {
        memcpy(out->text + out->length, "\n\n", 2);
        out->length += 2;
    }
    memcpy(out->text + out->length, bytes, length);
    out->units[out->count++] = (ndup_unit){out->length, length, kind};
    out->length += length;
}

static void put_parts(parted *out, const char *begin, const char *end, ndup_unit_kind kind)
{
    const char *start = begin;
    const char *stop = line_end(begin, end);
    bool was_paragraph = is_paragraph(begin, stop);
    while (stop < end) {
        const char *next = line_end(stop + 1, end);
        bool is_next = is_paragraph(stop + 1, next);
        if (was_paragraph || is_next) {
            put_unit(out, start, (size_t)(stop - start), kind);
            start = stop + 1;
        }
        was_paragraph = is_next;
        stop = next;
    }
    put_unit(out, start, (size_t)(end - start), kind);
}

/* Most units that there can be more: two for each line that is a paragraph. */
static size_t count_parts(const ndup__html_blocks *blocks)
{
    size_t more = 0;
    for (size_t i = 0; i < blocks->unit_count; i++) {
        const ndup_unit *unit = &blocks->units[i];
        const char *bytes = blocks->text + unit->offset;
        more += may_be_parted(blocks, unit) ? 2 * count_paragraphs(bytes, bytes + unit->length) : 0;
    }
    return more;
}

static void write_all(parted *out, const ndup__html_blocks *blocks, bool has_parts)
{
    if (!has_parts) {
        memcpy(out->text, blocks->text, blocks->length);
        memcpy(out->units, blocks->units, blocks->unit_count * sizeof *out->units);
        out->length = blocks->length;
        out->count = blocks->unit_count;
        return;
    }
    for (size_t i = 0; i < blocks->unit_count; i++) {
        const ndup_unit *unit = &blocks->units[i];
        const char *bytes = blocks->text + unit->offset;
        const char *end = bytes + unit->length;
        if (may_be_parted(blocks, unit) && count_paragraphs(bytes, end) > 0) {
            put_parts(out, bytes, end, unit->kind);
        } else {
            put_unit(out, bytes, unit->length, unit->kind);
        }
    }
}

ndup_status ndup__html_lines_part(ndup_text *text, const ndup_unit **units, size_t *unit_count,
                                  const ndup__html_blocks *blocks, ndup__arena *arena,
                                  ndup_error *error)
{
    size_t more = count_parts(blocks);
    parted out = {.length = 0};
    void *room;
    ndup_status status = ndup__arena_take(arena, &room, blocks->length + more + 1, error);
    if (status == NDUP_STATUS_OK) {
        out.text = room;
        status =
            ndup__arena_take(arena, &room, (blocks->unit_count + more) * sizeof *out.units, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    out.units = room;
    if (blocks->unit_count > 0) {
        write_all(&out, blocks, more > 0);
    }
    out.text[out.length] = '\0';
    *text = (ndup_text){out.text, out.length};
    *units = out.units;
    *unit_count = out.count;
    return status;
}
