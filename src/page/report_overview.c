/* SPDX-License-Identifier: MIT */
/* The part of a report about the whole run, as JSON. */
#include <string.h>

#include "page/report_run.h"
#include "report/json_out.h"
#include "report/keep_words.h"
#include "report/summary_out.h"
#include "report/verdict_out.h"

#define CURVE_STEPS 100

static const ndup_sketch_info *find_sketch(const char *name)
{
    for (size_t i = 0; name != NULL && i < ndup_sketch_count(); i++) {
        if (strcmp(ndup_sketch_get(i)->name, name) == 0) {
            return ndup_sketch_get(i);
        }
    }
    return NULL;
}

/* The probability that a pair is proposed, for similarities 0, 0.01, ... 1; none for exact runs. */
static void write_curve(ndup__out *out, const ndup_result *result)
{
    const ndup_dedup_options *options = ndup_result_options(result);
    const ndup_bands *bands = &ndup_result_summary(result)->bands;
    const ndup_sketch_info *sketch = find_sketch(options->sketch);
    if (options->exact || sketch == NULL || bands->bands == 0) {
        ndup__json_null(out, "curve");
        return;
    }
    ndup__json_open(out, "curve", '[');
    for (size_t i = 0; i <= CURVE_STEPS; i++) {
        ndup__json_fixed(out, NULL, ndup_bands_curve(bands, sketch, (double)i / CURVE_STEPS));
    }
    ndup__json_close(out, ']');
}

static void write_keep(ndup__out *out, const ndup_result *result)
{
    const char *keep = ndup_result_options(result)->keep;
    char words[NDUP__KEEP_WORDS_BYTES];
    ndup__keep_words(words, keep != NULL ? keep : "first");
    ndup__json_word(out, "keep_words", words);
}

/* Every size of a group with the number of groups that have it, largest first. */
static void write_sizes(ndup__out *out, const ndup__report_run *run)
{
    ndup__json_open(out, "group_sizes", '[');
    for (size_t i = 0; i < run->groups.count;) {
        size_t first = i;
        while (i < run->groups.count &&
               run->groups.items[i].size == run->groups.items[first].size) {
            i++;
        }
        ndup__json_open(out, NULL, '[');
        ndup__json_count(out, NULL, run->groups.items[first].size);
        ndup__json_count(out, NULL, i - first);
        ndup__json_close(out, ']');
    }
    ndup__json_close(out, ']');
}

static void write_source(ndup__out *out, const ndup__source_counts *row)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "name", row->name);
    ndup__json_count(out, "documents", row->documents);
    ndup__json_count(out, "dropped", row->dropped);
    ndup__json_count(out, "repeated", row->repeated);
    ndup__json_close(out, '}');
}

/* The sources of the matrix; all others as one row, which has no name but a count. */
static void write_sources(ndup__out *out, const ndup__report_run *run)
{
    const ndup__source_matrix *matrix = &run->matrix;
    size_t named = matrix->size - matrix->has_others;
    ndup__source_counts rest = {.documents = 0};
    for (size_t i = named; i < matrix->row_count; i++) {
        const ndup__source_counts *row = &run->sources.rows[matrix->order[i]];
        rest.documents += row->documents;
        rest.dropped += row->dropped;
        rest.repeated += row->repeated;
    }
    ndup__json_count(out, "source_count", matrix->row_count);
    ndup__json_open(out, "sources", '[');
    for (size_t i = 0; i < named; i++) {
        write_source(out, &run->sources.rows[matrix->order[i]]);
    }
    ndup__json_close(out, ']');
    if (matrix->has_others) {
        ndup__json_open(out, "other_sources", '{');
        ndup__json_count(out, "documents", rest.documents);
        ndup__json_count(out, "dropped", rest.dropped);
        ndup__json_count(out, "repeated", rest.repeated);
        ndup__json_close(out, '}');
    }
}

static void write_matrix(ndup__out *out, const ndup__source_matrix *matrix)
{
    ndup__json_open(out, "matrix", '[');
    for (size_t kept = 0; kept < matrix->size; kept++) {
        ndup__json_open(out, NULL, '[');
        for (size_t dropped = 0; dropped < matrix->size; dropped++) {
            ndup__json_count(out, NULL, matrix->repeats[kept * matrix->size + dropped]);
        }
        ndup__json_close(out, ']');
    }
    ndup__json_close(out, ']');
}

static void write_summary(ndup__out *out, const ndup_summary *summary)
{
    size_t count;
    const ndup__count_member *members = ndup__summary_members(&count);
    ndup__json_open(out, "summary", '{');
    for (size_t i = 0; i < count; i++) {
        ndup__json_count(out, members[i].name, ndup__summary_count(summary, &members[i]));
    }
    ndup__json_fixed(out, "audit_low", summary->audit_low);
    ndup__json_fixed(out, "audit_high", summary->audit_high);
    ndup__json_fixed(out, "recall", summary->bands.recall);
    ndup__json_close(out, '}');
    ndup__json_open(out, "similarity_histogram", '[');
    for (size_t i = 0; i < NDUP__HISTOGRAM_BINS; i++) {
        ndup__json_count(out, NULL, summary->similarity_histogram[i]);
    }
    ndup__json_close(out, ']');
}

void ndup__report_identity_json(ndup__out *out, const ndup__report_run *run)
{
    ndup__json_hash(out, "corpus", run->corpus_hash);
    ndup__json_inputs(out, run->result);
    ndup__json_options(out, run->result);
    write_keep(out, run->result);
    ndup__json_count(out, "group_count", run->groups.count);
}

void ndup__report_overview_json(ndup__out *out, const ndup__report_run *run)
{
    write_summary(out, ndup_result_summary(run->result));
    write_curve(out, run->result);
    write_sizes(out, run);
    write_sources(out, run);
    ndup__json_losses(out, run->result);
    write_matrix(out, &run->matrix);
}
