/* SPDX-License-Identifier: MIT */
/* Terms of titles and texts, told by the words that they stand for. */
#include "story/story_terms.h"

#include <string.h>

#include "base/hash.h"
#include "support/fault_loop.h"
#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

/* Terms of a title and a text, by a source. */
static void find(ndup__term_finder *finder, const char *title, const char *text, const char *source)
{
    ndup_error error;
    ndup_document document = {.title = text_of(title), .text = text_of(text)};
    assert_ok(ndup__terms_find(finder, &document, text_of(source), &error), &error);
}

/* How much the term counts that a text of one to three tokens is; 0: it is none. */
static double count_of(const ndup__term_finder *finder, const char *text)
{
    ndup__tokens tokens = {.allocator = finder->allocator, .seed = finder->seed};
    ndup_error error;
    uint64_t hash = 0;
    double count = 0;
    assert_ok(ndup__tokenize(&tokens, NDUP__TOKEN_WORDS, text, strlen(text), &error), &error);
    for (size_t i = 0; i < tokens.count; i++) {
        hash = ndup__sequence_step(hash, tokens.hashes[i]);
    }
    for (size_t i = 0; i < finder->count; i++) {
        const ndup__term *term = &finder->terms[i];
        if (term->hash == ndup__mix64(hash)) {
            assert_int_equal(term->tokens, tokens.count);
            assert_int_equal(term->is_word, tokens.count == 1);
            count = (double)term->count;
        }
    }
    ndup__tokens_deinit(&tokens);
    return count;
}

#define ASSERT_COUNT(text, count) assert_double_in(count_of(&finder, text), count, count)

static void test_story_terms__words_of_the_title_count_three(void **state)
{
    (void)state;
    ndup__term_finder finder = {.seed = 1};
    find(&finder, "Dam cracks", "The dam CRACKS, the d\xC3\xA1m holds", "");
    ASSERT_COUNT("dam", 5);
    ASSERT_COUNT("the", 2);
    ASSERT_COUNT("holds", 1);
    ASSERT_COUNT("dam cracks", 2);
    ASSERT_COUNT("the dam", 1);
    ASSERT_COUNT("cracks the", .5); /* a comma parts no pair */
    ASSERT_COUNT("the dam cracks", 0);
    assert_int_equal(finder.terms[0].first, 0);
    ndup__term_finder_deinit(&finder);
}

static void test_story_terms__pairs_stand_within_a_clause(void **state)
{
    (void)state;
    static const char *const marks[] = {". ",  "! ", "?",  "\n", ": ",           "; ",
                                        " | ", "\"", " (", ") ", "\xE3\x80\x82", " \xE2\x80\x94 "};
    ndup__term_finder finder = {.seed = 1};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        char text[40] = "ferry";
        strcat(strcat(text, marks[i]), "harbour");
        find(&finder, "", text, "");
        ASSERT_COUNT("ferry harbour", 0);
        ASSERT_COUNT("ferry", 1);
    }
    find(&finder, "ferry", "harbour", ""); /* nor from title to text */
    ASSERT_COUNT("ferry harbour", 0);
    find(&finder, "", "ferry-harbour, dock", "");
    ASSERT_COUNT("ferry harbour", .5);
    ASSERT_COUNT("harbour dock", .5);
    ndup__term_finder_deinit(&finder);
}

static void test_story_terms__the_sources_name_is_no_part_of_the_title(void **state)
{
    (void)state;
    static const char *const named[] = {"Dam cracks - The Echo", "Dam cracks | the echo",
                                        "Dam cracks \xE2\x80\x93 The Echo", "The Echo: Dam cracks",
                                        "THE ECHO | Dam cracks"};
    static const char *const others[] = {"Dam cracks in The Echo", "The Echo sees dam", "The Echo",
                                         "Dam - The Echo - live"};
    ndup__term_finder finder = {.seed = 1};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        find(&finder, named[i], "", "The Echo");
        ASSERT_COUNT("echo", 0);
        ASSERT_COUNT("dam cracks", 1.5);
        find(&finder, named[i], "", "Gazette");
        ASSERT_COUNT("echo", 3);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        find(&finder, others[i], "", "The Echo");
        ASSERT_COUNT("echo", 3);
    }
    ndup__term_finder_deinit(&finder);
}

static void test_story_terms__of_characters_are_pairs_and_triples(void **state)
{
    (void)state;
    /* Han: "reservoir", a full stop, "crack"; Thai: a word of four letters. */
    ndup__term_finder finder = {.seed = 1};
    find(&finder, "", "\xE6\xB0\xB4\xE5\xBA\x93\xE5\xA4\xA7\xE3\x80\x82\xE8\xA3\x82\xE7\xBC\x9D",
         "");
    ASSERT_COUNT("\xE6\xB0\xB4", 0);
    ASSERT_COUNT("\xE6\xB0\xB4\xE5\xBA\x93", .5);
    ASSERT_COUNT("\xE6\xB0\xB4\xE5\xBA\x93\xE5\xA4\xA7", .5);
    ASSERT_COUNT("\xE5\xA4\xA7\xE8\xA3\x82", 0);
    assert_int_equal(finder.count, 4);
    find(&finder, "\xE0\xB8\x82\xE0\xB8\xAD\xE0\xB8\x99\xE0\xB8\x81", "", "");
    ASSERT_COUNT("\xE0\xB8\x82", 0);
    ASSERT_COUNT("\xE0\xB8\x82\xE0\xB8\xAD", 1.5);
    ASSERT_COUNT("\xE0\xB8\xAD\xE0\xB8\x99\xE0\xB8\x81", 1.5);
    assert_int_equal(finder.count, 5);
    ndup__term_finder_deinit(&finder);
}

static void test_story_terms__of_nothing_are_none(void **state)
{
    (void)state;
    ndup__term_finder finder = {.seed = 1};
    find(&finder, "", "", "");
    assert_int_equal(finder.count, 0);
    find(&finder, "...", " \n", "- -");
    assert_int_equal(finder.count, 0);
    ndup__term_finder_deinit(&finder);
}

static ndup_status find_once(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup__term_finder finder = {.allocator = allocator, .seed = 1};
    ndup_document document = {.title = text_of("Dam cracks"),
                              .text = text_of("It holds, they say")};
    ndup_status status = ndup__terms_find(&finder, &document, text_of("Echo"), error);
    ndup__term_finder_deinit(&finder);
    return status;
}

static void test_story_terms__leak_nothing_without_memory(void **state)
{
    (void)state;
    assert_true(fault_loop(find_once, NULL, 1) > 4);
}

TEST_MAIN(cmocka_unit_test(test_story_terms__words_of_the_title_count_three),
          cmocka_unit_test(test_story_terms__pairs_stand_within_a_clause),
          cmocka_unit_test(test_story_terms__the_sources_name_is_no_part_of_the_title),
          cmocka_unit_test(test_story_terms__of_characters_are_pairs_and_triples),
          cmocka_unit_test(test_story_terms__of_nothing_are_none),
          cmocka_unit_test(test_story_terms__leak_nothing_without_memory))
