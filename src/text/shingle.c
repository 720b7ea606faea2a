/* SPDX-License-Identifier: MIT */
/* Shingle hashes, and sorting them. */
#include "text/shingle.h"

#include <assert.h>
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/word_hash.h"

/* Up to this many are sorted by exchanging neighbours, which needs no branch. */
#define EXCHANGE_MAX 16

/* A table of bucket ends for the first distribution, of 2^12 buckets so that it fits the
 * first-level cache, and for those inside of overfull buckets. Each of these uses up at least five
 * of the 64 bits of a value, hence no more than 13. */
#define BUCKET_BITS_MAX 12
#define NESTED_BITS_MAX 8
#define TABLE_SIZE ((1u << BUCKET_BITS_MAX) + (13u << NESTED_BITS_MAX))

size_t ndup__shingle_count(size_t tokens, unsigned size)
{
    assert(size >= 1 && size <= NDUP__SHINGLE_SIZE_MAX);
    if (tokens <= size) {
        return tokens > 0;
    }
    return tokens - size + 1;
}

void ndup__shingle(uint64_t *shingles, const uint64_t *tokens, size_t count, unsigned size)
{
    size_t result = ndup__shingle_count(count, size);
    if (count < size) {
        if (count > 0) {
            shingles[0] = ndup__shingle_hash(tokens, count);
        }
    } else {
        ndup__shingle_windows(shingles, tokens, result, size);
    }
}

/* Two selections compile to conditional moves: a wrong guess of the branch of an insertion sort
 * costs more than the exchanges that it saves. */
static void exchange_sort(uint64_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t carried = values[i];
        for (size_t j = i; j > 0; j--) {
            uint64_t other = values[j - 1];
            values[j] = other > carried ? other : carried;
            carried = other > carried ? carried : other;
        }
        values[0] = carried;
    }
}

/* Sorts almost sorted `from` to `to`: one pass of exchanges without branches puts most right, then
 * insertion. At least one value. */
static void finish_sort(uint64_t *to, const uint64_t *from, size_t count)
{
    uint64_t carried = from[0];
    for (size_t i = 1; i < count; i++) {
        uint64_t other = from[i];
        to[i - 1] = other < carried ? other : carried;
        carried = other < carried ? carried : other;
    }
    to[count - 1] = carried;
    for (size_t i = 1; i < count; i++) {
        uint64_t value = to[i];
        size_t at = i;
        while (at > 0 && to[at - 1] > value) {
            to[at] = to[at - 1];
            at--;
        }
        to[at] = value;
    }
}

/* Distributes `from` by the `bits` bits above `shift` to `to`. Writes where each bucket ends and
 * returns the size of the fullest. */
static size_t distribute(uint64_t *to, uint32_t *ends, const uint64_t *from, size_t count,
                         unsigned bits, unsigned shift)
{
    size_t buckets = (size_t)1 << bits;
    uint64_t mask = buckets - 1;
    memset(ends, 0, buckets * sizeof *ends);
    for (size_t i = 0; i < count; i++) {
        ends[from[i] >> shift & mask]++;
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
        to[ends[from[i] >> shift & mask]++] = from[i];
    }
    return fullest;
}

/* As many bits as give each value its own bucket, roughly. */
static unsigned bits_for(size_t count, unsigned most)
{
    unsigned bits = 1;
    while (bits < most && ((size_t)1 << bits) < count) {
        bits++;
    }
    return bits;
}

/* Sorts values that differ in the bits below `shift_end` only: a distribution by the topmost of
 * these, then finish_sort over the whole. Hashes are uniform, so few buckets hold more than a few
 * values, unless there are many more values than buckets; a crowded one is sorted by its next bits
 * first, with the array it came from as scratch.
 * `table` has room for the bucket ends of this call and those inside. */
static void sort_below(uint64_t *values, uint64_t *scratch, size_t count, unsigned shift_end,
                       uint32_t *table, unsigned bits_max)
{
    if (count <= EXCHANGE_MAX) {
        exchange_sort(values, count);
        return;
    }
    if (shift_end == 0) {
        return;
    }
    unsigned bits = bits_for(count, bits_max < shift_end ? bits_max : shift_end);
    unsigned shift = shift_end - bits;
    size_t crowd = count >> bits > 1 ? 2 : EXCHANGE_MAX;
    if (distribute(scratch, table, values, count, bits, shift) > crowd) {
        uint32_t *inner = table + ((size_t)1 << bits);
        size_t start = 0;
        for (size_t i = 0; i < (size_t)1 << bits; i++) {
            size_t size = table[i] - start;
            if (size > crowd) {
                sort_below(scratch + start, values + start, size, shift, inner, NESTED_BITS_MAX);
            }
            start += size;
        }
    }
    finish_sort(values, scratch, count);
}

void ndup__sort_hashes(uint64_t *hashes, uint64_t *scratch, size_t count)
{
    assert(count <= UINT32_MAX);
    uint32_t table[TABLE_SIZE];
    sort_below(hashes, scratch, count, 64, table, BUCKET_BITS_MAX);
}

size_t ndup__sort_distinct(uint64_t *hashes, uint64_t *scratch, size_t count)
{
    ndup__sort_hashes(hashes, scratch, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        hashes[kept] = hashes[i];
        kept += i + 1 == count || hashes[i] != hashes[i + 1];
    }
    return kept;
}
