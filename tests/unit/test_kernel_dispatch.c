/* SPDX-License-Identifier: MIT */
/* Processor features, how they are masked, and tables of variants. */
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"

#include "support/test.h"

#define ALL (NDUP__CPU_AVX2 | NDUP__CPU_AVX512)

static void test_kernel_dispatch__masks_take_features_by_name(void **state)
{
    (void)state;
    assert_int_equal(ndup__cpu_without(ALL, NULL), ALL);
    assert_int_equal(ndup__cpu_without(ALL, ""), ALL);
    assert_int_equal(ndup__cpu_without(ALL, "avx512"), NDUP__CPU_AVX2);
    assert_int_equal(ndup__cpu_without(ALL, "avx512,avx2"), 0);
    assert_int_equal(ndup__cpu_without(ALL, "avx2,avx512"), 0);
    assert_int_equal(ndup__cpu_without(0, "avx2"), 0);
}

static void test_kernel_dispatch__without_avx2_there_is_no_avx512(void **state)
{
    (void)state;
    assert_int_equal(ndup__cpu_without(ALL, "avx2"), 0);
}

static void test_kernel_dispatch__masks_ignore_what_they_do_not_know(void **state)
{
    (void)state;
    assert_int_equal(ndup__cpu_without(ALL, "neon,,AVX2,avx,avx5122, avx2,"), ALL);
    assert_int_equal(ndup__cpu_without(ALL, ",neon,avx512,"), NDUP__CPU_AVX2);
}

static void test_kernel_dispatch__the_environment_masks_features(void **state)
{
    (void)state;
    const char *disabled = getenv("NDUP_CPU_DISABLE");
    unsigned features = ndup__cpu_features();
    assert_int_equal(ndup__cpu_without(features, disabled), features);
    assert_int_equal(ndup__cpu_features(), features);
}

#define ASSERT_ENDS_WITH_DEFINITION(op)                                                      \
    do {                                                                                     \
        const ndup__##op##_variant *v = ndup__##op##_variants;                               \
        while (v->needs != 0) {                                                              \
            assert_non_null(v->run);                                                         \
            v++;                                                                             \
        }                                                                                    \
        assert_string_equal(v->name, "scalar");                                              \
        assert_ptr_equal((void *)(uintptr_t)v->run, (void *)(uintptr_t)ndup__##op##_scalar); \
        assert_null((void *)(uintptr_t)v[1].run);                                            \
    } while (0)

static void test_kernel_dispatch__every_table_ends_with_the_definition(void **state)
{
    (void)state;
    ASSERT_ENDS_WITH_DEFINITION(bin_minima);
    ASSERT_ENDS_WITH_DEFINITION(minhash_fill);
    ASSERT_ENDS_WITH_DEFINITION(bit_votes);
    ASSERT_ENDS_WITH_DEFINITION(cells_equal);
    ASSERT_ENDS_WITH_DEFINITION(cells_pack);
    ASSERT_ENDS_WITH_DEFINITION(set_intersection);
    ASSERT_ENDS_WITH_DEFINITION(shingle_windows);
    ASSERT_ENDS_WITH_DEFINITION(token_fold);
    ASSERT_ENDS_WITH_DEFINITION(token_hash);
    ASSERT_ENDS_WITH_DEFINITION(token_numbers);
}

TEST_MAIN(cmocka_unit_test(test_kernel_dispatch__masks_take_features_by_name),
          cmocka_unit_test(test_kernel_dispatch__without_avx2_there_is_no_avx512),
          cmocka_unit_test(test_kernel_dispatch__masks_ignore_what_they_do_not_know),
          cmocka_unit_test(test_kernel_dispatch__the_environment_masks_features),
          cmocka_unit_test(test_kernel_dispatch__every_table_ends_with_the_definition))
