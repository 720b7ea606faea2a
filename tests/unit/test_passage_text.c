/* SPDX-License-Identifier: MIT */
/* What tokens of each script count. */
#include "passage/passage_text.h"

#include <string.h>

#include "support/fault_loop.h"
#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

/* The weights of all tokens in digits, "442". */
static void assert_weights(const char *string, const char *expected)
{
    ndup__passage_text text = {0};
    ndup_error error;
    char found[64] = "";
    assert_ok(ndup__passage_text_read(&text, text_of(string), &error), &error);
    assert_true(text.is_readable);
    assert_true(text.tokens.count < sizeof found);
    for (size_t i = 0; i < text.tokens.count; i++) {
        found[i] = (char)('0' + ndup__weight_of(&text, i, i + 1));
    }
    assert_string_equal(found, expected);
    ndup__passage_text_deinit(&text);
}

static void test_passage_text__words_count_four(void **state)
{
    (void)state;
    assert_weights("", "");
    assert_weights("The ferry, 12:30.", "4444");
    assert_weights("\xC3\xA9t\xC3\xA9 \xD0\xBB\xD0\xB5\xD1\x82\xD0\xBE", "44");
    assert_weights("\xE1\xBA\xA3nh", "4");                                     /* Vietnamese */
    assert_weights("\xEC\x84\x9C\xEC\x9A\xB8 \xEC\x8B\x9C", "44");             /* Hangul */
    assert_weights("\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8", "4");               /* Devanagari */
    assert_weights("\xE1\x83\xA5\xE1\x83\x90\xE1\x83\xA0 \xE1\x83\x97", "44"); /* Georgian */
}

static void test_passage_text__ideographs_and_kana_count_half(void **state)
{
    (void)state;
    assert_weights("\xE6\xB8\xA1\xE8\xBD\xAE", "22");
    assert_weights("\xE3\x81\x8B\xE3\x83\x8A", "22");
    assert_weights("\xE6\xB8\xA1 ferry \xE8\xBD\xAE"
                   "2",
                   "2424");
    assert_weights("\xF0\xA0\x80\x80\xE3\x90\x80", "22"); /* beyond the first plane, extension A */
    assert_weights("\xEF\xBD\xB6", "2");                  /* a narrow kana is a kana */
}

static void test_passage_text__letters_without_spaces_count_a_quarter(void **state)
{
    (void)state;
    assert_weights("\xE0\xB8\x81\xE0\xB8\x82", "11");            /* Thai */
    assert_weights("\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB9\x88", "1"); /* with a vowel and a tone */
    assert_weights("\xE0\xBA\x81\xE0\xBA\x82", "11");            /* Lao */
    assert_weights("\xE1\x9E\x80\xE1\x9E\x81", "11");            /* Khmer */
    assert_weights("\xE1\x80\x80\xE1\x80\x81", "11");            /* Myanmar */
    assert_weights("\xE0\xBD\x80\xE0\xBD\x81", "11");            /* Tibetan */
    assert_weights("\xE0\xB8\x81"
                   "covid \xE6\xB8\xA1",
                   "142");
}

static void test_passage_text__weights_of_spans_add_up(void **state)
{
    (void)state;
    ndup__passage_text text = {0};
    ndup_error error;
    ndup_text mixed = text_of("one \xE6\xB8\xA1 two \xE0\xB8\x81\xE0\xB8\x82");
    assert_ok(ndup__passage_text_read(&text, mixed, &error), &error);
    assert_false(text.is_words);
    assert_int_equal(ndup__weight_of(&text, 0, 5), 12);
    assert_int_equal(ndup__weight_of(&text, 1, 4), 7);
    assert_int_equal(ndup__weight_of(&text, 2, 2), 0);
    assert_ok(ndup__passage_text_read(&text, text_of("only words here"), &error), &error);
    assert_true(text.is_words);
    assert_int_equal(ndup__weight_of(&text, 1, 3), 8);
    ndup__passage_text_deinit(&text);
}

/* Here and there is a matter of single tokens; throughout is no text. */
static void test_passage_text__damage(void **state)
{
    (void)state;
    ndup__passage_text text = {0};
    ndup_error error;
    static const char bytes[] = "\xFF\xFE\xFF\x80\xFF\xFE\xFF\x80\xFF\xFE\xFF\x80\xFF\xFE\xFF\x80";
    assert_ok(ndup__passage_text_read(&text, text_of(bytes), &error), &error);
    assert_false(text.is_readable);
    assert_int_equal(text.tokens.count, 0);
    static const char little[] = "the ferry left the harbour late that \xFF day, and the pilot had "
                                 "to wait for the fog and for the tide";
    assert_ok(ndup__passage_text_read(&text, text_of(little), &error), &error);
    assert_true(text.is_readable);
    assert_int_equal(text.tokens.count, 22);
    ndup__passage_text_deinit(&text);
}

static ndup_status read_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__passage_text text = {.tokens.allocator = allocator};
    ndup_status status = ndup__passage_text_read(&text, text_of(context), error);
    ndup__passage_text_deinit(&text);
    return status;
}

static void test_passage_text__without_memory(void **state)
{
    (void)state;
    fault_loop(read_job, "one two", 1);
    fault_loop(read_job, "one \xE6\xB8\xA1 two", 1);
}

TEST_MAIN(cmocka_unit_test(test_passage_text__words_count_four),
          cmocka_unit_test(test_passage_text__ideographs_and_kana_count_half),
          cmocka_unit_test(test_passage_text__letters_without_spaces_count_a_quarter),
          cmocka_unit_test(test_passage_text__weights_of_spans_add_up),
          cmocka_unit_test(test_passage_text__damage),
          cmocka_unit_test(test_passage_text__without_memory))
