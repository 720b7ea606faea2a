/* SPDX-License-Identifier: MIT */
/* JSON written in one go: members in the order of the calls, without spaces, one value a line. */
#ifndef NDUP__REPORT_JSON_OUT_H
#define NDUP__REPORT_JSON_OUT_H

#include "report/out.h"

/* `key` is plain ASCII without quotes; NULL inside arrays and for a line's outermost value. The
 * calls must pair up; nothing checks that. Damaged UTF-8 becomes U+FFFD. */
void ndup__json_open(ndup__out *out, const char *key, char bracket);
void ndup__json_close(ndup__out *out, char bracket);

void ndup__json_string(ndup__out *out, const char *key, ndup_text text);
void ndup__json_word(ndup__out *out, const char *key, const char *word); /* NULL writes null */
void ndup__json_count(ndup__out *out, const char *key, uint64_t value);
void ndup__json_fixed(ndup__out *out, const char *key, double value); /* null if not finite */
void ndup__json_bool(ndup__out *out, const char *key, bool value);
void ndup__json_optional(ndup__out *out, const char *key, ndup_text text); /* null if empty */
void ndup__json_null(ndup__out *out, const char *key);
void ndup__json_hash(ndup__out *out, const char *key, uint64_t value); /* 16 hex digits */

/* Ends the line and begins a new outermost value. */
void ndup__json_end_line(ndup__out *out);

/* The inside of a JSON string, without quotes; hidden from other parsers if out->is_embedded. */
void ndup__json_escaped(ndup__out *out, ndup_text text);

#endif
