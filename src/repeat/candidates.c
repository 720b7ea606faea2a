/* SPDX-License-Identifier: MIT */
/* Candidates by the pairs of words that two units share, counted in an inverted index of the
 * document. Short units are looked up whole. Of long ones every fourth shingle is, chosen by its
 * hash, so that both sides choose the same ones (A. Broder 1997, section 4, sets modulo m).
 *
 * Nine shingles in ten stand once in their document, and then no unit can be found by them. A table
 * of small counters, by the hash, lets through the others and a few by chance: only they are
 * entered in the index, which is many times slower. */
#include "repeat/candidates.h"

#include <string.h>

#include "base/alloc.h"
#include "text/shingle.h"

/* Tokens in a shingle: two words, or four characters of a script in which each is a token. */
#define WORDS_IN_SHINGLE 2
#define CHARACTERS_IN_SHINGLE 4
/* Units with more shingles are sampled. */
#define WHOLE_MOST 48
#define SAMPLED(hash) (((hash) >> 20 & 3) == 0)
/* Counters a shingle, at least; one in sixteen is let through by chance, or fewer. */
#define COUNTERS_LEAST 8
/* Least Jaccard similarity of the shingles of a near repeat. Seven words of which the middle one is
 * changed have .5; OCR noise in every fourth word leaves .2. Shingles of characters are kept about
 * as often as those that decide. */
#define SIMILARITY_OF_WORDS 0.2
#define SIMILARITY_OF_CHARACTERS 0.55
/* Sets with a similarity of .7 are of like size. */
#define LENGTH_SHARE 0.6
/* Least Jaccard similarity of the words of a near repeat, looked at where it is cheap: noise in
 * every third word leaves .5, a phrase that two sentences share is less. */
#define SIMILARITY_OF_TOKENS 0.4
/* Share of the shorter unit's shingles of a contained one. */
#define CONTAINED_SHARE 0.7
#define CONTAINED_TOKENS_LEAST 12
/* A phrase of a headline comes back in the text by itself; a sentence does not. 90 bytes are 15
 * English words or 30 ideographs. */
#define CONTAINED_BYTES_LEAST 90

/* Whether the unit is in a script in which each character is a token: its tokens are short, and not
 * of ASCII. */
static bool is_of_characters(const ndup__profile *profile, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    if (profile->is_ascii || text.length >= 7 * (size_t)profile->of[unit].token_count) {
        return false;
    }
    size_t wide = 0;
    for (size_t i = 0; i < text.length; i++) {
        wide += (signed char)text.bytes[i] < 0;
    }
    return 2 * wide > text.length;
}

/* Only these can be near repeats. */
static bool is_searched(const ndup__profile *profile, size_t unit)
{
    return profile->of[unit].judged && profile->of[unit].first == unit;
}

static uint64_t *shingles_of(const ndup__candidates *candidates, const ndup__unit_profile *of)
{
    return candidates->shingles + of->token_begin;
}

/* Makes the shingles of all units: pairs everywhere, which is one call, then the others. A unit
 * that is searched has four tokens at least, and more tokens than shingles. */
static void make_shingles(ndup__candidates *candidates, ndup__profile *profile)
{
    const ndup__tokens *tokens = &profile->tokens;
    candidates->has_long = false;
    if (tokens->count >= WORDS_IN_SHINGLE) {
        ndup__shingle(candidates->shingles, tokens->hashes, tokens->count, WORDS_IN_SHINGLE, 0);
    }
    for (size_t i = 0; i < profile->count; i++) {
        ndup__unit_profile *of = &profile->of[i];
        if (!is_searched(profile, i)) {
            continue;
        }
        of->of_characters = is_of_characters(profile, i);
        unsigned size = of->of_characters ? CHARACTERS_IN_SHINGLE : WORDS_IN_SHINGLE;
        of->shingles = (uint32_t)ndup__shingle_count(of->token_count, size);
        candidates->has_long |= of->shingles > WHOLE_MOST;
        if (of->of_characters) {
            ndup__shingle(shingles_of(candidates, of), ndup__profile_tokens(profile, i),
                          of->token_count, size, 0);
        }
    }
}

static uint8_t *counter_of(const ndup__candidates *candidates, uint64_t shingle)
{
    return &candidates->counters[shingle >> 32 & candidates->counter_mask];
}

/* Moves the sampled ones of a long unit to the front. Short units are looked up whole, but compared
 * with a long one by what is sampled of both. */
static void sample(ndup__unit_profile *of, uint64_t *shingles)
{
    size_t sampled = 0;
    for (size_t i = 0; i < of->shingles; i++) {
        if (of->shingles > WHOLE_MOST) {
            shingles[sampled] = shingles[i];
        }
        sampled += SAMPLED(shingles[i]);
    }
    of->sampled = (uint32_t)sampled;
    of->looked_up = of->shingles > WHOLE_MOST ? of->sampled : of->shingles;
}

/* Counts where each shingle stands: 1 is once, 3 and more is more often. */
static void count_shingles(ndup__candidates *candidates, ndup__profile *profile)
{
    candidates->fewest = UINT32_MAX;
    for (size_t i = 0; i < profile->count; i++) {
        ndup__unit_profile *of = &profile->of[i];
        if (!is_searched(profile, i)) {
            continue;
        }
        uint64_t *shingles = shingles_of(candidates, of);
        of->looked_up = of->shingles;
        if (candidates->has_long) {
            sample(of, shingles);
        }
        uint32_t least = candidates->has_long ? of->sampled : of->shingles;
        candidates->fewest = least < candidates->fewest ? least : candidates->fewest;
        for (size_t k = 0; k < of->looked_up; k++) {
            uint8_t *counter = counter_of(candidates, shingles[k]);
            *counter = (uint8_t)(2 * *counter + 1);
        }
    }
}

/* Drops shingles that stand once. Returns how many stay. */
static size_t drop_single_ones(const ndup__candidates *candidates, ndup__profile *profile)
{
    size_t total = 0;
    for (size_t i = 0; i < profile->count; i++) {
        ndup__unit_profile *of = &profile->of[i];
        if (!is_searched(profile, i)) {
            continue;
        }
        uint64_t *shingles = shingles_of(candidates, of);
        size_t kept = 0;
        for (size_t k = 0; k < of->looked_up; k++) {
            uint64_t shingle = shingles[k];
            shingles[kept] = shingle;
            kept += *counter_of(candidates, shingle) >> 1 & 1;
        }
        of->looked_up = (uint32_t)kept;
        total += kept;
    }
    return total;
}

ndup_status ndup__candidates_reset(ndup__candidates *candidates, ndup__profile *profile,
                                   ndup_error *error)
{
    size_t counters = 64;
    while (counters < COUNTERS_LEAST * profile->judged_tokens) {
        counters *= 2;
    }
    ndup_status status =
        ndup__reserve(candidates->allocator, &candidates->shingles, &candidates->shingle_capacity,
                      profile->tokens.count, sizeof *candidates->shingles, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(candidates->allocator, &candidates->counters,
                               &candidates->counter_capacity, counters, 1, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    candidates->counter_mask = counters - 1;
    memset(candidates->counters, 0, counters);
    make_shingles(candidates, profile);
    count_shingles(candidates, profile);
    return ndup__unit_index_reset(&candidates->index, drop_single_ones(candidates, profile),
                                  profile->count, error);
}

/* Puts a candidate among the best ones found so far, best first; earlier units win ties. */
static void rank(ndup__candidates *candidates, ndup__candidate new)
{
    ndup__candidate *best = candidates->best;
    size_t at = candidates->best_count;
    while (at > 0 && (best[at - 1].share < new.share ||
                      (best[at - 1].share == new.share &&best[at - 1].unit > new.unit))) {
        at--;
    }
    if (at >= NDUP__CANDIDATES_MOST) {
        return;
    }
    candidates->best_count += candidates->best_count < NDUP__CANDIDATES_MOST;
    memmove(best + at + 1, best + at, (candidates->best_count - at - 1) * sizeof *best);
    best[at] = new;
}

bool ndup__candidates_may_contain(const ndup__profile *profile, size_t unit, size_t other)
{
    const ndup_unit *a = &profile->units[unit];
    const ndup_unit *b = &profile->units[other];
    /* The first sentence of a report says what its headline says: that is no repeat. */
    const ndup_unit *shorter = a->length <= b->length ? a : b;
    return profile->of[unit].token_count >= CONTAINED_TOKENS_LEAST &&
           profile->of[other].token_count >= CONTAINED_TOKENS_LEAST &&
           shorter->length >= CONTAINED_BYTES_LEAST && shorter->kind != NDUP_UNIT_HEADLINE;
}

/* Whether two units of few words have enough of them in common. */
static bool share_words(const ndup__profile *profile, size_t unit, size_t other)
{
    const uint64_t *a = ndup__profile_tokens(profile, unit);
    const uint64_t *b = ndup__profile_tokens(profile, other);
    size_t a_count = profile->of[unit].token_count;
    size_t b_count = profile->of[other].token_count;
    size_t shared = 0;
    for (size_t i = 0; i < a_count; i++) {
        size_t k = 0;
        while (k < b_count && a[i] != b[k]) {
            k++;
        }
        shared += k < b_count;
    }
    return (double)shared >= SIMILARITY_OF_TOKENS * (double)(a_count + b_count - shared);
}

/* No other unit with fewer hits can be a candidate of this one, whether similar or contained: it has
 * at least as many shingles as hits, and as any unit has. A little less, so that no rounding
 * matters. */
static double least_hits(const ndup__candidates *candidates, const ndup__unit_profile *of,
                         double least)
{
    double mine = candidates->has_long ? of->sampled : of->shingles;
    double fewer = mine < candidates->fewest ? mine : candidates->fewest;
    double similar = least * mine;
    double contained = CONTAINED_SHARE * fewer;
    return (similar < contained ? similar : contained) - 0.01;
}

/* Weighs one unit that has shingles of the one at hand. */
static void weigh(ndup__candidates *candidates, const ndup__profile *profile, size_t unit,
                  size_t other, double least)
{
    const ndup__unit_profile *a = &profile->of[unit];
    const ndup__unit_profile *b = &profile->of[other];
    bool whole = a->shingles <= WHOLE_MOST && b->shingles <= WHOLE_MOST;
    double mine = whole ? a->shingles : a->sampled;
    double theirs = whole ? b->shingles : b->sampled;
    double hits = candidates->index.hits[other];
    double fewer = mine < theirs ? mine : theirs;
    double share = hits < fewer ? hits / fewer : 1;
    double similarity = hits < fewer ? hits / (mine + theirs - hits) : 1;
    double length = (double)profile->units[unit].length;
    double other_length = (double)profile->units[other].length;
    bool similar = similarity >= least && length >= LENGTH_SHARE * other_length &&
                   other_length >= LENGTH_SHARE * length &&
                   (!whole || share_words(profile, unit, other));
    if (similar ||
        (share >= CONTAINED_SHARE && ndup__candidates_may_contain(profile, unit, other))) {
        rank(candidates, (ndup__candidate){other, share});
    }
}

void ndup__candidates_find(ndup__candidates *candidates, const ndup__profile *profile, size_t unit)
{
    const ndup__unit_profile *of = &profile->of[unit];
    ndup__unit_index *index = &candidates->index;
    double least = of->of_characters ? SIMILARITY_OF_CHARACTERS : SIMILARITY_OF_WORDS;
    double hits = least_hits(candidates, of, least);
    candidates->best_count = 0;
    if (of->looked_up < hits) {
        return;
    }
    ndup__unit_index_query(index, shingles_of(candidates, of), of->looked_up);
    for (size_t i = 0; i < index->touched_count; i++) {
        if (index->hits[index->touched[i]] >= hits) {
            weigh(candidates, profile, unit, index->touched[i], least);
        }
    }
    ndup__unit_index_forget(index);
}

void ndup__candidates_add(ndup__candidates *candidates, const ndup__profile *profile, size_t unit)
{
    const ndup__unit_profile *of = &profile->of[unit];
    ndup__unit_index_add(&candidates->index, shingles_of(candidates, of), of->looked_up,
                         (uint32_t)unit);
}

void ndup__candidates_deinit(ndup__candidates *candidates)
{
    ndup__unit_index_deinit(&candidates->index);
    ndup__free(candidates->allocator, &candidates->shingles, candidates->shingle_capacity,
               sizeof *candidates->shingles);
    ndup__free(candidates->allocator, &candidates->counters, candidates->counter_capacity, 1);
}
