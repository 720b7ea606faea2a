/* SPDX-License-Identifier: MIT */
/* CSV: cells quoted as RFC 4180 says, lines that end in a line feed only. */
#ifndef NDUP__REPORT_CSV_OUT_H
#define NDUP__REPORT_CSV_OUT_H

#include "report/out.h"

/* Damaged UTF-8 and zero bytes become U+FFFD. Cells that begin with = + - or @ stay as they are:
 * these files are for programs, and a spreadsheet has to be told that they are text. */
void ndup__csv_text(ndup__out *out, ndup_text text);
void ndup__csv_word(ndup__out *out, const char *word); /* NULL is an empty cell */
void ndup__csv_count(ndup__out *out, uint64_t value);
void ndup__csv_fixed(ndup__out *out, double value); /* an empty cell if not finite */
void ndup__csv_hash(ndup__out *out, uint64_t value);
void ndup__csv_empty(ndup__out *out);
void ndup__csv_end_row(ndup__out *out);

#endif
