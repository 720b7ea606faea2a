/* SPDX-License-Identifier: MIT */
/* What is no running text. */
#ifndef NDUP__REPEAT_TABULAR_H
#define NDUP__REPEAT_TABULAR_H

#include "repeat/unit_profile.h"

/* Whether the unit is a row of a table, a line of a form, a list of figures. */
bool ndup__is_tabular(const ndup__profile *profile, size_t unit);

/* Whether two similar texts are one line of a form with other values: the same up to a colon, and
 * behind it a few words each. */
bool ndup__is_other_value(ndup_text a, ndup_text b);

/* Whether a short line is code: names with underscores, calls, arrows, a semicolon or brace at the
 * end; or a path, an address, a name: ASCII without any space. */
bool ndup__is_code(ndup_text text, bool is_ascii);

#endif
