/* SPDX-License-Identifier: MIT */
/* Ids in files that hold one of something a line. */
#ifndef NDUP__REPORT_LINE_OUT_H
#define NDUP__REPORT_LINE_OUT_H

#include "report/out.h"

/* Whether a reader of lines would get the text wrong: it holds a control character, such as a line
 * end, or begins with a quote. It is then written as a JSON string, so that what begins with a
 * quote always is one. */
bool ndup__line_needs_json(ndup_text text);

/* The text, as it is or as a JSON string. */
void ndup__line_text(ndup__out *out, ndup_text text);

#endif
