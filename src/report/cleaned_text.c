/* SPDX-License-Identifier: MIT */
/* What a cleaned text leaves out, and what remains. */
#include "report/cleaned_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int by_unit(const void *a, const void *b)
{
    size_t left = ((const ndup__removed *)a)->unit;
    size_t right = ((const ndup__removed *)b)->unit;
    return (left > right) - (left < right);
}

static size_t count_ends(const char *text, size_t begin, size_t end)
{
    size_t ends = 0;
    for (size_t i = begin; i < end; i++) {
        ends += text[i] == '\n';
    }
    return ends;
}

/* The unit and one of the two gaps beside it, the smaller one; never what is behind `least`. */
static void choose_span(ndup__removed *removed, const ndup_flagged *flagged, size_t least)
{
    ndup_text text = flagged->document->text;
    size_t begin = flagged->units[removed->unit].offset;
    size_t end = begin + flagged->units[removed->unit].length;
    size_t before = begin;
    size_t after = end;
    while (before > least && is_space(text.bytes[before - 1])) {
        before--;
    }
    while (after < text.length && is_space(text.bytes[after])) {
        after++;
    }
    bool takes_before = before > least &&
                        count_ends(text.bytes, before, begin) < count_ends(text.bytes, end, after);
    removed->offset = takes_before ? before : begin;
    removed->length = (takes_before ? end : after) - removed->offset;
}

ndup_status ndup__removed_spans(ndup__cleaner *cleaner, const ndup_flagged *flagged,
                                ndup_error *error)
{
    ndup_status status =
        ndup__reserve(cleaner->allocator, &cleaner->removed, &cleaner->removed_capacity,
                      flagged->repeat_count, sizeof *cleaner->removed, error);
    cleaner->removed_count = 0;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        if (flagged->repeats[i].removed != NDUP_NONE) {
            cleaner->removed[cleaner->removed_count++].unit = flagged->repeats[i].removed;
        }
    }
    if (cleaner->removed_count > 1) {
        qsort(cleaner->removed, cleaner->removed_count, sizeof *cleaner->removed, by_unit);
    }
    size_t kept = 0;
    size_t least = 0;
    for (size_t i = 0; i < cleaner->removed_count; i++) {
        if (kept > 0 && cleaner->removed[kept - 1].unit == cleaner->removed[i].unit) {
            continue;
        }
        cleaner->removed[kept] = cleaner->removed[i];
        choose_span(&cleaner->removed[kept], flagged, least);
        least = cleaner->removed[kept].offset + cleaner->removed[kept].length;
        kept++;
    }
    cleaner->removed_count = kept;
    return NDUP_STATUS_OK;
}

ndup_status ndup__cleaned_text(ndup_text *cleaned, ndup__cleaner *cleaner, ndup_text text,
                               ndup_error *error)
{
    ndup_status status = ndup__reserve(cleaner->allocator, &cleaner->text, &cleaner->text_capacity,
                                       text.length + 1, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t written = 0;
    size_t at = 0;
    for (size_t i = 0; i <= cleaner->removed_count; i++) {
        bool is_last = i == cleaner->removed_count;
        size_t end = is_last ? text.length : cleaner->removed[i].offset;
        if (end > at) {
            memcpy(cleaner->text + written, text.bytes + at, end - at);
            written += end - at;
        }
        at = is_last ? end : end + cleaner->removed[i].length;
    }
    *cleaned = (ndup_text){cleaner->text, written};
    return NDUP_STATUS_OK;
}

void ndup__cleaner_deinit(ndup__cleaner *cleaner)
{
    const ndup_allocator *allocator = cleaner->allocator;
    ndup__free(allocator, &cleaner->removed, cleaner->removed_capacity, sizeof *cleaner->removed);
    ndup__free(allocator, &cleaner->text, cleaner->text_capacity, 1);
}
