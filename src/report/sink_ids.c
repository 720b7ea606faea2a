/* SPDX-License-Identifier: MIT */
/* ids:FILE, the ids of the kept documents. */
#include "report/csv_out.h"
#include "report/line_out.h"
#include "report/sink.h"

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    (void)error;
    if (output->style == NDUP__STYLE_CSV) {
        ndup__csv_word(&output->out, "id");
        ndup__csv_end_row(&output->out);
    }
    return NDUP_STATUS_OK;
}

static ndup_status document(ndup__file_output *output, const ndup_verdict *verdict,
                            const ndup_document *document, ndup_error *error)
{
    (void)document;
    (void)error;
    ndup__out *out = &output->out;
    if (!verdict->kept) {
        return NDUP_STATUS_OK;
    }
    if (output->style == NDUP__STYLE_CSV) {
        ndup__csv_text(out, verdict->id);
        ndup__csv_end_row(out);
    } else {
        ndup__line_text(out, verdict->id);
        ndup__out_bytes(out, "\n", 1);
    }
    return NDUP_STATUS_OK;
}

const ndup__output_kind ndup__output_ids = {
    .info = {"ids", "ids of the kept documents, one a line"},
    .has_csv = true,
    .in_parts = true,
    .begin = begin,
    .document = document,
};
