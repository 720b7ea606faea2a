/* SPDX-License-Identifier: MIT */
/* Similarity cannot tell a slip from a "not": of 76 pairs of Reuters-21578 below 40 words that
 * share .55 of their shingles, ten are copies, and those are what this lets pass. */
#include "similarity/short_texts.h"

#include <string.h>

#include "text/utf8.h"

/* Fewest characters of a word in which a slip is one: shorter ones become other words. */
#define SLIP_CHARACTERS 4

static const char *next_token(const char *token)
{
    token += strlen(token);
    while (*token == '\0') {
        token++;
    }
    return token;
}

static size_t character_bytes(const char *at)
{
    uint32_t code_point;
    uint64_t replaced = 0;
    return *at != '\0' ? ndup__utf8_read(&code_point, at, strlen(at), &replaced) : 0;
}

static bool can_slip(const char *token)
{
    size_t characters = 0;
    for (; *token != '\0'; token += character_bytes(token)) {
        if (*token >= '0' && *token <= '9') {
            return false;
        }
        characters++;
    }
    return characters >= SLIP_CHARACTERS;
}

/* Whether what is left of two tokens is the same behind the first two characters, which changed
 * places. */
static bool is_swapped(const char *a, const char *b)
{
    size_t first = character_bytes(a);
    size_t second = character_bytes(a + first);
    return first > 0 && second > 0 && strncmp(a + first, b, second) == 0 &&
           strncmp(a, b + second, first) == 0 &&
           strcmp(a + first + second, b + second + first) == 0;
}

/* Tokens that differ. */
static bool is_slip(const char *a, const char *b)
{
    if (!can_slip(a) || !can_slip(b)) {
        return false;
    }
    size_t same = character_bytes(a);
    while (same > 0 && strncmp(a, b, same) == 0) {
        a += same;
        b += same;
        same = character_bytes(a);
    }
    size_t of_a = character_bytes(a);
    size_t of_b = character_bytes(b);
    return strcmp(a + of_a, b + of_b) == 0 || strcmp(a + of_a, b) == 0 ||
           strcmp(a, b + of_b) == 0 || is_swapped(a, b);
}

static bool agree_from(const char *shorter, size_t count, const char *longer)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(shorter, longer) != 0 && !is_slip(shorter, longer)) {
            return false;
        }
        if (i + 1 < count) {
            shorter = next_token(shorter);
            longer = next_token(longer);
        }
    }
    return true;
}

bool ndup__short_texts_agree(const ndup__token_text *a, const ndup__token_text *b,
                             ndup__token_mode mode)
{
    const ndup__token_text *shorter = a->tokens <= b->tokens ? a : b;
    const ndup__token_text *longer = shorter == a ? b : a;
    if (shorter->tokens >= NDUP_SHORT_TOKENS || shorter->tokens == 0 ||
        ndup__token_mode_is_lax(mode)) {
        return true;
    }
    const char *first = next_token(shorter->bytes);
    const char *place = next_token(longer->bytes);
    for (size_t left = longer->tokens; left > shorter->tokens; left--) {
        if (agree_from(first, shorter->tokens, place)) {
            return true;
        }
        place = next_token(place);
    }
    return agree_from(first, shorter->tokens, place);
}

bool ndup__short_hashes_agree(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                              ndup__token_mode mode)
{
    const uint64_t *shorter = a_count <= b_count ? a : b;
    const uint64_t *longer = shorter == a ? b : a;
    size_t count = a_count <= b_count ? a_count : b_count;
    size_t longer_count = a_count <= b_count ? b_count : a_count;
    if (count >= NDUP_SHORT_TOKENS || count == 0 || ndup__token_mode_is_lax(mode)) {
        return true;
    }
    for (size_t i = 0; i + count <= longer_count; i++) {
        if (memcmp(shorter, longer + i, count * sizeof *shorter) == 0) {
            return true;
        }
    }
    return false;
}
