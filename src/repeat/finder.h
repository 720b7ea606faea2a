/* SPDX-License-Identifier: MIT */
/* The repeats inside one document. */
#ifndef NDUP__REPEAT_FINDER_H
#define NDUP__REPEAT_FINDER_H

#include "neardup/flag.h"
#include "repeat/candidates.h"
#include "repeat/doubled.h"
#include "repeat/gathered.h"
#include "repeat/pair.h"
#include "repeat/refrain.h"
#include "repeat/unit_profile.h"

/* A unit with words, in a list of them by the pair of labels that begins there. */
typedef struct ndup__label_place {
    uint32_t unit;
    uint32_t next; /* 1 + an earlier place in the same slot, 0 = none */
} ndup__label_place;

/* An entry of a possible list of contents, by its unit. */
typedef struct ndup__listing {
    uint32_t last;     /* 1 + the repeat that is its heading, 0 = none */
    uint32_t previous; /* 1 + the repeat of the entry before */
    uint32_t length;   /* entries up to this one */
} ndup__listing;

/* Reused from document to document: ndup__repeat_finder_init, then find as often as needed.
 * Threads: single-owner. */
typedef struct ndup__repeat_finder {
    const ndup_allocator *allocator;
    bool refrains; /* keep repeats that are refrains */
    ndup__profile profile;
    ndup__tokens title;
    ndup__candidates candidates;
    ndup__pairs pairs;
    ndup__gatherer gatherer;
    ndup__parter parter;
    ndup_repeat *repeats; /* [count], in the order of unit */
    size_t count;
    size_t capacity;
    uint8_t *marks; /* by unit: what a cleaned text does with it, and whether it is a repeat */
    size_t mark_capacity;
    ndup__label_place *places;
    size_t place_capacity;
    ndup__listing *listings;
    size_t listing_capacity;
    size_t repeated_bytes;
    size_t unit_bytes;
} ndup__repeat_finder;

void ndup__repeat_finder_init(ndup__repeat_finder *finder, const ndup_flag_options *options);

/* Marks of a unit: a cleaned text leaves it out; one that is left out relies on it; it is the later
 * occurrence of a repeat. */
enum { NDUP__MARK_GONE = 1, NDUP__MARK_NEEDED = 2, NDUP__MARK_REPEATED = 4 };

/* Finds the repeats among the units of a document, and of its title. A unit that has a passage
 * twice is parted: what repeats speak of are the units of `profile`. Cost: linear in the text; each
 * unit is compared with at most 4 others. Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__repeat_find(ndup__repeat_finder *finder,
                                             const ndup_document *document, const ndup_unit *units,
                                             size_t count, ndup_error *error);

/* Makes a unit of the document found last a repeat of kind SITE, unless it is a repeat already; its
 * cleaned text leaves it out. ndup__repeat_sort must follow the last one. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__repeat_add_site(ndup__repeat_finder *finder, size_t unit,
                                                 uint64_t pages, uint64_t host_pages,
                                                 ndup_error *error);
void ndup__repeat_sort(ndup__repeat_finder *finder);

void ndup__repeat_finder_deinit(ndup__repeat_finder *finder);

/* Joins repeats to blocks: runs of units whose first occurrences stand in the same order. Short
 * units and refrains inside a run count as part of it. repeats are in the order of unit. */
void ndup__repeat_blocks(ndup_repeat *repeats, size_t count, const ndup__profile *profile);

/* Takes repeats as CONTENTS whose first occurrences are a list of three entries or more, and whose
 * later ones come in the same order with text below each. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__repeat_find_contents(ndup__repeat_finder *finder,
                                                      ndup_error *error);

/* Lets runs of four units or more count that come again in the same order, and of which most are
 * labels, too short to count. Uses up the profile's table. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__repeat_find_menus(ndup__repeat_finder *finder, ndup_error *error);

/* Chooses what a cleaned text leaves out: a unit is only left out when the one it repeats stays,
 * and named by the first of its repeats that allows it. Sets removed and the marks. Errors: MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__repeat_choose_removed(ndup__repeat_finder *finder,
                                                       ndup_error *error);

#endif
