/* SPDX-License-Identifier: MIT */
/* The parts that several formats write in the same way. */
#ifndef NDUP__REPORT_VERDICT_OUT_H
#define NDUP__REPORT_VERDICT_OUT_H

#include "neardup/dedup.h"
#include "report/out.h"

/* "keep" or "drop". */
const char *ndup__decision_name(const ndup_verdict *verdict);

/* Members of an open object: cluster, decision, kind, survivor, similarity. */
void ndup__json_verdict(ndup__out *out, const ndup_verdict *verdict);

/* Members of an open object: containment, survivor_containment. */
void ndup__json_containments(ndup__out *out, const ndup_verdict *verdict);
/* The family of documents of one form, or nulls. */
void ndup__json_form(ndup__out *out, const ndup_verdict *verdict);

/* The member "span" of an open object, if there is a span: tokens, offset, bytes, and with `text`
 * the beginning of the span as text. */
void ndup__json_span(ndup__out *out, const ndup_verdict *verdict, const ndup_text *text);

/* The member "inputs" of an open object. */
void ndup__json_inputs(ndup__out *out, const ndup_result *result);

/* The member "options" of an open object. */
void ndup__json_options(ndup__out *out, const ndup_result *result);

/* The member "losses" of an open object: the sources that lost more than half. */
void ndup__json_losses(ndup__out *out, const ndup_result *result);

/* The member "search" of an open object: what was compared, and the audit. */
void ndup__json_search(ndup__out *out, const ndup_summary *summary);

/* The document's record; for a document without one, an object made from its parts. `open` leaves
 * out the closing bracket and what stands behind it, so that members can be added, and sets
 * needs_comma; ndup__json_record_rest writes it. Errors: INVALID when the record does not end in a
 * bracket. */
void ndup__json_record(ndup__out *out, const ndup_document *document);
NDUP_NODISCARD ndup_status ndup__json_record_open(ndup__out *out, const ndup_document *document,
                                                  ndup_error *error);
void ndup__json_record_rest(ndup__out *out, const ndup_document *document);

/* The member "neardup" of an open object that says what was folded; nothing for other documents. A
 * record that was folded has it already. */
void ndup__json_folded_member(ndup__out *out, const ndup_document *document);

#endif
