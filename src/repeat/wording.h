/* SPDX-License-Identifier: MIT */
/* In which words two similar units differ: what was added, and what stands for something else. */
#ifndef NDUP__REPEAT_WORDING_H
#define NDUP__REPEAT_WORDING_H

#include <stdbool.h>

#include "neardup/status.h"
#include "repeat/unit_profile.h"

/* How the words of two texts differ. */
typedef struct ndup__wording {
    bool is_part;      /* all words of one open or close the other; a cut-off word may be short */
    bool adds_at_ends; /* one has more words before or behind, and that is all */
    bool replaces;     /* somewhere stand other words, not other forms of the same */
    bool may_differ_in_figures; /* where they differ stand numbers, or nothing is known of it */
    bool other_numbers; /* numbers differ, but for a rank or stamp that only one has at an end */
} ndup__wording;

/* Work space; zero-initialise, then ndup__wording_room_init. Threads: single-owner. */
typedef struct ndup__wording_room {
    ndup__tokens a;
    ndup__tokens b;
} ndup__wording_room;

void ndup__wording_room_init(ndup__wording_room *room, const ndup_allocator *allocator);

/* Compares two units, word by word. Cost: linear when they differ in a few places; the product of
 * the lengths where they differ, up to a limit, beyond which they count as edited throughout.
 * Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__wording_compare(ndup__wording *wording, ndup__wording_room *room,
                                                 const ndup__profile *profile, size_t a, size_t b,
                                                 ndup_error *error);

void ndup__wording_room_deinit(ndup__wording_room *room);

#endif
