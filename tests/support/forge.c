/* SPDX-License-Identifier: MIT */
/* Two words of two chunks meet when the second chunks differ by what the first have done to the
 * state. Among many first chunks there are pairs for which that difference turns letters into
 * letters. */
#include "support/forge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "kernel/word_hash.h"
#include "support/test.h"

#define SAMPLES 65536u
/* The bits that tell letters from other bytes. */
#define KIND_BITS 0xE0E0E0E0E0E0E0E0u

typedef struct sample {
    uint64_t chunk;
    uint64_t state;
} sample;

/* Eight letters that spell a number. */
static uint64_t letters_of(uint32_t number)
{
    char bytes[8];
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (char)('a' + number % 16);
        number /= 16;
    }
    return ndup__load_bytes(bytes);
}

static int by_kind_bits(const void *left, const void *right)
{
    uint64_t x = ((const sample *)left)->state & KIND_BITS;
    uint64_t y = ((const sample *)right)->state & KIND_BITS;
    return (x > y) - (x < y);
}

/* A letter that stays one under the change, or 0. */
static char changeable_letter(uint8_t change)
{
    for (char letter = 'a'; letter <= 'z'; letter++) {
        uint8_t changed = (uint8_t)((uint8_t)letter ^ change);
        if (changed >= 'a' && changed <= 'z') {
            return letter;
        }
    }
    return 0;
}

static bool make_pair(forged_pair *pair, const sample *a, const sample *b)
{
    uint64_t change = a->state ^ b->state;
    ndup__store_bytes(pair->words[0], a->chunk);
    ndup__store_bytes(pair->words[1], b->chunk);
    for (size_t i = 0; i < 8; i++) {
        uint8_t of_byte = (uint8_t)(change >> (8 * i));
        pair->words[0][8 + i] = changeable_letter(of_byte);
        pair->words[1][8 + i] = (char)((uint8_t)pair->words[0][8 + i] ^ of_byte);
        if (pair->words[0][8 + i] == 0) {
            return false;
        }
    }
    pair->words[0][16] = pair->words[1][16] = 0;
    return true;
}

void forge_words(forged_pair *pairs, size_t count, uint64_t seed)
{
    ndup__word_key key = ndup__word_key_of(seed);
    sample *samples = malloc(SAMPLES * sizeof *samples);
    size_t made = 0;
    assert_non_null(samples);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint64_t chunk = letters_of(i);
        samples[i] = (sample){chunk, ndup__word_step(key.start, chunk, key)};
    }
    qsort(samples, SAMPLES, sizeof *samples, by_kind_bits);
    for (size_t i = 1; i < SAMPLES && made < count; i++) {
        if (by_kind_bits(&samples[i - 1], &samples[i]) == 0 &&
            make_pair(&pairs[made], &samples[i - 1], &samples[i])) {
            made++;
            i++; /* no word twice */
        }
    }
    assert_u64_equal(made, count);
    free(samples);
}

const char *forged_text(const forged_pair *pairs, size_t count, unsigned which)
{
    static char texts[2][100 * FORGED_BYTES];
    char *at = texts[which];
    for (size_t i = 0; i < count; i++) {
        memcpy(at, pairs[i].words[which], FORGED_BYTES - 1);
        at[FORGED_BYTES - 1] = ' ';
        at += FORGED_BYTES;
    }
    at[-1] = 0;
    return texts[which];
}
