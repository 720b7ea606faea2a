/* SPDX-License-Identifier: MIT */
/* Shared words of two texts, against looking for every run in turn. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/highlight.h"
#include "support/failing_allocator.h"
#include "support/random.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

/* The tokens of the text that are not shared, each in its own spelling, parted by spaces. */
static void write_differing(char *words, const ndup__marked_text *marked)
{
    words[0] = '\0';
    for (size_t i = 0; i < marked->tokens.count; i++) {
        if (!marked->shared[i]) {
            size_t start = marked->tokens.starts[i];
            strcat(words, words[0] != '\0' ? " " : "");
            strncat(words, marked->text.bytes + start, marked->tokens.ends[i] - start);
        }
    }
}

static void assert_differing(const char *a, const char *b, const char *only_a, const char *only_b)
{
    ndup__highlighter highlighter;
    ndup_error error;
    char words[500];
    ndup__highlighter_init(&highlighter, NULL);
    assert_ok(ndup__highlight(&highlighter, NDUP__TOKEN_WORDS, text_of(a), text_of(b), &error),
              &error);
    write_differing(words, &highlighter.a);
    assert_string_equal(words, only_a);
    write_differing(words, &highlighter.b);
    assert_string_equal(words, only_b);
    ndup__highlighter_deinit(&highlighter);
}

static void test_highlight__finds_what_was_changed(void **state)
{
    (void)state;
    assert_differing("the captain of the large ferry said on Monday that nobody was hurt",
                     "the captain of the large ferry said on Tuesday that nobody was hurt",
                     "Monday", "Tuesday");
    assert_differing("", "", "", "");
    assert_differing("", "one two", "", "one two");
    assert_differing("one two", "one two three four", "", "three four");
}

static void test_highlight__passages_that_moved_are_shared(void **state)
{
    (void)state;
    assert_differing("harbour closed until noon. ferries collided in thick fog",
                     "ferries collided in thick fog. harbour closed until noon", "", "");
}

static void test_highlight__single_words_that_meet_by_chance_are_not(void **state)
{
    (void)state;
    assert_differing(
        "seven ships left the harbour at dawn", "nobody knows why the keeper slept at noon",
        "seven ships left the harbour at dawn", "nobody knows why the keeper slept at noon");
}

static void test_highlight__of_the_same_words_the_spelling_counts(void **state)
{
    (void)state;
    assert_differing("Two ferries, in the FOG.", "Two ferries in the fog", "in FOG", "in fog");
    assert_differing("caf\xC3\xA9 au lait", "cafe  au\nlait", "caf\xC3\xA9", "cafe");
    assert_differing("one, two", "one - two", "two", "two");
}

/* Tokens of a run, by the rule of the header: three or more that span a dozen bytes. */
static size_t naive_run(const ndup__tokens *a, const ndup__tokens *b)
{
    const ndup__tokens *shorter = a->count < b->count ? a : b;
    double bytes = 0;
    for (size_t i = 0; i < shorter->count; i++) {
        bytes += shorter->ends[i] - shorter->starts[i];
    }
    size_t run = 3;
    while (run < 12 && (double)run * bytes / (double)shorter->count < 12) {
        run++;
    }
    return run < shorter->count ? run : shorter->count;
}

static bool stands_in(const ndup__tokens *of, size_t start, size_t run, const ndup__tokens *in)
{
    for (size_t k = 0; k + run <= in->count; k++) {
        if (memcmp(of->hashes + start, in->hashes + k, run * sizeof *in->hashes) == 0) {
            return true;
        }
    }
    return false;
}

static void assert_as_naive(const ndup__marked_text *marked, const ndup__tokens *other)
{
    size_t run = naive_run(&marked->tokens, other);
    for (size_t i = 0; i < marked->tokens.count; i++) {
        bool shared = false;
        for (size_t start = i + 1 > run ? i + 1 - run : 0;
             start <= i && start + run <= marked->tokens.count; start++) {
            shared |= stands_in(&marked->tokens, start, run, other);
        }
        assert_int_equal(marked->shared[i], shared);
    }
}

/* Words of few letters in random order, with passages of the one text copied into the other. */
static void write_random(test_random *random, char *text, size_t words, const char *from)
{
    static const char *const stock[] = {"a", "of", "ferry", "harbour", "\xE7\x81\xA3", "12"};
    text[0] = '\0';
    for (size_t i = 0; i < words; i++) {
        if (from != NULL && test_random_chance(random, 0.1)) {
            size_t start = (size_t)test_random_below(random, strlen(from) + 1);
            while (((unsigned char)from[start] & 0xC0) == 0x80) {
                start++;
            }
            strncat(text, from + start, 40);
        }
        strcat(text, stock[test_random_below(random, 6)]);
        strcat(text, test_random_chance(random, 0.2) ? ", " : " ");
    }
}

static void test_highlight__marks_what_a_naive_search_marks(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    ndup__highlighter highlighter;
    ndup__highlighter_init(&highlighter, NULL);
    for (int round = 0; round < 300; round++) {
        static char a[20000];
        static char b[20000];
        ndup_error error;
        write_random(&random, a, 1 + (size_t)test_random_below(&random, 60), NULL);
        write_random(&random, b, 1 + (size_t)test_random_below(&random, 60), a);
        ndup__token_mode mode = round % 3 == 0 ? NDUP__TOKEN_CHARACTERS : NDUP__TOKEN_WORDS;
        assert_ok(ndup__highlight(&highlighter, mode, text_of(a), text_of(b), &error), &error);
        const ndup__tokens *of_a = &highlighter.a.tokens;
        const ndup__tokens *of_b = &highlighter.b.tokens;
        if (of_a->count != of_b->count ||
            memcmp(of_a->hashes, of_b->hashes, of_a->count * sizeof *of_a->hashes) != 0) {
            assert_as_naive(&highlighter.a, of_b);
            assert_as_naive(&highlighter.b, of_a);
        }
    }
    ndup__highlighter_deinit(&highlighter);
}

static void test_highlight__failing_memory_leaves_nothing(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup__highlighter highlighter;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__highlighter_init(&highlighter, &memory.allocator);
        ndup_status status = ndup__highlight(&highlighter, NDUP__TOKEN_WORDS, text_of("one two"),
                                             text_of("one two three"), &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        ndup__highlighter_deinit(&highlighter);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            return;
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_highlight__finds_what_was_changed),
          cmocka_unit_test(test_highlight__passages_that_moved_are_shared),
          cmocka_unit_test(test_highlight__single_words_that_meet_by_chance_are_not),
          cmocka_unit_test(test_highlight__of_the_same_words_the_spelling_counts),
          cmocka_unit_test(test_highlight__marks_what_a_naive_search_marks),
          cmocka_unit_test(test_highlight__failing_memory_leaves_nothing))
