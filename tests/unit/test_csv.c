/* SPDX-License-Identifier: MIT */
/* Where rows and fields of delimited text end, and what fields say. */
#include "corpus/csv.h"

#include <string.h>

#include "support/guard_buffer.h"
#include "support/test.h"

enum { MOST_FIELDS = 8, LINE_BYTES = 256 };

/* The text in front of a page that cannot be read. */
static const char *guarded(guard_buffer *buffer, const char *text)
{
    guard_buffer_init(buffer, strlen(text));
    return guard_buffer_put(buffer, text, strlen(text));
}

/* Asserts that the row's fields are `expected`, each as in JSON, joined by '|'. */
static void assert_fields(const char *row, char delimiter, const char *expected)
{
    guard_buffer buffer;
    const char *at = guarded(&buffer, row);
    const char *end = at + strlen(row);
    ndup__json_line line = {.allocator = NULL};
    ndup_error error = {0};
    for (bool more = true; more;) {
        bool is_open;
        const char *stop = ndup__csv_field_end(&is_open, at, end, delimiter);
        assert_false(is_open);
        assert_ok(ndup__csv_field_escape(&line, at, (size_t)(stop - at), &error), &error);
        more = stop < end && *stop == delimiter;
        assert_ok(ndup__json_line_add(&line, "|", more, &error), &error);
        at = stop + more;
    }
    assert_ok(ndup__json_line_add(&line, "", 1, &error), &error);
    assert_string_equal(line.bytes, expected);
    ndup__json_line_deinit(&line);
    guard_buffer_deinit(&buffer);
}

static void assert_row_length(const char *text, size_t expected)
{
    guard_buffer buffer;
    const char *at = guarded(&buffer, text);
    const char *row_end = ndup__csv_row_end(at, at + strlen(text), ',');
    assert_non_null(row_end);
    assert_u64_equal((size_t)(row_end - at), expected);
    guard_buffer_deinit(&buffer);
}

static void assert_no_row(const char *text)
{
    guard_buffer buffer;
    const char *at = guarded(&buffer, text);
    assert_null(ndup__csv_row_end(at, at + strlen(text), ','));
    guard_buffer_deinit(&buffer);
}

static void test_csv__fields_end_at_delimiters(void **state)
{
    (void)state;
    assert_fields("a,b,c", ',', "a|b|c");
    assert_fields("a,b,c", ';', "a,b,c");
    assert_fields("a\tb", '\t', "a|b");
    assert_fields(",,", ',', "||");
    assert_fields("a, b ,", ',', "a| b |");
}

static void test_csv__quotes_keep_delimiters_and_line_ends(void **state)
{
    (void)state;
    assert_fields("\"a,b\",c", ',', "a,b|c");
    assert_fields("\"a\nb\r\nc\",d", ',', "a\\nb\\r\\nc|d");
    assert_fields("\"\",x", ',', "|x");
}

static void test_csv__doubled_quotes_are_quotes(void **state)
{
    (void)state;
    assert_fields("\"a\"\"b\"", ',', "a\\\"b");
    assert_fields("\"\"\"\"", ',', "\\\"");
    assert_fields("\"\"\"a\"\"\",\"\"", ',', "\\\"a\\\"|");
}

static void test_csv__quotes_inside_plain_fields_are_text(void **state)
{
    (void)state;
    assert_fields("a\"b,c\"\"d", ',', "a\\\"b|c\\\"\\\"d");
    assert_fields("\"a\"b\"c,d", ',', "ab\\\"c|d");
}

static void test_csv__fields_end_at_line_ends(void **state)
{
    (void)state;
    assert_fields("a\nb", ',', "a");
    assert_fields("\"a\"\r\nb", ',', "a");
    assert_fields("a\rb\r\n", ',', "a\\rb");
}

static void test_csv__an_open_quote_shows(void **state)
{
    (void)state;
    static const char *const texts[] = {"\"", "\"a", "\"a\"\"", "\"a,b\nc"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        guard_buffer buffer;
        const char *at = guarded(&buffer, texts[i]);
        const char *end = at + strlen(texts[i]);
        bool is_open;
        assert_ptr_equal(ndup__csv_field_end(&is_open, at, end, ','), end);
        assert_true(is_open);
        guard_buffer_deinit(&buffer);
    }
}

static void test_csv__rows_end_outside_of_quotes(void **state)
{
    (void)state;
    assert_row_length("a,b\nc", 4);
    assert_row_length("a,b\r\nc", 5);
    assert_row_length("\n", 1);
    assert_row_length("a,\"b\nc\"\nd", 8);
    assert_row_length("\"a\"\"\n\"\"\",b\"\r\nd", 13);
    assert_row_length("a\"b\nc\"", 4);
}

static void test_csv__rows_without_a_line_end_are_not_whole(void **state)
{
    (void)state;
    assert_no_row("");
    assert_no_row("a,b");
    assert_no_row("a,\"b\n");
    assert_no_row("\"a\"\"\n");
    assert_no_row("a\r");
}

TEST_MAIN(cmocka_unit_test(test_csv__fields_end_at_delimiters),
          cmocka_unit_test(test_csv__quotes_keep_delimiters_and_line_ends),
          cmocka_unit_test(test_csv__doubled_quotes_are_quotes),
          cmocka_unit_test(test_csv__quotes_inside_plain_fields_are_text),
          cmocka_unit_test(test_csv__fields_end_at_line_ends),
          cmocka_unit_test(test_csv__an_open_quote_shows),
          cmocka_unit_test(test_csv__rows_end_outside_of_quotes),
          cmocka_unit_test(test_csv__rows_without_a_line_end_are_not_whole))
