/* SPDX-License-Identifier: MIT */
/* What a version changed, as marks on both texts. */
#ifndef NDUP__PAGE_CHANGE_MARKS_H
#define NDUP__PAGE_CHANGE_MARKS_H

#include "neardup/group.h"
#include "page/highlight.h"

/* One text, with a token for each run that both share and for each change, which is empty where the
 * other text has more. */
typedef struct ndup__change_side {
    ndup__marked_text marked;
    uint32_t *places; /* [2 * capacity] of its tokens */
    size_t capacity;
} ndup__change_side;

/* Zero-initialise and set the allocator. */
typedef struct ndup__change_marks {
    const ndup_allocator *allocator;
    ndup__change_side own;
    ndup__change_side of;
} ndup__change_marks;

/* Marks the texts of the version, which are borrowed. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__change_marks_set(ndup__change_marks *marks,
                                                  const ndup_text_version *version,
                                                  ndup_error *error);

void ndup__change_marks_deinit(ndup__change_marks *marks);

#endif
