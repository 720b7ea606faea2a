/* SPDX-License-Identifier: MIT */
/* Entries are scattered by their high bits until a partition fits the second-level cache; there the
 * other bits are sorted from the lowest on, in three passes between the scratch space and the
 * partition's place in the arrays. */
#include "store/sort_entries.h"

#include <string.h>

#define PARTITION_ENTRIES 16384
#define PARTITION_BITS_MOST 11
#define PASSES 3
#define PASS_BITS_MOST 11 /* of 32 in three passes */

typedef struct sorting {
    uint32_t *keys;
    uint32_t *numbers;
    uint64_t *scratch; /* entries in one word: the key in the upper half */
    unsigned partition_bits;
    unsigned shifts[PASSES + 1]; /* of a key to the bits of each pass, and to the partition's */
    uint32_t counts[PASSES][1 << PASS_BITS_MOST];
} sorting;

static void choose_bits(sorting *sort, size_t count)
{
    unsigned bits = 0;
    while (bits < PARTITION_BITS_MOST && count >> bits > PARTITION_ENTRIES) {
        bits++;
    }
    sort->partition_bits = bits;
    for (unsigned i = 0; i <= PASSES; i++) {
        sort->shifts[i] = ((32 - bits) * i + PASSES - 1) / PASSES;
    }
}

/* The bits of a key that a pass sorts by. */
static inline size_t digit(const sorting *sort, unsigned pass, uint32_t key)
{
    uint32_t mask = ((uint32_t)1 << (sort->shifts[pass + 1] - sort->shifts[pass])) - 1;
    return key >> sort->shifts[pass] & mask;
}

static inline size_t partition_of(const sorting *sort, uint32_t key)
{
    return (size_t)((uint64_t)key >> (32 - sort->partition_bits));
}

/* Turns how many there are of each value into where the first of each goes. */
static void sum_up(uint32_t *counts, size_t values, uint32_t sum)
{
    for (size_t i = 0; i < values; i++) {
        uint32_t count = counts[i];
        counts[i] = sum;
        sum += count;
    }
}

/* From the arrays to the scratch space; ends[p] becomes the end of partition p. */
static void scatter(sorting *sort, uint32_t *ends, size_t count)
{
    memset(ends, 0, sizeof *ends << sort->partition_bits);
    for (size_t i = 0; i < count; i++) {
        ends[partition_of(sort, sort->keys[i])]++;
    }
    sum_up(ends, (size_t)1 << sort->partition_bits, 0);
    for (size_t i = 0; i < count; i++) {
        uint32_t key = sort->keys[i];
        sort->scratch[ends[partition_of(sort, key)]++] = (uint64_t)key << 32 | sort->numbers[i];
    }
}

static void count_digits(sorting *sort, size_t begin, size_t end)
{
    for (unsigned pass = 0; pass < PASSES; pass++) {
        size_t values = (size_t)1 << (sort->shifts[pass + 1] - sort->shifts[pass]);
        memset(sort->counts[pass], 0, values * sizeof(uint32_t));
    }
    for (size_t i = begin; i < end; i++) {
        uint32_t key = (uint32_t)(sort->scratch[i] >> 32);
        for (unsigned pass = 0; pass < PASSES; pass++) {
            sort->counts[pass][digit(sort, pass, key)]++;
        }
    }
    for (unsigned pass = 0; pass < PASSES; pass++) {
        size_t values = (size_t)1 << (sort->shifts[pass + 1] - sort->shifts[pass]);
        sum_up(sort->counts[pass], values, (uint32_t)begin);
    }
}

static void pass_to_arrays(sorting *sort, unsigned pass, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        uint32_t key = (uint32_t)(sort->scratch[i] >> 32);
        uint32_t place = sort->counts[pass][digit(sort, pass, key)]++;
        sort->keys[place] = key;
        sort->numbers[place] = (uint32_t)sort->scratch[i];
    }
}

static void pass_to_scratch(sorting *sort, unsigned pass, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        uint32_t key = sort->keys[i];
        uint32_t place = sort->counts[pass][digit(sort, pass, key)]++;
        sort->scratch[place] = (uint64_t)key << 32 | sort->numbers[i];
    }
}

void ndup__sort_entries(uint32_t *keys, uint32_t *numbers, size_t count, uint64_t *scratch)
{
    sorting sort = {.keys = keys, .numbers = numbers, .scratch = scratch};
    uint32_t ends[1 << PARTITION_BITS_MOST];
    choose_bits(&sort, count);
    scatter(&sort, ends, count);
    for (size_t p = 0, begin = 0; p < (size_t)1 << sort.partition_bits; p++) {
        count_digits(&sort, begin, ends[p]);
        pass_to_arrays(&sort, 0, begin, ends[p]);
        pass_to_scratch(&sort, 1, begin, ends[p]);
        pass_to_arrays(&sort, 2, begin, ends[p]);
        begin = ends[p];
    }
}
