/* SPDX-License-Identifier: MIT */
/* The units of one document as the finder sees them: their tokens, and which are the same. */
#ifndef NDUP__REPEAT_UNIT_PROFILE_H
#define NDUP__REPEAT_UNIT_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/document.h"
#include "text/tokenize.h"

typedef struct ndup__unit_profile {
    uint32_t token_begin; /* in the profile's tokens */
    uint32_t token_count;
    uint32_t first; /* first unit with the same tokens: itself, or an earlier one */
    bool judged;    /* long enough to be a repeat by itself */
    bool is_near;   /* found to be a near repeat of an earlier one */
    bool replaces;  /* and says another word in some place */
    bool gathers;   /* found to be several earlier ones in one piece */
    bool found;     /* a repeat */
    uint8_t
        refrains[2]; /* 1 + the refrain that similar ones, or the same, are; 0 = not known yet */
} ndup__unit_profile;

/* Reused: zero-initialise, set the allocator (also the tokens'), free at the end. Threads:
 * single-owner. */
typedef struct ndup__profile {
    const ndup_allocator *allocator;
    ndup_text text;
    bool is_ascii;
    const ndup_unit *units;
    size_t count;
    ndup__tokens tokens;  /* of all units, one after the other */
    ndup__unit_end *ends; /* [count] */
    size_t end_capacity;
    ndup__unit_profile *of;
    size_t capacity;
    uint32_t *listed; /* [listed_count], units that are judged or repeat an earlier one, in order */
    size_t listed_count;
    size_t listed_capacity;
    uint32_t *table; /* by the hash of a token sequence: 1 + its first unit, 0 = free */
    size_t table_capacity;
    size_t mask;
    uint64_t slot_key;
} ndup__profile;

/* Profiles the units of a text. Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__profile_make(ndup__profile *profile, ndup_text text,
                                              const ndup_unit *units, size_t count,
                                              ndup_error *error);

/* The first unit with exactly these tokens, or NDUP_NONE. */
size_t ndup__profile_find(const ndup__profile *profile, const uint64_t *tokens, size_t count);

/* The token hashes of a unit. */
static inline const uint64_t *ndup__profile_tokens(const ndup__profile *profile, size_t unit)
{
    return profile->tokens.hashes + profile->of[unit].token_begin;
}

/* The bytes of a unit. */
static inline ndup_text ndup__profile_text(const ndup__profile *profile, size_t unit)
{
    return (ndup_text){profile->text.bytes + profile->units[unit].offset,
                       profile->units[unit].length};
}

void ndup__profile_deinit(ndup__profile *profile);

#endif
