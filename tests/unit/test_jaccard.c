/* SPDX-License-Identifier: MIT */
/* Exact similarity against comparing every element with every other. */
#include "similarity/jaccard.h"

#include <stdlib.h>

#include "support/random.h"
#include "support/test.h"

enum { MOST = 300 };

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* `count` ascending values below `limit`, or with extreme ones; repeats as asked. */
static size_t fill(test_random *random, uint64_t *out, size_t count, uint64_t limit, int repeats)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        out[i] = test_random_chance(random, 0.02) ? UINT64_MAX - test_random_below(random, 2)
                                                  : test_random_below(random, limit);
    }
    qsort(out, count, sizeof *out, compare);
    for (size_t i = 0; i < count; i++) {
        if (repeats || used == 0 || out[used - 1] != out[i]) {
            out[used++] = out[i];
        }
    }
    return used;
}

/* Each element of b is used up by one equal element of a. */
static size_t count_common(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    char used[MOST] = {0};
    size_t common = 0;
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            if (a[i] == b[j] && !used[j]) {
                used[j] = 1;
                common++;
                break;
            }
        }
    }
    return common;
}

static void test_jaccard__intersection_equals_naive(void **state)
{
    (void)state;
    uint64_t a[MOST];
    uint64_t b[MOST];
    test_random random;
    test_random_init(&random, 1);
    for (int i = 0; i < 4000; i++) {
        uint64_t limit = (uint64_t)1 << (1 + test_random_below(&random, 12));
        size_t m = fill(&random, a, (size_t)test_random_below(&random, MOST), limit, 0);
        size_t n =
            fill(&random, b, (size_t)test_random_below(&random, i % 2 ? MOST : 20), limit, 0);
        size_t common = count_common(a, m, b, n);
        assert_u64_equal(ndup__intersection(a, m, b, n, 0), common);
        assert_u64_equal(ndup__intersection(b, n, a, m, 0), common);
        size_t least = (size_t)test_random_below(&random, MOST);
        size_t found = ndup__intersection(a, m, b, n, least);
        if (common >= least) {
            assert_u64_equal(found, common);
        } else {
            assert_true(found < least);
        }
    }
}

static void test_jaccard__multisets_count_repeats(void **state)
{
    (void)state;
    uint64_t a[MOST];
    uint64_t b[MOST];
    test_random random;
    test_random_init(&random, 2);
    for (int i = 0; i < 2000; i++) {
        uint64_t limit = 1 + test_random_below(&random, 200);
        size_t m = fill(&random, a, (size_t)test_random_below(&random, 100), limit, 1);
        size_t n = fill(&random, b, (size_t)test_random_below(&random, 100), limit, 1);
        assert_u64_equal(ndup__multiset_intersection(a, m, b, n), count_common(a, m, b, n));
    }
}

static void test_jaccard__least_intersection_reaches_the_threshold(void **state)
{
    (void)state;
    static const double thresholds[] = {0.01, 0.1, 0.3, 0.5, 0.6, 2.0 / 3, 0.7, 0.8, 0.9, 0.95, 1};
    for (size_t t = 0; t < sizeof thresholds / sizeof *thresholds; t++) {
        for (size_t m = 1; m < 70; m++) {
            for (size_t n = 1; n < 70; n++) {
                size_t least = 0;
                while (least <= m + n && (double)least / (double)(m + n - least) < thresholds[t]) {
                    least++;
                }
                assert_u64_equal(ndup__intersection_least(m, n, thresholds[t]), least);
            }
        }
    }
}

static void test_jaccard__figures_of_small_sets(void **state)
{
    (void)state;
    assert_double_in(ndup__jaccard(3, 4, 5), 0.5, 0.5);
    assert_double_in(ndup__jaccard(4, 4, 4), 1, 1);
    assert_double_in(ndup__jaccard(0, 4, 0), 0, 0);
    assert_double_in(ndup__jaccard(0, 0, 0), 0, 0);
    assert_double_in(ndup__containment(3, 4), 0.75, 0.75);
    assert_double_in(ndup__containment(0, 0), 0, 0);
}

TEST_MAIN(cmocka_unit_test(test_jaccard__intersection_equals_naive),
          cmocka_unit_test(test_jaccard__multisets_count_repeats),
          cmocka_unit_test(test_jaccard__least_intersection_reaches_the_threshold),
          cmocka_unit_test(test_jaccard__figures_of_small_sets))
