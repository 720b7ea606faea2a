/* SPDX-License-Identifier: MIT */
/* A summary as Markdown. */
#include <string.h>

#include "report/summary_out.h"

/* Rows of the table of sources. */
#define SOURCES_MAX 100

/* Writes text that cannot be taken for Markdown: punctuation is escaped, line ends become spaces.
 */
static void write_literal(ndup__out *out, ndup_text text)
{
    static const char special[] = "\\`*_{}[]()<>#|~&";
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        bool is_control = (unsigned char)c < 0x20 || c == 0x7F;
        if (!is_control && strchr(special, c) != NULL) {
            ndup__out_bytes(out, "\\", 1);
        }
        ndup__out_bytes(out, is_control ? " " : &c, 1);
    }
}

static void write_row(ndup__out *out, const char *label, ndup_text value)
{
    ndup__out_text(out, "| ");
    ndup__out_text(out, label);
    ndup__out_text(out, " | ");
    write_literal(out, value);
    ndup__out_text(out, " |\n");
}

static void write_word(ndup__out *out, const char *label, const char *word)
{
    write_row(out, label, ndup__text_of(word));
}

static void write_count(ndup__out *out, const char *label, uint64_t value)
{
    char text[NDUP__NUMBER_BYTES];
    write_row(out, label, (ndup_text){text, ndup__format_count(text, value)});
}

static void write_fixed(ndup__out *out, const char *label, double value)
{
    char text[NDUP__NUMBER_BYTES];
    write_row(out, label, (ndup_text){text, ndup__format_fixed(text, value)});
}

static void begin_table(ndup__out *out, const char *title, const char *left, const char *right)
{
    ndup__out_text(out, "\n## ");
    ndup__out_text(out, title);
    ndup__out_text(out, "\n\n| ");
    ndup__out_text(out, left);
    ndup__out_text(out, " | ");
    ndup__out_text(out, right);
    ndup__out_text(out, " |\n|---|---:|\n");
}

static void write_counts(ndup__out *out, const ndup_summary *summary)
{
    size_t count;
    const ndup__count_member *members = ndup__summary_members(&count);
    begin_table(out, "Counts", "what", "number");
    for (size_t i = 0; i < count; i++) {
        write_count(out, members[i].label, ndup__summary_count(summary, &members[i]));
    }
    if (summary->audit_documents > 0) {
        write_fixed(out, "share found, at least (95 %)", summary->audit_low);
        write_fixed(out, "share found, at most (95 %)", summary->audit_high);
    }
}

static void write_options(ndup__out *out, const ndup_result *result)
{
    const ndup_dedup_options *options = ndup_result_options(result);
    const ndup_bands *bands = &ndup_result_summary(result)->bands;
    begin_table(out, "Options", "option", "value");
    write_word(out, "preset", options->preset != NULL ? options->preset : "custom");
    write_fixed(out, "threshold", options->matching.threshold);
    write_word(out, "rule", ndup_rule_name(options->rule));
    if (options->rule != NDUP_RULE_JACCARD) {
        write_fixed(out, "containment", options->containment);
    }
    write_count(out, "tokens in a shingle", options->matching.shingle_size);
    write_word(out, "tokens are", ndup_token_mode_name(options->matching.tokens));
    write_fixed(out, "least agreement of numbers", options->matching.number_agreement);
    write_word(out, "keep", options->keep != NULL ? options->keep : "first");
    write_word(out, "pairs found by", options->exact ? "exact join" : options->sketch);
    write_count(out, "slots", options->slots);
    write_count(out, "bands", bands->bands);
    write_count(out, "rows", bands->rows);
    write_fixed(out, "recall at the threshold", bands->recall);
    write_word(out, "groups",
               options->cluster == NDUP_CLUSTER_COMPONENTS ? "components" : "leader");
    write_word(out, "survivors dropped too", options->drop_all ? "yes" : "no");
    write_count(out, "seed", options->seed);
}

static void write_inputs(ndup__out *out, const ndup_result *result)
{
    const char *const *inputs;
    size_t count = ndup_result_inputs(result, &inputs);
    ndup__out_text(out, count > 0 ? "\nInputs:\n\n" : "");
    for (size_t i = 0; i < count; i++) {
        ndup__out_text(out, "- ");
        write_literal(out, ndup__text_of(inputs[i]));
        ndup__out_text(out, "\n");
    }
}

static void write_times(ndup__out *out, const ndup_summary *summary)
{
    begin_table(out, "Time", "stage", "seconds");
    for (size_t i = 0; i < sizeof summary->seconds / sizeof summary->seconds[0]; i++) {
        write_fixed(out, ndup_stage_name((ndup_stage)i), summary->seconds[i]);
    }
}

static void write_histogram(ndup__out *out, const ndup_summary *summary)
{
    char label[NDUP__NUMBER_BYTES];
    begin_table(out, "Similarity of the pairs compared exactly", "from", "pairs");
    for (size_t i = 0; i < NDUP__HISTOGRAM_BINS; i++) {
        if (summary->similarity_histogram[i] > 0) {
            label[ndup__format_fixed(label, (double)i / 100)] = '\0';
            write_count(out, label, summary->similarity_histogram[i]);
        }
    }
}

/* Sources that lost more than half, which is seldom what was meant. */
static void write_losses(ndup__out *out, const ndup_result *result)
{
    const ndup_source_loss *losses;
    size_t count = ndup_result_losses(result, &losses);
    ndup__out_text(out,
                   count > 0 ? "\nSources that lost more than half of their documents:\n\n" : "");
    for (size_t i = 0; i < count; i++) {
        char text[NDUP__NUMBER_BYTES];
        ndup__out_text(out, "- ");
        write_literal(out, losses[i].source);
        ndup__out_text(out, ": ");
        ndup__out_bytes(out, text, ndup__format_count(text, losses[i].dropped));
        ndup__out_text(out, " of ");
        ndup__out_bytes(out, text, ndup__format_count(text, losses[i].documents));
        ndup__out_text(out, " dropped\n");
    }
}

static void write_source(ndup__out *out, const ndup__source_counts *row)
{
    const uint64_t counts[] = {row->documents, row->dropped, row->documents - row->dropped};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        char text[NDUP__NUMBER_BYTES];
        ndup__out_text(out, " | ");
        ndup__out_bytes(out, text, ndup__format_count(text, counts[i]));
    }
    ndup__out_text(out, " |\n");
}

/* Those with most repeats first, and all that are too many in one row. */
static void write_sources(ndup__out *out, const ndup__sources *sources,
                          const ndup__source_matrix *matrix)
{
    char count[NDUP__NUMBER_BYTES];
    size_t shown = matrix->row_count > SOURCES_MAX ? SOURCES_MAX - 1 : matrix->row_count;
    ndup__source_counts rest = {.documents = 0};
    ndup__out_text(out, "\n## By source\n\n| source | read | dropped | kept |\n"
                        "|---|---:|---:|---:|\n");
    for (size_t i = 0; i < matrix->row_count; i++) {
        const ndup__source_counts *row = &sources->rows[matrix->order[i]];
        if (i < shown) {
            ndup__out_text(out, row->name.length > 0 ? "| " : "| (no source)");
            write_literal(out, row->name);
            write_source(out, row);
        }
        rest.documents += i >= shown ? row->documents : 0;
        rest.dropped += i >= shown ? row->dropped : 0;
    }
    if (shown < matrix->row_count) {
        ndup__out_text(out, "| ");
        ndup__out_bytes(out, count, ndup__format_count(count, matrix->row_count - shown));
        ndup__out_text(out, " others");
        write_source(out, &rest);
    }
}

void ndup__summary_markdown(ndup__out *out, const ndup_result *result, const ndup__sources *sources,
                            const ndup__source_matrix *matrix)
{
    const ndup_summary *summary = ndup_result_summary(result);
    ndup__out_text(out, "# Near-duplicates\n\nneardup ");
    ndup__out_text(out, ndup_version());
    ndup__out_text(out, ", Unicode ");
    ndup__out_text(out, ndup_unicode_version());
    ndup__out_text(out, "\n");
    write_inputs(out, result);
    write_counts(out, summary);
    write_losses(out, result);
    write_sources(out, sources, matrix);
    write_options(out, result);
    write_times(out, summary);
    write_histogram(out, summary);
}
