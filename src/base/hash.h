/* SPDX-License-Identifier: MIT */
/* Hash functions: the mixing steps of our own formats, and XXH3 for whole byte strings. */
#ifndef NDUP__BASE_HASH_H
#define NDUP__BASE_HASH_H

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ndup__hash128 {
    uint64_t low;
    uint64_t high;
} ndup__hash128;

/* Bijective finaliser of 64 bits: every input bit reaches every output bit. Constants: the "Mix13"
 * variant of D. Stafford, as used in SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t ndup__mix64(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xBF58476D1CE4E5B9u;
    x ^= x >> 27;
    x *= 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* The next value of a SplitMix64 sequence: seeds for hash families and for tests. */
static inline uint64_t ndup__splitmix64(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u;
    return ndup__mix64(*state);
}

/* A number of this process that nobody knows before it runs, made once. Hash tables choose slots by
 * it, so that nobody can prepare keys that crowd one: a table keeps it in its structure and takes
 * slots from ndup__slot_hash, from bytes hashed with it as the seed, or from the top bits of a
 * product with it, made odd. Slots differ from run to run, so nothing that is output may depend on
 * their order, and whole keys are compared. Where the system has no random numbers to give it is
 * always the same. Threads: any. */
uint64_t ndup__slot_key(void);

/* What a table takes the bits of a slot from; all are as good as any. */
static inline uint64_t ndup__slot_hash(uint64_t hash, uint64_t key)
{
    return ndup__mix64(hash ^ key);
}

/* XXH3 of a byte string: the same value on every machine. */
uint64_t ndup__hash_bytes(const void *bytes, size_t length, uint64_t seed);
ndup__hash128 ndup__hash_bytes128(const void *bytes, size_t length, uint64_t seed);

/* Bytes of XXH3's state. */
#define NDUP__HASH_STREAM_BYTES 640

/* The same hash, with seed 0, of bytes that come in pieces. */
typedef struct ndup__hash_stream {
    alignas(64) unsigned char state[NDUP__HASH_STREAM_BYTES];
} ndup__hash_stream;

void ndup__hash_stream_begin(ndup__hash_stream *stream);
void ndup__hash_stream_add(ndup__hash_stream *stream, const void *bytes, size_t length);
ndup__hash128 ndup__hash_stream_end(const ndup__hash_stream *stream);

#endif
