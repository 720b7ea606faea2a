/* SPDX-License-Identifier: MIT */
/* Which other story a story is most like. */
#ifndef NDUP__STORY_NEAREST_STORY_H
#define NDUP__STORY_NEAREST_STORY_H

#include "story/emission.h"

/* What the texts of two stories have in common; of larger ones the first. */
typedef struct ndup__stories_met {
    uint32_t a, b;     /* the two texts that are most alike */
    double score;      /* of these, by words alone */
    double word_mean;  /* of all pairs, by words alone */
    double mean;       /* of all pairs, as it counts */
    double days_share; /* of word_mean: of pairs too far apart in time */
    double form_share; /* of pairs of one form */
} ndup__stories_met;

void ndup__stories_meet(ndup__stories_met *met, const ndup__emission *e, size_t a, size_t b);

/* The other story whose texts are most like this one's on average, whatever the dates and forms, of
 * equal ones the first. *found is false where none shares a term. Cost: looks at each text of the
 * corpus once, then at the stories of the 32 that share most. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_find_nearest(bool *found, size_t *nearest,
                                                    ndup__stories_met *met, const ndup__emission *e,
                                                    size_t story, ndup_error *error);

#endif
