/* SPDX-License-Identifier: MIT */
/* Parts of documents in one line of a listing: visible, and cut to a number of columns. */
#ifndef NDUP__REPORT_SHOWN_LINE_H
#define NDUP__REPORT_SHOWN_LINE_H

#include "report/out.h"

/* No limit. */
#define NDUP__ALL_COLUMNS ((size_t)-1)

/* Columns of a text in visible form. */
size_t ndup__shown_columns(ndup_text text);

/* Writes a name; where it takes more columns, with "..." in place of its middle. */
void ndup__show_name(ndup__out *out, ndup_text name, size_t columns);

/* Writes the beginning of a text, its white space as single spaces; where it takes more columns,
 * with "..." behind the last word that has room. `goes_on` says that the text was cut before. */
void ndup__show_beginning(ndup__out *out, ndup_text text, size_t columns, bool goes_on);

#endif
