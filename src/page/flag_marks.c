/* SPDX-License-Identifier: MIT */
/* Sorted marks, and the text between them with its long passages folded away. */
#include "page/flag_marks.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "report/json_out.h"

/* Kept of a long passage on either side of a mark. */
#define CONTEXT_BYTES 160
/* Fewer bytes are not worth being left out. */
#define LEFT_OUT_MIN 240
/* How far a cut is moved to stand between two words. */
#define WORD_REACH 30

typedef struct marked_writer {
    ndup__out *out;
    ndup_text text;
    ndup__folded *folded;
    size_t left; /* bytes that may still be written */
} marked_writer;

static ndup_status add_mark(ndup__flag_marks *marks, ndup__flag_mark mark, ndup_error *error)
{
    ndup_status status = ndup__reserve(marks->allocator, &marks->items, &marks->capacity,
                                       marks->count + 1, sizeof *marks->items, error);
    if (status == NDUP_STATUS_OK) {
        marks->items[marks->count++] = mark;
    }
    return status;
}

/* By place; a repeat before a first occurrence, which may be one as well. */
static int by_place(const void *left, const void *right)
{
    const ndup__flag_mark *a = left;
    const ndup__flag_mark *b = right;
    if (a->offset != b->offset) {
        return a->offset < b->offset ? -1 : 1;
    }
    if (a->is_first != b->is_first) {
        return a->is_first ? 1 : -1;
    }
    return a->repeat < b->repeat ? -1 : a->repeat > b->repeat;
}

static ndup_status collect(ndup__flag_marks *marks, const ndup_flagged *flagged, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    marks->count = 0;
    for (size_t i = 0; i < flagged->repeat_count && status == NDUP_STATUS_OK; i++) {
        const ndup_repeat *repeat = &flagged->repeats[i];
        status =
            add_mark(marks, (ndup__flag_mark){repeat->offset, repeat->length, i, false}, error);
        if (status == NDUP_STATUS_OK && repeat->first != NDUP_NONE) {
            status = add_mark(
                marks, (ndup__flag_mark){repeat->first_offset, repeat->first_length, i, true},
                error);
        }
    }
    if (status == NDUP_STATUS_OK && marks->count > 0) {
        qsort(marks->items, marks->count, sizeof *marks->items, by_place);
    }
    return status;
}

static ndup_text slice(const marked_writer *writer, size_t start, size_t end)
{
    return (ndup_text){writer->text.bytes + start, end - start};
}

/* Writes a string of text[start..end) or as much as there is room for; returns where it ends. What
 * is cut off is the end of all. */
static size_t write_string(marked_writer *writer, const char *key, size_t start, size_t end)
{
    ndup_text text = slice(writer, start, end);
    size_t length = ndup__cut_at_character(text, writer->left);
    if (length > 0) {
        ndup__json_string(writer->out, key, (ndup_text){text.bytes, length});
    }
    writer->left = length == text.length ? writer->left - length : 0;
    return start + length;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The longest beginning of at most `limit` bytes that ends between words, if one is near. */
static size_t cut_at_word(ndup_text text, size_t limit)
{
    size_t cut = ndup__cut_at_character(text, limit);
    for (size_t back = 0; back < WORD_REACH && back < cut; back++) {
        if (is_space(text.bytes[cut - back - 1])) {
            return cut - back;
        }
    }
    return cut;
}

/* `at`, moved on to the next word if one begins near and before `end`, and to a character. */
static size_t start_at_word(ndup_text text, size_t at, size_t end)
{
    for (size_t on = 0; on < WORD_REACH && at + on < end; on++) {
        if (is_space(text.bytes[at + on])) {
            return at + on;
        }
    }
    while (at < end && ((unsigned char)text.bytes[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

/* Writes what stands between two marks. */
static size_t write_between(marked_writer *writer, size_t start, size_t end)
{
    size_t before = start > 0 ? CONTEXT_BYTES : 0;
    size_t behind = end < writer->text.length ? CONTEXT_BYTES : 0;
    if (end - start < before + behind + LEFT_OUT_MIN || writer->left < before + behind) {
        return end > start ? write_string(writer, NULL, start, end) : end;
    }
    size_t fold = start + cut_at_word(slice(writer, start, end), before);
    size_t unfold = start_at_word(writer->text, end - behind, end);
    if (before > 0) {
        (void)write_string(writer, NULL, start, fold);
    }
    ndup__json_folded(writer->out, writer->folded, slice(writer, fold, unfold));
    return unfold < end ? write_string(writer, NULL, unfold, end) : end;
}

static size_t write_mark(marked_writer *writer, const ndup__flag_mark *mark)
{
    size_t end = mark->offset + mark->length;
    if (ndup__cut_at_character(slice(writer, mark->offset, end), writer->left) == 0) {
        writer->left = 0;
        return mark->offset;
    }
    ndup__json_open(writer->out, NULL, '{');
    ndup__json_count(writer->out, mark->is_first ? "first" : "repeat", mark->repeat);
    end = write_string(writer, "text", mark->offset, end);
    ndup__json_close(writer->out, '}');
    return end;
}

ndup_status ndup__json_marked(ndup__out *out, const char *key, ndup__flag_marks *marks,
                              const ndup_flagged *flagged, size_t limit, ndup__folded *folded,
                              ndup_error *error)
{
    marked_writer writer = {
        .out = out, .text = flagged->document->text, .folded = folded, .left = limit};
    ndup_status status = collect(marks, flagged, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t at = 0;
    ndup__json_open(out, key, '[');
    for (size_t i = 0; i < marks->count && writer.left > 0; i++) {
        const ndup__flag_mark *mark = &marks->items[i];
        if (mark->offset < at) {
            continue;
        }
        at = write_between(&writer, at, mark->offset);
        if (at == mark->offset && writer.left > 0) {
            at = write_mark(&writer, mark);
        }
    }
    if (writer.left > 0) {
        at = write_between(&writer, at, writer.text.length);
    }
    if (at < writer.text.length) {
        ndup__json_open(out, NULL, '{');
        ndup__json_count(out, "cut",
                         ndup__count_characters(slice(&writer, at, writer.text.length)));
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
    return ndup__out_status(&folded->out, error);
}

void ndup__flag_marks_deinit(ndup__flag_marks *marks)
{
    ndup__free(marks->allocator, &marks->items, marks->capacity, sizeof *marks->items);
    marks->count = marks->capacity = 0;
}
