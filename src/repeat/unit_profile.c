/* SPDX-License-Identifier: MIT */
/* The units are tokenised together, without offsets, which is several times faster. A hash table
 * finds whole token sequences again. */
#include "repeat/unit_profile.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "neardup/flag.h"
#include "text/damage.h"
#include "text/utf8.h"

/* Five words of 30 letters, or a dozen characters of a script in which each is a token, say enough
 * to be nobody's accident. */
#define WORDS_LEAST 5
#define CHARACTERS_LEAST 30
#define TOKENS_ENOUGH 12
/* A headline may be shorter: its place says that it is meant once. */
#define HEADLINE_WORDS_LEAST 4

static bool is_judged(const ndup__profile *profile, size_t unit)
{
    size_t tokens = profile->of[unit].token_count;
    ndup_text text = ndup__profile_text(profile, unit);
    ndup_unit_kind kind = profile->units[unit].kind;
    if (kind == NDUP_UNIT_HEADLINE || kind == NDUP_UNIT_CAPTION) {
        return tokens >= HEADLINE_WORDS_LEAST;
    }
    /* Half of the units of many texts are judged, in no order that a processor could foresee. */
    bool has_enough = tokens >= TOKENS_ENOUGH;
    bool may_do = (tokens >= WORDS_LEAST) & (text.length >= CHARACTERS_LEAST);
    if (profile->is_ascii) {
        return has_enough | may_do;
    }
    return has_enough || (may_do && ndup__utf8_count(text.bytes, text.length) >= CHARACTERS_LEAST);
}

static bool has_tokens(const ndup__profile *profile, size_t unit, const uint64_t *tokens,
                       size_t count)
{
    return profile->of[unit].token_count == count &&
           memcmp(ndup__profile_tokens(profile, unit), tokens, count * sizeof *tokens) == 0;
}

/* The place of a token sequence in the table, by its hash: where it is, or where it would go. */
static size_t find_place(const ndup__profile *profile, const uint64_t *tokens, size_t count,
                         uint64_t hash)
{
    size_t at = (size_t)ndup__slot_hash(hash, profile->slot_key) & profile->mask;
    while (profile->table[at] != 0 && !has_tokens(profile, profile->table[at] - 1, tokens, count)) {
        at = (at + 1) & profile->mask;
    }
    return at;
}

size_t ndup__profile_find(const ndup__profile *profile, const uint64_t *tokens, size_t count)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        hash = ndup__sequence_step(hash, tokens[i]);
    }
    uint32_t entry = count > 0 ? profile->table[find_place(profile, tokens, count, hash)] : 0;
    return entry != 0 ? entry - 1 : NDUP_NONE;
}

/* Of a text that could hardly be read, the same tokens are no same words: in their place come as
 * many that follow from the bytes of the unit, so that only the same bytes repeat it. */
static void bind_to_bytes(ndup__profile *profile)
{
    size_t at = 0;
    for (size_t i = 0; i < profile->count; i++) {
        ndup_text text = ndup__profile_text(profile, i);
        uint64_t of_bytes = ndup__hash_bytes(text.bytes, text.length, 0);
        uint64_t sequence = 0;
        for (; at < profile->ends[i].end; at++) {
            of_bytes = ndup__mix64(of_bytes + 1);
            profile->tokens.hashes[at] = of_bytes;
            sequence = ndup__sequence_step(sequence, of_bytes);
        }
        profile->ends[i].hash = sequence;
    }
}

static void find_same(ndup__profile *profile)
{
    size_t begin = 0;
    memset(profile->table, 0, (profile->mask + 1) * sizeof *profile->table);
    profile->listed_count = 0;
    for (size_t i = 0; i < profile->count; i++) {
        ndup__unit_profile *unit = &profile->of[i];
        size_t count = profile->ends[i].end - begin;
        *unit = (ndup__unit_profile){
            .token_begin = (uint32_t)begin, .token_count = (uint32_t)count, .first = (uint32_t)i};
        begin += count;
        if (count == 0) {
            continue;
        }
        size_t at =
            find_place(profile, ndup__profile_tokens(profile, i), count, profile->ends[i].hash);
        if (profile->table[at] != 0) {
            unit->first = profile->table[at] - 1;
        } else {
            profile->table[at] = (uint32_t)i + 1;
        }
        unit->judged = is_judged(profile, i) | profile->of[unit->first].judged;
        profile->listed[profile->listed_count] = (uint32_t)i;
        profile->listed_count += unit->judged | (unit->first != i);
    }
}

ndup_status ndup__profile_make(ndup__profile *profile, ndup_text text, const ndup_unit *units,
                               size_t count, ndup_error *error)
{
    profile->text = text;
    profile->is_ascii = ndup__utf8_is_ascii(text.bytes, text.length);
    profile->units = units;
    profile->count = count;
    size_t size = 16;
    while (size < 4 * count) {
        size *= 2;
    }
    profile->mask = size - 1;
    profile->slot_key = ndup__slot_key();
    ndup_status status = ndup__reserve(profile->allocator, &profile->of, &profile->capacity, count,
                                       sizeof *profile->of, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(profile->allocator, &profile->ends, &profile->end_capacity, count,
                               sizeof *profile->ends, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(profile->allocator, &profile->listed, &profile->listed_capacity,
                               count, sizeof *profile->listed, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(profile->allocator, &profile->table, &profile->table_capacity, size,
                               sizeof *profile->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__tokenize_units(&profile->tokens, profile->ends, text.bytes, units, count, error);
    }
    if (status == NDUP_STATUS_OK && ndup__is_damaged_throughout(&profile->tokens)) {
        bind_to_bytes(profile);
    }
    if (status == NDUP_STATUS_OK) {
        find_same(profile);
    }
    return status;
}

void ndup__profile_deinit(ndup__profile *profile)
{
    ndup__tokens_deinit(&profile->tokens);
    ndup__free(profile->allocator, &profile->ends, profile->end_capacity, sizeof *profile->ends);
    ndup__free(profile->allocator, &profile->of, profile->capacity, sizeof *profile->of);
    ndup__free(profile->allocator, &profile->listed, profile->listed_capacity,
               sizeof *profile->listed);
    ndup__free(profile->allocator, &profile->table, profile->table_capacity,
               sizeof *profile->table);
}
