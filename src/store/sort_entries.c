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

#define VALUES_MOST ((size_t)1 << PASS_BITS_MOST)

/* The bits of a key that a pass sorts by. */
typedef struct digit {
    unsigned shift;
    uint32_t mask;
} digit;

typedef struct sorting {
    digit digits[PASSES];
    uint32_t counts[PASSES][VALUES_MOST];
} sorting;

static inline size_t digit_of(digit which, uint32_t key)
{
    return key >> which.shift & which.mask;
}

static inline uint64_t pack(uint32_t key, uint32_t number)
{
    return (uint64_t)key << 32 | number;
}

static unsigned choose_partition_bits(size_t count)
{
    unsigned bits = 0;
    while (bits < PARTITION_BITS_MOST && count >> bits > PARTITION_ENTRIES) {
        bits++;
    }
    return bits;
}

/* Shares the lower bits out among the passes. */
static void choose_digits(sorting *sort, unsigned bits)
{
    unsigned shift = 0;
    for (unsigned pass = 0; pass < PASSES; pass++) {
        unsigned width = (bits - shift) / (PASSES - pass);
        sort->digits[pass] = (digit){shift, ((uint32_t)1 << width) - 1};
        shift += width;
    }
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
static void scatter(uint64_t *restrict scratch, uint32_t *restrict ends,
                    const uint32_t *restrict keys, const uint32_t *restrict numbers, size_t count,
                    unsigned bits)
{
    unsigned shift = 32 - bits;
    memset(ends, 0, sizeof *ends << bits);
    for (size_t i = 0; i < count; i++) {
        ends[(uint64_t)keys[i] >> shift]++;
    }
    sum_up(ends, (size_t)1 << bits, 0);
    for (size_t i = 0; i < count; i++) {
        scratch[ends[(uint64_t)keys[i] >> shift]++] = pack(keys[i], numbers[i]);
    }
}

/* For all passes over entries that begin at place `begin`. */
static void count_digits(sorting *sort, const uint64_t *entries, size_t begin, size_t end)
{
    digit low = sort->digits[0];
    digit middle = sort->digits[1];
    digit high = sort->digits[2];
    for (unsigned pass = 0; pass < PASSES; pass++) {
        memset(sort->counts[pass], 0, ((size_t)sort->digits[pass].mask + 1) * sizeof(uint32_t));
    }
    for (size_t i = begin; i < end; i++) {
        uint32_t key = (uint32_t)(entries[i] >> 32);
        sort->counts[0][digit_of(low, key)]++;
        sort->counts[1][digit_of(middle, key)]++;
        sort->counts[2][digit_of(high, key)]++;
    }
    for (unsigned pass = 0; pass < PASSES; pass++) {
        sum_up(sort->counts[pass], (size_t)sort->digits[pass].mask + 1, (uint32_t)begin);
    }
}

static void pass_to_arrays(uint32_t *restrict keys, uint32_t *restrict numbers,
                           const uint64_t *restrict entries, uint32_t *restrict places, digit which,
                           size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        uint32_t key = (uint32_t)(entries[i] >> 32);
        uint32_t place = places[digit_of(which, key)]++;
        keys[place] = key;
        numbers[place] = (uint32_t)entries[i];
    }
}

static void pass_to_scratch(uint64_t *restrict entries, const uint32_t *restrict keys,
                            const uint32_t *restrict numbers, uint32_t *restrict places,
                            digit which, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        entries[places[digit_of(which, keys[i])]++] = pack(keys[i], numbers[i]);
    }
}

void ndup__sort_entries(uint32_t *keys, uint32_t *numbers, size_t count, uint64_t *scratch)
{
    sorting sort;
    uint32_t ends[1 << PARTITION_BITS_MOST];
    unsigned bits = choose_partition_bits(count);
    choose_digits(&sort, 32 - bits);
    scatter(scratch, ends, keys, numbers, count, bits);
    size_t begin = 0;
    for (size_t p = 0; p < (size_t)1 << bits; p++) {
        size_t end = ends[p];
        count_digits(&sort, scratch, begin, end);
        pass_to_arrays(keys, numbers, scratch, sort.counts[0], sort.digits[0], begin, end);
        pass_to_scratch(scratch, keys, numbers, sort.counts[1], sort.digits[1], begin, end);
        pass_to_arrays(keys, numbers, scratch, sort.counts[2], sort.digits[2], begin, end);
        begin = end;
    }
}
