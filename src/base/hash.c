/* SPDX-License-Identifier: MIT */
/* XXH3 behind our own names, so that few files decide how xxHash is compiled in. */
#include "base/hash.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

#include "base/hash_long.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Up to this length XXH3 uses no vectors. */
#define SHORT_BYTES 240

static uint64_t hash_any(const void *bytes, size_t length, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes, length, seed);
}

static ndup__hash128 hash_any128(const void *bytes, size_t length, uint64_t seed)
{
    XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, length, seed);
    return (ndup__hash128){hash.low64, hash.high64};
}

typedef struct hash_variant {
    unsigned needs; /* features */
    ndup__hash_function *hash;
    ndup__hash128_function *hash128;
} hash_variant;

static const hash_variant variants[] = {
#if NDUP__CPU_X86
    {NDUP__CPU_AVX512, ndup__hash_long_avx512, ndup__hash_long128_avx512},
    {NDUP__CPU_AVX2, ndup__hash_long_avx2, ndup__hash_long128_avx2},
#endif
    {0, hash_any, hash_any128},
};

static _Atomic(const hash_variant *) chosen;

/* The first that this machine can run. Threads that meet here find the same. */
__attribute__((noinline, cold)) static const hash_variant *find_variant(void)
{
    const hash_variant *variant = variants;
    while ((variant->needs & ~ndup__cpu_features()) != 0) {
        variant++;
    }
    atomic_store_explicit(&chosen, variant, memory_order_relaxed);
    return variant;
}

static inline const hash_variant *choose(void)
{
    const hash_variant *variant = atomic_load_explicit(&chosen, memory_order_relaxed);
    return variant != NULL ? variant : find_variant();
}

uint64_t ndup__hash_bytes(const void *bytes, size_t length, uint64_t seed)
{
    return length <= SHORT_BYTES ? hash_any(bytes, length, seed)
                                 : choose()->hash(bytes, length, seed);
}

ndup__hash128 ndup__hash_bytes128(const void *bytes, size_t length, uint64_t seed)
{
    return length <= SHORT_BYTES ? hash_any128(bytes, length, seed)
                                 : choose()->hash128(bytes, length, seed);
}

_Static_assert(sizeof(XXH3_state_t) <= NDUP__HASH_STREAM_BYTES && alignof(XXH3_state_t) <= 64,
               "room for the state");

static XXH3_state_t *state_of(const ndup__hash_stream *stream)
{
    return (XXH3_state_t *)(uintptr_t)stream->state;
}

void ndup__hash_stream_begin(ndup__hash_stream *stream)
{
    memset(stream, 0, sizeof *stream);
    (void)XXH3_128bits_reset(state_of(stream));
}

void ndup__hash_stream_add(ndup__hash_stream *stream, const void *bytes, size_t length)
{
    (void)XXH3_128bits_update(state_of(stream), bytes, length);
}

ndup__hash128 ndup__hash_stream_end(const ndup__hash_stream *stream)
{
    XXH128_hash_t hash = XXH3_128bits_digest(state_of(stream));
    return (ndup__hash128){hash.low64, hash.high64};
}
