/* SPDX-License-Identifier: MIT */
/* Tokens are located where tokenising the whole text puts them. */
#include "text/locate.h"

#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { LENGTH = 6000 };

static const char *const words[] = {
    "the",
    "internationalisation",
    "1234",
    "na\xC3\xAFve",
    "\xE4\xB8\xAD\xE6\x96\x87",
    "don't",
    "\xE0\xB8\xAA\xE0\xB8\xA7\xE0\xB8\xB1",
    "\xED\x95\x9C",
    "\xC3",
    "\xC2\xBD",
    "e\xCC\xA7\xCC\x81",
    "x",
};

/* Random words; the gap is a space with the given probability, else an ideographic space. */
static size_t write_text(char *text, test_random *random, size_t length, double spaces)
{
    size_t used = 0;
    while (used + 24 < length) {
        const char *word = words[test_random_below(random, sizeof words / sizeof *words)];
        const char *gap = test_random_chance(random, spaces) ? " " : "\xE3\x80\x80";
        memcpy(text + used, word, strlen(word));
        used += strlen(word);
        memcpy(text + used, gap, strlen(gap));
        used += strlen(gap);
    }
    return used;
}

static void check_places(ndup__tokens *tokens, test_random *random, ndup__token_mode mode,
                         const char *text, size_t length)
{
    ndup_error error;
    ndup__tokens whole = {.wants_offsets = true};
    assert_ok(ndup__tokenize(&whole, mode, text, length, &error), &error);
    for (int i = 0; i < 20 && whole.count > 0; i++) {
        uint32_t start;
        uint32_t end;
        size_t first = (size_t)test_random_below(random, whole.count);
        size_t last = first + (size_t)test_random_below(random, whole.count - first);
        assert_ok(
            ndup__tokens_locate(&start, &end, tokens, mode, text, length, first, last, &error),
            &error);
        assert_u64_equal(start, whole.starts[first]);
        assert_u64_equal(end, whole.ends[last]);
    }
    ndup__tokens_deinit(&whole);
}

static void check_mode(ndup__token_mode mode, uint64_t seed)
{
    test_random random;
    ndup__tokens tokens = {.wants_numbers = true};
    test_random_init(&random, seed);
    for (int round = 0; round < 60; round++) {
        char text[LENGTH];
        size_t most = (size_t)test_random_below(&random, LENGTH + 1);
        size_t length = write_text(text, &random, most, round % 3 / 2.0);
        check_places(&tokens, &random, mode, text, length);
        assert_true(tokens.wants_numbers && !tokens.wants_offsets);
    }
    ndup__tokens_deinit(&tokens);
}

static void test_locate__words_are_where_the_whole_text_has_them(void **state)
{
    (void)state;
    check_mode(NDUP__TOKEN_WORDS, 1);
}

static void test_locate__characters_are_where_the_whole_text_has_them(void **state)
{
    (void)state;
    check_mode(NDUP__TOKEN_CHARACTERS, 2);
}

static void test_locate__exact_tokens_are_where_the_whole_text_has_them(void **state)
{
    (void)state;
    check_mode(NDUP__TOKEN_EXACT, 3);
}

static void test_locate__what_counts_is_where_the_whole_text_has_it(void **state)
{
    (void)state;
    check_mode(NDUP__TOKEN_CODE, 4);
    check_mode(NDUP__TOKEN_POSTS, 5);
}

static void test_locate__memory_may_fail(void **state)
{
    (void)state;
    static const char text[] = "one two three";
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        uint32_t start;
        uint32_t end;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__tokens tokens = {.allocator = &memory.allocator};
        ndup_status status = ndup__tokens_locate(&start, &end, &tokens, NDUP__TOKEN_WORDS, text,
                                                 sizeof text - 1, 1, 2, &error);
        ndup__tokens_deinit(&tokens);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_u64_equal(start, 4);
            assert_u64_equal(end, 13);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_locate__words_are_where_the_whole_text_has_them),
          cmocka_unit_test(test_locate__characters_are_where_the_whole_text_has_them),
          cmocka_unit_test(test_locate__exact_tokens_are_where_the_whole_text_has_them),
          cmocka_unit_test(test_locate__what_counts_is_where_the_whole_text_has_it),
          cmocka_unit_test(test_locate__memory_may_fail))
