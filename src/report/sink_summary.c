/* SPDX-License-Identifier: MIT */
/* summary:FILE, the counts of a run: one JSON object, or tables for readers. Only what shows
 * sources has the documents read for it. */
#include "report/json_out.h"
#include "report/sink.h"
#include "report/summary_out.h"
#include "report/verdict_out.h"

static void write_bands(ndup__out *out, const ndup_bands *bands)
{
    ndup__json_open(out, "bands", '{');
    ndup__json_count(out, "bands", bands->bands);
    ndup__json_count(out, "rows", bands->rows);
    ndup__json_count(out, "slots", bands->slots);
    ndup__json_fixed(out, "recall", bands->recall);
    ndup__json_bool(out, "slots_raised", bands->slots_raised != 0);
    ndup__json_bool(out, "recall_missed", bands->recall_missed != 0);
    ndup__json_close(out, '}');
}

static void write_lists(ndup__out *out, const ndup_summary *summary)
{
    ndup__json_open(out, "seconds", '{');
    for (size_t i = 0; i < sizeof summary->seconds / sizeof summary->seconds[0]; i++) {
        ndup__json_fixed(out, ndup_stage_name((ndup_stage)i), summary->seconds[i]);
    }
    ndup__json_close(out, '}');
    ndup__json_open(out, "similarity_histogram", '[');
    for (size_t i = 0; i < NDUP__HISTOGRAM_BINS; i++) {
        ndup__json_count(out, NULL, summary->similarity_histogram[i]);
    }
    ndup__json_close(out, ']');
}

static void write_profile(ndup__out *out, const ndup_profile *profile)
{
    ndup__json_open(out, "profile", '{');
    ndup__json_count(out, "workers", profile->workers);
    ndup__json_open(out, "wall", '{');
    for (unsigned i = 0; i < NDUP_STAGE_COUNT; i++) {
        ndup__json_fixed(out, ndup_stage_name((ndup_stage)i), profile->wall[i]);
    }
    ndup__json_close(out, '}');
    ndup__json_open(out, "busy", '{');
    for (unsigned part = 0; part < NDUP_PART_COUNT; part++) {
        ndup__json_open(out, ndup_part_name((ndup_part)part), '[');
        for (unsigned i = 0; i < profile->workers; i++) {
            ndup__json_fixed(out, NULL, profile->busy[i * NDUP_PART_COUNT + part]);
        }
        ndup__json_close(out, ']');
    }
    ndup__json_close(out, '}');
    ndup__json_close(out, '}');
}

static void write_object(ndup__out *out, const ndup_result *result)
{
    const ndup_summary *summary = ndup_result_summary(result);
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-summary");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_word(out, "unicode", ndup_unicode_version());
    ndup__json_inputs(out, result);
    ndup__json_options(out, result);
    size_t count;
    const ndup__count_member *members = ndup__summary_members(&count);
    for (size_t i = 0; i < count; i++) {
        ndup__json_count(out, members[i].name, ndup__summary_count(summary, &members[i]));
    }
    ndup__json_fixed(out, "audit_low", summary->audit_low);
    ndup__json_fixed(out, "audit_high", summary->audit_high);
    write_bands(out, &summary->bands);
    ndup__json_losses(out, result);
    write_lists(out, summary);
    if (ndup_result_profile(result) != NULL) {
        write_profile(out, ndup_result_profile(result));
    }
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

/* An output that counts by source. */
typedef struct counting_output {
    ndup__file_output file; /* first */
    ndup__sources sources;
    ndup__source_matrix matrix;
} counting_output;

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    (void)error;
    ((counting_output *)output)->sources.allocator = &output->base.allocator;
    return NDUP_STATUS_OK;
}

static ndup_status count_document(ndup__file_output *output, const ndup_verdict *verdict,
                                  const ndup_document *document, ndup_error *error)
{
    (void)verdict;
    return output->base.sink.wants_records
               ? ndup__sources_add(&((counting_output *)output)->sources, document, error)
               : NDUP_STATUS_OK;
}

static ndup_status finish_summary(ndup__file_output *output, ndup_error *error)
{
    counting_output *counting = (counting_output *)output;
    if (output->style != NDUP__STYLE_MARKDOWN) {
        write_object(&output->out, output->result);
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__sources_count(&counting->matrix, &counting->sources, output->result, 0, error);
    if (status == NDUP_STATUS_OK) {
        ndup__summary_markdown(&output->out, output->result, &counting->sources, &counting->matrix);
    }
    return status;
}

static void release(ndup__file_output *output)
{
    counting_output *counting = (counting_output *)output;
    ndup__source_matrix_deinit(&counting->matrix, &output->base.allocator);
    ndup__sources_deinit(&counting->sources);
}

const ndup__output_kind ndup__output_summary = {
    .info = {"summary", "counts, options and times of the run; tables to read in .md"},
    .has_header = true,
    .has_markdown = true,
    .markdown_wants_records = true,
    .own_bytes = sizeof(counting_output),
    .begin = begin,
    .document = count_document,
    .finish = finish_summary,
    .release = release,
};
