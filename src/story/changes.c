/* SPDX-License-Identifier: MIT */
/* Words are aligned by their hashes; then both texts are gone through, and what is not the same
 * bytes between two words, or in a word, is a change. */
#include "story/changes.h"

#include <string.h>

#include "base/alloc.h"
#include "text/tokenize_exact.h"
#include "text/utf8.h"

/* A word of so many letters between two changes is in common by chance, and so are so many words
 * that are no more than a quarter of the changes on either side. */
#define SHORT_WORD 3
#define BY_CHANCE 7
#define CHANCE_PART 4

/* A part of each text: bytes [begin, end), and the tokens in it. */
typedef struct part {
    uint32_t begin, end;
    uint32_t token, token_end;
} part;

typedef struct comparison {
    ndup__changes *changes;
    ndup_text of, own;
    part last_of, last_own; /* of the last change */
    bool has_words;         /* its words differ, not only marks or case */
} comparison;

/* Bytes of the white space at text[at]; 0 where there is none. */
static uint32_t white_at(ndup_text text, uint32_t at, uint32_t end)
{
    uint32_t code_point;
    uint64_t replaced = 0;
    if (at >= end) {
        return 0;
    }
    unsigned char c = (unsigned char)text.bytes[at];
    if (c < 0x80) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
    size_t bytes = ndup__utf8_read(&code_point, text.bytes + at, end - at, &replaced);
    return ndup__exact_class(code_point) == NDUP__CLASS_BREAK ? (uint32_t)bytes : 0;
}

/* Where the character that ends at `end` begins. */
static uint32_t character_before(ndup_text text, uint32_t begin, uint32_t end)
{
    uint32_t at = end - 1;
    while (at > begin && end - at < 4 && ((unsigned char)text.bytes[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

static uint32_t skip_white(ndup_text text, uint32_t at, uint32_t end)
{
    for (uint32_t bytes = white_at(text, at, end); bytes > 0; bytes = white_at(text, at, end)) {
        at += bytes;
    }
    return at;
}

static uint32_t skip_white_back(ndup_text text, uint32_t begin, uint32_t end)
{
    while (end > begin) {
        uint32_t at = character_before(text, begin, end);
        if (white_at(text, at, end) != end - at) {
            break;
        }
        end = at;
    }
    return end;
}

static uint32_t character_bytes(ndup_text text, uint32_t at, uint32_t end)
{
    uint32_t code_point;
    uint64_t replaced = 0;
    return (uint32_t)ndup__utf8_read(&code_point, text.bytes + at, end - at, &replaced);
}

/* Takes off what both begin with, white space as white space, and no part of a word. */
static void cut_begin(const comparison *c, part *of, part *own)
{
    uint32_t of_end = of->token < of->token_end ? c->changes->of.starts[of->token] : of->end;
    uint32_t own_end = own->token < own->token_end ? c->changes->own.starts[own->token] : own->end;
    while (of->begin < of_end && own->begin < own_end) {
        uint32_t of_white = skip_white(c->of, of->begin, of_end) - of->begin;
        uint32_t own_white = skip_white(c->own, own->begin, own_end) - own->begin;
        uint32_t bytes = character_bytes(c->of, of->begin, of_end);
        bool is_same = bytes == character_bytes(c->own, own->begin, own_end) &&
                       memcmp(c->of.bytes + of->begin, c->own.bytes + own->begin, bytes) == 0;
        if ((of_white > 0) != (own_white > 0) || (of_white == 0 && !is_same)) {
            return;
        }
        of->begin += of_white > 0 ? of_white : bytes;
        own->begin += own_white > 0 ? own_white : bytes;
    }
}

static void cut_end(const comparison *c, part *of, part *own)
{
    bool of_has_words = of->token < of->token_end;
    bool own_has_words = own->token < own->token_end;
    uint32_t of_begin = of_has_words ? c->changes->of.ends[of->token_end - 1] : of->begin;
    uint32_t own_begin = own_has_words ? c->changes->own.ends[own->token_end - 1] : own->begin;
    while (of->end > of_begin && own->end > own_begin) {
        uint32_t of_black = skip_white_back(c->of, of_begin, of->end);
        uint32_t own_black = skip_white_back(c->own, own_begin, own->end);
        bool is_white = of_black < of->end;
        uint32_t of_at = is_white ? of_black : character_before(c->of, of_begin, of->end);
        uint32_t own_at = is_white ? own_black : character_before(c->own, own_begin, own->end);
        uint32_t bytes = of->end - of_at;
        bool is_same = bytes == own->end - own_at &&
                       memcmp(c->of.bytes + of_at, c->own.bytes + own_at, bytes) == 0;
        if (is_white != (own_black < own->end) || (!is_white && !is_same)) {
            return;
        }
        of->end = of_at;
        own->end = own_at;
    }
}

static bool is_short_word(const comparison *c, uint32_t token)
{
    uint32_t begin = c->changes->own.starts[token];
    uint32_t bytes = c->changes->own.ends[token] - begin;
    return ndup__utf8_count(c->own.bytes + begin, bytes) <= SHORT_WORD;
}

static uint32_t larger(const part *of, const part *own)
{
    uint32_t of_words = of->token_end - of->token;
    uint32_t own_words = own->token_end - own->token;
    return of_words > own_words ? of_words : own_words;
}

/* Whether so little is in common before a part that it goes on with the last change: no word, one
 * of a few letters, or words that stand by chance in two texts that are otherwise others. */
static bool goes_on(const comparison *c, const part *of, const part *own)
{
    uint32_t between = own->token - c->last_own.token_end;
    uint32_t before = larger(&c->last_of, &c->last_own);
    uint32_t behind = larger(of, own);
    uint32_t words = before < behind ? before : behind;
    return c->changes->count > 0 &&
           (between == 0 || (between == 1 && is_short_word(c, c->last_own.token_end)) ||
            (between <= BY_CHANCE && between <= words / CHANCE_PART));
}

static ndup_status add_change(comparison *c, part of, part own, bool has_words, ndup_error *error)
{
    ndup__changes *changes = c->changes;
    if (goes_on(c, &of, &own)) {
        changes->count--;
        of = (part){c->last_of.begin, of.end, c->last_of.token, of.token_end};
        own = (part){c->last_own.begin, own.end, c->last_own.token, own.token_end};
        has_words |= c->has_words;
    }
    c->last_of = of;
    c->last_own = own;
    c->has_words = has_words;
    ndup_status status =
        ndup__reserve(changes->aligner.allocator, &changes->items, &changes->capacity,
                      changes->count + 1, sizeof *changes->items, error);
    if (status == NDUP_STATUS_OK) {
        changes->items[changes->count++] =
            (ndup_change){.at = own.begin,
                          .bytes = own.end - own.begin,
                          .of_at = of.begin,
                          .of_bytes = of.end - of.begin,
                          .tokens = has_words ? own.token_end - own.token : 0,
                          .of_tokens = has_words ? of.token_end - of.token : 0};
    }
    return status;
}

/* What lies between two words that both have, with the words that only one has. */
static ndup_status compare_gap(comparison *c, part of, part own, ndup_error *error)
{
    if (of.end - of.begin == own.end - own.begin && of.end > of.begin &&
        memcmp(c->of.bytes + of.begin, c->own.bytes + own.begin, of.end - of.begin) == 0) {
        return NDUP_STATUS_OK;
    }
    cut_begin(c, &of, &own);
    cut_end(c, &of, &own);
    bool has_words = of.token < of.token_end || own.token < own.token_end;
    return of.begin < of.end || own.begin < own.end ? add_change(c, of, own, has_words, error)
                                                    : NDUP_STATUS_OK;
}

static ndup_status compare_word(comparison *c, uint32_t a, uint32_t b, ndup_error *error)
{
    const ndup__tokens *of = &c->changes->of;
    const ndup__tokens *own = &c->changes->own;
    uint32_t bytes = of->ends[a] - of->starts[a];
    if (bytes == own->ends[b] - own->starts[b] &&
        memcmp(c->of.bytes + of->starts[a], c->own.bytes + own->starts[b], bytes) == 0) {
        return NDUP_STATUS_OK;
    }
    return add_change(c, (part){of->starts[a], of->ends[a], a, a + 1},
                      (part){own->starts[b], own->ends[b], b, b + 1}, false, error);
}

/* Words that both have: most often they are the same bytes, with all that is between. */
static ndup_status compare_run(comparison *c, ndup__aligned_run run, ndup_error *error)
{
    const ndup__tokens *of = &c->changes->of;
    const ndup__tokens *own = &c->changes->own;
    uint32_t of_begin = of->starts[run.a];
    uint32_t own_begin = own->starts[run.b];
    uint32_t bytes = of->ends[run.a + run.tokens - 1] - of_begin;
    if (bytes == own->ends[run.b + run.tokens - 1] - own_begin &&
        memcmp(c->of.bytes + of_begin, c->own.bytes + own_begin, bytes) == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = compare_word(c, run.a, run.b, error);
    for (uint32_t i = 1; i < run.tokens && status == NDUP_STATUS_OK; i++) {
        uint32_t a = run.a + i;
        uint32_t b = run.b + i;
        status = compare_gap(c, (part){of->ends[a - 1], of->starts[a], a, a},
                             (part){own->ends[b - 1], own->starts[b], b, b}, error);
        if (status == NDUP_STATUS_OK) {
            status = compare_word(c, a, b, error);
        }
    }
    return status;
}

/* A whole text without the white space around it. */
static part whole_of(ndup_text text, const ndup__tokens *tokens)
{
    uint32_t begin = skip_white(text, 0, (uint32_t)text.length);
    return (part){begin, skip_white_back(text, begin, (uint32_t)text.length), 0,
                  (uint32_t)tokens->count};
}

static ndup_status compare_texts(comparison *c, ndup_error *error)
{
    const ndup__tokens *of = &c->changes->of;
    const ndup__tokens *own = &c->changes->own;
    part of_rest = whole_of(c->of, of);
    part own_rest = whole_of(c->own, own);
    const ndup__aligned_runs *runs = &c->changes->aligner.runs;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < runs->count && status == NDUP_STATUS_OK; i++) {
        ndup__aligned_run run = runs->items[i];
        uint32_t a_end = run.a + run.tokens;
        uint32_t b_end = run.b + run.tokens;
        status =
            compare_gap(c, (part){of_rest.begin, of->starts[run.a], of_rest.token, run.a},
                        (part){own_rest.begin, own->starts[run.b], own_rest.token, run.b}, error);
        if (status == NDUP_STATUS_OK) {
            status = compare_run(c, run, error);
        }
        of_rest.begin = of->ends[a_end - 1];
        of_rest.token = a_end;
        own_rest.begin = own->ends[b_end - 1];
        own_rest.token = b_end;
    }
    return status == NDUP_STATUS_OK ? compare_gap(c, of_rest, own_rest, error) : status;
}

void ndup__changes_init(ndup__changes *changes, const ndup_allocator *allocator)
{
    ndup__tokens tokens = {.allocator = allocator, .wants_offsets = true};
    *changes = (ndup__changes){.of = tokens, .own = tokens, .aligner = {.allocator = allocator}};
}

void ndup__changes_deinit(ndup__changes *changes)
{
    ndup__tokens_deinit(&changes->of);
    ndup__tokens_deinit(&changes->own);
    ndup__free(changes->aligner.allocator, &changes->items, changes->capacity,
               sizeof *changes->items);
    ndup__aligner_deinit(&changes->aligner);
}

ndup_status ndup__changes_take_of(ndup__changes *changes, ndup_text of, ndup_error *error)
{
    return ndup__tokenize(&changes->of, NDUP__TOKEN_WORDS, of.bytes, of.length, error);
}

ndup_status ndup__changes_find(ndup__changes *changes, ndup_text of, ndup_text own,
                               ndup_error *error)
{
    comparison c = {.changes = changes, .of = of, .own = own};
    changes->count = 0;
    ndup_status status =
        ndup__tokenize(&changes->own, NDUP__TOKEN_WORDS, own.bytes, own.length, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__align(&changes->aligner, changes->of.hashes, changes->of.count,
                             changes->own.hashes, changes->own.count, error);
    }
    return status == NDUP_STATUS_OK ? compare_texts(&c, error) : status;
}
