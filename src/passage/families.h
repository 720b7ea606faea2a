/* SPDX-License-Identifier: MIT */
/* Which places of passages are of one family. */
#ifndef NDUP__PASSAGE_FAMILIES_H
#define NDUP__PASSAGE_FAMILIES_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* A span of a document, in tokens. */
typedef struct ndup__span {
    uint32_t document;
    uint32_t token;
    uint32_t tokens;
} ndup__span;

/* What becomes of the spans of all passages: spans 2i and 2i + 1 are those of passage i. */
typedef struct ndup__families {
    const ndup_allocator *allocator;
    size_t span_count;
    uint32_t *family; /* [span_count] the number of each one's family, by first place */
    uint32_t *order; /* [place_count] spans that are places, by family, then document, then token */
    size_t place_count;
    size_t place_capacity;
    size_t count;
    uint32_t *first; /* [count + 1] of the family's places in `order` */
} ndup__families;

/* Spans of one document that overlap by more than half of the longer one are one place: the first
 * of them, by token, the longest of those. The two spans of a passage are of one family, and so are
 * spans of one place. Errors: MEMORY; LIMIT for 2^31 passages or more. Cost: sorting. */
NDUP_NODISCARD ndup_status ndup__families_make(ndup__families *families, const ndup__span *spans,
                                               size_t count, const ndup_allocator *allocator,
                                               ndup_error *error);
void ndup__families_deinit(ndup__families *families);

#endif
