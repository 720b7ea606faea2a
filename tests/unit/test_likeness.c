/* SPDX-License-Identifier: MIT */
/* What counts as the same text with damage, and what does not. */
#include "story/likeness.h"

#include <string.h>

#include "support/fault_loop.h"
#include "support/test.h"

static ndup__shares compare(const char *of, const char *own)
{
    ndup__likeness likeness;
    ndup__shares shares;
    ndup_error error;
    ndup__likeness_init(&likeness, NULL);
    assert_ok(ndup__likeness_find(&shares, &likeness, (ndup_text){of, strlen(of)},
                                  (ndup_text){own, strlen(own)}, &error),
              &error);
    ndup__likeness_deinit(&likeness);
    return shares;
}

#define ORIGINAL "The engineers lowered the reservoir by two metres after a crack was found there"

static void test_likeness__misread_letters_are_no_other_words(void **state)
{
    (void)state;
    ndup__shares shares =
        compare(ORIGINAL,
                "Tne engineers iowered tbe reservoir by two rnetres after a cr ack was foundthere");
    assert_double_in(shares.share, 1, 1);
    assert_double_in(shares.of_share, 1, 1);
    assert_double_in(shares.damaged, 1, 1);
    assert_double_in(shares.other_words, 0.3, 0.7);
}

static void test_likeness__other_words_are_other_words(void **state)
{
    (void)state;
    ndup__shares shares = compare(
        ORIGINAL, "The engineers lowered the reservoir by two feet before somebody walked past it");
    assert_double_in(shares.share, 7 / 13.0 - 1e-9, 7 / 13.0 + 1e-9);
    assert_double_in(shares.damaged, 0, 0);
    shares = compare(ORIGINAL, "Nothing of this stands in the other one by a long way");
    assert_double_in(shares.share, 0, 0);
    shares = compare(ORIGINAL, "");
    assert_double_in(shares.share, 0, 0);
    assert_double_in(shares.of_share, 0, 0);
}

/* Bytes of one script are alike by themselves. */
static void test_likeness__letters_are_characters(void **state)
{
    (void)state;
    ndup__shares shares =
        compare("\xD0\xB4\xD0\xBE\xD0\xBC \xD1\x81\xD1\x82\xD0\xBE\xD0\xB8\xD1\x82 "
                "\xD1\x82\xD0\xB0\xD0\xBC "
                "\xD0\xB6\xD1\x83\xD0\xBA \xD1\x82\xD0\xB0\xD0\xBC",
                "\xD0\xB4\xD0\xBE\xD0\xBC \xD1\x81\xD1\x82\xD0\xBE\xD0\xB8\xD1\x82 "
                "\xD1\x82\xD0\xB0\xD0\xBC "
                "\xD0\xBB\xD0\xB5\xD0\xB2 \xD1\x82\xD0\xB0\xD0\xBC");
    assert_double_in(shares.damaged, 0, 0);
}

static void test_likeness__figures_are_counted_apart(void **state)
{
    (void)state;
    ndup__shares shares = compare(
        "Pigs fetched 211 pounds today at the hall, sheep 174 pounds and cattle 402 pounds",
        "Pigs fetched 209 pounds today at the hall, sheep 177 pounds and cattle 402 pounds");
    assert_double_in(shares.other_figures, 2 / 3.0 - 1e-9, 2 / 3.0 + 1e-9);
    assert_double_in(shares.other_words, 0, 0);
    assert_double_in(shares.words, 15, 15);
}

static ndup_status job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__likeness likeness;
    ndup__shares shares;
    ndup_text text = {context, strlen(context)};
    ndup__likeness_init(&likeness, allocator);
    ndup_status status = ndup__likeness_find(&shares, &likeness, text, text, error);
    ndup__likeness_deinit(&likeness);
    return status;
}

static void test_likeness__without_memory(void **state)
{
    (void)state;
    char text[] = ORIGINAL;
    fault_loop(job, text, 1);
}

TEST_MAIN(cmocka_unit_test(test_likeness__misread_letters_are_no_other_words),
          cmocka_unit_test(test_likeness__other_words_are_other_words),
          cmocka_unit_test(test_likeness__letters_are_characters),
          cmocka_unit_test(test_likeness__figures_are_counted_apart),
          cmocka_unit_test(test_likeness__without_memory))
