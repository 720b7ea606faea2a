/* SPDX-License-Identifier: MIT */
/* Forms and copies told apart by counts that were made by hand. */
#include "similarity/form.h"

#include <string.h>

#include "support/test.h"

/* A family of 20 texts: what 10 of them have is the family's. */
enum { FAMILY = 20, MANY = 10, ONE = 1, TWO = 2 };

static ndup__form_signs measure(const ndup__form_counts *counts)
{
    ndup__form_signs signs;
    memset(&signs, 0xA5, sizeof signs);
    ndup__form_measure(&signs, counts);
    return signs;
}

static bool is_form(const ndup__form_counts *counts)
{
    ndup__form_signs signs = measure(counts);
    return ndup__is_form(&signs);
}

/* 80 shingles that all texts of the family share, and slots that hold words of each text alone. */
static ndup__form_counts slots(uint32_t own_a, uint32_t own_b, uint32_t places)
{
    ndup__form_counts counts = {.places = places};
    counts.shared[FAMILY] = 80;
    counts.alone[0][ONE] = own_a;
    counts.alone[1][ONE] = own_b;
    return counts;
}

/* A copy of which words were changed: the original lacks what few have, the copy what many have. */
static ndup__form_counts edited(uint32_t changed, uint32_t family)
{
    ndup__form_counts counts = {.places = 4};
    counts.shared[family] = 80;
    counts.alone[0][family - 1] = changed;
    counts.alone[1][ONE] = changed;
    return counts;
}

static void test_form__slots_are_a_form(void **state)
{
    (void)state;
    ndup__form_counts counts = slots(20, 20, 4);
    ndup__form_signs signs = measure(&counts);
    assert_int_equal(signs.family, FAMILY);
    assert_int_equal(signs.many, MANY);
    assert_int_equal(signs.places, 4);
    assert_double_in(signs.edits, 0, 0);
    assert_double_in(signs.own, 0.2, 0.2);
    assert_true(ndup__is_form(&signs));
}

static void test_form__an_edited_copy_is_none(void **state)
{
    (void)state;
    for (uint32_t family = NDUP__FORM_LEAST; family <= NDUP__FREQUENCY_MOST; family++) {
        ndup__form_counts counts = edited(10, family);
        ndup__form_signs signs = measure(&counts);
        assert_int_equal(signs.family, family);
        assert_double_in(signs.edits, 0.5, 0.5); /* 10 taken, 10 left in their place */
        assert_double_in(signs.own, 0, 0);
        assert_false(ndup__is_form(&signs));
    }
}

/* Two copies of one filled form: their slots are in both, and in no third text. */
static void test_form__a_copy_inside_a_form_is_none(void **state)
{
    (void)state;
    ndup__form_counts counts = slots(4, 4, 2);
    counts.shared[TWO] = 30;
    ndup__form_signs signs = measure(&counts);
    assert_int_equal(signs.family, FAMILY);
    assert_double_in(signs.edits, 30.0 / 38, 30.0 / 38);
    assert_false(ndup__is_form(&signs));
    counts.shared[TWO] = 0;
    counts.shared[FAMILY] = 110;
    counts.alone[0][ONE] = counts.alone[1][ONE] = 10;
    assert_true(is_form(&counts));
}

/* Shared shingles count as rare below the lesser of half of the family and twice its root. */
static void test_form__a_form_within_a_form_is_not_rare(void **state)
{
    (void)state;
    ndup__form_counts counts = slots(20, 20, 4);
    counts.shared[8] = 30; /* 2 * sqrt(20) = 8.9, so that 8 is below and 9 is not */
    assert_double_in(measure(&counts).edits, 30.0 / 70, 30.0 / 70);
    counts.shared[8] = 0;
    counts.shared[9] = 30;
    assert_double_in(measure(&counts).edits, 0, 0);
    assert_true(is_form(&counts));
}

static void test_form__both_need_contents_of_their_own(void **state)
{
    (void)state;
    ndup__form_counts counts = slots(40, 0, 2);
    assert_double_in(measure(&counts).own, 0, 0);
    assert_false(is_form(&counts));
    counts = slots(0, 40, 2);
    assert_false(is_form(&counts));
    counts = slots(40, 3, 2);
    assert_double_in(measure(&counts).own, 3.0 / 83, 3.0 / 83); /* .036 */
    assert_false(is_form(&counts));
    counts = slots(40, 4, 2);
    assert_double_in(measure(&counts).own, 4.0 / 84, 4.0 / 84); /* .048 */
    assert_true(is_form(&counts));
}

/* The one has more of its own than the edit of the other explains. */
static void test_form__what_an_edit_explains_is_not_own(void **state)
{
    (void)state;
    ndup__form_counts counts = slots(30, 30, 2);
    counts.alone[1][FAMILY] = 12; /* a lacks them, and may have left 12 in their place */
    ndup__form_signs signs = measure(&counts);
    assert_double_in(signs.edits, 12.0 / 72, 12.0 / 72);
    assert_double_in(signs.own, 18.0 / 110, 18.0 / 110); /* a: 30 - 12 of 80 + 30 */
    assert_true(ndup__is_form(&signs));
}

static void test_form__sides_can_be_swapped(void **state)
{
    (void)state;
    ndup__form_counts counts = slots(17, 31, 5);
    counts.alone[0][FAMILY] = 9;
    counts.alone[1][MANY] = 4;
    counts.alone[1][MANY - 1] = 2;
    ndup__form_counts swapped = counts;
    memcpy(swapped.alone[0], counts.alone[1], sizeof swapped.alone[0]);
    memcpy(swapped.alone[1], counts.alone[0], sizeof swapped.alone[1]);
    ndup__form_signs x = measure(&counts);
    ndup__form_signs y = measure(&swapped);
    assert_double_in(x.edits, y.edits, y.edits);
    assert_double_in(x.own, y.own, y.own);
}

static void test_form__scattered_differences_need_to_be_unexplained(void **state)
{
    (void)state;
    ndup__form_counts counts = slots(20, 20, 12);
    counts.alone[0][FAMILY] = 10; /* edits: 10 of 50 */
    assert_true(is_form(&counts));
    counts.places = 13;
    assert_false(is_form(&counts));
    counts.alone[0][FAMILY] = 4; /* 4 of 44 */
    assert_true(is_form(&counts));
    counts.places = UINT32_MAX;
    assert_true(is_form(&counts));
}

static void test_form__edits_have_a_limit(void **state)
{
    (void)state;
    ndup__form_signs signs = {.family = FAMILY, .edits = 0.44, .own = 0.04, .places = 12};
    assert_true(ndup__is_form(&signs));
    signs.edits = 0.4401;
    assert_false(ndup__is_form(&signs));
    signs = (ndup__form_signs){.family = FAMILY, .edits = 0.1, .own = 0.04, .places = 13};
    assert_true(ndup__is_form(&signs));
    signs.edits = 0.1001;
    assert_false(ndup__is_form(&signs));
}

/* Of two texts that are alike nobody knows which words are a slot. */
static void test_form__two_texts_are_no_family(void **state)
{
    (void)state;
    ndup__form_counts counts = {.places = 2};
    counts.shared[TWO] = 80;
    counts.alone[0][ONE] = counts.alone[1][ONE] = 20;
    assert_int_equal(measure(&counts).family, TWO);
    assert_false(is_form(&counts));
    counts.shared[TWO] = 0;
    counts.shared[NDUP__FORM_LEAST] = 80;
    assert_int_equal(measure(&counts).family, NDUP__FORM_LEAST);
    assert_true(is_form(&counts));
}

static void test_form__family_is_the_median(void **state)
{
    (void)state;
    ndup__form_counts counts = {.places = 1};
    counts.shared[1] = 10;
    counts.shared[7] = 3;
    counts.shared[NDUP__FREQUENCY_MOST] = 8;
    assert_int_equal(measure(&counts).family, 7); /* the 11th of 21 */
    counts.shared[NDUP__FREQUENCY_MOST] = 80;
    assert_int_equal(measure(&counts).family, NDUP__FREQUENCY_MOST);
    assert_int_equal(measure(&counts).many, NDUP__FREQUENCY_MOST / 2);
    counts.shared[1] = 1000;
    assert_int_equal(measure(&counts).family, 1);
    assert_int_equal(measure(&counts).many, 5); /* of a site, when no family is known */
}

static void test_form__long_runs_tell_where_no_family_does(void **state)
{
    (void)state;
    static const struct {
        double a, b;
        bool is_form;
    } rows[] = {
        {0.14, 0.14, false}, {0.15, 0.15, true}, {0, 0.9, false}, {0.29, 0, false}, {0.3, 0, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const ndup__form_signs signs = {.family = 2, .runs = {rows[i].a, rows[i].b}};
        assert_int_equal(ndup__is_form(&signs), rows[i].is_form);
    }
}

static void test_form__runs_are_not_asked_where_they_cannot_tell(void **state)
{
    (void)state;
    assert_false(ndup__runs_may_tell(0.86, 0.5)); /* too little of the first */
    assert_true(ndup__runs_may_tell(0.84, 0.84));
    assert_false(ndup__runs_may_tell(0.71, 1));
    assert_true(ndup__runs_may_tell(0.69, 1));
}

static void test_form__runs_count_from_twelve_on(void **state)
{
    (void)state;
    uint64_t marks[2] = {((uint64_t)1 << 11) - 1, 0};
    assert_double_in(ndup__share_in_runs(marks, 100), 0, 0);
    marks[0] = (((uint64_t)1 << 12) - 1) << 58; /* across two words: 58 to 69 */
    marks[1] = (1 << 6) - 1;
    assert_double_in(ndup__share_in_runs(marks, 100), 0.12, 0.12);
    marks[0] |= ((uint64_t)1 << 20) - 1;
    assert_double_in(ndup__share_in_runs(marks, 100), 0.32, 0.32);
    assert_double_in(ndup__share_in_runs(marks, 0), 0, 0);
}

static void test_form__of_nothing_is_none(void **state)
{
    (void)state;
    ndup__form_counts counts = {.places = 0};
    ndup__form_signs signs = measure(&counts);
    assert_int_equal(signs.family, 0);
    assert_double_in(signs.edits, 0, 0);
    assert_double_in(signs.own, 0, 0);
    assert_false(ndup__is_form(&signs));
    counts.alone[0][ONE] = counts.alone[1][ONE] = 50; /* nothing is shared */
    signs = measure(&counts);
    assert_double_in(signs.edits, 0, 1);
    assert_double_in(signs.own, 0, 1);
    assert_false(ndup__is_form(&signs));
    counts = slots(0, 0, 0); /* the same shingles in both */
    assert_false(is_form(&counts));
}

static void test_form__counts_may_be_large(void **state)
{
    (void)state;
    ndup__form_counts counts = {.places = 2};
    counts.shared[FAMILY] = counts.shared[FAMILY + 1] = UINT32_MAX;
    counts.alone[0][ONE] = counts.alone[1][ONE] = UINT32_MAX;
    ndup__form_signs signs = measure(&counts);
    assert_int_equal(signs.family, FAMILY);
    assert_double_in(signs.own, 0.3333, 0.3334);
    assert_true(ndup__is_form(&signs));
}

static void test_form__figures_of_form_reports_must_agree(void **state)
{
    (void)state;
    static const double asked[] = {0, 0.3, 0.6, 0.75, 0.99};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        double alone = ndup__form_numbers_least(0, asked[i]);
        assert_double_in(alone, 0.4 * asked[i], 0.4 * asked[i]);
        assert_double_in(ndup__form_numbers_least(NDUP__FORM_REPORTS - 1, asked[i]), alone, alone);
        assert_double_in(ndup__form_numbers_least(NDUP__FORM_REPORTS, asked[i]), asked[i],
                         asked[i]);
        assert_double_in(ndup__form_numbers_least(NDUP__FREQUENCY_MOST, asked[i]), asked[i],
                         asked[i]);
    }
}

static void test_form__all_figures_are_all_figures(void **state)
{
    (void)state;
    for (uint32_t family = 0; family <= NDUP__FREQUENCY_MOST; family++) {
        assert_double_in(ndup__form_numbers_least(family, 1), 1, 1);
    }
}

TEST_MAIN(cmocka_unit_test(test_form__long_runs_tell_where_no_family_does),
          cmocka_unit_test(test_form__runs_are_not_asked_where_they_cannot_tell),
          cmocka_unit_test(test_form__runs_count_from_twelve_on),
          cmocka_unit_test(test_form__slots_are_a_form),
          cmocka_unit_test(test_form__an_edited_copy_is_none),
          cmocka_unit_test(test_form__a_copy_inside_a_form_is_none),
          cmocka_unit_test(test_form__a_form_within_a_form_is_not_rare),
          cmocka_unit_test(test_form__both_need_contents_of_their_own),
          cmocka_unit_test(test_form__what_an_edit_explains_is_not_own),
          cmocka_unit_test(test_form__sides_can_be_swapped),
          cmocka_unit_test(test_form__scattered_differences_need_to_be_unexplained),
          cmocka_unit_test(test_form__edits_have_a_limit),
          cmocka_unit_test(test_form__two_texts_are_no_family),
          cmocka_unit_test(test_form__family_is_the_median),
          cmocka_unit_test(test_form__of_nothing_is_none),
          cmocka_unit_test(test_form__counts_may_be_large),
          cmocka_unit_test(test_form__figures_of_form_reports_must_agree),
          cmocka_unit_test(test_form__all_figures_are_all_figures))
