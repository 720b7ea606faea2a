/* SPDX-License-Identifier: MIT */
/* CSV, and the same with tabs: cells quoted as RFC 4180 says, lines that end in a line feed only.
 */
#ifndef NDUP__REPORT_CSV_OUT_H
#define NDUP__REPORT_CSV_OUT_H

#include "report/out.h"

/* Damaged UTF-8 and zero bytes become U+FFFD. Unless out->csv_raw is set, a cell that a spreadsheet
 * would run gets an apostrophe in front (ndup__spreadsheet_runs), and control characters but tabs
 * and line ends are written as escapes, \x1b or \u0085. */
void ndup__csv_text(ndup__out *out, ndup_text text);
void ndup__csv_word(ndup__out *out, const char *word); /* NULL is an empty cell */
void ndup__csv_count(ndup__out *out, uint64_t value);
void ndup__csv_fixed(ndup__out *out, double value); /* an empty cell if not finite */
void ndup__csv_hash(ndup__out *out, uint64_t value);
void ndup__csv_empty(ndup__out *out);
void ndup__csv_end_row(ndup__out *out);

#endif
