/* SPDX-License-Identifier: MIT */
/* The choice of bands and rows against a search through all cuts. */
#include <math.h>
#include <string.h>

#include "lsh/bands.h"
#include "support/test.h"

static const double thresholds[] = {0.05, 0.2, 0.3, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95, 1};
static const double recalls[] = {0.5, 0.9, 0.95, 0.99, 0.999, 0.99999};
static const unsigned slot_counts[] = {0, 16, 32, 64, 100, 128, 200, 256};

static double curve(double agreement, unsigned bands, unsigned rows)
{
    return 1 - pow(1 - pow(agreement, rows), bands);
}

/* Fewest bands of so many rows within the slots that reach the recall; 0 when none do. */
static unsigned fewest_bands(double agreement, double recall, unsigned rows, unsigned slots)
{
    for (unsigned bands = 1; bands * rows <= slots; bands++) {
        if (curve(agreement, bands, rows) >= recall) {
            return bands;
        }
    }
    return 0;
}

/* Slots that a sketch of the default size has at least. */
#define SIFT_SLOTS 96

/* Keys of single bits need more rows to tell texts apart. */
static unsigned rows_least(const ndup_sketch_info *kind)
{
    return kind->slot_bits == 1 ? 12 : NDUP_ROWS_MIN;
}

/* The most rows that work within the slots, and their fewest bands. */
static ndup_bands search(double agreement, double recall, unsigned slots, unsigned least)
{
    for (unsigned rows = slots; rows >= least; rows--) {
        unsigned bands = fewest_bands(agreement, recall, rows, slots);
        if (bands > 0) {
            return (ndup_bands){.bands = bands, .rows = rows};
        }
    }
    return (ndup_bands){0};
}

static void check_cut(const ndup_sketch_info *kind, double threshold, double recall, unsigned slots)
{
    ndup_error error;
    ndup_bands cut;
    if (slots != 0 && (slots < kind->slots_min || slots > kind->slots_max)) {
        return;
    }
    assert_ok(ndup_bands_choose(&cut, kind, threshold, recall, slots, &error), &error);
    double agreement = ndup_sketch_collision(kind, threshold);
    unsigned asked = slots != 0 ? slots : kind->slots_default;
    ndup_bands expected = search(agreement, recall, asked, rows_least(kind));
    assert_true(cut.bands * cut.rows <= cut.slots);
    bool may_shrink = slots == 0 && kind->slot_bits > 1;
    unsigned least = may_shrink ? SIFT_SLOTS : asked;
    assert_true(cut.slots >= least && cut.slots <= kind->slots_max);
    assert_true(!may_shrink || cut.slots == SIFT_SLOTS || cut.slots == cut.bands * cut.rows);
    assert_int_equal(cut.slots_raised != 0, cut.slots > asked);
    double reached = curve(agreement, cut.bands, cut.rows);
    assert_double_in(cut.recall, reached - 1e-9, reached + 1e-9);
    assert_double_in(ndup_bands_curve(&cut, kind, threshold), reached - 1e-9, reached + 1e-9);
    assert_int_equal(cut.recall_missed != 0, cut.recall < recall);
    if (expected.bands > 0) {
        assert_int_equal(cut.bands, expected.bands);
        assert_int_equal(cut.rows, expected.rows);
        assert_int_equal(cut.slots_raised, 0);
    } else if (!cut.recall_missed) {
        assert_int_equal(cut.rows, rows_least(kind));
        assert_int_equal(cut.bands, fewest_bands(agreement, recall, cut.rows, cut.slots));
        assert_true(cut.slots_raised);
    } else {
        assert_int_equal(fewest_bands(agreement, recall, rows_least(kind), kind->slots_max), 0);
    }
}

static void test_bands__are_those_of_a_full_search(void **state)
{
    (void)state;
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
            for (size_t j = 0; j < sizeof recalls / sizeof *recalls; j++) {
                for (size_t s = 0; s < sizeof slot_counts / sizeof *slot_counts; s++) {
                    check_cut(ndup_sketch_get(k), thresholds[i], recalls[j], slot_counts[s]);
                }
            }
        }
    }
}

static void test_bands__defaults_are_within_their_slots(void **state)
{
    (void)state;
    ndup_bands cut;
    ndup_error error;
    assert_ok(ndup_bands_choose(&cut, ndup_sketch_get(0), 0.6, 0.99, 128, &error), &error);
    assert_int_equal(cut.slots, 128);
    assert_false(cut.slots_raised);
    assert_false(cut.recall_missed);
    assert_double_in(cut.recall, 0.99, 1);
}

static void test_bands__curve_rises_from_zero_to_one(void **state)
{
    (void)state;
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        const ndup_sketch_info *kind = ndup_sketch_get(k);
        ndup_bands cut;
        ndup_error error;
        assert_ok(ndup_bands_choose(&cut, kind, 0.7, 0.9, 0, &error), &error);
        double before = 0;
        for (int i = 0; i <= 100; i++) {
            double expected = curve(ndup_sketch_collision(kind, i / 100.0), cut.bands, cut.rows);
            double actual = ndup_bands_curve(&cut, kind, i / 100.0);
            assert_double_in(actual, expected - 1e-9, expected + 1e-9);
            assert_double_in(actual, before, 1);
            before = actual;
        }
        assert_double_in(before, 1, 1);
    }
}

static void test_bands__invalid_arguments_are_named(void **state)
{
    (void)state;
    static const struct {
        double threshold, recall;
        const char *name;
    } cases[] = {
        {0, 0.99, "threshold"},   {-0.1, 0.99, "threshold"}, {1.01, 0.99, "threshold"},
        {NAN, 0.99, "threshold"}, {0.8, 0, "recall"},        {0.8, 1, "recall"},
        {0.8, -1, "recall"},      {0.8, NAN, "recall"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ndup_bands cut;
        ndup_error error;
        assert_status(ndup_bands_choose(&cut, ndup_sketch_get(0), cases[i].threshold,
                                        cases[i].recall, 128, &error),
                      NDUP_STATUS_INVALID, &error);
        assert_non_null(strstr(error.message, cases[i].name));
    }
}

static void test_bands__memory_grows_with_the_sketch(void **state)
{
    (void)state;
    ndup_bands small;
    ndup_bands large;
    ndup_error error;
    const ndup_sketch_info *kind = ndup_sketch_get(0);
    assert_ok(ndup_bands_choose(&small, kind, 0.8, 0.9, 64, &error), &error);
    assert_ok(ndup_bands_choose(&large, kind, 0.8, 0.9, 256, &error), &error);
    double bytes = ndup_bands_bytes_per_document(&small, kind);
    assert_double_in(bytes, 64, 400);
    assert_true(ndup_bands_bytes_per_document(&large, kind) >= bytes + (256 - 64));
}

static void test_bands__second_bytes_are_for_short_keys_and_splits(void **state)
{
    (void)state;
    ndup_bands cut;
    ndup_error error;
    static const double asked[] = {0.4, 0.6, 0.7, 0.8, 0.95};
    for (size_t k = 0; k < ndup_sketch_count(); k++) {
        const ndup_sketch_info *kind = ndup_sketch_get(k);
        for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
            assert_ok(ndup_bands_choose(&cut, kind, asked[i], 0.99, 0, &error), &error);
            bool is_wide = kind->slot_bits > 1 && cut.rows < 4;
            unsigned wide = ndup__bands_wide_slots(&cut, kind);
            assert_u64_equal(wide % cut.rows, 0);
            if (is_wide || kind->slot_bits == 1) {
                assert_u64_equal(wide, is_wide ? cut.bands * cut.rows : 0);
            } else {
                assert_in_range(wide, cut.rows, 32);
            }
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_bands__are_those_of_a_full_search),
          cmocka_unit_test(test_bands__defaults_are_within_their_slots),
          cmocka_unit_test(test_bands__curve_rises_from_zero_to_one),
          cmocka_unit_test(test_bands__invalid_arguments_are_named),
          cmocka_unit_test(test_bands__memory_grows_with_the_sketch),
          cmocka_unit_test(test_bands__second_bytes_are_for_short_keys_and_splits))
