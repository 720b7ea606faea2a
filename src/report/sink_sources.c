/* SPDX-License-Identifier: MIT */
/* sources:FILE, the counts by source, and which source repeats which. */
#include "report/sink.h"
#include "report/source_matrix.h"
#include "report/source_table.h"

typedef struct sources_output {
    ndup__file_output file; /* first */
    ndup__sources sources;
    ndup__source_pairs pairs;
} sources_output;

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    (void)error;
    ((sources_output *)output)->sources.allocator = &output->base.allocator;
    return NDUP_STATUS_OK;
}

static ndup_status add_document(ndup__file_output *output, const ndup_verdict *verdict,
                                const ndup_document *document, ndup_error *error)
{
    (void)verdict;
    return ndup__sources_add(&((sources_output *)output)->sources, document, error);
}

static ndup_status finish(ndup__file_output *base, ndup_error *error)
{
    static const ndup__source_names names = {"kept", "dropped", "repeated", "dropped_for", false};
    sources_output *output = (sources_output *)base;
    ndup__sources_count_rows(&output->sources, base->result);
    ndup_status status =
        ndup__source_pairs_count(&output->pairs, &output->sources, base->result, error);
    return status == NDUP_STATUS_OK
               ? ndup__source_table_write(&base->out, &output->sources, &output->pairs, &names,
                                          base->style == NDUP__STYLE_CSV, error)
               : status;
}

static void release(ndup__file_output *base)
{
    sources_output *output = (sources_output *)base;
    ndup__source_pairs_deinit(&output->pairs, &base->base.allocator);
    ndup__sources_deinit(&output->sources);
}

const ndup__output_kind ndup__output_sources = {
    .info = {"sources", "documents read, kept and dropped by source, and for which other; or .csv"},
    .wants_records = true,
    .has_csv = true,
    .own_bytes = sizeof(sources_output),
    .begin = begin,
    .document = add_document,
    .finish = finish,
    .release = release,
};
