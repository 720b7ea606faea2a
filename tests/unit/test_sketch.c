/* SPDX-License-Identifier: MIT */
/* What every registered kind of sketch must hold, inside the intervals that theory gives. */
#include "neardup/sketch.h"

#include <math.h>
#include <string.h>

#include "lsh/bands.h"
#include "sketch/kind.h"
#include "support/random.h"
#include "support/test.h"

enum { SLOTS_MOST = 1024, SET_MOST = 10000 };

/* Deviations that are let through, in standard deviations: about 3 in a million by chance, and the
 * seeds are fixed. */
static const double DEVIATIONS = 4.7;

static const unsigned sizes[] = {1, 2, 5, 20, 100, 1000, 10000};
static const double similarities[] = {0, 0.2, 0.5, 0.8, 0.95, 1};

/* Two sets of `size` hashes each, of which the first `shared` are the same. */
typedef struct set_pair {
    size_t size;
    size_t shared;
    uint64_t a[SET_MOST];
    uint64_t b[SET_MOST];
} set_pair;

static set_pair pair;

/* The pair of sets of that size whose similarity is nearest to the one wanted. */
static double fill_pair(test_random *random, size_t size, double similarity)
{
    pair.size = size;
    pair.shared = (size_t)llround(2 * (double)size * similarity / (1 + similarity));
    for (size_t i = 0; i < size; i++) {
        pair.a[i] = test_random_u64(random);
        pair.b[i] = i < pair.shared ? pair.a[i] : test_random_u64(random);
    }
    return (double)pair.shared / (double)(2 * size - pair.shared);
}

static bool is_minhash(const ndup_sketch_info *kind)
{
    return strcmp(kind->name, "simhash64") != 0;
}

static ndup_sketcher *new_sketcher(const ndup_sketch_info *kind, unsigned slots, uint64_t seed)
{
    ndup_error error;
    ndup_sketcher *sketcher;
    assert_ok(ndup_sketcher_new(&sketcher, kind->name, slots, seed, NULL, &error), &error);
    assert_in_range(ndup_sketcher_slots(sketcher), 1, SLOTS_MOST);
    return sketcher;
}

/* Share of slots that agree in the packed rows of the pair. */
static double row_agreement(const ndup_sketcher *sketcher, const uint32_t *a, const uint32_t *b)
{
    uint8_t rows[2][SLOTS_MOST];
    ndup__row_pack(sketcher, rows[0], a);
    ndup__row_pack(sketcher, rows[1], b);
    return (double)ndup__row_agreement(sketcher, rows[0], rows[1]) /
           (double)ndup_sketcher_slots(sketcher);
}

/* Probability of exactly `ones` in `count` fair bits. */
static double binomial(size_t count, size_t ones)
{
    double n = (double)count;
    double k = (double)ones;
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2));
}

/* Probability that the majority of one bit is the same over two sets of fair bits, a draw counting
 * as a 1: the exact law behind the collision curve of simhash64, which is its limit. */
static double majority_agreement(size_t size, size_t shared)
{
    static double at_least[SET_MOST + 2];
    size_t own = size - shared;
    at_least[own + 1] = 0;
    for (size_t ones = own + 1; ones-- > 0;) {
        at_least[ones] = at_least[ones + 1] + binomial(own, ones);
    }
    double agreement = 0;
    for (size_t common = 0; common <= shared; common++) {
        size_t majority = (size + 1) / 2;
        size_t wanted = majority > common ? majority - common : 0;
        double one = wanted > own ? 0 : at_least[wanted];
        agreement += binomial(shared, common) * (one * one + (1 - one) * (1 - one));
    }
    return agreement;
}

typedef struct moments {
    double mean, variance;
} moments;

/* Mean and variance over seeded repetitions, a new sketcher each: of the estimate for MinHash
 * kinds, of the share of equal bits for simhash64. */
static moments measure(const ndup_sketch_info *kind, size_t size, double similarity,
                       unsigned repetitions)
{
    static uint32_t states[2][SLOTS_MOST];
    test_random random;
    double sum = 0;
    double squares = 0;
    test_random_init(&random, size * 1000 + (uint64_t)(similarity * 100));
    for (unsigned i = 0; i < repetitions; i++) {
        ndup_sketcher *sketcher = new_sketcher(kind, 0, test_random_u64(&random));
        fill_pair(&random, size, similarity);
        ndup_sketch_make(sketcher, states[0], pair.a, size);
        ndup_sketch_make(sketcher, states[1], pair.b, size);
        double value = is_minhash(kind) ? ndup_sketch_estimate(sketcher, states[0], states[1])
                                        : row_agreement(sketcher, states[0], states[1]);
        sum += value;
        squares += value * value;
        ndup_sketcher_free(sketcher);
    }
    double mean = sum / repetitions;
    return (moments){mean, fmax(squares / repetitions - mean * mean, 0)};
}

/* MinHash: mean J, variance at most J(1-J)/slots; simhash64: the slots are independent bits that
 * agree with probability p, so mean p and variance p(1-p)/64. Values of 31 bits are equal by chance
 * with a probability below size / 2^31 a slot, which is added on top. */
static void check_moments(const ndup_sketch_info *kind, size_t size, double wanted)
{
    unsigned repetitions = size <= 100 ? 600 : size <= 1000 ? 120 : 24;
    test_random random;
    test_random_init(&random, 1);
    double expected = fill_pair(&random, size, wanted);
    if (!is_minhash(kind)) {
        expected = majority_agreement(size, pair.shared);
    }
    double chance = is_minhash(kind) ? (double)size / 0x1p31 : 0;
    double variance = expected * (1 - expected) / kind->slots_default;
    moments measured = measure(kind, size, wanted, repetitions);
    double margin = DEVIATIONS * sqrt(fmax(variance, 0) / repetitions);
    assert_double_in(measured.mean, expected - margin - 1e-9,
                     expected + margin + 4 * chance + 1e-9);
    double spread = 1 + DEVIATIONS * sqrt(2.0 / repetitions);
    assert_double_in(measured.variance, 0,
                     variance * spread + 4 * chance / kind->slots_default + 1e-9);
}

static void test_sketch__is_unbiased_and_within_its_error(void **state)
{
    (void)state;
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            for (size_t j = 0; j < sizeof similarities / sizeof *similarities; j++) {
                check_moments(ndup_sketch_get(k), sizes[i], similarities[j]);
            }
        }
    }
}

static void test_sketch__collision_is_the_curve_of_the_kind(void **state)
{
    (void)state;
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        const ndup_sketch_info *kind = ndup_sketch_get(k);
        for (int i = 0; i <= 100; i++) {
            double similarity = i / 100.0;
            size_t shared = (size_t)llround(2 * SET_MOST * similarity / (1 + similarity));
            double expected = is_minhash(kind)
                                  ? similarity
                                  : 1 - acos(2 * similarity / (1 + similarity)) / acos(-1);
            assert_double_in(ndup_sketch_collision(kind, similarity), expected - 1e-7,
                             expected + 1e-7);
            if (!is_minhash(kind) && i % 20 == 0) {
                /* The limit is reached as fast as draws become rare. */
                assert_double_in(majority_agreement(SET_MOST, shared), expected - 0.01,
                                 expected + 0.01);
            }
        }
    }
}

/* simhash64's estimate is what its curve says about the share of equal bits. */
static void test_sketch__estimates_invert_the_curve(void **state)
{
    (void)state;
    static uint32_t states[2][SLOTS_MOST];
    test_random random;
    test_random_init(&random, 5);
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        const ndup_sketch_info *kind = ndup_sketch_get(k);
        ndup_sketcher *sketcher = new_sketcher(kind, 0, 3);
        for (int i = 0; i < 200; i++) {
            fill_pair(&random, 200, test_random_unit(&random));
            ndup_sketch_make(sketcher, states[0], pair.a, pair.size);
            ndup_sketch_make(sketcher, states[1], pair.b, pair.size);
            double estimate = ndup_sketch_estimate(sketcher, states[0], states[1]);
            double agreement = row_agreement(sketcher, states[0], states[1]);
            assert_double_in(estimate, 0, 1);
            if (agreement >= ndup_sketch_collision(kind, 0)) {
                /* Rows keep 8 of the bits, so a slot may agree by chance. */
                double expected = ndup_sketch_collision(kind, estimate);
                assert_double_in(agreement, expected - 1e-6,
                                 expected + 1e-6 + (is_minhash(kind) ? 0.05 : 0));
            } else {
                assert_double_in(estimate, 0, 0);
            }
        }
        ndup_sketcher_free(sketcher);
    }
}

static void test_sketch__merge_is_union(void **state)
{
    (void)state;
    static uint32_t states[3][SLOTS_MOST];
    static uint64_t both[2 * SET_MOST];
    test_random random;
    test_random_init(&random, 6);
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        ndup_error error;
        ndup_sketcher *sketcher = new_sketcher(ndup_sketch_get(k), 0, 11);
        size_t bytes = ndup_sketcher_slots(sketcher) * sizeof(uint32_t);
        for (int i = 0; i < 200; i++) {
            size_t size = (size_t)test_random_below(&random, i < 100 ? 6 : 400);
            fill_pair(&random, size, test_random_unit(&random));
            memcpy(both, pair.a, size * sizeof *both);
            memcpy(both + size, pair.b, size * sizeof *both);
            ndup_sketch_make(sketcher, states[0], pair.a, size);
            ndup_sketch_make(sketcher, states[1], pair.b, size);
            ndup_sketch_make(sketcher, states[2], both, 2 * size);
            if (is_minhash(ndup_sketch_get(k))) {
                assert_ok(ndup_sketch_merge(sketcher, states[0], states[1], &error), &error);
                assert_memory_equal(states[0], states[2], bytes);
            } else {
                assert_status(ndup_sketch_merge(sketcher, states[0], states[1], &error),
                              NDUP_STATUS_UNSUPPORTED, &error);
            }
        }
        ndup_sketcher_free(sketcher);
    }
}

static void test_sketch__order_and_repeats_do_not_matter(void **state)
{
    (void)state;
    static uint32_t states[2][SLOTS_MOST];
    static uint64_t hashes[2 * SET_MOST];
    test_random random;
    test_random_init(&random, 7);
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        ndup_sketcher *sketcher = new_sketcher(ndup_sketch_get(k), 0, 12);
        size_t bytes = ndup_sketcher_slots(sketcher) * sizeof(uint32_t);
        for (int i = 0; i < 200; i++) {
            size_t size = (size_t)test_random_below(&random, i < 100 ? 10 : 600) + 1;
            size_t count = size;
            fill_pair(&random, size, 0);
            ndup_sketch_make(sketcher, states[0], pair.a, size);
            memcpy(hashes, pair.a, size * sizeof *hashes);
            while (is_minhash(ndup_sketch_get(k)) && count < size + size / 2) {
                hashes[count++] = pair.a[test_random_below(&random, size)];
            }
            test_random_shuffle_u64(&random, hashes, count);
            ndup_sketch_make(sketcher, states[1], hashes, count);
            assert_memory_equal(states[0], states[1], bytes);
        }
        ndup_sketcher_free(sketcher);
    }
}

static void test_sketch__of_nothing_is_similar_to_nothing(void **state)
{
    (void)state;
    static uint32_t states[2][SLOTS_MOST];
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        ndup_sketcher *sketcher = new_sketcher(ndup_sketch_get(k), 0, 13);
        uint64_t hash = 0x123456789ABCDEFu;
        ndup_sketch_make(sketcher, states[0], NULL, 0);
        ndup_sketch_make(sketcher, states[1], &hash, 1);
        for (unsigned i = 0; i < ndup_sketcher_slots(sketcher); i++) {
            assert_u64_equal(states[0][i],
                             is_minhash(ndup_sketch_get(k)) ? UINT32_MAX : states[0][0]);
        }
        assert_double_in(ndup_sketch_estimate(sketcher, states[0], states[1]), 0, 0);
        assert_double_in(ndup_sketch_estimate(sketcher, states[0], states[0]), 0, 0);
        assert_double_in(ndup_sketch_estimate(sketcher, states[1], states[1]), 1, 1);
        ndup_sketcher_free(sketcher);
    }
}

static void test_sketch__range_of_slots_is_held(void **state)
{
    (void)state;
    ndup_error error;
    ndup_sketcher *sketcher;
    assert_null(ndup_sketch_get(ndup_sketch_count()));
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        const ndup_sketch_info *kind = ndup_sketch_get(k);
        assert_in_range(kind->slots_default, kind->slots_min, kind->slots_max);
        assert_true(kind->slot_bits == 1 || kind->slot_bits == 8);
        assert_status(
            ndup_sketcher_new(&sketcher, kind->name, kind->slots_max + 1, 0, NULL, &error),
            NDUP_STATUS_INVALID, &error);
        assert_null(sketcher);
        if (kind->slots_min > 1) {
            assert_status(
                ndup_sketcher_new(&sketcher, kind->name, kind->slots_min - 1, 0, NULL, &error),
                NDUP_STATUS_INVALID, &error);
        }
        ndup_sketcher_free(new_sketcher(kind, kind->slots_min, 0));
    }
    assert_status(ndup_sketcher_new(&sketcher, "minhsah", 0, 0, NULL, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        assert_non_null(strstr(error.message, ndup_sketch_get(k)->name));
    }
}

/* Share of seeded pairs that meet in a band against the curve: inside the binomial interval. */
static void check_bands(const ndup_sketch_info *kind, const ndup_bands *bands, size_t size,
                        double wanted)
{
    enum { PAIRS = 1200 };
    static uint32_t states[2][SLOTS_MOST];
    static uint8_t rows[2][SLOTS_MOST];
    test_random random;
    unsigned met = 0;
    double similarity = 0;
    test_random_init(&random, size * 7919 + (uint64_t)(wanted * 1000) + bands->rows);
    for (unsigned i = 0; i < PAIRS; i++) {
        ndup_sketcher *sketcher = new_sketcher(kind, bands->slots, test_random_u64(&random));
        similarity = fill_pair(&random, size, wanted);
        ndup_sketch_make(sketcher, states[0], pair.a, size);
        ndup_sketch_make(sketcher, states[1], pair.b, size);
        ndup__row_pack(sketcher, rows[0], states[0]);
        ndup__row_pack(sketcher, rows[1], states[1]);
        met += ndup__bands_shared(sketcher, bands, rows[0], rows[1]) > 0;
        ndup_sketcher_free(sketcher);
    }
    double expected = 1 - pow(1 - pow(similarity, bands->rows), bands->bands);
    assert_double_in(ndup_bands_curve(bands, kind, similarity), expected - 1e-9, expected + 1e-9);
    double margin = DEVIATIONS * sqrt(fmax(expected * (1 - expected), 1e-12) / PAIRS);
    double share = (double)met / PAIRS;
    assert_double_in(share, expected - margin - 0.5 / PAIRS, expected + margin + 1.5 / PAIRS);
}

/* States whose first bytes agree: only rows with a second byte tell them apart. */
static void test_sketch__wide_slots_and_checks_tell_more_states_apart(void **state)
{
    (void)state;
    static uint32_t states[2][SLOTS_MOST];
    static uint8_t rows[2][SLOTS_MOST];
    const ndup_bands bands = {.bands = 4, .rows = 3, .slots = 16};
    ndup_sketcher *sketcher = new_sketcher(ndup_sketch_get(0), bands.slots, 1);
    for (unsigned i = 0; i < bands.slots; i++) { /* one in 256 states has this first byte */
        states[0][i] = states[1][i] = 1000 + i;
        do {
            states[1][i]++;
            ndup__row_pack(sketcher, rows[0], states[0]);
            ndup__row_pack(sketcher, rows[1], states[1]);
        } while (rows[0][i] != rows[1][i]);
    }
    assert_u64_equal(ndup__row_bytes(sketcher), bands.slots);
    assert_u64_equal(ndup__bands_shared(sketcher, &bands, rows[0], rows[1]), bands.bands);
    ndup__row_widen(sketcher, 2 * bands.rows, bands.rows, 2);
    assert_u64_equal(ndup__row_bytes(sketcher), bands.slots + 2 * bands.rows);
    ndup__row_pack(sketcher, rows[0], states[0]);
    ndup__row_pack(sketcher, rows[1], states[1]);
    assert_u64_equal(ndup__bands_shared(sketcher, &bands, rows[0], rows[1]), bands.bands - 2);
    assert_u64_equal(ndup__row_agreement(sketcher, rows[0], rows[1]), bands.slots);
    /* Checks tell the other bands apart, too. */
    ndup__row_widen(sketcher, bands.rows, bands.rows, bands.bands);
    assert_u64_equal(ndup__row_bytes(sketcher), bands.slots + bands.rows + 2 * 3);
    ndup__row_pack(sketcher, rows[0], states[0]);
    ndup__row_pack(sketcher, rows[1], states[1]);
    assert_u64_equal(ndup__bands_shared(sketcher, &bands, rows[0], rows[1]), 0);
    ndup__row_pack(sketcher, rows[1], states[0]);
    assert_u64_equal(ndup__bands_shared(sketcher, &bands, rows[0], rows[1]), bands.bands);
    ndup_sketcher_free(sketcher);
}

static void test_sketch__bands_follow_the_curve(void **state)
{
    (void)state;
    static const size_t set_sizes[] = {20, 50, 100, 400};
    static const double wanted[] = {0.3, 0.5, 0.65, 0.8, 0.9, 1};
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        const ndup_sketch_info *kind = ndup_sketch_get(k);
        ndup_bands cuts[2] = {{.bands = 16, .rows = 8, .slots = 128}};
        ndup_error error;
        if (!is_minhash(kind)) {
            continue;
        }
        assert_ok(ndup_bands_choose(&cuts[1], kind, 0.65, 0.99, 128, &error), &error);
        for (size_t i = 0; i < 4; i++) {
            for (size_t j = 0; j < 6; j++) {
                check_bands(kind, &cuts[0], set_sizes[i], wanted[j]);
                check_bands(kind, &cuts[1], set_sizes[i], wanted[j]);
            }
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_sketch__is_unbiased_and_within_its_error),
          cmocka_unit_test(test_sketch__collision_is_the_curve_of_the_kind),
          cmocka_unit_test(test_sketch__estimates_invert_the_curve),
          cmocka_unit_test(test_sketch__merge_is_union),
          cmocka_unit_test(test_sketch__order_and_repeats_do_not_matter),
          cmocka_unit_test(test_sketch__of_nothing_is_similar_to_nothing),
          cmocka_unit_test(test_sketch__range_of_slots_is_held),
          cmocka_unit_test(test_sketch__wide_slots_and_checks_tell_more_states_apart),
          cmocka_unit_test(test_sketch__bands_follow_the_curve))
