/* SPDX-License-Identifier: MIT */
/* The first places of runs of eight tokens are kept in a table; where a later one meets its like,
 * it is followed as far as the two agree. */
#include "repeat/doubled.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

#define UNIT_TOKENS_LEAST 60
#define RUN_TOKENS 8
/* A sentence or two: words, or characters of a script without spaces. */
#define PASSAGE_WORDS_LEAST 20
#define PASSAGE_CHARACTERS_LEAST 80
/* A third of the unit. */
#define PASSAGE_PARTS 3
#define PASSAGES_MOST 16
#define CUTS_MOST ((size_t)4 * PASSAGES_MOST)

/* Where to part a unit, in tokens. */
typedef struct cuts {
    size_t at[CUTS_MOST]; /* [count], ascending */
    size_t count;
    size_t repeated; /* tokens of the later occurrences */
} cuts;

void ndup__parter_init(ndup__parter *parter, const ndup_allocator *allocator)
{
    *parter = (ndup__parter){.allocator = allocator,
                             .tokens = {.allocator = allocator, .wants_offsets = true}};
}

static size_t slot_of(const uint64_t *tokens, uint64_t key, size_t mask)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < RUN_TOKENS; i++) {
        hash = ndup__sequence_step(hash, tokens[i]);
    }
    return (size_t)ndup__slot_hash(hash, key) & mask;
}

static size_t measure(const uint64_t *tokens, size_t count, size_t first, size_t again)
{
    size_t length = 0;
    while (again + length < count && first + length < again &&
           tokens[first + length] == tokens[again + length]) {
        length++;
    }
    return length;
}

static void add_cut(cuts *found, size_t at)
{
    size_t i = found->count;
    while (i > 0 && found->at[i - 1] > at) {
        i--;
    }
    if (found->count == CUTS_MOST || (i > 0 && found->at[i - 1] == at)) {
        return;
    }
    memmove(found->at + i + 1, found->at + i, (found->count - i) * sizeof *found->at);
    found->at[i] = at;
    found->count++;
}

static void add_passage(cuts *found, size_t first, size_t again, size_t length)
{
    add_cut(found, first);
    add_cut(found, first + length);
    add_cut(found, again);
    add_cut(found, again + length);
    found->repeated += length;
}

/* The passages that stand in the tokens twice, in the order of the later occurrence. A slot keeps
 * its first place; what collides with it is not found, which a run of many tokens survives. */
static ndup_status find_passages(cuts *found, ndup__parter *parter, const uint64_t *tokens,
                                 size_t count, size_t least, uint64_t key, ndup_error *error)
{
    size_t size = 64;
    while (size < 2 * count) {
        size *= 2;
    }
    found->count = 0;
    found->repeated = 0;
    ndup_status status = ndup__reserve(parter->allocator, &parter->slots, &parter->slot_capacity,
                                       size, sizeof *parter->slots, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(parter->slots, 0, size * sizeof *parter->slots);
    for (size_t i = 0; i + RUN_TOKENS <= count;) {
        uint32_t *slot = &parter->slots[slot_of(tokens + i, key, size - 1)];
        size_t length = *slot != 0 ? measure(tokens, count, *slot - 1, i) : 0;
        if (length >= least) {
            add_passage(found, *slot - 1, i, length);
            i += length;
            continue;
        }
        *slot = *slot != 0 ? *slot : (uint32_t)i + 1;
        i++;
    }
    return NDUP_STATUS_OK;
}

/* Adds text[begin..end) of the unit without the space around it. */
static void add_piece(ndup__parter *parter, const char *text, ndup_unit unit, size_t begin,
                      size_t end)
{
    while (end > begin &&
           (text[unit.offset + end - 1] == ' ' || text[unit.offset + end - 1] == '\n')) {
        end--;
    }
    if (end > begin) {
        parter->units[parter->count++] = (ndup_unit){unit.offset + begin, end - begin, unit.kind};
    }
}

static ndup_status part_unit(ndup__parter *parter, const ndup__profile *profile, size_t unit,
                             const cuts *found, ndup_error *error)
{
    ndup_text text = ndup__profile_text(profile, unit);
    ndup_status status =
        ndup__tokenize(&parter->tokens, NDUP__TOKEN_WORDS, text.bytes, text.length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t begin = 0;
    for (size_t i = 0; i < found->count; i++) {
        size_t at = found->at[i];
        size_t end = at == 0                      ? 0
                     : at >= parter->tokens.count ? text.length
                                                  : parter->tokens.starts[at];
        add_piece(parter, profile->text.bytes, profile->units[unit], begin, end);
        begin = end;
    }
    add_piece(parter, profile->text.bytes, profile->units[unit], begin, text.length);
    return NDUP_STATUS_OK;
}

/* Units [from, to) stay as they are. */
static void copy_units(ndup__parter *parter, const ndup__profile *profile, size_t from, size_t to)
{
    memcpy(parter->units + parter->count, profile->units + from,
           (to - from) * sizeof *parter->units);
    parter->count += to - from;
}

/* Parts a unit, if it has a passage twice; `copied` units were taken over before. */
static ndup_status part_if_doubled(size_t *copied, ndup__parter *parter,
                                   const ndup__profile *profile, const ndup__searched *searched,
                                   ndup_error *error)
{
    size_t unit = searched->unit;
    size_t least = searched->of_characters ? PASSAGE_CHARACTERS_LEAST : PASSAGE_WORDS_LEAST;
    size_t count = profile->of[unit].token_count;
    cuts found;
    ndup_status status = find_passages(&found, parter, ndup__profile_tokens(profile, unit), count,
                                       least, profile->slot_key, error);
    if (status != NDUP_STATUS_OK || found.repeated == 0 || PASSAGE_PARTS * found.repeated < count) {
        return status;
    }
    status = ndup__reserve(parter->allocator, &parter->units, &parter->capacity,
                           parter->count + profile->count - *copied + CUTS_MOST + 1,
                           sizeof *parter->units, error);
    if (status == NDUP_STATUS_OK) {
        copy_units(parter, profile, *copied, unit);
        *copied = unit + 1;
        status = part_unit(parter, profile, unit, &found, error);
    }
    return status;
}

ndup_status ndup__part_doubled(bool *any, ndup__parter *parter, const ndup__candidates *candidates,
                               const ndup__profile *profile, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t copied = 0;
    parter->count = 0;
    for (size_t i = 0; i < candidates->unit_count && status == NDUP_STATUS_OK; i++) {
        const ndup__searched *searched = &candidates->units[i];
        if (profile->of[searched->unit].token_count >= UNIT_TOKENS_LEAST &&
            ndup__candidates_are_doubled(candidates, searched)) {
            status = part_if_doubled(&copied, parter, profile, searched, error);
        }
    }
    *any = copied > 0;
    if (status == NDUP_STATUS_OK && *any) {
        copy_units(parter, profile, copied, profile->count);
    }
    return status;
}

void ndup__parter_deinit(ndup__parter *parter)
{
    ndup__tokens_deinit(&parter->tokens);
    ndup__free(parter->allocator, &parter->slots, parter->slot_capacity, sizeof *parter->slots);
    ndup__free(parter->allocator, &parter->units, parter->capacity, sizeof *parter->units);
}
