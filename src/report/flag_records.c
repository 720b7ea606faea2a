/* SPDX-License-Identifier: MIT */
/* cleaned:FILE and annotated:FILE of flag runs, the formats that carry whole records. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/flag_output.h"
#include "report/json_out.h"
#include "report/verdict_out.h"

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

/* The text without the spans, in output->scratch. */
static ndup_status clean_text(ndup__flag_output *output, const ndup_flagged *flagged,
                              ndup_text *cleaned, ndup_error *error)
{
    ndup_text text = flagged->document->text;
    ndup_status status = ndup__reserve(&output->allocator, &output->scratch,
                                       &output->scratch_capacity, text.length + 1, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t written = 0;
    size_t at = 0;
    for (size_t i = 0; i <= output->removed_count; i++) {
        bool is_last = i == output->removed_count;
        size_t end = is_last ? text.length : output->removed[i].offset;
        if (end > at) {
            memcpy(output->scratch + written, text.bytes + at, end - at);
            written += end - at;
        }
        at = is_last ? end : end + output->removed[i].length;
    }
    *cleaned = (ndup_text){output->scratch, written};
    return NDUP_STATUS_OK;
}

static ndup_status begin_cleaned(ndup__flag_output *output, ndup_error *error)
{
    return ndup__fields_init(&output->fields, output->run->corpus, NULL, 0, &output->allocator,
                             error);
}

static void end_cleaned(ndup__flag_output *output)
{
    ndup__fields_deinit(&output->fields);
}

/* The record with another text in the place of its own; all else byte for byte. Without a record,
 * or where a web page stands in it, an object of the document's parts. */
static ndup_status write_with_text(ndup__flag_output *output, const ndup_document *document,
                                   ndup_text text, ndup_error *error)
{
    ndup__out *out = &output->out;
    ndup_text record = document->record;
    if (record.length == 0 || output->run->corpus->html_field != NULL) {
        ndup_document cleaned = *document;
        cleaned.record = (ndup_text){NULL, 0};
        cleaned.text = text;
        ndup__json_record(out, &cleaned);
        return NDUP_STATUS_OK;
    }
    ndup__value value;
    ndup_status status =
        ndup__fields_find_text(&value, &output->fields, record.bytes, record.length, error);
    if (status == NDUP_STATUS_OK) {
        size_t begin = (size_t)(value.raw - record.bytes);
        size_t end = begin + value.length;
        ndup__out_bytes(out, record.bytes, begin);
        ndup__json_escaped(out, text);
        ndup__out_bytes(out, record.bytes + end, record.length - end);
    }
    return status;
}

static ndup_status write_cleaned(ndup__flag_output *output, const ndup_flagged *flagged,
                                 ndup_error *error)
{
    ndup_status status = ndup__removed_spans(output, flagged, error);
    bool is_page = output->run->corpus->html_field != NULL;
    if (status == NDUP_STATUS_OK && output->removed_count == 0 && !is_page) {
        ndup__json_record(&output->out, flagged->document);
    } else if (status == NDUP_STATUS_OK) {
        ndup_text text;
        status = clean_text(output, flagged, &text, error);
        if (status == NDUP_STATUS_OK) {
            status = write_with_text(output, flagged->document, text, error);
        }
    }
    ndup__json_end_line(&output->out);
    return status;
}

static ndup_status write_annotated(ndup__flag_output *output, const ndup_flagged *flagged,
                                   ndup_error *error)
{
    ndup__out *out = &output->out;
    ndup_status status = ndup__json_record_open(out, flagged->document, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__json_open(out, "neardup", '{');
    ndup__json_count(out, "units", flagged->unit_count);
    ndup__json_fixed(out, "share", flagged->share);
    ndup__json_open(out, "repeats", '[');
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        ndup__json_open(out, NULL, '{');
        ndup__json_repeat(out, flagged, &flagged->repeats[i]);
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_record_rest(out, flagged->document);
    ndup__json_end_line(out);
    return NDUP_STATUS_OK;
}

const ndup__flag_kind ndup__flag_cleaned = {
    .info = {"cleaned", "all records, their texts without the repeats"},
    .begin = begin_cleaned,
    .document = write_cleaned,
    .end = end_cleaned,
};

const ndup__flag_kind ndup__flag_annotated = {
    .info = {"annotated", "all records, each with its repeats in a member \"neardup\""},
    .document = write_annotated,
};
