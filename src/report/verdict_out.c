/* SPDX-License-Identifier: MIT */
/* Verdicts, options and records as JSON. */
#include "report/verdict_out.h"

#include "base/error.h"
#include "report/json_out.h"
#include "text/file_name.h"

/* Most bytes of a span that are quoted. */
#define EXCERPT_BYTES 200

const char *ndup__decision_name(const ndup_verdict *verdict)
{
    return verdict->kept ? "keep" : "drop";
}

void ndup__json_verdict(ndup__out *out, const ndup_verdict *verdict)
{
    if (verdict->grouped) {
        ndup__json_string(out, "cluster", verdict->survivor_id);
    } else {
        ndup__json_null(out, "cluster");
    }
    ndup__json_word(out, "decision", ndup__decision_name(verdict));
    ndup__json_word(out, "kind", ndup_kind_name(verdict->kind));
    ndup__json_string(out, "survivor", verdict->survivor_id);
    ndup__json_fixed(out, "similarity", verdict->similarity);
}

void ndup__json_containments(ndup__out *out, const ndup_verdict *verdict)
{
    ndup__json_fixed(out, "containment", verdict->containment);
    ndup__json_fixed(out, "survivor_containment", verdict->survivor_containment);
}

void ndup__json_form(ndup__out *out, const ndup_verdict *verdict)
{
    if (verdict->formed) {
        ndup__json_string(out, "form", verdict->form_id);
        ndup__json_fixed(out, "form_similarity", verdict->form_similarity);
    } else {
        ndup__json_null(out, "form");
        ndup__json_null(out, "form_similarity");
    }
}

static ndup_text excerpt(const ndup_verdict *verdict, ndup_text text)
{
    size_t offset = verdict->span_offset < text.length ? verdict->span_offset : text.length;
    size_t left = text.length - offset;
    if (left == 0) {
        return (ndup_text){NULL, 0};
    }
    ndup_text span = {text.bytes + offset, verdict->span_bytes < left ? verdict->span_bytes : left};
    span.length = ndup__cut_at_character(span, EXCERPT_BYTES);
    return span;
}

void ndup__json_span(ndup__out *out, const ndup_verdict *verdict, const ndup_text *text)
{
    if (verdict->span_tokens == 0) {
        return;
    }
    ndup__json_open(out, "span", '{');
    ndup__json_count(out, "tokens", verdict->span_tokens);
    ndup__json_count(out, "offset", verdict->span_offset);
    ndup__json_count(out, "bytes", verdict->span_bytes);
    if (text != NULL) {
        ndup__json_string(out, "text", excerpt(verdict, *text));
    }
    ndup__json_close(out, '}');
}

void ndup__json_inputs(ndup__out *out, const ndup_result *result)
{
    const char *const *inputs;
    size_t count = ndup_result_inputs(result, &inputs);
    ndup__json_open(out, "inputs", '[');
    for (size_t i = 0; i < count; i++) {
        char text[NDUP__PATH_TEXT_BYTES];
        ndup__json_word(out, NULL, ndup__path_text(text, inputs[i]));
    }
    ndup__json_close(out, ']');
}

static void write_never_drop(ndup__out *out, const ndup_dedup_options *options)
{
    ndup__json_open(out, "never_drop", '[');
    for (size_t i = 0; i < options->never_drop_count; i++) {
        ndup__json_word(out, NULL, options->never_drop[i]);
    }
    ndup__json_close(out, ']');
}

void ndup__json_options(ndup__out *out, const ndup_result *result)
{
    const ndup_dedup_options *options = ndup_result_options(result);
    const ndup_summary *summary = ndup_result_summary(result);
    char seed[NDUP__NUMBER_BYTES];
    ndup__json_open(out, "options", '{');
    ndup__json_word(out, "preset", options->preset != NULL ? options->preset : "custom");
    ndup__json_fixed(out, "threshold", options->matching.threshold);
    ndup__json_count(out, "shingle_size", options->matching.shingle_size);
    ndup__json_word(out, "tokens", ndup_token_mode_name(options->matching.tokens));
    ndup__json_fixed(out, "number_agreement", options->matching.number_agreement);
    ndup__json_word(out, "sketch", options->sketch);
    ndup__json_count(out, "slots", options->slots);
    ndup__json_count(out, "bands", summary->bands.bands);
    ndup__json_count(out, "rows", summary->bands.rows);
    ndup__json_fixed(out, "recall", options->recall);
    /* A string: many readers keep only 53 bits of a number. */
    ndup__json_string(out, "seed", (ndup_text){seed, ndup__format_count(seed, options->seed)});
    ndup__json_bool(out, "exact", options->exact);
    ndup__json_word(out, "keep", options->keep);
    write_never_drop(out, options);
    ndup__json_word(out, "cluster",
                    options->cluster == NDUP_CLUSTER_COMPONENTS ? "components" : "leader");
    ndup__json_bool(out, "drop_all", options->drop_all);
    ndup__json_word(out, "templates", ndup_templates_name(options->templates));
    ndup__json_word(out, "rule", ndup_rule_name(options->rule));
    if (options->rule != NDUP_RULE_JACCARD) {
        ndup__json_fixed(out, "containment", options->containment);
    }
    ndup__json_close(out, '}');
}

void ndup__json_losses(ndup__out *out, const ndup_result *result)
{
    const ndup_source_loss *losses;
    size_t count = ndup_result_losses(result, &losses);
    ndup__json_open(out, "losses", '[');
    for (size_t i = 0; i < count; i++) {
        ndup__json_open(out, NULL, '{');
        ndup__json_string(out, "source", losses[i].source);
        ndup__json_count(out, "documents", losses[i].documents);
        ndup__json_count(out, "dropped", losses[i].dropped);
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
}

void ndup__json_search(ndup__out *out, const ndup_summary *summary)
{
    size_t bins = sizeof summary->similarity_histogram / sizeof summary->similarity_histogram[0];
    ndup__json_open(out, "search", '{');
    ndup__json_count(out, "repaired", summary->repaired);
    ndup__json_count(out, "duplicate_ids", summary->duplicate_ids);
    ndup__json_count(out, "empty", summary->empty);
    ndup__json_count(out, "unreadable", summary->unreadable);
    ndup__json_fixed(out, "recall", summary->bands.recall);
    ndup__json_count(out, "candidates", summary->candidates);
    ndup__json_count(out, "verified", summary->verified);
    ndup__json_count(out, "similar", summary->similar);
    ndup__json_count(out, "split_buckets", summary->split_buckets);
    ndup__json_count(out, "largest_bucket", summary->largest_bucket);
    ndup__json_count(out, "crowded", summary->crowded);
    ndup__json_count(out, "capped", summary->capped);
    ndup__json_count(out, "audit_documents", summary->audit_documents);
    ndup__json_count(out, "audit_pairs", summary->audit_pairs);
    ndup__json_count(out, "audit_found", summary->audit_found);
    ndup__json_count(out, "audit_missed", summary->audit_missed);
    ndup__json_fixed(out, "audit_low", summary->audit_low);
    ndup__json_fixed(out, "audit_high", summary->audit_high);
    ndup__json_open(out, "similarity_histogram", '[');
    for (size_t i = 0; i < bins; i++) {
        ndup__json_count(out, NULL, summary->similarity_histogram[i]);
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
}

static void write_part(ndup__out *out, const char *key, ndup_text part)
{
    if (part.length > 0) {
        ndup__json_string(out, key, part);
    }
}

void ndup__json_folded_member(ndup__out *out, const ndup_document *document)
{
    if (document->folded.length > 0) {
        ndup__json_open(out, "neardup", '{');
        ndup__out_text(out, "\"folded\":");
        ndup__out_bytes(out, document->folded.bytes, document->folded.length);
        ndup__json_close(out, '}');
    }
}

static void write_parts(ndup__out *out, const ndup_document *document)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "id", document->id);
    write_part(out, "source", document->source);
    write_part(out, "url", document->url);
    write_part(out, "date", document->date);
    write_part(out, "title", document->title);
    write_part(out, "lang", document->language);
    ndup__json_string(out, "text", document->text);
    ndup__json_folded_member(out, document);
}

void ndup__json_record(ndup__out *out, const ndup_document *document)
{
    if (document->record.length > 0) {
        ndup__out_bytes(out, document->record.bytes, document->record.length);
    } else {
        write_parts(out, document);
        ndup__json_close(out, '}');
    }
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where the last member of the record ends, or for {} the bracket; 0 if there is no object. */
static size_t members_end(ndup_text record)
{
    size_t end = record.length;
    while (end > 0 && is_space(record.bytes[end - 1])) {
        end--;
    }
    if (end < 2 || record.bytes[end - 1] != '}') {
        return 0;
    }
    end--;
    while (end > 0 && is_space(record.bytes[end - 1])) {
        end--;
    }
    return end;
}

ndup_status ndup__json_record_open(ndup__out *out, const ndup_document *document, ndup_error *error)
{
    ndup_text record = document->record;
    if (record.length == 0) {
        write_parts(out, document);
        return NDUP_STATUS_OK;
    }
    size_t end = members_end(record);
    if (end == 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "the record of document %llu is not a JSON object",
                          (unsigned long long)document->number);
    }
    ndup__out_bytes(out, record.bytes, end);
    out->needs_comma = record.bytes[end - 1] != '{';
    return NDUP_STATUS_OK;
}

void ndup__json_record_rest(ndup__out *out, const ndup_document *document)
{
    if (document->record.length == 0) {
        ndup__json_close(out, '}');
    } else {
        size_t end = members_end(document->record);
        ndup__out_bytes(out, document->record.bytes + end, document->record.length - end);
    }
}
