/* SPDX-License-Identifier: MIT */
/* Every variant of minhash_fill against the definition. */
#include <string.h>

#include "kernel/kernel.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

#define SLOTS_MAX 300
#define COUNT_MAX 60

typedef struct fixture {
    uint32_t state[SLOTS_MAX];
    uint32_t multipliers[SLOTS_MAX];
    uint64_t hashes[COUNT_MAX];
} fixture;

/* Every input ends at an unreadable page. */
static void check(const ndup__minhash_fill_variant *variant, const fixture *from, size_t slots,
                  size_t count)
{
    uint32_t expected[SLOTS_MAX];
    memcpy(expected, from->state, sizeof expected);
    ndup__minhash_fill_scalar(expected, slots, from->multipliers, from->hashes, count);
    guard_buffer guards[3];
    for (size_t i = 0; i < 3; i++) {
        guard_buffer_init(&guards[i], SLOTS_MAX * sizeof(uint64_t));
    }
    uint32_t *actual = guard_buffer_put(&guards[0], from->state, slots * sizeof *actual);
    variant->run(actual, slots,
                 guard_buffer_put(&guards[1], from->multipliers, slots * sizeof(uint32_t)),
                 guard_buffer_put(&guards[2], from->hashes, count * sizeof(uint64_t)), count);
    assert_memory_equal(actual, expected, slots * sizeof *actual);
    for (size_t i = 0; i < 3; i++) {
        guard_buffer_deinit(&guards[i]);
    }
}

static void check_all(const fixture *from, size_t slots, size_t count)
{
    for (const ndup__minhash_fill_variant *v = ndup__minhash_fill_variants; v->run != NULL; v++) {
        if ((v->needs & ~ndup__cpu_features()) == 0) {
            check(v, from, slots, count);
        }
    }
}

/* Random functions and hashes; each slot is empty with the probability given. */
static void fill(fixture *to, test_random *random, double empty)
{
    test_random_bytes(random, to->multipliers, sizeof to->multipliers);
    test_random_bytes(random, to->hashes, sizeof to->hashes);
    for (size_t i = 0; i < SLOTS_MAX; i++) {
        to->state[i] = (uint32_t)i;
        if (test_random_chance(random, empty)) {
            to->state[i] = UINT32_MAX;
        }
    }
}

static void test_kernel_minhash_fill__agrees_for_all_short_lengths(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    fixture f;
    for (size_t slots = 0; slots <= 49; slots++) {
        for (size_t count = 1; count <= 25; count++) {
            fill(&f, &random, slots % 2 == 0 ? 1 : 0.5);
            check_all(&f, slots, count);
        }
    }
}

static void test_kernel_minhash_fill__agrees_for_every_number_of_empty_slots(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 2);
    fixture f;
    fill(&f, &random, 0);
    for (size_t i = 0; i < SLOTS_MAX; i++) {
        check_all(&f, SLOTS_MAX, COUNT_MAX);
        f.state[(i * 7) % SLOTS_MAX] = UINT32_MAX;
    }
}

static void test_kernel_minhash_fill__agrees_on_extreme_functions_and_hashes(void **state)
{
    (void)state;
    static const uint64_t values[] = {0,          1,         UINT64_MAX, UINT32_MAX,   1ull << 32,
                                      1ull << 63, INT64_MAX, 1ull << 31, ~(1ull << 32)};
    const size_t value_count = sizeof values / sizeof *values;
    test_random random;
    test_random_init(&random, 4);
    fixture f;
    for (int round = 0; round < 200; round++) {
        fill(&f, &random, 0.5);
        for (size_t i = 0; i < SLOTS_MAX; i++) {
            f.multipliers[i] = (uint32_t)values[test_random_below(&random, value_count)];
        }
        for (size_t i = 0; i < COUNT_MAX; i++) {
            f.hashes[i] = values[test_random_below(&random, value_count)];
        }
        check_all(&f, SLOTS_MAX, 1 + (size_t)test_random_below(&random, 5));
    }
}

TEST_MAIN(cmocka_unit_test(test_kernel_minhash_fill__agrees_for_all_short_lengths),
          cmocka_unit_test(test_kernel_minhash_fill__agrees_for_every_number_of_empty_slots),
          cmocka_unit_test(test_kernel_minhash_fill__agrees_on_extreme_functions_and_hashes))
