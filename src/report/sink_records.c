/* SPDX-License-Identifier: MIT */
/* jsonl:FILE, removed:FILE and annotated:FILE, the formats that carry whole records. */
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

static ndup_status write_kept(ndup__file_output *output, const ndup_verdict *verdict,
                              const ndup_document *document, ndup_error *error)
{
    (void)error;
    if (verdict->kept) {
        ndup__json_record(&output->out, document);
        ndup__json_end_line(&output->out);
    }
    return NDUP_STATUS_OK;
}

static ndup_status write_removed(ndup__file_output *output, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    ndup__out *out = &output->out;
    if (verdict->kept) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__json_record_open(out, document, error);
    if (status == NDUP_STATUS_OK) {
        ndup__json_open(out, "neardup", '{');
        ndup__json_verdict(out, verdict);
        ndup__json_containments(out, verdict);
        ndup__json_span(out, verdict, &document->text);
        ndup__json_close(out, '}');
        ndup__json_record_rest(out, document);
        ndup__json_end_line(out);
    }
    return status;
}

static ndup_status write_annotated(ndup__file_output *output, const ndup_verdict *verdict,
                                   const ndup_document *document, ndup_error *error)
{
    ndup__out *out = &output->out;
    ndup_status status = ndup__json_record_open(out, document, error);
    if (status == NDUP_STATUS_OK) {
        ndup__json_open(out, "neardup", '{');
        ndup__json_verdict(out, verdict);
        ndup__json_close(out, '}');
        ndup__json_record_rest(out, document);
        ndup__json_end_line(out);
    }
    return status;
}

const ndup__output_kind ndup__output_jsonl = {
    .info = {"jsonl", "kept records, byte for byte, one a line"},
    .wants_records = true,
    .folds = true,
    .document = write_kept,
};

const ndup__output_kind ndup__output_removed = {
    .info = {"removed", "dropped records, each with the reason in a member \"neardup\""},
    .wants_records = true,
    .document = write_removed,
};

const ndup__output_kind ndup__output_annotated = {
    .info = {"annotated", "all records, each with the decision in a member \"neardup\""},
    .wants_records = true,
    .document = write_annotated,
};
