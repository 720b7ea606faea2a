/* SPDX-License-Identifier: MIT */
/* Cells of tables that a spreadsheet would run. */
#ifndef NDUP__TEXT_SPREADSHEET_H
#define NDUP__TEXT_SPREADSHEET_H

#include <stdbool.h>

#include "neardup/document.h"

/* Whether a spreadsheet may take the text for a formula: behind any apostrophes it begins with = +
 * -
 * @, one of their wide forms, a tab or a line end, and it is no plain number such as -5 or +3.2e-7.
 * Such a cell is written with one more apostrophe in front. Since those that are there are passed
 * over, a reader that takes one off again gets every text back. */
bool ndup__spreadsheet_runs(ndup_text text);

#endif
