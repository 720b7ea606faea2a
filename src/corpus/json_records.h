/* SPDX-License-Identifier: MIT */
/* The records of files whose JSON objects do not stand one a line. */
#ifndef NDUP__CORPUS_JSON_RECORDS_H
#define NDUP__CORPUS_JSON_RECORDS_H

#include "corpus/corpus_state.h"

/* How many of the bytes are whole items; 0 when the first one, with which they begin, is not,
 * or when the layout is unknown yet. `gives_up`: no more bytes will be asked for then, and
 * find_next goes on behind these. */
size_t ndup__json_records_cut(ndup__corpus_file *file, const char *bytes, size_t length, bool ended,
                              bool gives_up);

/* A format's find_next. */
bool ndup__json_records_find_next(size_t *next, ndup__corpus_file *file, const char *bytes,
                                  size_t length);

/* Hands the objects in `part` of the block to the visitor, and notes what else is there. `line`:
 * the one that all of it stands on, or 0: lines are counted in block->lines. Errors: those of the
 * visitor; MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_records_scan(const ndup_corpus *corpus, ndup__block *block,
                                                   const ndup__visitor *visitor, ndup_text part,
                                                   uint64_t line, ndup_error *error);

/* Whether a line that is no record is to be scanned by the function above: there are objects and no
 * damage on it, or nothing but brackets and commas. */
bool ndup__json_records_in_line(ndup_text line);

#endif
