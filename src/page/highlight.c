/* SPDX-License-Identifier: MIT */
/* Short runs of tokens of the one text in a hash table, looked up with those of the other. */
#include "page/highlight.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

/* Bytes that a run should span, and its limits in tokens. */
#define RUN_BYTES 12
#define RUN_TOKENS_MIN 3
#define RUN_TOKENS_MAX 12

void ndup__highlighter_init(ndup__highlighter *highlighter, const ndup_allocator *allocator)
{
    *highlighter = (ndup__highlighter){
        .allocator = allocator,
        .slot_key = ndup__slot_key(),
        .a.tokens = {.allocator = allocator, .wants_offsets = true},
        .b.tokens = {.allocator = allocator, .wants_offsets = true},
    };
}

void ndup__highlighter_deinit(ndup__highlighter *highlighter)
{
    ndup__tokens_deinit(&highlighter->a.tokens);
    ndup__tokens_deinit(&highlighter->b.tokens);
    ndup__free(highlighter->allocator, &highlighter->a.shared, highlighter->a.capacity, 1);
    ndup__free(highlighter->allocator, &highlighter->b.shared, highlighter->b.capacity, 1);
    ndup__free(highlighter->allocator, &highlighter->table, highlighter->capacity,
               sizeof *highlighter->table);
    highlighter->a.capacity = highlighter->b.capacity = highlighter->capacity = 0;
}

static ndup_status prepare_text(ndup__marked_text *marked, ndup__token_mode mode, ndup_text text,
                                const ndup_allocator *allocator, ndup_error *error)
{
    marked->text = text;
    ndup_status status = ndup__tokenize(&marked->tokens, mode, text.bytes, text.length, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &marked->shared, &marked->capacity,
                               marked->tokens.count + 1, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        memset(marked->shared, 0, marked->tokens.count + 1);
    }
    return status;
}

/* Tokens of a run: short tokens, such as ideographs and single characters, make longer runs. */
static size_t choose_run(const ndup__tokens *a, const ndup__tokens *b)
{
    const ndup__tokens *shorter = a->count < b->count ? a : b;
    size_t bytes = 0;
    for (size_t i = 0; i < shorter->count; i++) {
        bytes += shorter->ends[i] - shorter->starts[i];
    }
    size_t run = bytes > 0 ? (RUN_BYTES * shorter->count + bytes - 1) / bytes : RUN_TOKENS_MIN;
    run = run < RUN_TOKENS_MIN ? RUN_TOKENS_MIN : run;
    run = run > RUN_TOKENS_MAX ? RUN_TOKENS_MAX : run;
    return run < shorter->count ? run : shorter->count;
}

/* Never 0, which is a free place. */
static uint64_t run_hash(const ndup__tokens *tokens, size_t start, size_t run)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < run; i++) {
        hash = ndup__mix64(hash + tokens->hashes[start + i]);
    }
    return hash | 1;
}

static uint64_t *find_place(const ndup__highlighter *highlighter, size_t mask, uint64_t hash)
{
    size_t at = (size_t)ndup__slot_hash(hash, highlighter->slot_key) & mask;
    while (highlighter->table[at] != 0 && highlighter->table[at] != hash) {
        at = (at + 1) & mask;
    }
    return &highlighter->table[at];
}

/* Marks what `marked` shares with the tokens of `other`. */
static ndup_status mark_shared(ndup__highlighter *highlighter, ndup__marked_text *marked,
                               const ndup__tokens *other, size_t run, ndup_error *error)
{
    size_t size = 16;
    while (size < 2 * other->count) {
        size *= 2;
    }
    ndup_status status = ndup__reserve(highlighter->allocator, &highlighter->table,
                                       &highlighter->capacity, size, sizeof(uint64_t), error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(highlighter->table, 0, size * sizeof(uint64_t));
    for (size_t i = 0; i + run <= other->count; i++) {
        uint64_t hash = run_hash(other, i, run);
        *find_place(highlighter, size - 1, hash) = hash;
    }
    size_t marked_to = 0;
    for (size_t i = 0; i + run <= marked->tokens.count; i++) {
        if (*find_place(highlighter, size - 1, run_hash(&marked->tokens, i, run)) == 0) {
            continue;
        }
        for (size_t k = i > marked_to ? i : marked_to; k < i + run; k++) {
            marked->shared[k] = 1;
        }
        marked_to = i + run;
    }
    return NDUP_STATUS_OK;
}

static bool is_same_sequence(const ndup__tokens *a, const ndup__tokens *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->hashes, b->hashes, a->count * sizeof *a->hashes) == 0);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The token with what stands between it and the token before, without spaces in front. */
static ndup_text spelling(const ndup__marked_text *marked, size_t i)
{
    size_t start = i > 0 ? marked->tokens.ends[i - 1] : 0;
    size_t end = marked->tokens.ends[i];
    while (start < end && is_space(marked->text.bytes[start])) {
        start++;
    }
    return (ndup_text){marked->text.bytes + start, end - start};
}

static void mark_same_spelling(ndup__marked_text *a, ndup__marked_text *b)
{
    for (size_t i = 0; i < a->tokens.count; i++) {
        ndup_text one = spelling(a, i);
        ndup_text other = spelling(b, i);
        bool same = one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0;
        a->shared[i] = b->shared[i] = same;
    }
}

ndup_status ndup__highlight(ndup__highlighter *highlighter, ndup__token_mode mode, ndup_text a,
                            ndup_text b, ndup_error *error)
{
    ndup__marked_text *of_a = &highlighter->a;
    ndup__marked_text *of_b = &highlighter->b;
    ndup_status status = prepare_text(of_a, mode, a, highlighter->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = prepare_text(of_b, mode, b, highlighter->allocator, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (is_same_sequence(&of_a->tokens, &of_b->tokens)) {
        mark_same_spelling(of_a, of_b);
        return NDUP_STATUS_OK;
    }
    size_t run = choose_run(&of_a->tokens, &of_b->tokens);
    if (run == 0) {
        return NDUP_STATUS_OK; /* one has no token: nothing is shared */
    }
    status = mark_shared(highlighter, of_a, &of_b->tokens, run, error);
    return status == NDUP_STATUS_OK ? mark_shared(highlighter, of_b, &of_a->tokens, run, error)
                                    : status;
}
