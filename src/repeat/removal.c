/* SPDX-License-Identifier: MIT */
/* Which occurrences a cleaned text does without. */
#include <string.h>

#include "base/alloc.h"
#include "repeat/finder.h"

/* Which of the two occurrences a cleaned text can do without. */
static size_t choose_removed(const ndup__profile *profile, const ndup_repeat *repeat)
{
    bool is_headline = profile->units[repeat->unit].kind == NDUP_UNIT_HEADLINE;
    if (repeat->refrain != NDUP_REFRAIN_NONE || repeat->in_title) {
        return NDUP_NONE; /* a text keeps its headline, whatever the title field holds */
    }
    bool first_is_headline = profile->units[repeat->first].kind == NDUP_UNIT_HEADLINE;
    if (profile->of[repeat->unit].gathers) {
        return repeat->unit; /* the parts have their breaks */
    }
    if (repeat->kind == NDUP_REPEAT_CONTAINED) {
        bool later =
            profile->of[repeat->unit].token_count <= profile->of[repeat->first].token_count;
        bool shorter_is_headline = later ? is_headline : first_is_headline;
        return shorter_is_headline ? NDUP_NONE : later ? repeat->unit : repeat->first;
    }
    return is_headline && !first_is_headline ? repeat->first : repeat->unit;
}

/* A unit is only left out when the one it repeats stays, and named by the first of its repeats
 * that allows it. */
ndup_status ndup__repeat_choose_removed(ndup__repeat_finder *finder, ndup_error *error)
{
    const ndup__profile *profile = &finder->profile;
    ndup_status status = ndup__reserve(finder->allocator, &finder->marks, &finder->mark_capacity,
                                       profile->count, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (profile->count > 0) {
        memset(finder->marks, 0, profile->count);
    }
    for (size_t i = 0; i < finder->count; i++) {
        ndup_repeat *repeat = &finder->repeats[i];
        size_t removed = choose_removed(profile, repeat);
        size_t kept = removed == repeat->unit ? repeat->first : repeat->unit;
        finder->marks[repeat->unit] |= NDUP__MARK_REPEATED;
        if (removed == NDUP_NONE ||
            (finder->marks[removed] & (NDUP__MARK_NEEDED | NDUP__MARK_GONE)) != 0) {
            continue;
        }
        if ((finder->marks[kept] & NDUP__MARK_GONE) == 0) {
            finder->marks[kept] |= NDUP__MARK_NEEDED;
            finder->marks[removed] |= NDUP__MARK_GONE;
            repeat->removed = removed;
        }
    }
    return NDUP_STATUS_OK;
}
