/* SPDX-License-Identifier: MIT */
/* Short texts: what is one sentence, and what is its opposite. */
#include <stdio.h>
#include <string.h>

#include "similarity/short_texts.h"
#include "text/token_bytes.h"

#include "support/test.h"

static bool agree(const char *a, const char *b, ndup__token_mode mode)
{
    ndup__tokens of_a = {.seed = 1};
    ndup__tokens of_b = {.seed = 1};
    ndup_error error;
    assert_ok(ndup__tokenize_bytes(&of_a, mode, a, strlen(a), &error), &error);
    assert_ok(ndup__tokenize_bytes(&of_b, mode, b, strlen(b), &error), &error);
    ndup__token_text text_a = {of_a.bytes, of_a.byte_count, of_a.count};
    ndup__token_text text_b = {of_b.bytes, of_b.byte_count, of_b.count};
    bool result = ndup__short_texts_agree(&text_a, &text_b, mode);
    assert_int_equal(ndup__short_texts_agree(&text_b, &text_a, mode), result);
    ndup__tokens_deinit(&of_a);
    ndup__tokens_deinit(&of_b);
    return result;
}

#define RULING "the court ruled that the levy on empty shops was lawful and must be paid by June"

static void assert_same(const char *a, const char *b)
{
    assert_true(agree(a, b, NDUP__TOKEN_WORDS));
}

static void assert_other(const char *a, const char *b)
{
    assert_false(agree(a, b, NDUP__TOKEN_WORDS));
}

static void test_short_texts__a_ruling_is_not_its_opposite(void **state)
{
    (void)state;
    assert_other(RULING,
                 "the court ruled that the levy on empty shops was not lawful and must be paid "
                 "by June");
    assert_other("the levy must be paid by the end of June", "the levy must be paid by the end of "
                                                             "July");
    assert_other("pay April 30, record April 15", "pay April 30, record April 21");
    assert_other("ten ships were waiting to load", "two ships were waiting to load");
}

static void test_short_texts__may_stand_in_longer_ones(void **state)
{
    (void)state;
    assert_same(RULING, RULING);
    assert_same(RULING, "Press release: " RULING ", our reporter writes.");
    assert_other("Today " RULING, RULING " and July");
    assert_same("", RULING);
    assert_same("June", RULING);
    assert_other("July", RULING);
}

static void test_short_texts__slips_are_no_other_words(void **state)
{
    (void)state;
    assert_same("the levy was lawful", "the levy was lawfull");
    assert_same("the levy was lawful", "the levy was alwful");
    assert_same("the levy was lawful", "the levi was lawful");
    assert_other("the levy was lawful", "the levy was awfu");
    assert_other("the levy was due", "the levy was cue");
    assert_other("in the year 1987", "in the year 1986");
    assert_same("\xC3\x9C"
                "ber gr\xC3\xB6\xC3\x9F"
                "ere \xD0\xB4\xD0\xBE\xD0\xBC\xD0\xB0",
                "uber grossere \xD0\xB4\xD0\xBE\xD0\xBA\xD0\xB0");
    assert_other("\xE6\x97\xA0\xE6\x95\x88", "\xE6\x9C\x89\xE6\x95\x88");
}

static void test_short_texts__long_texts_and_characters_are_left_alone(void **state)
{
    (void)state;
    static const char *const fifty = "a b c d e f g h i j k l m n o p q r s t u v w x y z "
                                     "a b c d e f g h i j k l m n o p q r s t u v w x y z";
    char other[200];
    snprintf(other, sizeof other, "%s", fifty);
    other[40] = '7';
    assert_same(fifty, other);
    other[2 * (NDUP_SHORT_TOKENS - 1) - 1] = '\0';
    assert_other(fifty, other);
    assert_true(agree("the levy was due", "the levy was cue", NDUP__TOKEN_CHARACTERS));
    assert_true(agree("i = 1; j = 2;", "i = 1; j = 3;", NDUP__TOKEN_CODE));
}

TEST_MAIN(cmocka_unit_test(test_short_texts__a_ruling_is_not_its_opposite),
          cmocka_unit_test(test_short_texts__may_stand_in_longer_ones),
          cmocka_unit_test(test_short_texts__slips_are_no_other_words),
          cmocka_unit_test(test_short_texts__long_texts_and_characters_are_left_alone))
