/* SPDX-License-Identifier: MIT */
/* plan:FILE, every decision, with what is needed to act on it later. */
#include <string.h>

#include "corpus/record_scan.h"
#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"
#include "text/file_name.h"

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
    write_field(out, "encoding", options->encoding);
    ndup__json_close(out, '}');
    ndup__json_count(out, "max_record_bytes", options->max_record_bytes);
}

static void write_patterns(ndup__out *out, const char *key, const char *const *patterns,
                           size_t count)
{
    if (count == 0) {
        return;
    }
    ndup__json_open(out, key, '[');
    for (size_t i = 0; i < count; i++) {
        ndup__json_word(out, NULL, patterns[i]);
    }
    ndup__json_close(out, ']');
}

/* Which files were read, and as what, where the options say so. */
static void write_files(ndup__out *out, const ndup_corpus_options *options)
{
    if (options->format == NULL && options->include_count == 0 && options->exclude_count == 0 &&
        !options->hidden && !options->gitignore) {
        return;
    }
    ndup__json_open(out, "files", '{');
    write_field(out, "format", options->format);
    write_patterns(out, "include", options->include, options->include_count);
    write_patterns(out, "exclude", options->exclude, options->exclude_count);
    if (options->hidden) {
        ndup__json_bool(out, "hidden", true);
    }
    if (options->gitignore) {
        ndup__json_bool(out, "gitignore", true);
    }
    ndup__json_close(out, '}');
}

static void write_header(ndup__out *out, const ndup_result *result)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-plan");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_word(out, "unicode", ndup_unicode_version());
    ndup__json_inputs(out, result);
    write_files(out, ndup_result_corpus_options(result));
    write_fields(out, result);
    ndup__json_options(out, result);
    ndup__json_search(out, ndup_result_summary(result));
    ndup__json_count(out, "documents", ndup_result_summary(result)->documents);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static void write_columns(ndup__out *out)
{
    static const char *const columns[] = {"id",          "source",
                                          "title",       "decision",
                                          "kind",        "cluster",
                                          "survivor",    "similarity",
                                          "containment", "survivor_containment",
                                          "form",        "form_similarity",
                                          "span_tokens", "span_offset",
                                          "span_bytes",  "text_hash",
                                          "path",        "offset",
                                          "number",      "survivor_number",
                                          "form_number", "keep_hash"};
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
#define ALONE_BYTES (400 + 3 * NDUP__NUMBER_BYTES)

static bool is_alone(const ndup_verdict *verdict)
{
    return verdict->kept && !verdict->grouped && !verdict->formed;
}

/* A string, or null for an empty one. */
static char *put_optional(char *at, ndup_text text)
{
    if (text.length == 0) {
        return PUT(at, "null");
    }
    *at++ = '"';
    at += ndup__json_escape(at, text.bytes, text.length);
    *at++ = '"';
    return at;
}

static char *put_keep_hash(char *at, uint64_t hash)
{
    if (hash == 0) {
        return PUT(at, "null");
    }
    *at++ = '"';
    at += ndup__format_hash(at, hash);
    *at++ = '"';
    return at;
}

/* The line of a kept document that is like no other: what other lines say of the survivor is null.
 * Most documents are such ones, and their lines are put together in one place. */
static void write_alone(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    char text[NDUP__PATH_TEXT_BYTES];
    ndup_text path = ndup__text_of(ndup__path_text(text, document->path));
    size_t escaped =
        verdict->id.length + verdict->source.length + verdict->title.length + path.length;
    char *at = ndup__out_room(out, ALONE_BYTES + 6 * escaped);
    if (at == NULL) {
        return;
    }
    at = PUT(at, "{\"type\":\"document\",\"id\":\"");
    at += ndup__json_escape(at, verdict->id.bytes, verdict->id.length);
    at = put_optional(PUT(at, "\",\"source\":"), verdict->source);
    at = put_optional(PUT(at, ",\"title\":"), verdict->title);
    at = PUT(at, ",\"cluster\":null,\"decision\":\"keep\",\"kind\":\"none\",\"survivor\":null,"
                 "\"similarity\":null,\"containment\":null,\"survivor_containment\":null,"
                 "\"form\":null,\"form_similarity\":null,\"span\":null,\"text_hash\":\"");
    at += ndup__format_hash(at, verdict->text_hash);
    at = put_keep_hash(PUT(at, "\",\"keep_hash\":"), verdict->keep_hash);
    if (document->path != NULL) {
        at = PUT(at, ",\"path\":\"");
        at += ndup__json_escape(at, path.bytes, path.length);
        at = PUT(at, "\",\"same_file\":null,\"offset\":");
    } else {
        at = PUT(at, ",\"path\":null,\"same_file\":null,\"offset\":");
    }
    at += ndup__format_count(at, document->offset);
    at = PUT(at, ",\"number\":");
    at += ndup__format_count(at, verdict->document);
    ndup__out_keep(out, PUT(at, ",\"survivor_number\":null,\"form_number\":null}\n"));
}

/* The same file under other names: what is decided holds for them. */
static void write_other_names(ndup__out *out, const ndup_document *document)
{
    char text[NDUP__PATH_TEXT_BYTES];
    if (document->other_name_count == 0) {
        ndup__json_null(out, "same_file");
        return;
    }
    ndup__json_open(out, "same_file", '[');
    for (size_t i = 0; i < document->other_name_count; i++) {
        ndup__json_word(out, NULL, ndup__path_text(text, document->other_names[i].path));
    }
    ndup__json_close(out, ']');
}

static void write_line(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    char text[NDUP__PATH_TEXT_BYTES];
    if (is_alone(verdict) && document->other_name_count == 0) {
        write_alone(out, verdict, document);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "document");
    ndup__json_string(out, "id", verdict->id);
    ndup__json_optional(out, "source", verdict->source);
    ndup__json_optional(out, "title", verdict->title);
    ndup__json_verdict(out, verdict);
    ndup__json_containments(out, verdict);
    ndup__json_form(out, verdict);
    if (verdict->span_tokens > 0) {
        ndup__json_span(out, verdict, NULL);
    } else {
        ndup__json_null(out, "span");
    }
    ndup__json_hash(out, "text_hash", verdict->text_hash);
    if (verdict->keep_hash != 0) {
        ndup__json_hash(out, "keep_hash", verdict->keep_hash);
    } else {
        ndup__json_null(out, "keep_hash");
    }
    if (document->path != NULL) {
        ndup__json_word(out, "path", ndup__path_text(text, document->path));
    } else {
        ndup__json_null(out, "path");
    }
    write_other_names(out, document);
    ndup__json_count(out, "offset", document->offset);
    ndup__json_count(out, "number", verdict->document);
    ndup__json_count(out, "survivor_number", verdict->survivor);
    if (verdict->formed) {
        ndup__json_count(out, "form_number", verdict->form);
    } else {
        ndup__json_null(out, "form_number");
    }
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static void write_empty_cells(ndup__out *out, unsigned count)
{
    while (count-- > 0) {
        ndup__csv_empty(out);
    }
}

static void write_form_cells(ndup__out *out, const ndup_verdict *verdict)
{
    if (verdict->formed) {
        ndup__csv_text(out, verdict->form_id);
        ndup__csv_fixed(out, verdict->form_similarity);
    } else {
        write_empty_cells(out, 2);
    }
}

static void write_survivor_cells(ndup__out *out, const ndup_verdict *verdict)
{
    enum { CELLS = 10 };
    if (is_alone(verdict)) {
        write_empty_cells(out, CELLS);
        return;
    }
    if (verdict->grouped) {
        ndup__csv_text(out, verdict->survivor_id);
    } else {
        ndup__csv_empty(out);
    }
    ndup__csv_text(out, verdict->survivor_id);
    ndup__csv_fixed(out, verdict->similarity);
    ndup__csv_fixed(out, verdict->containment);
    ndup__csv_fixed(out, verdict->survivor_containment);
    write_form_cells(out, verdict);
    if (verdict->span_tokens == 0) {
        write_empty_cells(out, 3);
        return;
    }
    ndup__csv_count(out, verdict->span_tokens);
    ndup__csv_count(out, verdict->span_offset);
    ndup__csv_count(out, verdict->span_bytes);
}

static void write_row(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    char text[NDUP__PATH_TEXT_BYTES];
    ndup__csv_text(out, verdict->id);
    ndup__csv_text(out, verdict->source);
    ndup__csv_text(out, verdict->title);
    ndup__csv_word(out, ndup__decision_name(verdict));
    ndup__csv_word(out, ndup_kind_name(verdict->kind));
    write_survivor_cells(out, verdict);
    ndup__csv_hash(out, verdict->text_hash);
    ndup__csv_word(out, ndup__path_text(text, document->path));
    ndup__csv_count(out, document->offset);
    ndup__csv_count(out, verdict->document);
    if (is_alone(verdict)) {
        ndup__csv_empty(out);
    } else {
        ndup__csv_count(out, verdict->survivor);
    }
    if (verdict->formed) {
        ndup__csv_count(out, verdict->form);
    } else {
        ndup__csv_empty(out);
    }
    if (verdict->keep_hash != 0) {
        ndup__csv_hash(out, verdict->keep_hash);
    } else {
        ndup__csv_empty(out);
    }
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
    .has_header = true,
    .has_csv = true,
    .in_parts = true,
    .begin = begin,
    .document = document,
    .finish = finish,
};
