/* SPDX-License-Identifier: MIT */
/* uncompared:FILE, the documents that could not be compared by their words. */
#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    static const char *const columns[] = {"id", "reading", "decision", "path", "offset", "length"};
    (void)error;
    if (output->style == NDUP__STYLE_CSV) {
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
            ndup__csv_word(&output->out, columns[i]);
        }
        ndup__csv_end_row(&output->out);
    }
    return NDUP_STATUS_OK;
}

static void write_row(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    ndup__csv_text(out, verdict->id);
    ndup__csv_word(out, ndup_reading_name(verdict->reading));
    ndup__csv_word(out, ndup__decision_name(verdict));
    ndup__csv_word(out, document->path);
    ndup__csv_count(out, document->offset);
    ndup__csv_count(out, document->length);
    ndup__csv_end_row(out);
}

static void write_object(ndup__out *out, const ndup_verdict *verdict, const ndup_document *document)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "id", verdict->id);
    ndup__json_word(out, "reading", ndup_reading_name(verdict->reading));
    ndup__json_word(out, "decision", ndup__decision_name(verdict));
    ndup__json_word(out, "path", document->path);
    ndup__json_count(out, "offset", document->offset);
    ndup__json_count(out, "length", document->length);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static ndup_status document(ndup__file_output *output, const ndup_verdict *verdict,
                            const ndup_document *document, ndup_error *error)
{
    (void)error;
    if (verdict->reading == NDUP_READING_WORDS) {
        return NDUP_STATUS_OK;
    }
    if (output->style == NDUP__STYLE_CSV) {
        write_row(&output->out, verdict, document);
    } else {
        write_object(&output->out, verdict, document);
    }
    return NDUP_STATUS_OK;
}

const ndup__output_kind ndup__output_uncompared = {
    .info = {"uncompared", "documents without words or damaged throughout: matched by their bytes"},
    .has_csv = true,
    .in_parts = true,
    .begin = begin,
    .document = document,
};
