/* SPDX-License-Identifier: MIT */
/* sources:FILE, the counts by source, and which source repeats which. */
#include <string.h>

#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/source_matrix.h"
#include "report/source_pairs.h"

/* Columns of a table that name a kept source; the rest is counted in one more. */
#define COLUMNS_MAX 50

typedef struct sources_output {
    ndup__file_output file; /* first */
    ndup__sources sources;
    ndup__source_matrix ranking; /* of the sources; its matrix is not used */
    ndup__source_pairs pairs;
    size_t column_count; /* of sources for which documents were dropped */
    bool has_others;
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

static void write_object(sources_output *output, uint32_t row)
{
    ndup__out *out = &output->file.out;
    const ndup__source_counts *counts = &output->sources.rows[row];
    size_t count;
    const ndup__source_pair *pairs = ndup__source_pairs_of(&count, &output->pairs, row);
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "source", counts->name);
    ndup__json_count(out, "documents", counts->documents);
    ndup__json_count(out, "kept", counts->documents - counts->dropped);
    ndup__json_count(out, "dropped", counts->dropped);
    ndup__json_count(out, "repeated", counts->repeated);
    ndup__json_open(out, "dropped_for", '[');
    for (size_t i = 0; i < count; i++) {
        ndup__json_open(out, NULL, '{');
        ndup__json_string(out, "source", output->sources.rows[pairs[i].kept].name);
        ndup__json_count(out, "documents", pairs[i].documents);
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

/* The sources that are repeated, in the order of the rows, become columns. */
static void choose_columns(sources_output *output, uint32_t columns[COLUMNS_MAX])
{
    for (size_t i = 0; i < output->ranking.row_count; i++) {
        uint32_t row = output->ranking.order[i];
        if (output->sources.rows[row].repeated == 0) {
            continue;
        }
        if (output->column_count == COLUMNS_MAX) {
            output->has_others = true;
            break;
        }
        columns[output->column_count++] = row;
    }
}

static void write_head(sources_output *output, const uint32_t *columns)
{
    static const char *const names[] = {"source", "documents", "kept", "dropped", "repeated"};
    ndup__out *out = &output->file.out;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ndup__csv_word(out, names[i]);
    }
    for (size_t i = 0; i < output->column_count; i++) {
        char name[300] = "dropped_for:";
        ndup_text source = output->sources.rows[columns[i]].name;
        size_t used = strlen(name);
        size_t length = ndup__cut_at_character(source, sizeof name - used);
        if (length > 0) {
            memcpy(name + used, source.bytes, length);
        }
        ndup__csv_text(out, (ndup_text){name, used + length});
    }
    if (output->has_others) {
        ndup__csv_word(out, "dropped_for_others");
    }
    ndup__csv_end_row(out);
}

static void write_row(sources_output *output, uint32_t row, const uint32_t *columns)
{
    ndup__out *out = &output->file.out;
    const ndup__source_counts *counts = &output->sources.rows[row];
    size_t count;
    const ndup__source_pair *pairs = ndup__source_pairs_of(&count, &output->pairs, row);
    uint64_t others = 0;
    ndup__csv_text(out, counts->name);
    ndup__csv_count(out, counts->documents);
    ndup__csv_count(out, counts->documents - counts->dropped);
    ndup__csv_count(out, counts->dropped);
    ndup__csv_count(out, counts->repeated);
    for (size_t i = 0; i < count; i++) {
        others += pairs[i].documents;
    }
    for (size_t k = 0; k < output->column_count; k++) {
        uint64_t documents = 0;
        for (size_t i = 0; i < count; i++) {
            documents += pairs[i].kept == columns[k] ? pairs[i].documents : 0;
        }
        others -= documents;
        ndup__csv_count(out, documents);
    }
    if (output->has_others) {
        ndup__csv_count(out, others);
    }
    ndup__csv_end_row(out);
}

static ndup_status write_rows(sources_output *output, ndup_error *error)
{
    bool is_table = output->file.style == NDUP__STYLE_CSV;
    uint32_t columns[COLUMNS_MAX];
    ndup_status status = NDUP_STATUS_OK;
    if (is_table) {
        choose_columns(output, columns);
        write_head(output, columns);
    }
    for (size_t i = 0; i < output->ranking.row_count && status == NDUP_STATUS_OK; i++) {
        if (is_table) {
            write_row(output, output->ranking.order[i], columns);
        } else {
            write_object(output, output->ranking.order[i]);
        }
        status = ndup__out_status(&output->file.out, error);
    }
    return status;
}

static ndup_status finish(ndup__file_output *base, ndup_error *error)
{
    sources_output *output = (sources_output *)base;
    ndup_status status =
        ndup__sources_count(&output->ranking, &output->sources, base->result, 0, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__source_pairs_count(&output->pairs, &output->sources, base->result, error);
    }
    return status == NDUP_STATUS_OK ? write_rows(output, error) : status;
}

static void release(ndup__file_output *base)
{
    sources_output *output = (sources_output *)base;
    ndup__source_pairs_deinit(&output->pairs, &base->base.allocator);
    ndup__source_matrix_deinit(&output->ranking, &base->base.allocator);
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
