/* SPDX-License-Identifier: MIT */
/* Lists of strings as one text, the keys that messages name, and records written on one line. */
#include "corpus/json_list.h"

#include <string.h>

#include "corpus/json_compact.h"
#include "support/test.h"

static void assert_joined(const char *list, const char *expected)
{
    ndup__arena arena = {0};
    ndup_error error = {0};
    ndup__value value = {.kind = NDUP__VALUE_ARRAY, .raw = list, .length = strlen(list)};
    ndup_text text;
    uint64_t replaced = 0;
    assert_ok(ndup__json_list_join(&text, &replaced, &value, "text", &arena, &error), &error);
    assert_u64_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
    ndup__arena_deinit(&arena);
}

static void assert_not_joined(const char *list, const char *message)
{
    ndup__arena arena = {0};
    ndup_error error = {0};
    ndup__value value = {.kind = NDUP__VALUE_ARRAY, .raw = list, .length = strlen(list)};
    ndup_text text;
    uint64_t replaced = 0;
    assert_status(ndup__json_list_join(&text, &replaced, &value, "text", &arena, &error),
                  NDUP_STATUS_INVALID, &error);
    assert_string_equal(error.message, message);
    ndup__arena_deinit(&arena);
}

static void test_json_list__strings_are_joined_by_blank_lines(void **state)
{
    (void)state;
    assert_joined("[\"a\",\"b\"]", "a\n\nb");
    assert_joined("[ \"a\\n\" , \"\\u00e9]\" ,\"c\" ]", "a\n\n\n\xC3\xA9]\n\nc");
    assert_joined("[\"alone\"]", "alone");
}

static void test_json_list__what_is_null_or_empty_leaves_no_trace(void **state)
{
    (void)state;
    assert_joined("[]", "");
    assert_joined("[ ]", "");
    assert_joined("[null]", "");
    assert_joined("[\"\",null,\"a\",\"\",null,\"b\",null,\"\"]", "a\n\nb");
}

static void test_json_list__other_values_are_refused_by_name(void **state)
{
    (void)state;
    assert_not_joined("[\"a\",1]", "field 'text' is a list that holds a number, must hold strings");
    assert_not_joined("[[\"a\"]]", "field 'text' is a list that holds a list, must hold strings");
    assert_not_joined("[{\"a\":\"b\"}]",
                      "field 'text' is a list that holds an object, must hold strings");
    assert_not_joined("[true]",
                      "field 'text' is a list that holds a truth value, must hold strings");
    assert_not_joined("[-Infinity]",
                      "field 'text' is a list that holds NaN or infinite, must hold strings");
}

static void test_json_kind__is_told_by_the_first_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ndup__value_kind kind;
    } cases[] = {{"\"a\"", NDUP__VALUE_STRING},
                 {"{}", NDUP__VALUE_OBJECT},
                 {"[]", NDUP__VALUE_ARRAY},
                 {"null", NDUP__VALUE_NULL},
                 {"true", NDUP__VALUE_TRUE},
                 {"false", NDUP__VALUE_FALSE},
                 {"NaN", NDUP__VALUE_NOT_FINITE},
                 {"Infinity", NDUP__VALUE_NOT_FINITE},
                 {"-Infinity", NDUP__VALUE_NOT_FINITE},
                 {"-1", NDUP__VALUE_NUMBER},
                 {"0", NDUP__VALUE_NUMBER}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(ndup__json_kind(cases[i].text), cases[i].kind);
    }
}

static void test_json_list__lone_surrogates_are_counted(void **state)
{
    (void)state;
    static const char list[] = "[\"\\ud800\",\"\\udc00\"]";
    ndup__arena arena = {0};
    ndup_error error = {0};
    ndup__value value = {.kind = NDUP__VALUE_ARRAY, .raw = list, .length = sizeof list - 1};
    ndup_text text;
    uint64_t replaced = 0;
    assert_ok(ndup__json_list_join(&text, &replaced, &value, "text", &arena, &error), &error);
    assert_u64_equal(text.length, 8);
    assert_memory_equal(text.bytes, "\xEF\xBF\xBD\n\n\xEF\xBF\xBD", 8);
    assert_u64_equal(replaced, 2);
    ndup__arena_deinit(&arena);
}

static void assert_keys(const char *object, size_t capacity, const char *expected)
{
    char named[128];
    assert_true(capacity <= sizeof named);
    assert_string_equal(ndup__json_name_keys(named, capacity, object, strlen(object)), expected);
}

static void test_json_keys__those_of_the_object_alone_are_named(void **state)
{
    (void)state;
    assert_keys("{}", 80, "");
    assert_keys("{\"a\":1}", 80, "'a'");
    assert_keys(" { \"a\" : {\"x\":[{\"y\":\"z\"}]}, \"b\\\"\" : \"c\", \"d\":[\"e\",\"f\"] } ", 80,
                "'a', 'b\\\"', 'd'");
}

static void test_json_keys__what_has_no_room_is_counted(void **state)
{
    (void)state;
    static const char object[] =
        "{\"first\":1,\"second\":2,\"third\":3,\"fourth\":4,\"fifth\":5,\"sixth\":6}";
    assert_keys(object, 128, "'first', 'second', 'third', 'fourth', 'fifth', 'sixth'");
    assert_keys(object, 64, "'first', 'second', 'third', 'fourth' and 2 more");
    assert_keys("{\"a key that is much too long for a message\":1}", 80,
                "'a key that is much too l...'");
    /* Cut at a character. */
    assert_keys("{\"a key of some length \xC3\xA9\xC3\xA9\xC3\xA9\":1}", 80,
                "'a key of some length \xC3\xA9...'");
}

static void assert_compact(const char *record, const char *expected)
{
    ndup__arena arena = {0};
    ndup_error error = {0};
    ndup_text text = {record, strlen(record)};
    assert_ok(ndup__json_compact(&text, &arena, &error), &error);
    assert_u64_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
    ndup__arena_deinit(&arena);
}

static void test_json_compact__white_space_outside_of_strings_goes(void **state)
{
    (void)state;
    assert_compact("{\n  \"a b\" : \"c \\\" d\\n\",\r\n\t\"e\": [ 1 , {} ]\n}",
                   "{\"a b\":\"c \\\" d\\n\",\"e\":[1,{}]}");
    assert_compact("{\n}", "{}");
}

static void test_json_compact__what_is_on_one_line_stays(void **state)
{
    (void)state;
    static const char record[] = "{ \"a\" : 1 }";
    ndup__arena arena = {0};
    ndup_error error = {0};
    ndup_text text = {record, sizeof record - 1};
    assert_ok(ndup__json_compact(&text, &arena, &error), &error);
    assert_ptr_equal(text.bytes, record);
    ndup__arena_deinit(&arena);
}

TEST_MAIN(cmocka_unit_test(test_json_kind__is_told_by_the_first_bytes),
          cmocka_unit_test(test_json_list__strings_are_joined_by_blank_lines),
          cmocka_unit_test(test_json_list__what_is_null_or_empty_leaves_no_trace),
          cmocka_unit_test(test_json_list__other_values_are_refused_by_name),
          cmocka_unit_test(test_json_list__lone_surrogates_are_counted),
          cmocka_unit_test(test_json_keys__those_of_the_object_alone_are_named),
          cmocka_unit_test(test_json_keys__what_has_no_room_is_counted),
          cmocka_unit_test(test_json_compact__white_space_outside_of_strings_goes),
          cmocka_unit_test(test_json_compact__what_is_on_one_line_stays))
