/* SPDX-License-Identifier: MIT */
/* Texts made of terms by hand, grouped to stories. */
#include "story/stories.h"

#include <math.h>
#include <stdlib.h>

#include "support/fault_loop.h"
#include "support/test.h"

enum { TERMS = 16, MANY = 5000 };
#define DAY ((int64_t)24 * 3600 * 1000)
#define BAR 0.15

/* A text of TERMS terms of one weight from `from` on, which are all its rarest. */
static ndup_status make_text(ndup__story_text *text, ndup__rarest_terms *rarest, uint32_t from,
                             const ndup_allocator *allocator, ndup_error *error)
{
    *text = (ndup__story_text){.form = NDUP__NO_FORM};
    ndup__term_chooser chooser = {.allocator = allocator};
    ndup__term_counts counts;
    ndup__term terms[TERMS];
    for (uint32_t i = 0; i < TERMS; i++) {
        terms[i] = (ndup__term){.hash = (uint64_t)(from + i) << 33, .count = 1, .is_word = true};
    }
    ndup_status status = ndup__term_counts_init(&counts, 1, allocator, error);
    if (status == NDUP_STATUS_OK) {
        counts.texts = 100;
        ndup__term_counts_add(&counts, terms, TERMS);
        ndup__term_counts_add(&counts, terms, TERMS);
        status =
            ndup__term_vector_make(&text->vector, rarest, &chooser, &counts, terms, TERMS, error);
    }
    ndup__term_counts_deinit(&counts);
    ndup__term_chooser_deinit(&chooser);
    return status;
}

static uint32_t add(ndup__stories *stories, uint32_t from, const int64_t *day, uint32_t form)
{
    ndup__story_text text;
    ndup__rarest_terms rarest;
    ndup_error error;
    assert_ok(make_text(&text, &rarest, from, NULL, &error), &error);
    text.is_dated = day != NULL;
    text.milliseconds = day != NULL ? *day * DAY : 0;
    text.form = form;
    assert_ok(ndup__stories_add(stories, &text, &rarest, &error), &error);
    return (uint32_t)stories->count - 1;
}

static uint32_t add_on(ndup__stories *stories, uint32_t from, int64_t day)
{
    return add(stories, from, &day, NDUP__NO_FORM);
}

static void begin(ndup__stories *stories, int64_t window)
{
    ndup_error error;
    assert_ok(ndup__stories_init(stories, BAR, window, NULL, NULL, &error), &error);
}

static bool are_one(const ndup__stories *stories, uint32_t a, uint32_t b)
{
    return stories->group_of[a] == stories->group_of[b];
}

static void test_stories__join_what_is_alike(void **state)
{
    (void)state;
    ndup__stories stories;
    begin(&stories, 0);
    uint32_t a = add_on(&stories, 0, 0);
    uint32_t other = add_on(&stories, 1000, 0);
    uint32_t b = add_on(&stories, 4, 900); /* 12 terms of 16 are a's */
    uint32_t none = add_on(&stories, 2000, 900);
    assert_true(are_one(&stories, a, b));
    assert_false(are_one(&stories, a, other));
    assert_false(are_one(&stories, other, none));
    /* Twelve of 1/16 each: 12/16 - 2.5 / 16. */
    assert_double_in(ndup__stories_score(&stories, a, b), .5937, .5938);
    assert_double_in(ndup__stories_score(&stories, b, a), .5937, .5938);
    assert_double_in(ndup__stories_score(&stories, a, a), 0, 0);
    ndup__stories_deinit(&stories);
}

static void test_stories__lie_within_the_window(void **state)
{
    (void)state;
    ndup__stories stories;
    begin(&stories, 7 * DAY);
    uint32_t first = add_on(&stories, 0, 0);
    uint32_t in_time = add_on(&stories, 0, 7);
    uint32_t late = add_on(&stories, 0, 20);
    assert_true(are_one(&stories, first, in_time));
    assert_false(are_one(&stories, first, late));
    assert_double_in(ndup__stories_score(&stories, first, late), 0, 0);
    uint32_t undated = add(&stories, 0, NULL, NDUP__NO_FORM);
    assert_true(ndup__stories_score(&stories, undated, late) > BAR);
    assert_true(are_one(&stories, undated, first) || are_one(&stories, undated, late));
    ndup__stories_deinit(&stories);
}

static void test_stories__tell_texts_of_one_form_apart(void **state)
{
    (void)state;
    ndup__stories stories;
    int64_t day = 3;
    begin(&stories, 0);
    uint32_t a = add(&stories, 0, &day, 8);
    uint32_t b = add(&stories, 0, &day, 8);
    assert_false(are_one(&stories, a, b));
    assert_double_in(ndup__stories_score(&stories, a, b), 0, 0);
    uint32_t c = add(&stories, 0, &day, 9);
    assert_true(are_one(&stories, a, c) || are_one(&stories, b, c));
    ndup__stories_deinit(&stories);
}

/* Each is like its neighbour, the first and the last have nothing in common. */
static void test_stories__do_not_chain(void **state)
{
    (void)state;
    ndup__stories stories;
    begin(&stories, 0);
    for (uint32_t i = 0; i < 40; i++) {
        add_on(&stories, 8 * i, 0);
    }
    for (uint32_t i = 0; i + 8 < 40; i++) {
        assert_false(are_one(&stories, i, i + 8));
    }
    ndup__stories_deinit(&stories);
}

static void test_stories__a_large_one_costs_no_more_a_text(void **state)
{
    (void)state;
    ndup__stories stories;
    begin(&stories, 0);
    uint64_t scored = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        if (i == MANY / 2) {
            scored = stories.scored;
        }
        add_on(&stories, 0, i / 100);
    }
    for (uint32_t i = 1; i < MANY; i++) {
        assert_true(are_one(&stories, 0, i));
    }
    assert_true(stories.scored <= scored * 11 / 5);
    assert_true(stories.scored <= (uint64_t)MANY * 400);
    ndup__stories_deinit(&stories);
}

/* What a window is past is forgotten, unless undated texts may still ask for it: dated ones are
 * grouped all the same. */
static void test_stories__are_the_same_when_old_texts_are_forgotten(void **state)
{
    (void)state;
    ndup__stories all;
    ndup__stories lean;
    begin(&all, 7 * DAY);
    begin(&lean, 7 * DAY);
    all.has_undated = true;
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t from = 10 * ((i * 2654435761U >> 8) % 60);
        add_on(&all, from, i / 20);
        add_on(&lean, from, i / 20);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(all.group_of[i], lean.group_of[i]);
    }
    assert_int_equal(all.oldest, lean.oldest);
    assert_true(lean.index.posting_capacity < all.index.posting_capacity / 8);
    ndup__stories_deinit(&all);
    ndup__stories_deinit(&lean);
}

static ndup_status group_some(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup__stories stories;
    ndup_status status = ndup__stories_init(&stories, BAR, 0, NULL, allocator, error);
    for (uint32_t i = 0; i < 80 && status == NDUP_STATUS_OK; i++) {
        ndup__story_text text;
        ndup__rarest_terms rarest;
        status = make_text(&text, &rarest, i < 50 ? 0 : 4 * i, allocator, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__stories_add(&stories, &text, &rarest, error);
        }
        ndup__term_vector_free(&text.vector, allocator);
    }
    ndup__stories_deinit(&stories);
    return status;
}

static void test_stories__leak_nothing_without_memory(void **state)
{
    (void)state;
    assert_true(fault_loop(group_some, NULL, 50) > 100);
}

TEST_MAIN(cmocka_unit_test(test_stories__join_what_is_alike),
          cmocka_unit_test(test_stories__lie_within_the_window),
          cmocka_unit_test(test_stories__tell_texts_of_one_form_apart),
          cmocka_unit_test(test_stories__do_not_chain),
          cmocka_unit_test(test_stories__a_large_one_costs_no_more_a_text),
          cmocka_unit_test(test_stories__are_the_same_when_old_texts_are_forgotten),
          cmocka_unit_test(test_stories__leak_nothing_without_memory))
