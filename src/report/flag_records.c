/* SPDX-License-Identifier: MIT */
/* cleaned:FILE and annotated:FILE of flag runs, the formats that carry whole records. */
#include "report/flag_output.h"
#include "report/json_out.h"
#include "report/verdict_out.h"

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
        size_t quotes = value.kind != NDUP__VALUE_STRING; /* the string has its own already */
        ndup__out_bytes(out, record.bytes, begin);
        ndup__out_bytes(out, "\"", quotes);
        ndup__json_escaped(out, text);
        ndup__out_bytes(out, "\"", quotes);
        ndup__out_bytes(out, record.bytes + end, record.length - end);
    }
    return status;
}

static ndup_status write_cleaned(ndup__flag_output *output, const ndup_flagged *flagged,
                                 ndup_error *error)
{
    ndup_status status = ndup__removed_spans(&output->cleaner, flagged, error);
    bool is_page = output->run->corpus->html_field != NULL;
    if (status == NDUP_STATUS_OK && output->cleaner.removed_count == 0 && !is_page) {
        ndup__json_record(&output->out, flagged->document);
    } else if (status == NDUP_STATUS_OK) {
        ndup_text text;
        status = ndup__cleaned_text(&text, &output->cleaner, flagged->document->text, error);
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
