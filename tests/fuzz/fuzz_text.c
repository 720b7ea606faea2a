/* SPDX-License-Identifier: MIT */
/* Any bytes as text: reading, folding, tokens, shingles, and what must hold between them. */
#include "fuzz/fuzz_target.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/fold.h"
#include "text/shingle.h"
#include "text/tokenize.h"
#include "text/utf8.h"

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

static void *room_for(size_t count, size_t element_bytes)
{
    void *block = malloc((count > 0 ? count : 1) * element_bytes);
    CHECK(block != NULL);
    return block;
}

static ndup__tokens tokens_of(ndup__token_mode mode, const char *text, size_t size)
{
    ndup__tokens tokens = {.wants_offsets = true, .wants_numbers = true};
    CHECK(ndup__tokenize(&tokens, mode, text, size, NULL) == NDUP_STATUS_OK);
    return tokens;
}

static bool same_hashes(const uint64_t *a, const uint64_t *b, size_t count)
{
    return count == 0 || memcmp(a, b, count * sizeof *a) == 0;
}

/* Reads all code points; returns how many sequences were damaged, and counts all U+FFFD. */
static uint64_t check_reading(const char *text, size_t size, uint64_t *damaged)
{
    uint64_t replaced = 0;
    for (size_t at = 0; at < size;) {
        uint32_t code_point;
        uint64_t before = replaced;
        size_t taken = ndup__utf8_read(&code_point, text + at, size - at, &replaced);
        CHECK(taken >= 1 && taken <= size - at && taken <= 4);
        if (replaced == before) {
            char bytes[4];
            CHECK(ndup__utf8_write(bytes, code_point) == taken);
            CHECK(memcmp(bytes, text + at, taken) == 0);
        }
        *damaged += code_point == NDUP__REPLACEMENT;
        ndup__folded folded[NDUP__FOLD_MAX];
        CHECK(ndup__fold(folded, code_point) <= NDUP__FOLD_MAX);
        at += taken;
    }
    return replaced;
}

static void check_offsets(const ndup__tokens *tokens, size_t size)
{
    for (size_t i = 0; i < tokens->count; i++) {
        CHECK(tokens->starts[i] <= tokens->ends[i] && tokens->ends[i] <= size);
        CHECK(i == 0 || tokens->starts[i - 1] <= tokens->starts[i]);
        CHECK(i == 0 || tokens->ends[i - 1] <= tokens->ends[i]);
    }
}

/* A word before the text adds a token and changes none; the same text again gives the same. */
static void check_surroundings(const ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                               size_t size)
{
    char *longer = room_for(size + 2, 1);
    longer[0] = 'a';
    longer[1] = '\n';
    if (size > 0) {
        memcpy(longer + 2, text, size);
    }
    ndup__tokens again = tokens_of(mode, longer + 2, size);
    CHECK(again.count == tokens->count && again.number_count == tokens->number_count);
    CHECK(same_hashes(again.hashes, tokens->hashes, tokens->count));
    ndup__tokens_deinit(&again);
    ndup__tokens with = tokens_of(mode, longer, size + 2);
    size_t added = mode == NDUP__TOKEN_CHARACTERS && tokens->count > 0 ? 2 : 1;
    CHECK(with.count == tokens->count + added);
    CHECK(same_hashes(with.hashes + added, tokens->hashes, tokens->count));
    CHECK(with.number_count == tokens->number_count);
    CHECK(same_hashes(with.numbers, tokens->numbers, tokens->number_count));
    for (size_t i = 0; i < tokens->count; i++) {
        CHECK(with.starts[i + added] == tokens->starts[i] + 2);
        CHECK(with.ends[i + added] == tokens->ends[i] + 2);
    }
    ndup__tokens_deinit(&with);
    free(longer);
}

/* The ways without offsets give the same. */
static void check_ways(const ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                       size_t size)
{
    ndup__tokens bare = {.wants_numbers = true};
    CHECK(ndup__tokenize(&bare, mode, text, size, NULL) == NDUP_STATUS_OK);
    CHECK(bare.count == tokens->count && bare.number_count == tokens->number_count);
    CHECK(bare.replaced == tokens->replaced && bare.damaged == tokens->damaged);
    CHECK(same_hashes(bare.hashes, tokens->hashes, tokens->count));
    CHECK(same_hashes(bare.numbers, tokens->numbers, tokens->number_count));
    ndup__tokens_deinit(&bare);
}

static void check_shingles(const ndup__tokens *tokens, unsigned size)
{
    size_t count = ndup__shingle_count(tokens->count, size);
    uint64_t *hashes = room_for(count, sizeof *hashes);
    uint64_t *scratch = room_for(count, sizeof *scratch);
    ndup__shingle(hashes, tokens->hashes, tokens->count, size);
    size_t kept = ndup__sort_distinct(hashes, scratch, count);
    CHECK(kept <= count && (kept > 0) == (count > 0));
    for (size_t i = 1; i < kept; i++) {
        CHECK(hashes[i - 1] < hashes[i]);
    }
    free(hashes);
    free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    uint64_t damaged = 0;
    uint64_t replaced = check_reading(text, size, &damaged);
    for (int mode = NDUP__TOKEN_WORDS; mode <= NDUP__TOKEN_EXACT; mode++) {
        ndup__tokens tokens = tokens_of((ndup__token_mode)mode, text, size);
        CHECK(tokens.replaced == replaced && tokens.damaged == damaged);
        check_ways(&tokens, (ndup__token_mode)mode, text, size);
        check_offsets(&tokens, size);
        check_surroundings(&tokens, (ndup__token_mode)mode, text, size);
        check_shingles(&tokens, size > 0 ? data[0] % NDUP__SHINGLE_SIZE_MAX + 1u : 5);
        ndup__tokens_deinit(&tokens);
    }
    return 0;
}
