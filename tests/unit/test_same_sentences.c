/* SPDX-License-Identifier: MIT */
/* Shared passages are what they are said to be, and the longest that begin at a sentence. */
#include "similarity/same_sentences.h"

#include <stdio.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/random.h"
#include "support/test.h"

enum { MOST = 4000, SENTENCES = 40 };

static ndup_text text_of(const char *text)
{
    return (ndup_text){text, strlen(text)};
}

/* The passages of b that stand in a, with bars between them. */
static void check(const char *a, const char *b, const char *wanted)
{
    ndup_error error;
    const ndup__passage *passages;
    size_t count;
    char found[MOST] = "";
    ndup__sentence_index index = {0};
    assert_ok(ndup__sentence_index_fill(&index, text_of(a), &error), &error);
    assert_ok(ndup__sentence_index_meet(&passages, &count, &index, text_of(b), &error), &error);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(a + passages[i].from, b + passages[i].offset, passages[i].bytes);
        size_t length = strlen(found);
        snprintf(found + length, sizeof found - length, "%s%.*s", i > 0 ? "|" : "",
                 (int)passages[i].bytes, b + passages[i].offset);
    }
    assert_string_equal(found, wanted);
    ndup__sentence_index_deinit(&index);
}

static void test_same_sentences__are_whole(void **state)
{
    (void)state;
    check("We are a firm. Joiner wanted. Write to us.", "We are a firm. Cook wanted. Write to us.",
          "We are a firm.|Write to us.");
    check("Nothing here.", "All is other.", "");
    check("", "All is other.", "");
    check("All is other.", "", "");
    check("Number one is red today.", "Number two is red today.", "");
}

static void test_same_sentences__go_on_over_equal_spaces_only(void **state)
{
    (void)state;
    check("First one.\nSecond one.", "First one.\nSecond one.", "First one.\nSecond one.");
    check("First one.\nSecond one.", "First one. Second one.", "First one.|Second one.");
}

static void test_same_sentences__take_the_longest_place(void **state)
{
    (void)state;
    check("Begin here. Other.\nBegin here. Third one. Last one.", "Begin here. Third one. Last.",
          "Begin here. Third one.");
}

/* A text of sentences drawn from a few, with spaces and lines between them. */
static void draw(char *text, test_random *random)
{
    size_t length = 0;
    size_t count = (size_t)test_random_below(random, SENTENCES);
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, MOST - length, "sentence%d.%s",
                                   (int)test_random_below(random, 12),
                                   test_random_chance(random, 0.2) ? "\n" : " ");
    }
    text[length] = '\0';
}

static size_t count_equal(const char *a, const char *b)
{
    size_t count = 0;
    while (a[count] != '\0' && a[count] == b[count]) {
        count++;
    }
    return count;
}

/* No place of a has more of what begins at the passage than one sentence's end behind it. */
static void check_longest(const char *a, const char *b, const ndup__passage *passage)
{
    for (const char *at = strstr(a, "sentence"); at != NULL; at = strstr(at + 1, "sentence")) {
        size_t equal = count_equal(at, b + passage->offset);
        const char *next = strstr(b + passage->offset + passage->bytes, ".");
        size_t longer = next != NULL ? (size_t)(next + 1 - (b + passage->offset)) : (size_t)MOST;
        assert_true(equal < longer);
    }
}

static void check_pair(ndup__sentence_index *index, const char *a, const char *b)
{
    ndup_error error;
    const ndup__passage *passages;
    size_t count;
    size_t end = 0;
    assert_ok(ndup__sentence_index_fill(index, text_of(a), &error), &error);
    assert_ok(ndup__sentence_index_meet(&passages, &count, index, text_of(b), &error), &error);
    for (size_t i = 0; i < count; i++) {
        assert_true(passages[i].offset >= end);
        end = passages[i].offset + passages[i].bytes;
        assert_true(end <= strlen(b) && passages[i].from + passages[i].bytes <= strlen(a));
        assert_memory_equal(a + passages[i].from, b + passages[i].offset, passages[i].bytes);
        check_longest(a, b, &passages[i]);
    }
}

static void test_same_sentences__of_random_texts(void **state)
{
    (void)state;
    char a[MOST];
    char b[MOST];
    test_random random;
    test_random_init(&random, 12);
    ndup__sentence_index index = {0};
    for (int i = 0; i < 500; i++) {
        draw(a, &random);
        draw(b, &random);
        check_pair(&index, a, b);
    }
    ndup__sentence_index_deinit(&index);
}

static ndup_status meet(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    const ndup__passage *passages;
    size_t count;
    ndup__sentence_index index = {.allocator = allocator};
    ndup_text text = text_of("We are a firm. Joiner wanted. Write to us.");
    ndup_status status = ndup__sentence_index_fill(&index, text, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__sentence_index_meet(&passages, &count, &index, text, error);
    }
    ndup__sentence_index_deinit(&index);
    return status;
}

static void test_same_sentences__without_memory(void **state)
{
    (void)state;
    assert_true(fault_loop(meet, NULL, 1) > 3);
}

TEST_MAIN(cmocka_unit_test(test_same_sentences__are_whole),
          cmocka_unit_test(test_same_sentences__go_on_over_equal_spaces_only),
          cmocka_unit_test(test_same_sentences__take_the_longest_place),
          cmocka_unit_test(test_same_sentences__of_random_texts),
          cmocka_unit_test(test_same_sentences__without_memory))
