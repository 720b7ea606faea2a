/* SPDX-License-Identifier: MIT */
/* Which stories a page shows: those of most sources. */
#ifndef NDUP__PAGE_STORY_CHOICE_H
#define NDUP__PAGE_STORY_CHOICE_H

#include "page/story_tally.h"

#define NDUP__NOT_SHOWN UINT32_MAX

typedef struct ndup__ranked_story {
    uint32_t number;
    uint32_t documents;
    uint32_t sources;
    uint32_t copies; /* documents that take from another */
} ndup__ranked_story;

/* Zero-initialise and set the allocator. Memory: 4 bytes a story, 16 one of several documents. */
typedef struct ndup__story_choice {
    const ndup_allocator *allocator;
    ndup__ranked_story *items; /* [count] stories of two documents or more: most sources first, then
                                * most documents, then by number */
    size_t count;
    size_t shown;    /* of these, the first */
    uint32_t *ranks; /* [story_count] place in items; NDUP__NOT_SHOWN = not shown */
    size_t story_count;
} ndup__story_choice;

/* Chooses at most `most` stories. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_choice_make(ndup__story_choice *choice,
                                                   const ndup__story_tally *tally, size_t most,
                                                   ndup_error *error);

void ndup__story_choice_deinit(ndup__story_choice *choice);

/* The story's place, or NDUP__NOT_SHOWN. */
static inline uint32_t ndup__story_rank(const ndup__story_choice *choice, uint64_t number)
{
    return number < choice->story_count ? choice->ranks[number] : NDUP__NOT_SHOWN;
}

#endif
