/* SPDX-License-Identifier: MIT */
/* csv:FILE, the kept rows of tables as they stand in their file; other documents as rows of their
 * parts. */
#include "report/csv_out.h"
#include "report/sink.h"
#include "report/table_out.h"

typedef struct csv_output {
    ndup__file_output base;
    bool has_parts;        /* documents that are no rows of a table have been written */
    ndup__table_head head; /* of the first table */
} csv_output;

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    csv_output *self = (csv_output *)output;
    (void)error;
    self->has_parts = false;
    self->head = (ndup__table_head){.allocator = &output->base.allocator};
    return NDUP_STATUS_OK;
}

static void write_parts(csv_output *self, const ndup_document *document)
{
    static const char *const names[] = {"id", "source", "url", "date", "title", "text"};
    const ndup_text parts[] = {document->id,   document->source, document->url,
                               document->date, document->title,  document->text};
    ndup__out *out = &self->base.out;
    if (!self->has_parts) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            ndup__csv_word(out, names[i]);
        }
        ndup__csv_end_row(out);
    }
    self->has_parts = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ndup__csv_text(out, parts[i]);
    }
    ndup__csv_end_row(out);
}

static ndup_status write_row(csv_output *self, const ndup_document *document, ndup_error *error)
{
    ndup__out *out = &self->base.out;
    if (self->head.length == 0) {
        ndup_status status = ndup__table_head_set(&self->head, document, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        ndup__out_bytes(out, self->head.bytes, self->head.length);
    }
    ndup__out_bytes(out, document->row.bytes, document->row.length);
    ndup__out_text(out, ndup__table_line_end(document->table_head));
    return NDUP_STATUS_OK;
}

static ndup_status take(ndup__file_output *output, const ndup_verdict *verdict,
                        const ndup_document *document, ndup_error *error)
{
    csv_output *self = (csv_output *)output;
    bool is_row = document->row.length > 0;
    ndup_status status = NDUP_STATUS_OK;
    if (!verdict->kept) {
        return NDUP_STATUS_OK;
    }
    if (is_row ? self->has_parts || !ndup__table_head_fits(&self->head, document)
               : self->head.length > 0) {
        return ndup__table_fail_other(&self->head, document, error);
    }
    if (is_row) {
        status = write_row(self, document, error);
    } else {
        write_parts(self, document);
    }
    return status;
}

static void release(ndup__file_output *output)
{
    csv_output *self = (csv_output *)output;
    ndup__table_head_deinit(&self->head);
}

const ndup__output_kind ndup__output_csv = {
    .info = {"csv", "kept rows of tables, byte for byte, under the first row of their file"},
    .wants_records = true,
    .has_csv = true,
    .begin = begin,
    .document = take,
    .own_bytes = sizeof(csv_output),
    .release = release,
};
