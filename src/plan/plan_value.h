/* SPDX-License-Identifier: MIT */
/* Typed members of one line of a plan. */
#ifndef NDUP__PLAN_PLAN_VALUE_H
#define NDUP__PLAN_PLAN_VALUE_H

#include "base/arena.h"
#include "corpus/record_scan.h"
#include "neardup/document.h"

/* A scanned line. A count may also stand in a string. The functions below note the first member
 * that is missing, of a wrong type or out of range, and the first failure to get memory; their
 * value is then 0, false or NULL. */
typedef struct ndup__plan_line {
    const char *const *paths;
    ndup__value values[NDUP__RECORD_FIELDS];
    const char *wrong;   /* path of the first wrong member, or NULL */
    const char *problem; /* what is wrong with it: "missing or wrong: ", "out of range: " */
    ndup_status status;
    ndup_error *error;
} ndup__plan_line;

uint64_t ndup__plan_count(ndup__plan_line *line, unsigned field, uint64_t least, uint64_t most);
uint32_t ndup__plan_small(ndup__plan_line *line, unsigned field, uint32_t least, uint32_t most);
double ndup__plan_share(ndup__plan_line *line, unsigned field); /* 0 to 1 */
bool ndup__plan_bool(ndup__plan_line *line, unsigned field);
uint64_t ndup__plan_hash(ndup__plan_line *line, unsigned field); /* 16 hexadecimal digits */

/* Notes a member that is wrong in its own way. */
void ndup__plan_refuse(ndup__plan_line *line, unsigned field, const char *problem);

/* Which of `words` a string is. */
unsigned ndup__plan_choice(ndup__plan_line *line, unsigned field, const char *const *words,
                           unsigned word_count);

/* A copy in `strings`, zero-terminated; *length may be NULL. */
const char *ndup__plan_string(size_t *length, ndup__plan_line *line, unsigned field,
                              ndup__arena *strings);

/* The same for a member that may be absent or null. */
const char *ndup__plan_optional(ndup__plan_line *line, unsigned field, ndup__arena *strings);

/* An array of strings. */
const char *const *ndup__plan_list(size_t *count, ndup__plan_line *line, unsigned field,
                                   ndup__arena *strings);

#endif
