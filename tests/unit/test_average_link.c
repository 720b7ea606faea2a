/* SPDX-License-Identifier: MIT */
/* Average link against one that sums up the scores of all members anew for every two parts. */
#include "story/average_link.h"

#include <string.h>

#include "support/random.h"
#include "support/test.h"

static double scores[NDUP__LINKED_MOST][NDUP__LINKED_MOST];

/* Scores are multiples of 1/64, so that sums are exact in any order. */
static void make_scores(ndup__linkage *linkage, test_random *random, size_t count, uint64_t levels)
{
    linkage->count = count;
    for (size_t i = 0; i < count; i++) {
        linkage->sizes[i] = 1;
        for (size_t k = 0; k < i; k++) {
            double score = (double)test_random_below(random, levels) / 64;
            scores[i][k] = scores[k][i] = score;
            linkage->sums[i][k] = linkage->sums[k][i] = score;
        }
    }
}

static double naive_mean(const size_t *part, size_t count, size_t a, size_t b)
{
    double sum = 0;
    double pairs = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            bool between = part[i] == a && part[k] == b;
            sum += between ? scores[i][k] : 0;
            pairs += between;
        }
    }
    return pairs > 0 ? sum / pairs : -1;
}

static bool naive_step(size_t *part, size_t count, double bar)
{
    double most = -1;
    size_t a = 0;
    size_t b = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++) {
            double mean = naive_mean(part, count, i, k);
            if (mean > most) {
                most = mean;
                a = i;
                b = k;
            }
        }
    }
    for (size_t i = 0; most >= bar && i < count; i++) {
        part[i] = part[i] == b ? a : part[i];
    }
    return most >= bar;
}

static void test_average_link__joins_as_a_naive_one(void **state)
{
    (void)state;
    static ndup__linkage linkage;
    test_random random;
    test_random_init(&random, 3);
    for (size_t round = 0; round < 300; round++) {
        size_t part[NDUP__LINKED_MOST];
        size_t count = round % 14;
        memset(&linkage, 0, sizeof linkage);
        make_scores(&linkage, &random, count, 2 + round % 40);
        for (size_t i = 0; i < count; i++) {
            part[i] = i;
        }
        while (naive_step(part, count, 0.15)) {
        }
        ndup__average_link(&linkage, 0.15);
        assert_memory_equal(linkage.part, part, count * sizeof *part);
    }
}

static void test_average_link__does_not_chain(void **state)
{
    (void)state;
    static ndup__linkage chain = {
        .count = 3, .sizes = {1, 1, 1}, .sums = {{0, 0.25, 0}, {0.25, 0, 0.2}, {0, 0.2, 0}}};
    ndup__average_link(&chain, 0.15);
    assert_int_equal(chain.part[1], 0);
    assert_int_equal(chain.part[2], 2); /* it is like the middle alone: .1 on average */
}

static void test_average_link__a_group_counts_as_its_members_do(void **state)
{
    (void)state;
    static ndup__linkage groups = {.count = 2, .sizes = {1, 40}, .sums = {{0, 6}, {6, 0}}};
    ndup__average_link(&groups, 0.15);
    assert_int_equal(groups.part[1], 0);
    static ndup__linkage less = {.count = 2, .sizes = {1, 40}, .sums = {{0, 5.9}, {5.9, 0}}};
    ndup__average_link(&less, 0.15);
    assert_int_equal(less.part[1], 1);
}

TEST_MAIN(cmocka_unit_test(test_average_link__joins_as_a_naive_one),
          cmocka_unit_test(test_average_link__does_not_chain),
          cmocka_unit_test(test_average_link__a_group_counts_as_its_members_do))
