/* SPDX-License-Identifier: MIT */
/* Looking into lists and objects that a scan has accepted. */
#ifndef NDUP__CORPUS_JSON_LIST_H
#define NDUP__CORPUS_JSON_LIST_H

#include "base/arena.h"
#include "corpus/record_scan.h"
#include "neardup/document.h"

/* Joins the strings of a list by blank lines; what is null or empty leaves no trace. Lone
 * surrogates are added to *replaced. Errors: INVALID when the list, which is the field `name`,
 * holds anything else; MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_list_join(ndup_text *text, uint64_t *replaced,
                                                const ndup__value *list, const char *name,
                                                ndup__arena *arena, ndup_error *error);

/* The kind of the value that begins at `at`. */
ndup__value_kind ndup__json_kind(const char *at);

/* "a number" */
const char *ndup__json_kind_text(ndup__value_kind kind);

/* Writes which keys the object has, in their order, as they stand there: "'id', 'title' and 3
 * more". Returns `out`, which is cut at `capacity`. */
const char *ndup__json_name_keys(char *out, size_t capacity, const char *object, size_t length);

#endif
