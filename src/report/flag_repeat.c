/* SPDX-License-Identifier: MIT */
/* What formats of flag runs share: a repeat as JSON, and what a cleaned text leaves out. */
#include <stdlib.h>

#include "base/alloc.h"
#include "report/flag_output.h"
#include "report/json_out.h"

static void write_place(ndup__out *out, const ndup_flagged *flagged, const ndup_repeat *repeat)
{
    ndup__json_open(out, "first", '{');
    if (repeat->in_title) {
        ndup__json_bool(out, "in_title", true);
    } else {
        ndup__json_count(out, "unit", repeat->first);
        ndup__json_count(out, "offset", repeat->first_offset);
        ndup__json_count(out, "bytes", repeat->first_length);
        ndup__json_word(out, "unit_kind", ndup_unit_kind_name(flagged->units[repeat->first].kind));
    }
    ndup__json_close(out, '}');
}

void ndup__json_repeat(ndup__out *out, const ndup_flagged *flagged, const ndup_repeat *repeat)
{
    ndup__json_count(out, "unit", repeat->unit);
    ndup__json_count(out, "offset", repeat->offset);
    ndup__json_count(out, "bytes", repeat->length);
    ndup__json_word(out, "unit_kind", ndup_unit_kind_name(flagged->units[repeat->unit].kind));
    ndup__json_word(out, "kind", ndup_repeat_kind_name(repeat->kind));
    ndup__json_word(out, "role", ndup_unit_kind_name(repeat->role));
    ndup__json_fixed(out, "similarity", repeat->similarity);
    ndup__json_fixed(out, "containment", repeat->containment);
    if (repeat->refrain != NDUP_REFRAIN_NONE) {
        ndup__json_word(out, "refrain", ndup_refrain_name(repeat->refrain));
    }
    if (repeat->kind == NDUP_REPEAT_SITE) {
        ndup__json_count(out, "pages", repeat->pages);
        ndup__json_count(out, "host_pages", repeat->host_pages);
    } else {
        write_place(out, flagged, repeat);
    }
    if (repeat->block_units > 1) {
        ndup__json_count(out, "block", repeat->block);
        ndup__json_count(out, "block_units", repeat->block_units);
    }
}

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

ndup_status ndup__removed_spans(ndup__flag_output *output, const ndup_flagged *flagged,
                                ndup_error *error)
{
    ndup_status status =
        ndup__reserve(&output->allocator, &output->removed, &output->removed_capacity,
                      flagged->repeat_count, sizeof *output->removed, error);
    output->removed_count = 0;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        if (flagged->repeats[i].removed != NDUP_NONE) {
            output->removed[output->removed_count++].unit = flagged->repeats[i].removed;
        }
    }
    if (output->removed_count > 1) {
        qsort(output->removed, output->removed_count, sizeof *output->removed, by_unit);
    }
    size_t kept = 0;
    size_t least = 0;
    for (size_t i = 0; i < output->removed_count; i++) {
        if (kept > 0 && output->removed[kept - 1].unit == output->removed[i].unit) {
            continue;
        }
        output->removed[kept] = output->removed[i];
        choose_span(&output->removed[kept], flagged, least);
        least = output->removed[kept].offset + output->removed[kept].length;
        kept++;
    }
    output->removed_count = kept;
    return NDUP_STATUS_OK;
}
