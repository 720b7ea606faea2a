/* SPDX-License-Identifier: MIT */
/* Keep policies as sentences. */
#include "support/test.h"

#include <string.h>

#include "report/keep_words.h"

static void assert_words(const char *keep, const char *expected)
{
    char words[NDUP__KEEP_WORDS_BYTES];
    ndup__keep_words(words, keep);
    assert_string_equal(words, expected);
}

static void test_keep_words__name_every_policy(void **state)
{
    (void)state;
    assert_words("first", "the document that comes first in the input");
    assert_words("last", "the document that comes last in the input");
    assert_words("longest", "the longest text; among equals the one whose id comes first");
    assert_words("shortest,first",
                 "the shortest text; among equals the document that comes first in the input");
    assert_words("newest,last", "the document with the latest date; among equals the document that "
                                "comes last in the input");
    assert_words("oldest,first", "the document with the earliest date; among equals the document "
                                 "that comes first in the input");
    assert_words("prefer=ap*,first", "a document that matches ap*; among equals the document that "
                                     "comes first in the input");
    assert_words("field:meta.rank:asc,first",
                 "the document with the lowest meta.rank; among equals the "
                 "document that comes first in the input");
    assert_words("field:rank:desc,first",
                 "the document with the highest rank; among equals the document "
                 "that comes first in the input");
}

static void test_keep_words__leave_unknown_policies_as_they_are(void **state)
{
    (void)state;
    assert_words("firstborn,last",
                 "firstborn; among equals the document that comes last in the input");
    assert_words("prefer=,last", "prefer=; among equals the document that comes last in the input");
}

static void test_keep_words__of_any_length_fit(void **state)
{
    (void)state;
    char keep[6001];
    char words[NDUP__KEEP_WORDS_BYTES];
    for (size_t i = 0; i + 8 <= 6000; i += 8) {
        memcpy(keep + i, "longest,", 8);
    }
    keep[6000] = '\0';
    memset(words, 'x', sizeof words);
    ndup__keep_words(words, keep);
    assert_true(strlen(words) < NDUP__KEEP_WORDS_BYTES);
    assert_memory_equal(words, "the longest text; among equals the longest text", 47);
}

TEST_MAIN(cmocka_unit_test(test_keep_words__name_every_policy),
          cmocka_unit_test(test_keep_words__leave_unknown_policies_as_they_are),
          cmocka_unit_test(test_keep_words__of_any_length_fit))
