/* SPDX-License-Identifier: MIT */
/* From the values of a record to the parts of a document. */
#ifndef NDUP__CORPUS_FIELDS_H
#define NDUP__CORPUS_FIELDS_H

#include "base/arena.h"
#include "corpus/record_scan.h"
#include "neardup/corpus.h"
#include "neardup/document.h"

/* Most fields beside the document's parts (for keep policies). */
#define NDUP__EXTRA_FIELDS 8

typedef enum ndup__role {
    NDUP__ROLE_TEXT,
    NDUP__ROLE_ID,
    NDUP__ROLE_SOURCE,
    NDUP__ROLE_URL,
    NDUP__ROLE_DATE,
    NDUP__ROLE_TITLE,
    NDUP__ROLE_COUNT
} ndup__role;

/* Which paths of a record fill which role, best first. Threads: immutable after init. */
typedef struct ndup__fields {
    ndup__record_scanner *scanner;
    unsigned first[NDUP__ROLE_COUNT]; /* scanner field of the role's best path */
    unsigned count[NDUP__ROLE_COUNT]; /* how many paths the role has */
    unsigned extra_first;
    unsigned extra_count;
    unsigned path_count;
    bool is_page;                           /* the text is a web page */
    const char *paths[NDUP__RECORD_FIELDS]; /* borrowed */
} ndup__fields;

/* The paths are borrowed and must outlive the fields. Errors: INVALID for a path that cannot be. */
NDUP_NODISCARD ndup_status ndup__fields_init(ndup__fields *fields,
                                             const ndup_corpus_options *options,
                                             const char *const *extra, unsigned extra_count,
                                             const ndup_allocator *allocator, ndup_error *error);
void ndup__fields_deinit(ndup__fields *fields);

/* Where the text stands in a record that was read before with the same fields: a value in `line`,
 * for the most part a string. Errors: those of reading it. */
NDUP_NODISCARD ndup_status ndup__fields_find_text(ndup__value *text, const ndup__fields *fields,
                                                  const char *line, size_t length,
                                                  ndup_error *error);

/* Fills the parts of *document (but for path, line, offset, number) from one JSON line. The text is
 * a string or a list of strings, which blank lines join; null is the empty text; a number or truth
 * value is read as it is spelt. Of several customary fields a string comes first. Decoded
 * strings live in `arena`, others in the line. extra[i] is the value of extra field i, raw unless
 * it is the text. Errors: those of ndup__record_scan; NOT_FOUND when there is no text; INVALID when
 * a part is of the wrong type; MEMORY. */
NDUP_NODISCARD ndup_status ndup__fields_read(ndup_document *document, ndup__value *extra,
                                             uint64_t *replaced, const ndup__fields *fields,
                                             const char *line, size_t length, ndup__arena *arena,
                                             ndup_error *error);

#endif
