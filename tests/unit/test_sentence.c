/* SPDX-License-Identifier: MIT */
/* Sentences: where they begin and end. */
#include "text/sentence.h"

#include <stdio.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/test.h"

/* The sentences of `text` are those that `wanted` has, with bars between them. */
static void check(const char *text, const char *wanted)
{
    ndup_error error;
    char found[2000] = "";
    ndup__sentences sentences = {0};
    assert_ok(ndup__sentences_split(&sentences, text, strlen(text), &error), &error);
    for (size_t i = 0; i < sentences.count; i++) {
        ndup__sentence sentence = sentences.items[i];
        assert_true(sentence.length > 0);
        size_t length = strlen(found);
        snprintf(found + length, sizeof found - length, "%s%.*s", i > 0 ? "|" : "",
                 (int)sentence.length, text + sentence.offset);
    }
    assert_string_equal(found, wanted);
    ndup__sentences_deinit(&sentences);
}

static void test_sentence__ends_at_marks_and_lines(void **state)
{
    (void)state;
    check("", "");
    check(" \n\n", "");
    check("One more. And two?  Yes!", "One more.|And two?|Yes!");
    check("Head line\nOne more.\n", "Head line|One more.");
    check("He said \"Stop.\" Then he left.", "He said \"Stop.\"|Then he left.");
    check("Really?! Yes\xE2\x80\xA6 No", "Really?!|Yes\xE2\x80\xA6|No");
}

static void test_sentence__short_words_and_points_inside_end_none(void **state)
{
    (void)state;
    check("See Dr. Smith and J. Doe. Then go.", "See Dr. Smith and J. Doe.|Then go.");
    check("1. Take this. 2. Leave it.", "1. Take this.|2. Leave it.");
    check("It costs 12.50 at example.org today.", "It costs 12.50 at example.org today.");
}

static void test_sentence__of_scripts_without_spaces(void **state)
{
    (void)state;
    check("\xE5\xA5\xBD\xE3\x80\x82\xE5\xA5\xBD\xEF\xBC\x81\xE3\x80\x8D\xE5\xA5\xBD",
          "\xE5\xA5\xBD\xE3\x80\x82|\xE5\xA5\xBD\xEF\xBC\x81\xE3\x80\x8D|\xE5\xA5\xBD");
}

static void test_sentence__damaged_bytes_are_parts_of_sentences(void **state)
{
    (void)state;
    check("One \xFF\xE2\x80 more. Two \xC3", "One \xFF\xE2\x80 more.|Two \xC3");
}

static void test_sentence__goes_on_over_the_ends_of_wrapped_lines(void **state)
{
    (void)state;
    const char *wrapped = "The barge was towed to the timber quay. An hour\n"
                          "later, when the tide had begun to turn and the\n"
                          "pilots were on board of her, it was let go.\n\n"
                          "A crew of divers went down to see how far all\n"
                          "the cracks reached into the stones of the pier\n"
                          "and its footing.\n";
    ndup_error error;
    ndup__sentences sentences = {0};
    assert_ok(ndup__sentences_split(&sentences, wrapped, strlen(wrapped), &error), &error);
    assert_u64_equal(sentences.count, 3);
    assert_memory_equal(wrapped + sentences.items[1].offset, "An hour\nlater", 13);
    ndup__sentences_deinit(&sentences);
}

static ndup_status split(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const char *text = context;
    ndup__sentences sentences = {.allocator = allocator};
    ndup_status status = ndup__sentences_split(&sentences, text, strlen(text), error);
    ndup__sentences_deinit(&sentences);
    return status;
}

static void test_sentence__without_memory(void **state)
{
    (void)state;
    char text[] = "One more. And two.\nThree.";
    assert_true(fault_loop(split, text, 1) > 1);
}

TEST_MAIN(cmocka_unit_test(test_sentence__ends_at_marks_and_lines),
          cmocka_unit_test(test_sentence__short_words_and_points_inside_end_none),
          cmocka_unit_test(test_sentence__of_scripts_without_spaces),
          cmocka_unit_test(test_sentence__damaged_bytes_are_parts_of_sentences),
          cmocka_unit_test(test_sentence__goes_on_over_the_ends_of_wrapped_lines),
          cmocka_unit_test(test_sentence__without_memory))
