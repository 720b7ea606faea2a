/* SPDX-License-Identifier: MIT */
/* XXH3 of strings of more than a few hundred bytes, where vectors matter: xxHash once more,
 * compiled for wider ones. Callers use base/hash.h, which chooses. */
#ifndef NDUP__BASE_HASH_LONG_H
#define NDUP__BASE_HASH_LONG_H

#include "base/cpu.h"
#include "base/hash.h"

typedef uint64_t ndup__hash_function(const void *bytes, size_t length, uint64_t seed);
typedef ndup__hash128 ndup__hash128_function(const void *bytes, size_t length, uint64_t seed);

ndup__hash_function ndup__hash_long_avx2, ndup__hash_long_avx512;
ndup__hash128_function ndup__hash_long128_avx2, ndup__hash_long128_avx512;

#endif
