/* SPDX-License-Identifier: MIT */
/* Shingle hashes, and sorting them. */
#include "text/shingle.h"

#include <assert.h>
#include <string.h>

#include "text/word_hash.h"

/* Up to this many are sorted by insertion. */
#define INSERTION_MAX 24

/* Buckets of one distribution: at most as many counters as fit the first-level cache. */
#define BUCKET_BITS_MAX 12

size_t ndup__shingle_count(size_t tokens, unsigned size)
{
    assert(size >= 1 && size <= NDUP__SHINGLE_SIZE_MAX);
    if (tokens <= size) {
        return tokens > 0;
    }
    return tokens - size + 1;
}

/* A constant `size` lets the compiler unroll the rotations. */
static inline void shingle_all(uint64_t *shingles, const uint64_t *tokens, size_t count,
                               unsigned size, uint64_t seed)
{
    for (size_t i = 0; i < count; i++) {
        shingles[i] = ndup__shingle_hash(tokens + i, size, seed);
    }
}

void ndup__shingle(uint64_t *shingles, const uint64_t *tokens, size_t count, unsigned size,
                   uint64_t seed)
{
    size_t result = ndup__shingle_count(count, size);
    if (count < size) {
        if (count > 0) {
            shingles[0] = ndup__shingle_hash(tokens, count, seed);
        }
    } else if (size == 5) {
        shingle_all(shingles, tokens, result, 5, seed);
    } else {
        shingle_all(shingles, tokens, result, size, seed);
    }
}

static void insertion_sort(uint64_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t value = values[i];
        size_t at = i;
        while (at > 0 && values[at - 1] > value) {
            values[at] = values[at - 1];
            at--;
        }
        values[at] = value;
    }
}

/* Distributes `values` by the `bits` bits above `shift` into `scratch` and back. `ends` gets where
 * each bucket ends; returns the size of the fullest. */
static size_t distribute(uint32_t *ends, uint64_t *values, uint64_t *scratch, size_t count,
                         unsigned bits, unsigned shift)
{
    size_t buckets = (size_t)1 << bits;
    uint64_t mask = buckets - 1;
    memset(ends, 0, buckets * sizeof *ends);
    for (size_t i = 0; i < count; i++) {
        ends[values[i] >> shift & mask]++;
    }
    uint32_t sum = 0;
    uint32_t fullest = 0;
    for (size_t i = 0; i < buckets; i++) {
        uint32_t size = ends[i];
        fullest = size > fullest ? size : fullest;
        ends[i] = sum;
        sum += size;
    }
    for (size_t i = 0; i < count; i++) {
        scratch[ends[values[i] >> shift & mask]++] = values[i];
    }
    memcpy(values, scratch, count * sizeof *values);
    return fullest;
}

static unsigned bits_for(size_t count)
{
    unsigned bits = 1;
    while (bits < BUCKET_BITS_MAX && ((size_t)1 << bits) < count) {
        bits++;
    }
    return bits;
}

/* Sorts by the bits below `shift_end`: one distribution by the topmost of them, about one value to
 * a bucket when they are uniform, then insertion over the almost sorted whole. A bucket that is
 * fuller than it should be is sorted by its next bits first. */
static void sort_below(uint64_t *values, uint64_t *scratch, size_t count, unsigned shift_end)
{
    if (count > INSERTION_MAX && shift_end > 0) {
        uint32_t ends[1u << BUCKET_BITS_MAX];
        unsigned bits = bits_for(count);
        bits = bits < shift_end ? bits : shift_end;
        unsigned shift = shift_end - bits;
        if (distribute(ends, values, scratch, count, bits, shift) > INSERTION_MAX) {
            size_t start = 0;
            for (size_t i = 0; i < (size_t)1 << bits; i++) {
                if (ends[i] - start > INSERTION_MAX) {
                    sort_below(values + start, scratch, ends[i] - start, shift);
                }
                start = ends[i];
            }
        }
    }
    insertion_sort(values, count);
}

size_t ndup__sort_distinct(uint64_t *hashes, uint64_t *scratch, size_t count)
{
    sort_below(hashes, scratch, count, 64);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || hashes[i] != hashes[kept - 1]) {
            hashes[kept++] = hashes[i];
        }
    }
    return kept;
}
