/* SPDX-License-Identifier: MIT */
/* rejected:FILE, the records that could not be read. */
#include "report/csv_out.h"
#include "report/sink.h"
#include "text/file_name.h"

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    static const char *const columns[] = {"path", "line", "offset", "message"};
    (void)error;
    if (output->style == NDUP__STYLE_CSV) {
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
            ndup__csv_word(&output->out, columns[i]);
        }
        ndup__csv_end_row(&output->out);
    }
    return NDUP_STATUS_OK;
}

/* A problem of a whole file has no record, and gives a row in the CSV form only. */
static ndup_status rejected(ndup__file_output *output, const ndup_problem *problem,
                            ndup_text record, ndup_error *error)
{
    ndup__out *out = &output->out;
    (void)error;
    if (output->style == NDUP__STYLE_CSV) {
        char text[NDUP__PATH_TEXT_BYTES];
        ndup__csv_word(out, ndup__path_text(text, problem->path));
        ndup__csv_count(out, problem->line);
        ndup__csv_count(out, problem->offset);
        ndup__csv_word(out, problem->message);
        ndup__csv_end_row(out);
    } else if (record.length > 0) {
        ndup__out_bytes(out, record.bytes, record.length);
        ndup__out_bytes(out, "\n", 1);
    }
    return NDUP_STATUS_OK;
}

const ndup__output_kind ndup__output_rejected = {
    .info = {"rejected", "records that could not be read; .csv says where and why"},
    .wants_records = true,
    .has_csv = true,
    .begin = begin,
    .rejected = rejected,
};
