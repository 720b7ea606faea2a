/* SPDX-License-Identifier: MIT */
/* The units are entered in a table by their first tokens; a walk through the long ones meets those
 * that stand in them. */
#include "repeat/gathered.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "neardup/flag.h"

/* A part is known by so many tokens. */
#define OPENING_TOKENS 4
#define PART_TOKENS_LEAST 5
#define WHOLE_TOKENS_LEAST 24
#define PARTS_LEAST 2
/* Units of one opening that are tried. */
#define TRIED_MOST 8
#define BUDGET 32 /* for each token of the whole */

static size_t slot_of(const ndup__profile *profile, const uint64_t *tokens, size_t mask)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < OPENING_TOKENS; i++) {
        hash = ndup__sequence_step(hash, tokens[i]);
    }
    return (size_t)ndup__slot_hash(hash, profile->slot_key) & mask;
}

/* Tells that half of the unit may stand elsewhere, by what was met when candidates were looked for.
 */
static bool may_gather(const ndup__profile *profile, const ndup__searched *searched)
{
    uint32_t count = profile->of[searched->unit].token_count;
    return count >= WHOLE_TOKENS_LEAST && 2 * (uint64_t)searched->covered >= count;
}

/* Most places of a text have a token that no unit begins with. */
static void mark_first(ndup__gatherer *gatherer, uint64_t token)
{
    size_t bit = (size_t)(token % NDUP__FIRST_TOKENS);
    gatherer->firsts[bit / 64] |= (uint64_t)1 << bit % 64;
}

static bool is_first(const ndup__gatherer *gatherer, uint64_t token)
{
    size_t bit = (size_t)(token % NDUP__FIRST_TOKENS);
    return (gatherer->firsts[bit / 64] >> bit % 64 & 1) != 0;
}

static ndup_status enter_all(ndup__gatherer *gatherer, size_t *mask,
                             const ndup__candidates *candidates, const ndup__profile *profile,
                             ndup_error *error)
{
    size_t size = 16;
    while (size < 2 * candidates->unit_count) {
        size *= 2;
    }
    *mask = size - 1;
    ndup_status status =
        ndup__reserve(gatherer->allocator, &gatherer->openings, &gatherer->opening_capacity,
                      candidates->unit_count, sizeof *gatherer->openings, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(gatherer->allocator, &gatherer->slots, &gatherer->slot_capacity,
                               size, sizeof *gatherer->slots, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(gatherer->slots, 0, size * sizeof *gatherer->slots);
    memset(gatherer->firsts, 0, sizeof gatherer->firsts);
    gatherer->opening_count = 0;
    for (size_t i = 0; i < candidates->unit_count; i++) {
        uint32_t unit = candidates->units[i].unit;
        if (profile->of[unit].token_count >= PART_TOKENS_LEAST &&
            ndup__candidates_may_be_part(candidates, &candidates->units[i])) {
            uint32_t *slot =
                &gatherer->slots[slot_of(profile, ndup__profile_tokens(profile, unit), *mask)];
            mark_first(gatherer, ndup__profile_tokens(profile, unit)[0]);
            gatherer->openings[gatherer->opening_count++] = (ndup__opening){unit, *slot};
            *slot = (uint32_t)gatherer->opening_count;
        }
    }
    return NDUP_STATUS_OK;
}

/* The longest unit that stands at a place of the whole, NDUP_NONE when none does. */
static size_t find_part(const ndup__gatherer *gatherer, const ndup__profile *profile, size_t mask,
                        size_t whole, size_t at, size_t *budget)
{
    const uint64_t *tokens = ndup__profile_tokens(profile, whole) + at;
    size_t left = profile->of[whole].token_count - at;
    size_t found = NDUP_NONE;
    size_t longest = 0;
    uint32_t entry = gatherer->slots[slot_of(profile, tokens, mask)];
    for (size_t i = 0; i < TRIED_MOST && entry != 0; i++) {
        size_t unit = gatherer->openings[entry - 1].unit;
        size_t count = profile->of[unit].token_count;
        if (count > *budget) {
            break;
        }
        *budget -= count;
        if (unit != whole && count <= left && count > longest &&
            count < profile->of[whole].token_count &&
            memcmp(ndup__profile_tokens(profile, unit), tokens, count * sizeof *tokens) == 0) {
            found = unit;
            longest = count;
        }
        entry = gatherer->openings[entry - 1].next;
    }
    return found;
}

/* Adds the parts of a unit when they are most of it. */
static ndup_status gather_unit(ndup__gatherer *gatherer, const ndup__profile *profile, size_t mask,
                               size_t whole, ndup_error *error)
{
    size_t before = gatherer->count;
    size_t count = profile->of[whole].token_count;
    size_t covered = 0;
    size_t budget = BUDGET * count; /* tokens that may be compared */
    ndup_status status = NDUP_STATUS_OK;
    const uint64_t *tokens = ndup__profile_tokens(profile, whole);
    size_t uncovered = 0; /* up to the place: half may be */
    for (size_t at = 0;
         at + PART_TOKENS_LEAST <= count && 2 * uncovered <= count && status == NDUP_STATUS_OK;) {
        size_t part = is_first(gatherer, tokens[at])
                          ? find_part(gatherer, profile, mask, whole, at, &budget)
                          : NDUP_NONE;
        if (part == NDUP_NONE) {
            at++;
            uncovered++;
            continue;
        }
        status = ndup__reserve(gatherer->allocator, &gatherer->found, &gatherer->capacity,
                               gatherer->count + 1, sizeof *gatherer->found, error);
        if (status == NDUP_STATUS_OK) {
            gatherer->found[gatherer->count++] = (ndup__gathered){(uint32_t)part, (uint32_t)whole};
        }
        covered += profile->of[part].token_count;
        at += profile->of[part].token_count;
    }
    if (gatherer->count - before < PARTS_LEAST || 2 * covered < count) {
        gatherer->count = before;
    }
    return status;
}

ndup_status ndup__gather(ndup__gatherer *gatherer, const ndup__candidates *candidates,
                         const ndup__profile *profile, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t mask = 0;
    gatherer->count = 0;
    for (size_t i = 0; i < candidates->unit_count && status == NDUP_STATUS_OK; i++) {
        const ndup__searched *searched = &candidates->units[i];
        if (!may_gather(profile, searched)) {
            continue;
        }
        status = mask == 0 ? enter_all(gatherer, &mask, candidates, profile, error) : status;
        if (status == NDUP_STATUS_OK && gatherer->opening_count >= PARTS_LEAST) {
            status = gather_unit(gatherer, profile, mask, searched->unit, error);
        }
    }
    return status;
}

void ndup__gatherer_deinit(ndup__gatherer *gatherer)
{
    ndup__free(gatherer->allocator, &gatherer->openings, gatherer->opening_capacity,
               sizeof *gatherer->openings);
    ndup__free(gatherer->allocator, &gatherer->slots, gatherer->slot_capacity,
               sizeof *gatherer->slots);
    ndup__free(gatherer->allocator, &gatherer->found, gatherer->capacity, sizeof *gatherer->found);
}
