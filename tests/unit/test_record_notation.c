/* SPDX-License-Identifier: MIT */
/* What programs write that is not JSON, and objects that others follow. */
#include <stdlib.h>
#include <string.h>

#include "corpus/record_scan.h"
#include "support/guard_buffer.h"
#include "support/test.h"

static ndup_status scan(ndup__value *field, const char *line, ndup_error *error)
{
    static const char *const path = "a";
    ndup__record_scanner *scanner;
    guard_buffer buffer;
    assert_ok(ndup__record_scanner_new(&scanner, &path, 1, NULL, error), error);
    guard_buffer_init(&buffer, strlen(line));
    const char *bytes = guard_buffer_put(&buffer, line, strlen(line));
    ndup_status status = ndup__record_scan(field, scanner, bytes, strlen(line), error);
    if (status == NDUP_STATUS_OK && field->kind != NDUP__VALUE_ABSENT) {
        field->raw = line + (field->raw - bytes);
    }
    guard_buffer_deinit(&buffer);
    ndup__record_scanner_free(scanner);
    return status;
}

static void assert_not_finite(const char *line, const char *raw)
{
    ndup__value field;
    ndup_error error = {0};
    assert_ok(scan(&field, line, &error), &error);
    assert_int_equal(field.kind, NDUP__VALUE_NOT_FINITE);
    assert_u64_equal(field.length, strlen(raw));
    assert_memory_equal(field.raw, raw, field.length);
}

static void assert_refused(const char *line, uint64_t byte, const char *message)
{
    ndup__value field;
    ndup_error error = {0};
    assert_status(scan(&field, line, &error), NDUP_STATUS_CORRUPT, &error);
    assert_u64_equal(error.byte, byte);
    assert_string_equal(error.message, message);
}

static void test_record__numbers_that_are_not_finite_are_passed(void **state)
{
    (void)state;
    ndup__value field;
    ndup_error error = {0};
    assert_not_finite("{\"a\":NaN}", "NaN");
    assert_not_finite("{\"a\": Infinity }", "Infinity");
    assert_not_finite("{\"a\":-Infinity,\"b\":1}", "-Infinity");
    assert_ok(scan(&field, "{\"b\":[NaN,{\"c\":-Infinity}],\"a\":1}", &error), &error);
    assert_int_equal(field.kind, NDUP__VALUE_NUMBER);
}

static void test_record__other_such_words_are_not(void **state)
{
    (void)state;
    assert_refused("{\"a\":nan}", 5, "expected a value, found 'n'");
    assert_refused("{\"a\":NaNs}", 8, "expected ',' or '}' after a value, found 's'");
    assert_refused("{\"a\":Inf}", 5, "expected a value, found 'I'");
    assert_refused("{\"a\":-Inf}", 5, "expected a value, found '-'");
    assert_refused("{\"a\":-", 6, "expected a digit, found the line's end");
    assert_refused("{\"a\":-I", 5, "expected a value, found '-'");
}

static void test_record__notation_of_python_is_named(void **state)
{
    (void)state;
    static const char quotes[] =
        "single quotes, as Python prints records; json.dumps writes them as JSON";
    static const char words[] =
        "None, True or False, as Python prints records; json.dumps writes them as JSON";
    assert_refused("{'a': 'b'}", 1, quotes);
    assert_refused("{\"a\": 'b'}", 6, quotes);
    assert_refused("{\"a\": None}", 6, words);
    assert_refused("{\"a\": [True]}", 7, words);
    assert_refused("{\"a\": False}", 6, words);
}

static void test_record_pass__stops_behind_the_object(void **state)
{
    (void)state;
    static const char *const objects[] = {"{}", "{\"a\":{\"b\":[1,\"}\"]}}", " \n{ }"};
    static const char *const followers[] = {"", ",", "{}", "x", "\n]"};
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        for (size_t j = 0; j < sizeof followers / sizeof followers[0]; j++) {
            char text[64] = "";
            size_t passed;
            ndup_error error = {0};
            strcat(strcat(text, objects[i]), followers[j]);
            assert_ok(ndup__record_pass(&passed, text, strlen(text), &error), &error);
            assert_u64_equal(passed, strlen(objects[i]));
        }
    }
}

static void test_record_pass__refuses_what_a_scan_refuses(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "x", "[{}]", "{\"a\":1", "{\"a\":x}"};
    static const uint64_t places[] = {0, 0, 0, 6, 5};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t passed;
        ndup_error error = {0};
        assert_status(ndup__record_pass(&passed, texts[i], strlen(texts[i]), &error),
                      NDUP_STATUS_CORRUPT, &error);
        assert_u64_equal(error.byte, places[i]);
        assert_u64_equal(passed, 0);
    }
}

static void test_record__a_string_of_64_mib_is_read(void **state)
{
    (void)state;
    enum { LENGTH = 64 << 20 };
    static const char head[] = "{\"a\":\"";
    static const char *const path = "a";
    size_t length = sizeof head - 1 + LENGTH + 2;
    char *line = malloc(length);
    ndup__record_scanner *scanner;
    ndup__value field;
    ndup_error error = {0};
    assert_non_null(line);
    memset(line, 'w', length);
    memcpy(line, head, sizeof head - 1);
    memcpy(line + length - 2, "\"}", 2);
    assert_ok(ndup__record_scanner_new(&scanner, &path, 1, NULL, &error), &error);
    assert_ok(ndup__record_scan(&field, scanner, line, length, &error), &error);
    assert_u64_equal(field.length, LENGTH);
    ndup__record_scanner_free(scanner);
    free(line);
}

TEST_MAIN(cmocka_unit_test(test_record__numbers_that_are_not_finite_are_passed),
          cmocka_unit_test(test_record__other_such_words_are_not),
          cmocka_unit_test(test_record__notation_of_python_is_named),
          cmocka_unit_test(test_record_pass__stops_behind_the_object),
          cmocka_unit_test(test_record_pass__refuses_what_a_scan_refuses),
          cmocka_unit_test(test_record__a_string_of_64_mib_is_read))
