/* SPDX-License-Identifier: MIT */
/* A text with its repeats marked in place, as JSON. */
#ifndef NDUP__PAGE_FLAG_MARKS_H
#define NDUP__PAGE_FLAG_MARKS_H

#include "neardup/flag.h"
#include "page/folded.h"
#include "report/out.h"

/* A marked passage of the text. */
typedef struct ndup__flag_mark {
    size_t offset;
    size_t length;
    size_t repeat; /* index into the document's repeats */
    bool is_first; /* the first occurrence rather than the repeat */
} ndup__flag_mark;

/* Work space, reused. Zero-initialise and set the allocator. */
typedef struct ndup__flag_marks {
    const ndup_allocator *allocator;
    ndup__flag_mark *items;
    size_t count;
    size_t capacity;
} ndup__flag_marks;

/* Writes an array: a string is text; {"repeat": i, "text": ...} is the unit of repeat i,
 * {"first": i, "text": ...} its first occurrence; what ndup__json_folded writes says that
 * characters are left out; {"cut": n} at the end, that n more follow. Of passages that overlap the
 * first counts. At most `limit` bytes of the text are written. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_marked(ndup__out *out, const char *key,
                                             ndup__flag_marks *marks, const ndup_flagged *flagged,
                                             size_t limit, ndup__folded *folded, ndup_error *error);

void ndup__flag_marks_deinit(ndup__flag_marks *marks);

#endif
