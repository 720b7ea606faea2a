/* SPDX-License-Identifier: MIT */
/* Runs of shared shingles are runs of tokens: each is one comparison of memory where nothing but
 * the number of zero bytes between tokens is in the way, else token by token. */
#include "similarity/same_tokens.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"

#define BLOCK 64

void ndup__token_places_deinit(ndup__token_places *places)
{
    ndup__free(places->allocator, &places->before, places->capacity, sizeof *places->before);
    *places = (ndup__token_places){.allocator = places->allocator};
}

/* Marks the bytes, from `at` on, in which tokens begin: the topmost bit of each of the eight. */
static inline uint64_t begins_at(const char *at)
{
    const uint64_t low = 0x7F7F7F7F7F7F7F7F;
    uint64_t here = ndup__load_bytes(at);
    uint64_t before = ndup__load_bytes(at - 1);
    uint64_t is_token = ((here & low) + low) | here;
    uint64_t is_token_before = ((before & low) + low) | before;
    return is_token & ~is_token_before & ~low;
}

static inline uint32_t count_marks(uint64_t marks)
{
    return (uint32_t)((marks >> 7) * 0x0101010101010101 >> 56);
}

static ndup_status find_places(ndup__token_places *places, const ndup__token_text *text,
                               ndup_error *error)
{
    size_t blocks = (text->length - 1) / BLOCK;
    places->text = *text;
    places->block = 0;
    ndup_status status = ndup__reserve(places->allocator, &places->before, &places->capacity,
                                       blocks + 1, sizeof *places->before, error);
    uint32_t before = 0;
    for (size_t i = 0; i < blocks && status == NDUP_STATUS_OK; i++) {
        places->before[i] = before;
        for (size_t at = i * BLOCK; at < (i + 1) * BLOCK; at += 8) {
            before += count_marks(begins_at(text->bytes + 1 + at));
        }
    }
    if (status == NDUP_STATUS_OK) {
        places->before[blocks] = before;
    }
    return status;
}

/* Where token number `token` begins. Mostly it stands near the one asked for last. */
static const char *token_at(ndup__token_places *places, size_t token)
{
    size_t block = places->block;
    size_t last = (places->text.length - 1) / BLOCK;
    while (block < last && places->before[block + 1] <= token) {
        block++;
    }
    while (places->before[block] > token) {
        block--;
    }
    places->block = block;
    const char *at = places->text.bytes + 1 + block * BLOCK;
    size_t left = token - places->before[block];
    uint64_t marks = begins_at(at);
    for (size_t count; (count = count_marks(marks)) <= left; marks = begins_at(at)) {
        left -= count;
        at += 8;
    }
    for (; left > 0; left--) {
        marks &= marks - 1;
    }
    return at + __builtin_ctzll(marks) / 8;
}

/* Moves on from the beginning of a token to that of the next, of which there has to be one. */
static const char *next_token(const char *at)
{
    at += strlen(at);
    while (*at == 0) {
        at++;
    }
    return at;
}

/* Whether `count` tokens from one place on are those from another place on. */
static bool are_same(ndup__token_places *a, size_t i, ndup__token_places *b, size_t j, size_t count)
{
    const char *x = token_at(a, i);
    const char *y = token_at(b, j);
    const char *last = token_at(a, i + count - 1);
    size_t length = (size_t)(last - x) + strlen(last) + 1;
    if (length <= (size_t)(b->text.bytes + b->text.length - y) && memcmp(x, y, length) == 0) {
        return true;
    }
    for (size_t k = 0; k < count; k++) {
        if (strcmp(x, y) != 0) {
            return false;
        }
        if (k + 1 < count) {
            x = next_token(x);
            y = next_token(y);
        }
    }
    return true;
}

/* Two texts of which one has met the index of the other. */
typedef struct meeting {
    ndup__token_places *indexed;
    ndup__token_places *other;
    const ndup__shingle_index *index;
    size_t count;            /* shingles of the other text */
    const uint64_t *repeats; /* of the other text */
    size_t window;           /* tokens of a shingle */
} meeting;

/* How many shingles from k on are met one behind the other, 1 at least. */
static size_t run_at(const meeting *met, size_t k)
{
    const uint32_t *meetings = met->index->meetings;
    size_t run = 1;
    while (meetings[k] != 0 && k + run < met->count && meetings[k + run] == meetings[k] + run) {
        run++;
    }
    return run;
}

/* Whether all that looks shared is. */
static bool all_are_same(const meeting *met)
{
    bool is_same = true;
    size_t run;
    for (size_t k = 0; k < met->count && is_same; k += run) {
        uint32_t place = met->index->meetings[k];
        run = run_at(met, k);
        is_same =
            place == 0 || are_same(met->other, k, met->indexed, place - 1, run + met->window - 1);
    }
    return is_same;
}

/* How many distinct shingles are shared, each looked at alone. */
static size_t count_shared(const meeting *met)
{
    size_t shared = 0;
    for (size_t k = 0; k < met->count; k++) {
        uint32_t place = met->index->meetings[k];
        bool comes_again = met->repeats != NULL && (met->repeats[k / 64] >> (k % 64) & 1) != 0;
        shared += place != 0 && !comes_again &&
                  are_same(met->other, k, met->indexed, place - 1, met->window);
    }
    return shared;
}

/* Shingles of the indexed text that only look like one that stands before. */
static size_t count_unlike(const meeting *met)
{
    const ndup__shingle_index *index = met->index;
    size_t unlike = 0;
    for (size_t i = 0; index->distinct < index->count && i < index->count; i++) {
        uint32_t next = index->nexts[i];
        unlike += next != 0 && !are_same(met->indexed, i, met->indexed, next - 1, met->window);
    }
    return unlike;
}

ndup_status ndup__compare_tokens(size_t *shared, size_t *distinct, ndup__token_places places[2],
                                 const ndup__shingle_index *index, const ndup__token_text *indexed,
                                 const ndup__token_text *other, size_t count,
                                 const uint64_t *repeats, unsigned size, ndup_error *error)
{
    size_t window = size < indexed->tokens ? size : indexed->tokens;
    meeting met = {&places[0], &places[1], index, count, repeats, window};
    ndup_status status = find_places(&places[0], indexed, error);
    if (status == NDUP_STATUS_OK) {
        status = find_places(&places[1], other, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (window != (size < other->tokens ? size : other->tokens)) {
        *shared = 0; /* one shingle, of fewer tokens than those of the other text */
    } else if (!all_are_same(&met)) {
        *shared = count_shared(&met);
    }
    *distinct += count_unlike(&met);
    return NDUP_STATUS_OK;
}
