/* SPDX-License-Identifier: MIT */
/* Candidates by the pairs of words that two units share, counted in an inverted index of the
 * document. Short units are looked up whole. Of long ones every fourth shingle is, chosen by its
 * hash, so that both sides choose the same ones (A. Broder 1997, section 4, sets modulo m).
 *
 * Most shingles stand once in their document, and then no unit can be found by them. A table of
 * small counters, by the hash, lets through the others and a few by chance: only they are entered
 * in the index and looked up. */
#include "repeat/candidates.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "text/shingle.h"

/* Tokens in a shingle: two words, or four characters of a script in which each is a token. */
#define WORDS_IN_SHINGLE 2
#define CHARACTERS_IN_SHINGLE 4
/* Units with more shingles are sampled. */
#define WHOLE_MOST 48
#define SAMPLED(hash) (((hash) >> 20 & 3) == 0)
/* Counters a token, at least: by chance one shingle in eight is let through, or fewer. */
#define COUNTERS_LEAST 8
/* Least Jaccard similarity of the shingles of a near repeat. Seven words of which the middle one is
 * changed have .5; OCR noise in every fourth word leaves .2. Shingles of characters are kept about
 * as often as those that decide. */
#define SIMILARITY_OF_WORDS 20 /* percent */
#define SIMILARITY_OF_CHARACTERS 55
/* Sets with a similarity of .7 are of like size. */
#define LENGTH_SHARE 0.6
/* Least Jaccard similarity of the words of a near repeat, looked at where it is cheap: noise in
 * every third word leaves .5, a phrase that two sentences share is less. */
#define SIMILARITY_OF_TOKENS 0.4
/* Share of the shorter unit's shingles of a contained one. */
#define CONTAINED_SHARE 70 /* percent */
#define CONTAINED_TOKENS_LEAST 12
/* Places for the shingles of one unit, to tell which it has twice. */
#define DOUBLED_BITS 8192
/* A phrase of a headline comes back in the text by itself; a sentence does not. 90 bytes are 15
 * English words or 30 ideographs. */
#define CONTAINED_BYTES_LEAST 90
/* A line that opens or closes another may be shorter; next to it, as short as any repeat. */
#define OPENING_TOKENS_LEAST 7
#define OPENING_TOKENS_OF_HEADLINE 6

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

/* Lists the units that are searched, and the shingles of all: pairs everywhere, which is one call,
 * then those of characters in their places. A judged unit has four tokens at least, and no more
 * shingles than tokens. */
static void make_shingles(ndup__candidates *candidates, const ndup__profile *profile)
{
    const ndup__tokens *tokens = &profile->tokens;
    uint64_t *shingles = candidates->shingles;
    if (tokens->count >= WORDS_IN_SHINGLE) {
        ndup__shingle(shingles, tokens->hashes, tokens->count, WORDS_IN_SHINGLE);
    }
    candidates->unit_count = 0;
    candidates->has_long = false;
    for (size_t i = 0; i < profile->listed_count; i++) {
        uint32_t unit = profile->listed[i];
        const ndup__unit_profile *of = &profile->of[unit];
        if (of->first != unit) {
            continue;
        }
        bool characters = is_of_characters(profile, unit);
        size_t count = of->token_count - WORDS_IN_SHINGLE + 1;
        if (characters) {
            count = ndup__shingle_count(of->token_count, CHARACTERS_IN_SHINGLE);
            ndup__shingle(shingles + of->token_begin, tokens->hashes + of->token_begin,
                          of->token_count, CHARACTERS_IN_SHINGLE);
        }
        candidates->has_long |= count > WHOLE_MOST;
        candidates->units[candidates->unit_count++] = (ndup__searched){.unit = unit,
                                                                       .begin = of->token_begin,
                                                                       .count = (uint32_t)count,
                                                                       .shingles = (uint32_t)count,
                                                                       .of_characters = characters};
    }
}

/* Of the shingles of a near repeat. */
static unsigned least_similarity(const ndup__searched *unit)
{
    return unit->of_characters ? SIMILARITY_OF_CHARACTERS : SIMILARITY_OF_WORDS;
}

/* Moves the sampled ones of a long unit to the front. Short units are looked up whole, but compared
 * with a long one by what is sampled of both. */
static void sample(ndup__searched *unit, uint64_t *shingles)
{
    bool is_long = unit->shingles > WHOLE_MOST;
    for (size_t i = 0; i < unit->shingles; i++) {
        shingles[is_long ? unit->sampled : i] = shingles[i];
        unit->sampled += SAMPLED(shingles[i]);
    }
    unit->count = is_long ? unit->sampled : unit->shingles;
}

/* A shingle's counter. The process's key is in the multiplier: nobody can prepare shingles that are
 * let through, and those that are by chance are found to stand once later on. */
static size_t counter_of(uint64_t shingle, uint64_t multiplier, unsigned shift)
{
    return (size_t)(shingle * multiplier >> shift);
}

/* Counts where each shingle stands: 1 is once, 3 and more is more often. */
static void count_shingles(const ndup__candidates *candidates)
{
    uint8_t *const counters = candidates->counters;
    const uint64_t multiplier = candidates->counter_multiplier;
    const unsigned shift = candidates->counter_shift;
    for (size_t i = 0; i < candidates->unit_count; i++) {
        ndup__searched *unit = &candidates->units[i];
        uint64_t *shingles = candidates->shingles + unit->begin;
        if (candidates->has_long) {
            sample(unit, shingles);
        }
        size_t count = unit->count;
        for (size_t k = 0; k < count; k++) {
            uint8_t *counter = &counters[counter_of(shingles[k], multiplier, shift)];
            *counter = (uint8_t)(2 * *counter + 1);
        }
    }
}

/* Drops shingles that stand once. Returns how many stay. */
static size_t drop_single_ones(const ndup__candidates *candidates)
{
    const uint8_t *const counters = candidates->counters;
    const uint64_t multiplier = candidates->counter_multiplier;
    const unsigned shift = candidates->counter_shift;
    size_t total = 0;
    for (size_t i = 0; i < candidates->unit_count; i++) {
        ndup__searched *unit = &candidates->units[i];
        uint64_t *shingles = candidates->shingles + unit->begin;
        size_t count = unit->count;
        size_t kept = 0;
        for (size_t k = 0; k < count; k++) {
            uint64_t shingle = shingles[k];
            shingles[kept] = shingle;
            kept += counters[counter_of(shingle, multiplier, shift)] >> 1 & 1;
        }
        unit->count = (uint32_t)kept;
        total += kept;
    }
    return total;
}

/* The shingles that a unit may be weighed by, at the least. */
static uint32_t fewest_of(const ndup__candidates *candidates, const ndup__searched *unit)
{
    return candidates->has_long ? unit->sampled : unit->shingles;
}

/* How many hits a candidate has at least, whether it is similar or contained: the other unit has as
 * many shingles as it has hits, and as any unit has. */
static void find_least_hits(const ndup__candidates *candidates)
{
    uint32_t fewest = UINT32_MAX;
    for (size_t i = 0; i < candidates->unit_count; i++) {
        uint32_t mine = fewest_of(candidates, &candidates->units[i]);
        fewest = mine < fewest ? mine : fewest;
    }
    for (size_t i = 0; i < candidates->unit_count; i++) {
        ndup__searched *unit = &candidates->units[i];
        uint32_t mine = fewest_of(candidates, unit);
        uint64_t similar = (uint64_t)least_similarity(unit) * mine;
        uint64_t contained = (uint64_t)CONTAINED_SHARE * (mine < fewest ? mine : fewest);
        unit->least = (uint32_t)(((similar < contained ? similar : contained) + 99) / 100);
    }
}

ndup_status ndup__candidates_reset(ndup__candidates *candidates, const ndup__profile *profile,
                                   ndup_error *error)
{
    const ndup_allocator *allocator = candidates->allocator;
    size_t tokens = profile->tokens.count;
    unsigned bits = 6;
    while ((size_t)1 << bits < COUNTERS_LEAST * tokens) {
        bits++;
    }
    size_t counters = (size_t)1 << bits;
    ndup_status status = ndup__reserve(allocator, &candidates->units, &candidates->unit_capacity,
                                       profile->listed_count, sizeof *candidates->units, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &candidates->shingles, &candidates->shingle_capacity,
                               tokens, sizeof *candidates->shingles, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &candidates->counters, &candidates->counter_capacity,
                               counters, 1, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    candidates->counter_multiplier = ndup__slot_key() | 1;
    candidates->counter_shift = 64 - bits;
    memset(candidates->counters, 0, counters);
    make_shingles(candidates, profile);
    count_shingles(candidates);
    find_least_hits(candidates);
    return ndup__unit_index_reset(&candidates->index, drop_single_ones(candidates),
                                  candidates->unit_count, error);
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

/* Whether the shorter one's words are the first or last ones of the longer; the last word of what
 * was cut off need not be whole, so it is left to the comparison. */
static bool opens_or_closes(const ndup__profile *profile, size_t shorter, size_t longer)
{
    const uint64_t *a = ndup__profile_tokens(profile, shorter);
    const uint64_t *b = ndup__profile_tokens(profile, longer);
    size_t count = profile->of[shorter].token_count;
    size_t more = profile->of[longer].token_count - count;
    return memcmp(a, b, (count - 1) * sizeof *a) == 0 ||
           memcmp(a, b + more, count * sizeof *a) == 0;
}

bool ndup__candidates_may_open(const ndup__profile *profile, size_t unit, size_t other)
{
    bool unit_is_shorter = profile->of[unit].token_count <= profile->of[other].token_count;
    size_t shorter = unit_is_shorter ? unit : other;
    bool is_headline = profile->units[shorter].kind == NDUP_UNIT_HEADLINE;
    size_t least = unit == other + 1 ? 1
                   : is_headline     ? OPENING_TOKENS_OF_HEADLINE
                                     : OPENING_TOKENS_LEAST;
    size_t count = profile->of[shorter].token_count;
    ndup_text text = ndup__profile_text(profile, shorter);
    bool leads_on = text.bytes[text.length - 1] == ':'; /* "X wrote:" */
    return !leads_on && count >= least && profile->of[shorter].judged &&
           opens_or_closes(profile, shorter, unit_is_shorter ? other : unit) &&
           (count >= CONTAINED_TOKENS_LEAST || !is_of_characters(profile, shorter));
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

static bool are_of_like_length(const ndup__profile *profile, size_t unit, size_t other)
{
    double a = (double)profile->units[unit].length;
    double b = (double)profile->units[other].length;
    return a >= LENGTH_SHARE * b && b >= LENGTH_SHARE * a;
}

/* Weighs one unit that has shingles of the one at hand. */
static void weigh(ndup__candidates *candidates, const ndup__profile *profile, ndup__searched *a,
                  ndup__searched *b, uint64_t hits)
{
    bool whole = a->shingles <= WHOLE_MOST && b->shingles <= WHOLE_MOST;
    uint64_t mine = whole ? a->shingles : a->sampled;
    uint64_t theirs = whole ? b->shingles : b->sampled;
    uint64_t fewer = mine < theirs ? mine : theirs;
    bool all = hits >= fewer;
    bool similar = all || 100 * hits >= least_similarity(a) * (mine + theirs - hits);
    if (all) {
        ndup__searched *longer = a->shingles >= b->shingles ? a : b;
        longer->covered += profile->of[longer == a ? b->unit : a->unit].token_count;
    }
    bool contained = all || 100 * hits >= CONTAINED_SHARE * fewer;
    if ((similar && are_of_like_length(profile, a->unit, b->unit) &&
         (!whole || share_words(profile, a->unit, b->unit))) ||
        (contained && (ndup__candidates_may_contain(profile, a->unit, b->unit) ||
                       ndup__candidates_may_open(profile, a->unit, b->unit)))) {
        rank(candidates, (ndup__candidate){b->unit, all ? 1 : (double)hits / (double)fewer});
    }
}

void ndup__candidates_find(ndup__candidates *candidates, const ndup__profile *profile,
                           size_t searched)
{
    ndup__searched *unit = &candidates->units[searched];
    ndup__unit_index *index = &candidates->index;
    candidates->best_count = 0;
    if (unit->count < unit->least) {
        return;
    }
    ndup__unit_index_query(index, candidates->shingles + unit->begin, unit->count);
    for (size_t i = 0; i < index->touched_count; i++) {
        uint32_t other = index->touched[i];
        if (index->hits[other] >= unit->least) {
            weigh(candidates, profile, unit, &candidates->units[other], index->hits[other]);
        }
    }
    ndup__unit_index_forget(index);
}

void ndup__candidates_add(ndup__candidates *candidates, size_t searched)
{
    const ndup__searched *unit = &candidates->units[searched];
    ndup__unit_index_add(&candidates->index, candidates->shingles + unit->begin, unit->count,
                         (uint32_t)searched);
}

bool ndup__candidates_are_doubled(const ndup__candidates *candidates, const ndup__searched *unit)
{
    bool is_sampled = candidates->has_long && unit->shingles > WHOLE_MOST;
    size_t counted = is_sampled ? unit->sampled : unit->shingles;
    uint64_t met[DOUBLED_BITS / 64];
    size_t again = 0;
    if (2 * unit->count < counted) {
        return false;
    }
    memset(met, 0, sizeof met);
    for (size_t i = 0; i < unit->count; i++) {
        size_t bit = (size_t)(candidates->shingles[unit->begin + i] >> 32) % DOUBLED_BITS;
        again += met[bit / 64] >> bit % 64 & 1;
        met[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    return 5 * again >= 2 * counted;
}

bool ndup__candidates_may_be_part(const ndup__candidates *candidates, const ndup__searched *unit)
{
    return unit->count >= fewest_of(candidates, unit);
}

void ndup__candidates_deinit(ndup__candidates *candidates)
{
    ndup__unit_index_deinit(&candidates->index);
    ndup__free(candidates->allocator, &candidates->units, candidates->unit_capacity,
               sizeof *candidates->units);
    ndup__free(candidates->allocator, &candidates->shingles, candidates->shingle_capacity,
               sizeof *candidates->shingles);
    ndup__free(candidates->allocator, &candidates->counters, candidates->counter_capacity, 1);
}
