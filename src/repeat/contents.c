/* SPDX-License-Identifier: MIT */
/* Lists of contents: entries close to each other that come again in order, with text in between. */
#include <string.h>

#include "base/alloc.h"
#include "repeat/finder.h"

#define ENTRIES_LEAST 3
/* Entries of a list stand next to each other, or have a few others in between. */
#define ENTRY_REACH 1
#define ENTRY_TOKENS_MOST 14
/* Under a heading stands more than the line or two that a teaser has; less is enough where list and
 * headings are marked as such. */
#define SECTION_BYTES_LEAST 300
#define MARKED_BYTES_LEAST 100

/* Bytes from behind a unit to the next. */
static size_t bytes_between(const ndup__profile *profile, size_t unit, size_t next)
{
    const ndup_unit *units = profile->units;
    return units[next].offset - units[unit].offset - units[unit].length;
}

/* Where headings are marked, only they are headings. */
static bool has_headings(const ndup__profile *profile)
{
    size_t headlines = 0;
    for (size_t i = 0; i < profile->count; i++) {
        headlines += profile->units[i].kind == NDUP_UNIT_HEADLINE;
    }
    return headlines >= ENTRIES_LEAST;
}

/* Whether a repeat may be an entry of a list and its heading. */
static bool has_entry(const ndup__profile *profile, const ndup_repeat *repeat, bool marks_headings)
{
    bool is_refrain = repeat->refrain != NDUP_REFRAIN_NONE &&
                      repeat->refrain != NDUP_REFRAIN_SHORT &&
                      repeat->refrain != NDUP_REFRAIN_VERSE;
    if (is_refrain || repeat->in_title ||
        profile->of[repeat->unit].token_count > ENTRY_TOKENS_MOST ||
        profile->of[repeat->first].token_count > ENTRY_TOKENS_MOST) {
        return false;
    }
    if (marks_headings && (profile->units[repeat->unit].kind != NDUP_UNIT_HEADLINE ||
                           profile->units[repeat->first].kind == NDUP_UNIT_HEADLINE)) {
        return false;
    }
    return true;
}

static bool is_marked(const ndup__profile *profile, const ndup_repeat *repeat)
{
    ndup_unit_kind heading = profile->units[repeat->unit].kind;
    return profile->units[repeat->first].kind == NDUP_UNIT_LIST_ITEM &&
           (heading == NDUP_UNIT_HEADLINE || heading == NDUP_UNIT_PARAGRAPH);
}

/* The repeat whose entry stands shortly before that of `repeat`, with the longest list up to it;
 * count when there is none. */
static size_t find_previous(const ndup__repeat_finder *finder, const ndup_repeat *repeat)
{
    const ndup__listing *listings = finder->listings;
    size_t found = finder->count;
    size_t least = is_marked(&finder->profile, repeat) ? MARKED_BYTES_LEAST : SECTION_BYTES_LEAST;
    size_t from = repeat->first > ENTRY_REACH ? repeat->first - ENTRY_REACH : 0;
    for (size_t entry = from; entry < repeat->first; entry++) {
        size_t last = listings[entry].last;
        if (last == 0) {
            continue;
        }
        size_t heading = finder->repeats[last - 1].unit;
        bool longer = found == finder->count ||
                      listings[entry].length >= listings[finder->repeats[found].first].length;
        if (heading < repeat->unit && longer &&
            bytes_between(&finder->profile, heading, repeat->unit) >= least) {
            found = last - 1;
        }
    }
    return found;
}

/* Takes the repeats of a list as such, back from its last one. */
static void mark_list(ndup__repeat_finder *finder, size_t last)
{
    size_t at = last;
    for (;;) {
        ndup_repeat *repeat = &finder->repeats[at];
        size_t previous = finder->listings[repeat->first].previous;
        if (repeat->refrain == NDUP_REFRAIN_CONTENTS) {
            return;
        }
        repeat->refrain = NDUP_REFRAIN_CONTENTS;
        if (previous == 0) {
            return;
        }
        at = previous - 1;
    }
}

ndup_status ndup__repeat_find_contents(ndup__repeat_finder *finder, ndup_error *error)
{
    bool marks_headings = finder->count >= ENTRIES_LEAST && has_headings(&finder->profile);
    size_t entries = 0;
    for (size_t i = 0; i < finder->count && entries < ENTRIES_LEAST; i++) {
        entries += has_entry(&finder->profile, &finder->repeats[i], marks_headings);
    }
    if (entries < ENTRIES_LEAST) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__reserve(finder->allocator, &finder->listings, &finder->listing_capacity,
                      finder->profile.count, sizeof *finder->listings, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(finder->listings, 0, finder->profile.count * sizeof *finder->listings);
    for (size_t i = 0; i < finder->count; i++) {
        const ndup_repeat *repeat = &finder->repeats[i];
        if (!has_entry(&finder->profile, repeat, marks_headings) ||
            finder->listings[repeat->first].last != 0) {
            continue;
        }
        ndup__listing *listing = &finder->listings[repeat->first];
        size_t previous = find_previous(finder, repeat);
        *listing = (ndup__listing){.last = (uint32_t)i + 1, .length = 1};
        if (previous < finder->count) {
            listing->previous = (uint32_t)previous + 1;
            listing->length = finder->listings[finder->repeats[previous].first].length + 1;
        }
        if (listing->length >= ENTRIES_LEAST) {
            mark_list(finder, i);
        }
    }
    return NDUP_STATUS_OK;
}
