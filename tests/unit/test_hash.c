/* SPDX-License-Identifier: MIT */
/* Every variant of XXH3 against xxHash as it is compiled by default. */
#include "base/hash_long.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "support/random.h"
#include "support/test.h"

#define BYTES_MOST 5000

typedef struct variant {
    unsigned needs;
    ndup__hash_function *hash;
    ndup__hash128_function *hash128;
} variant;

static const variant variants[] = {
#if NDUP__CPU_X86
    {NDUP__CPU_AVX512, ndup__hash_long_avx512, ndup__hash_long128_avx512},
    {NDUP__CPU_AVX2, ndup__hash_long_avx2, ndup__hash_long128_avx2},
#endif
    {0, ndup__hash_bytes, ndup__hash_bytes128},
};

static void check(const unsigned char *bytes, size_t length, uint64_t seed)
{
    uint64_t expected = XXH3_64bits_withSeed(bytes, length, seed);
    XXH128_hash_t expected128 = XXH3_128bits_withSeed(bytes, length, seed);
    for (size_t v = 0; v < sizeof variants / sizeof variants[0]; v++) {
        if ((variants[v].needs & ~ndup__cpu_features()) == 0) {
            assert_u64_equal(variants[v].hash(bytes, length, seed), expected);
            ndup__hash128 found = variants[v].hash128(bytes, length, seed);
            assert_u64_equal(found.low, expected128.low64);
            assert_u64_equal(found.high, expected128.high64);
        }
    }
}

static void test_hash__variants_agree_at_every_length(void **state)
{
    (void)state;
    static unsigned char bytes[BYTES_MOST];
    test_random random;
    test_random_init(&random, 1);
    test_random_bytes(&random, bytes, sizeof bytes);
    for (size_t length = 0; length < BYTES_MOST - 8; length += length < 1200 ? 1 : 13) {
        check(bytes + length % 8, length, 0);
        check(bytes + length % 8, length, length);
    }
}

/* The empty string's value, as xxHash documents it: what is stored does not change unseen. */
static void test_hash__is_xxh3(void **state)
{
    (void)state;
    assert_u64_equal(ndup__hash_bytes("", 0, 0), 0x2D06800538D394C2u);
}

TEST_MAIN(cmocka_unit_test(test_hash__variants_agree_at_every_length),
          cmocka_unit_test(test_hash__is_xxh3))
