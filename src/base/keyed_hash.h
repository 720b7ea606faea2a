/* SPDX-License-Identifier: MIT */
/* A hash under a secret key: nobody who does not know the key can prepare bytes that collide. */
#ifndef NDUP__BASE_KEYED_HASH_H
#define NDUP__BASE_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* SipHash-2-4 with 128 bits (Aumasson and Bernstein 2012), of bytes that come in pieces: those of
 * one string, in any pieces, give the same. Some 1 GB/s. Threads: single-owner. */
typedef struct ndup__keyed_hash {
    uint64_t state[4];
    uint64_t held; /* the last bytes, fewer than 8 */
    unsigned held_bytes;
    uint64_t length;
} ndup__keyed_hash;

void ndup__keyed_hash_begin(ndup__keyed_hash *hash, const uint64_t key[2]);
void ndup__keyed_hash_add(ndup__keyed_hash *hash, const void *bytes, size_t length);
ndup__hash128 ndup__keyed_hash_end(ndup__keyed_hash *hash);

/* A key of the system's random numbers; where it has none to give, one that is known. */
void ndup__secret_key(uint64_t key[2]);

#endif
