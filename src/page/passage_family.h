/* SPDX-License-Identifier: MIT */
/* A passage with its places as the JSON of a page: who has it, in what wording, and between what
 * words. */
#ifndef NDUP__PAGE_PASSAGE_FAMILY_H
#define NDUP__PAGE_PASSAGE_FAMILY_H

#include "base/hash.h"
#include "page/passage_counts.h"
#include "page/passages.h"

/* How much is shown of a passage. */
typedef struct ndup__family_limits {
    size_t places;
    size_t wordings;   /* different ones, the first's as well */
    size_t text_bytes; /* of one wording */
    size_t context;    /* bytes on either side of a place */
    size_t folded;     /* bytes of parts that are folded away, as JSON */
} ndup__family_limits;

/* A passage that is shown. Strings are borrowed until the run returns. */
typedef struct ndup__shown_family {
    uint64_t number, documents, passages;
    uint64_t place_count; /* all that do not overlap */
    ndup__passage_facts facts;
    const ndup_passage_place *shown; /* [shown_count], the first ones */
    size_t shown_count;
} ndup__shown_family;

/* A passage as it passes by; its first places, at most `most`, are copied to `places`. Of places of
 * one document that overlap the longest is shown. */
ndup__shown_family ndup__shown_family_of(ndup_passage_place *places, size_t most,
                                         const ndup_passage_family *family,
                                         const ndup__passage_facts *facts);

/* One wording of a passage: its beginning, and what tells it from others. */
typedef struct ndup__wording {
    size_t start, bytes; /* of the beginning, among the texts that are held */
    size_t length;       /* of all of it */
    uint64_t missing;    /* characters behind the beginning */
    ndup__hash128 hash;  /* of all of it */
} ndup__wording;

/* Work space, reused. Initialise with ndup__family_work_init. */
typedef struct ndup__family_work {
    ndup__family_limits limits;
    const ndup_allocator *allocator;
    const ndup_passage_run *run; /* who reads the documents */
    ndup__highlighter highlighter;
    ndup__folded folded;
    ndup__wording *wordings; /* [limits.wordings], wording_count used */
    size_t wording_count;
    char *texts; /* [capacity], held used */
    size_t held;
    size_t capacity;
} ndup__family_work;

NDUP_NODISCARD ndup_status ndup__family_work_init(ndup__family_work *work,
                                                  const ndup__family_limits *limits,
                                                  const ndup_passage_run *run,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__family_work_deinit(ndup__family_work *work);

/* Writes one passage as an object, and behind it, from *bytes on, the array of what is folded away
 * in it. `out` gathers in memory, and embeds. Places are written until the object has `room` bytes,
 * what stands around them until it has three quarters of it, wordings until it has half.
 * Errors: those of reading, MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_family(size_t *bytes, ndup__out *out, ndup__family_work *work,
                                             const ndup__shown_family *family, size_t room,
                                             ndup_error *error);

#endif
