/* SPDX-License-Identifier: MIT */
/* XXH3 behind our own names, so that one file decides how xxHash is compiled in. */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t ndup__hash_bytes(const void *bytes, size_t length, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes, length, seed);
}

ndup__hash128 ndup__hash_bytes128(const void *bytes, size_t length, uint64_t seed)
{
    XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, length, seed);
    return (ndup__hash128){hash.low64, hash.high64};
}
