/* SPDX-License-Identifier: MIT */
/* jsonl:FILE, csv:FILE, families:FILE, passim:FILE and summary:FILE of passages. */
#include "neardup/version.h"
#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/passage_output.h"

static void write_place(ndup__out *out, const char *key, const ndup_passage_place *place)
{
    ndup__json_open(out, key, '{');
    ndup__json_string(out, "id", place->id);
    ndup__json_optional(out, "source", place->source);
    ndup__json_optional(out, "date", place->date);
    ndup__json_count(out, "offset", place->offset);
    ndup__json_count(out, "bytes", place->length);
    ndup__json_count(out, "first_token", place->first_token);
    ndup__json_count(out, "tokens", place->tokens);
    ndup__json_count(out, "document_tokens", place->document_tokens);
    ndup__json_close(out, '}');
}

static void write_json_passage(ndup__passage_output *output, const ndup_passage *passage)
{
    ndup__out *out = &output->target.out;
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "family", passage->family);
    write_place(out, "a", &passage->a);
    write_place(out, "b", &passage->b);
    ndup__json_count(out, "matched", passage->matched);
    ndup__json_fixed(out, "similarity", passage->similarity);
    ndup__json_word(out, "first", ndup_direction_name(passage->direction));
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static void write_csv_place(ndup__out *out, const ndup_passage_place *place)
{
    ndup__csv_text(out, place->id);
    ndup__csv_text(out, place->source);
    ndup__csv_text(out, place->date);
    ndup__csv_count(out, place->offset);
    ndup__csv_count(out, place->length);
    ndup__csv_count(out, place->first_token);
    ndup__csv_count(out, place->tokens);
}

static ndup_status write_csv_names(ndup__passage_output *output, ndup_error *error)
{
    static const char *const names[] = {"family",  "a_id",       "a_source", "a_date",  "a_offset",
                                        "a_bytes", "a_token",    "a_tokens", "b_id",    "b_source",
                                        "b_date",  "b_offset",   "b_bytes",  "b_token", "b_tokens",
                                        "matched", "similarity", "first"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ndup__csv_word(&output->target.out, names[i]);
    }
    ndup__csv_end_row(&output->target.out);
    return ndup__out_status(&output->target.out, error);
}

static void write_csv_passage(ndup__passage_output *output, const ndup_passage *passage)
{
    ndup__out *out = &output->target.out;
    ndup__csv_count(out, passage->family);
    write_csv_place(out, &passage->a);
    write_csv_place(out, &passage->b);
    ndup__csv_count(out, passage->matched);
    ndup__csv_fixed(out, passage->similarity);
    ndup__csv_word(out, ndup_direction_name(passage->direction));
    ndup__csv_end_row(out);
}

static ndup_status write_family(ndup__passage_output *output, const ndup_passage_family *family,
                                ndup_error *error)
{
    ndup__out *out = &output->target.out;
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "family", family->number);
    ndup__json_count(out, "documents", family->documents);
    ndup__json_count(out, "passages", family->passages);
    ndup__json_string(out, "text", family->text);
    ndup__json_open(out, "places", '[');
    for (size_t i = 0; i < family->count; i++) {
        write_place(out, NULL, &family->places[i]);
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
    return ndup__out_status(out, error);
}

/* A line a place, with the members that passim gives to the passages of its clusters: begin and end
 * are its offsets, ours in bytes. */
static ndup_status write_passim(ndup__passage_output *output, const ndup_passage_family *family,
                                ndup_error *error)
{
    ndup__out *out = &output->target.out;
    for (size_t i = 0; i < family->count; i++) {
        const ndup_passage_place *place = &family->places[i];
        ndup__json_open(out, NULL, '{');
        ndup__json_count(out, "cluster", family->number);
        ndup__json_count(out, "size", family->count);
        ndup__json_string(out, "id", place->id);
        ndup__json_string(out, "series", place->source);
        ndup__json_optional(out, "date", place->date);
        ndup__json_count(out, "begin", place->offset);
        ndup__json_count(out, "end", place->offset + place->length);
        ndup__json_close(out, '}');
        ndup__json_end_line(out);
    }
    return ndup__out_status(out, error);
}

/* The counts of the summary, in this order. */
static const struct {
    const char *name;
    size_t offset;
} members[] = {
#define MEMBER(name)                                \
    {                                               \
#name, offsetof(ndup_passage_summary, name) \
    }
    MEMBER(documents),      MEMBER(against_documents), MEMBER(text_bytes),
    MEMBER(skipped),        MEMBER(unreadable),        MEMBER(undated),
    MEMBER(tokens),         MEMBER(fingerprints),      MEMBER(shared),
    MEMBER(common),         MEMBER(common_most),       MEMBER(spilled_bytes),
    MEMBER(pairs),          MEMBER(passages),          MEMBER(families),
    MEMBER(documents_with),
#undef MEMBER
};

void ndup__json_passage_run(ndup__out *out, const ndup_passage_run *run)
{
    const ndup_passage_options *options = run->options;
    ndup__json_open(out, "inputs", '[');
    for (size_t i = 0; i < run->input_count; i++) {
        ndup__json_word(out, NULL, run->inputs[i]);
    }
    ndup__json_close(out, ']');
    ndup__json_open(out, "options", '{');
    ndup__json_count(out, "min_words", options->min_words);
    ndup__json_count(out, "max_documents", options->max_documents);
    ndup__json_count(out, "min_documents", options->min_documents);
    ndup__json_word(out, "series", options->series);
    ndup__json_close(out, '}');
}

void ndup__json_passage_counts(ndup__out *out, const ndup_passage_summary *summary)
{
    ndup__json_count(out, "gram_words", summary->gram);
    ndup__json_count(out, "window_words", summary->window);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        uint64_t value =
            *(const uint64_t *)(const void *)((const char *)summary + members[i].offset);
        ndup__json_count(out, members[i].name, value);
    }
}

static ndup_status write_summary(ndup__passage_output *output, const ndup_passage_summary *summary,
                                 ndup_error *error)
{
    ndup__out *out = &output->target.out;
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-passages-summary");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_word(out, "unicode", ndup_unicode_version());
    ndup__json_passage_run(out, output->run);
    ndup__json_passage_counts(out, summary);
    double seconds = 0;
    for (size_t i = 0; i < NDUP_STAGE_COUNT; i++) {
        seconds += summary->seconds[i];
    }
    ndup__json_fixed(out, "seconds", seconds);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
    return ndup__out_status(out, error);
}

const ndup__passage_kind ndup__passage_jsonl = {
    .info = {"jsonl", "one line a pair of spans: documents, offsets, similarity, who was first"},
    .passage = write_json_passage,
};

const ndup__passage_kind ndup__passage_csv = {
    .info = {"csv", "the same as a table"},
    .begin = write_csv_names,
    .passage = write_csv_passage,
};

const ndup__passage_kind ndup__passage_families = {
    .info = {"families", "one line a passage, with its text and all its places"},
    .family = write_family,
};

const ndup__passage_kind ndup__passage_passim = {
    .info = {"passim", "one line a place, with the members of passim's clusters"},
    .family = write_passim,
};

const ndup__passage_kind ndup__passage_summary = {
    .info = {"summary", "counts and options"},
    .has_header = true,
    .finish = write_summary,
};
