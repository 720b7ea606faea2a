/* SPDX-License-Identifier: MIT */
/* SipHash as its authors describe it. */
#include "base/keyed_hash.h"

#include <string.h>

#if defined(__linux__)
#include <sys/random.h>
#endif

#include "base/bytes.h"

static uint64_t turn(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void stir(uint64_t v[4], unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = turn(v[1], 13) ^ v[0];
        v[3] = turn(v[3], 16) ^ v[2];
        v[0] = turn(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = turn(v[1], 17) ^ v[2];
        v[3] = turn(v[3], 21) ^ v[0];
        v[2] = turn(v[2], 32);
    }
}

static void add_word(ndup__keyed_hash *hash, uint64_t word)
{
    hash->state[3] ^= word;
    stir(hash->state, 2);
    hash->state[0] ^= word;
}

void ndup__keyed_hash_begin(ndup__keyed_hash *hash, const uint64_t key[2])
{
    *hash = (ndup__keyed_hash){
        .state = {key[0] ^ 0x736F6D6570736575u, key[1] ^ 0x646F72616E646F6Du ^ 0xEE,
                  key[0] ^ 0x6C7967656E657261u, key[1] ^ 0x7465646279746573u}};
}

void ndup__keyed_hash_add(ndup__keyed_hash *hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    const unsigned char *end = at + length;
    hash->length += length;
    while (at < end && hash->held_bytes > 0) {
        hash->held |= (uint64_t)*at++ << (8 * hash->held_bytes++);
        if (hash->held_bytes == 8) {
            add_word(hash, hash->held);
            hash->held = hash->held_bytes = 0;
        }
    }
    for (; end - at >= 8; at += 8) {
        add_word(hash, ndup__load_bytes(at));
    }
    for (; at < end; at++) {
        hash->held |= (uint64_t)*at << (8 * hash->held_bytes++);
    }
}

static uint64_t fold(const uint64_t v[4])
{
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

ndup__hash128 ndup__keyed_hash_end(ndup__keyed_hash *hash)
{
    ndup__hash128 result;
    add_word(hash, hash->length << 56 | hash->held);
    hash->state[2] ^= 0xEE;
    stir(hash->state, 4);
    result.low = fold(hash->state);
    hash->state[1] ^= 0xDD;
    stir(hash->state, 4);
    result.high = fold(hash->state);
    return result;
}

void ndup__secret_key(uint64_t key[2])
{
    key[0] = ndup__slot_key();
    key[1] = ~key[0];
#if defined(__linux__)
    uint64_t random[2];
    if (getrandom(random, sizeof random, GRND_NONBLOCK) == (ssize_t)sizeof random) {
        memcpy(key, random, sizeof random);
    }
#endif
}
