/* SPDX-License-Identifier: MIT */
/* Candidates by the pairs of words that two units share, counted in an inverted index of the
 * document. Short units are looked up whole. Of long ones every fourth shingle is, chosen by its
 * hash, so that both sides choose the same ones (A. Broder 1997, section 4, sets modulo m). */
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

ndup_status ndup__candidates_reset(ndup__candidates *candidates, const ndup__profile *profile,
                                   ndup_error *error)
{
    return ndup__unit_index_reset(&candidates->index, profile->judged_tokens, profile->count,
                                  error);
}

/* Whether the unit is in a script in which each character is a token: its tokens are short, and not
 * of ASCII. */
static bool is_of_characters(const ndup__profile *profile, size_t unit)
{
    ndup_text text = ndup__profile_text(profile, unit);
    size_t wide = 0;
    for (size_t i = 0; i < text.length; i++) {
        wide += (signed char)text.bytes[i] < 0;
    }
    return 2 * wide > text.length && text.length < 7 * (size_t)profile->of[unit].token_count;
}

static ndup_status make_shingles(ndup__candidates *candidates, ndup__profile *profile, size_t unit,
                                 unsigned size, ndup_error *error)
{
    size_t tokens = profile->of[unit].token_count;
    size_t count = ndup__shingle_count(tokens, size);
    ndup_status status =
        ndup__reserve(candidates->allocator, &candidates->shingles, &candidates->shingle_capacity,
                      count, sizeof *candidates->shingles, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *shingles = candidates->shingles;
    ndup__shingle(shingles, ndup__profile_tokens(profile, unit), tokens, size, 0);
    size_t sampled = 0;
    if (count <= WHOLE_MOST) {
        for (size_t i = 0; i < count; i++) {
            sampled += SAMPLED(shingles[i]);
        }
        candidates->count = count;
    } else {
        for (size_t i = 0; i < count; i++) {
            shingles[sampled] = shingles[i];
            sampled += SAMPLED(shingles[i]);
        }
        candidates->count = sampled;
    }
    profile->of[unit].shingles = (uint32_t)count;
    profile->of[unit].sampled = (uint32_t)sampled;
    return NDUP_STATUS_OK;
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

ndup_status ndup__candidates_find(ndup__candidates *candidates, ndup__profile *profile, size_t unit,
                                  ndup_error *error)
{
    bool characters = is_of_characters(profile, unit);
    unsigned size = characters ? CHARACTERS_IN_SHINGLE : WORDS_IN_SHINGLE;
    ndup__unit_index *index = &candidates->index;
    candidates->best_count = 0;
    ndup_status status = make_shingles(candidates, profile, unit, size, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__unit_index_query(index, candidates->shingles, candidates->count, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    double least = characters ? SIMILARITY_OF_CHARACTERS : SIMILARITY_OF_WORDS;
    for (size_t i = 0; i < index->touched_count; i++) {
        weigh(candidates, profile, unit, index->touched[i], least);
    }
    ndup__unit_index_forget(index);
    return NDUP_STATUS_OK;
}

void ndup__candidates_add(ndup__candidates *candidates, size_t unit)
{
    ndup__unit_index_add(&candidates->index, candidates->shingles, candidates->count,
                         (uint32_t)unit);
}

void ndup__candidates_deinit(ndup__candidates *candidates)
{
    ndup__unit_index_deinit(&candidates->index);
    ndup__free(candidates->allocator, &candidates->shingles, candidates->shingle_capacity,
               sizeof *candidates->shingles);
}
