/* SPDX-License-Identifier: MIT */
/* plan:FILE, every decision, with what is needed to act on it later. */
#include <string.h>

#include "corpus/record.h"
#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

static void write_field(ndup__out *out, const char *key, const char *path)
{
    if (path != NULL) {
        ndup__json_word(out, key, path);
    }
}

static void write_fields(ndup__out *out, const ndup_result *result)
{
    const ndup_corpus_options *options = ndup_result_corpus_options(result);
    ndup__json_open(out, "fields", '{');
    write_field(out, "text", options->text_field);
    write_field(out, "id", options->id_field);
    write_field(out, "source", options->source_field);
    write_field(out, "url", options->url_field);
    write_field(out, "date", options->date_field);
    write_field(out, "title", options->title_field);
    write_field(out, "html", options->html_field);
    write_field(out, "stdin_format", options->stdin_format);
    write_field(out, "encoding", options->encoding);
    ndup__json_close(out, '}');
    ndup__json_count(out, "max_record_bytes", options->max_record_bytes);
}

static void write_header(ndup__out *out, const ndup_result *result)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-plan");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_word(out, "unicode", ndup_unicode_version());
    ndup__json_inputs(out, result);
    write_fields(out, result);
    ndup__json_options(out, result);
    ndup__json_search(out, ndup_result_summary(result));
    ndup__json_count(out, "documents", ndup_result_summary(result)->documents);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static void write_columns(ndup__out *out)
{
    static const char *const columns[] = {
        "id",   "decision", "survivor",    "similarity",     "containment", "survivor_containment",
        "kind", "cluster",  "span_tokens", "span_offset",    "span_bytes",  "text_hash",
        "path", "offset",   "number",      "survivor_number"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        ndup__csv_word(out, columns[i]);
    }
    ndup__csv_end_row(out);
}

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    (void)error;
    if (output->style == NDUP__STYLE_CSV) {
        write_columns(&output->out);
    } else {
        write_header(&output->out, output->result);
    }
    return NDUP_STATUS_OK;
}

#define PUT(at, literal) (memcpy(at, literal, sizeof literal - 1), (at) + sizeof literal - 1)
#define ALONE_BYTES (160 + 3 * NDUP__NUMBER_BYTES)

/* The line of a kept document that is like no other. Most documents are: what their lines would say
 * of a survivor goes without saying, which makes the plan of short texts half as long; and they are
 * put together in one place. */
static void write_alone(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    ndup_text path = ndup__text_of(document->path);
    char *at = ndup__out_room(out, ALONE_BYTES + 6 * (verdict->id.length + path.length));
    if (at == NULL) {
        return;
    }
    at = PUT(at, "{\"id\":\"");
    at += ndup__json_escape(at, verdict->id.bytes, verdict->id.length);
    at = PUT(at, "\",\"decision\":\"keep\",\"text_hash\":\"");
    at += ndup__format_hash(at, verdict->text_hash);
    if (document->path != NULL) {
        at = PUT(at, "\",\"path\":\"");
        at += ndup__json_escape(at, path.bytes, path.length);
    }
    at = PUT(at, "\",\"offset\":");
    at += ndup__format_count(at, document->offset);
    at = PUT(at, ",\"number\":");
    at += ndup__format_count(at, verdict->document);
    ndup__out_keep(out, PUT(at, "}\n"));
}

static void write_line(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    if (verdict->kept && !verdict->grouped) {
        write_alone(out, verdict, document);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "id", verdict->id);
    ndup__json_verdict(out, verdict);
    ndup__json_containments(out, verdict);
    ndup__json_span(out, verdict, NULL);
    ndup__json_hash(out, "text_hash", verdict->text_hash);
    if (document->path != NULL) {
        ndup__json_word(out, "path", document->path);
    }
    ndup__json_count(out, "offset", document->offset);
    ndup__json_count(out, "number", verdict->document);
    ndup__json_count(out, "survivor_number", verdict->survivor);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static void write_span_cells(ndup__out *out, const ndup_verdict *verdict)
{
    const uint32_t values[] = {verdict->span_tokens, verdict->span_offset, verdict->span_bytes};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (verdict->span_tokens > 0) {
            ndup__csv_count(out, values[i]);
        } else {
            ndup__csv_empty(out);
        }
    }
}

static void write_row(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    const ndup_text none = {NULL, 0};
    ndup__csv_text(out, verdict->id);
    ndup__csv_word(out, ndup__decision_name(verdict));
    ndup__csv_text(out, verdict->survivor_id);
    ndup__csv_fixed(out, verdict->similarity);
    ndup__csv_fixed(out, verdict->containment);
    ndup__csv_fixed(out, verdict->survivor_containment);
    ndup__csv_word(out, ndup_kind_name(verdict->kind));
    ndup__csv_text(out, verdict->grouped ? verdict->survivor_id : none);
    write_span_cells(out, verdict);
    ndup__csv_hash(out, verdict->text_hash);
    ndup__csv_word(out, document->path);
    ndup__csv_count(out, document->offset);
    ndup__csv_count(out, verdict->document);
    ndup__csv_count(out, verdict->survivor);
    ndup__csv_end_row(out);
}

static ndup_status document(ndup__file_output *output, const ndup_verdict *verdict,
                            const ndup_document *document, ndup_error *error)
{
    (void)error;
    output->kept += verdict->kept;
    output->dropped += !verdict->kept;
    if (output->style == NDUP__STYLE_CSV) {
        write_row(&output->out, verdict, document);
    } else {
        write_line(&output->out, verdict, document);
    }
    return NDUP_STATUS_OK;
}

/* Without this line a plan is seen to be cut off. */
static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    ndup__out *out = &output->out;
    (void)error;
    if (output->style == NDUP__STYLE_PLAIN) {
        ndup__json_open(out, NULL, '{');
        ndup__json_word(out, "type", "end");
        ndup__json_count(out, "documents", output->kept + output->dropped);
        ndup__json_count(out, "kept", output->kept);
        ndup__json_count(out, "dropped", output->dropped);
        ndup__json_close(out, '}');
        ndup__json_end_line(out);
    }
    return NDUP_STATUS_OK;
}

const ndup__output_kind ndup__output_plan = {
    .info = {"plan", "every decision with its reason, to look at or to apply later; or .csv"},
    .has_csv = true,
    .in_parts = true,
    .begin = begin,
    .document = document,
    .finish = finish,
};
