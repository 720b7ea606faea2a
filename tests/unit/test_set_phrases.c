/* SPDX-License-Identifier: MIT */
/* Which phrases are set, by the days on which they come; and the phrases of texts. */
#include "story/set_phrases.h"

#include <string.h>

#include "support/fault_loop.h"
#include "support/test.h"

enum { WINDOW = 7, OTHERS = 1000 };

static void begin(ndup__set_phrases *phrases, uint64_t tokens)
{
    ndup_error error;
    assert_ok(ndup__set_phrases_init(phrases, tokens, 100, WINDOW, NULL, &error), &error);
}

/* Whether a phrase that comes on these days is set. */
static bool is_set_after(const int64_t *days, size_t count)
{
    const uint64_t hash = 0xABCDEF0123456789u;
    ndup__set_phrases phrases;
    begin(&phrases, 0);
    for (size_t i = 0; i < count; i++) {
        ndup__set_phrases_add(&phrases, &hash, 1, days[i]);
    }
    bool is_set = ndup__set_phrases_has(&phrases, hash);
    assert_false(ndup__set_phrases_has(&phrases, hash ^ (uint64_t)1 << 63));
    ndup__set_phrases_deinit(&phrases);
    return is_set;
}

#define IS_SET_AFTER(...)                        \
    is_set_after((const int64_t[]){__VA_ARGS__}, \
                 sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void test_set_phrases__come_on_three_days_over_more_than_a_story(void **state)
{
    (void)state;
    assert_true(IS_SET_AFTER(100, 105, 108));
    assert_true(IS_SET_AFTER(200, 200, 203, 203, 300));
    assert_true(IS_SET_AFTER(100, 101, 102, 103, 104, 108));
    assert_false(IS_SET_AFTER(100, 105, 107));           /* all within a story */
    assert_false(IS_SET_AFTER(100, 100, 100, 200, 200)); /* two days */
    assert_false(IS_SET_AFTER(100));
}

static void test_set_phrases__stay_when_others_come(void **state)
{
    (void)state;
    const uint64_t set = 77;
    ndup__set_phrases phrases;
    begin(&phrases, 1);
    for (int64_t day = 100; day < 120; day += 5) {
        ndup__set_phrases_add(&phrases, &set, 1, day);
    }
    for (uint64_t i = 1; i <= OTHERS; i++) {
        uint64_t other = set | i << 40; /* the same cell */
        ndup__set_phrases_add(&phrases, &other, 1, 121);
    }
    assert_true(ndup__set_phrases_has(&phrases, set));
    ndup__set_phrases_deinit(&phrases);
}

static void list(ndup__phrase_list *phrases, const char *text, bool is_title, uint64_t source)
{
    ndup__tokens tokens = {.seed = 1, .wants_offsets = true};
    ndup_error error;
    assert_ok(ndup__tokenize(&tokens, NDUP__TOKEN_WORDS, text, strlen(text), &error), &error);
    phrases->count = 0;
    assert_ok(ndup__phrases_add(phrases, (ndup_text){text, strlen(text)}, &tokens, 3, is_title,
                                source, &error),
              &error);
    ndup__tokens_deinit(&tokens);
}

static void test_phrases__are_runs_of_five_words(void **state)
{
    (void)state;
    ndup__phrase_list a = {.allocator = NULL};
    ndup__phrase_list b = {.allocator = NULL};
    list(&a, "High of 21 degrees, rain by night", false, 5);
    list(&b, "high OF 7 degrees: rain by day", false, 5);
    assert_int_equal(a.count, 3);
    assert_int_equal(a.items[1].first, 4);
    assert_int_equal(a.items[1].tokens, NDUP__PHRASE_WORDS);
    assert_true(a.items[0].hash == b.items[0].hash); /* but for the figure */
    assert_true(a.items[1].hash == b.items[1].hash);
    assert_true(a.items[2].hash != b.items[2].hash);
    list(&b, "high OF 7 degrees: rain by day", false, 6);
    assert_true(a.items[0].hash != b.items[0].hash); /* another source */
    list(&a, "Rain by night", false, 5);
    assert_int_equal(a.count, 0);
    list(&a, "Rain by night", true, 5);
    assert_int_equal(a.count, 1);
    assert_int_equal(a.items[0].tokens, 3);
    ndup__phrases_deinit(&a);
    ndup__phrases_deinit(&b);
}

static void test_phrases__are_runs_of_ten_characters(void **state)
{
    (void)state;
    ndup__phrase_list found = {.allocator = NULL};
    list(&found, "\xE6\xB0\xB4\xE5\xBA\x93\xE5\xA4\xA7\xE8\xA3\x82\xE7\xBC\x9D\xE6\xB0\xB4", false,
         1);
    assert_int_equal(found.count, 0);
    list(&found,
         "\xE6\xB0\xB4\xE5\xBA\x93\xE5\xA4\xA7\xE8\xA3\x82\xE7\xBC\x9D\xE6\xB0\xB4\xE5\xBA\x93"
         "\xE5\xA4\xA7\xE8\xA3\x82\xE7\xBC\x9D",
         false, 1);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].tokens, NDUP__PHRASE_CHARACTERS);
    ndup__phrases_deinit(&found);
}

static ndup_status make(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup__set_phrases phrases;
    ndup_status status = ndup__set_phrases_init(&phrases, 9, 0, WINDOW, allocator, error);
    ndup__set_phrases_deinit(&phrases);
    return status;
}

static void test_set_phrases__leak_nothing_without_memory(void **state)
{
    (void)state;
    assert_true(fault_loop(make, NULL, 1) > 0);
}

TEST_MAIN(cmocka_unit_test(test_set_phrases__come_on_three_days_over_more_than_a_story),
          cmocka_unit_test(test_set_phrases__stay_when_others_come),
          cmocka_unit_test(test_phrases__are_runs_of_five_words),
          cmocka_unit_test(test_phrases__are_runs_of_ten_characters),
          cmocka_unit_test(test_set_phrases__leak_nothing_without_memory))
