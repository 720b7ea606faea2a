/* SPDX-License-Identifier: MIT */
/* Where rows and fields of delimited text end, and what fields say. */
#include "corpus/csv.h"

#include <stdlib.h>
#include <string.h>

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

static const ndup__csv_dialect commas = {.delimiter = ',', .line_end = '\n', .columns = 2};
static const ndup__csv_dialect tabs = {.delimiter = '\t', .line_end = '\n', .columns = 2};
static const ndup__csv_dialect returns = {.delimiter = ',', .line_end = '\r', .columns = 2};
static const ndup__csv_dialect padded = {.delimiter = ',', .line_end = '\n', .pads = true};
static const ndup__csv_dialect escaped = {.delimiter = ',', .line_end = '\n', .backslash = true};

/* The text in front of a page that cannot be read. */
static const char *guarded(guard_buffer *buffer, const char *text)
{
    guard_buffer_init(buffer, strlen(text));
    return guard_buffer_put(buffer, text, strlen(text));
}

/* Asserts that the row's fields are `expected`, each as in JSON, joined by '|', and that a copy of
 * each says the same. */
static void assert_fields(const char *row, const ndup__csv_dialect *dialect, const char *expected)
{
    guard_buffer buffer;
    const char *at = guarded(&buffer, row);
    const char *end = at + strlen(row);
    ndup__json_line line = {.allocator = NULL};
    ndup__json_line copies = {.allocator = NULL};
    ndup_error error = {0};
    while (at <= end) {
        char copy[256];
        ndup__csv_field field = ndup__csv_field_at(at, end, dialect);
        assert_ok(ndup__csv_field_escape(&line, &field, dialect, &error), &error);
        size_t length = ndup__csv_field_copy(copy, &field, dialect);
        assert_in_range(length, 0, (size_t)(field.end - field.begin));
        assert_ok(ndup__json_line_escape(&copies, copy, length, &error), &error);
        at = field.end + 1;
        assert_ok(ndup__json_line_add(&line, "|", at <= end, &error), &error);
        assert_ok(ndup__json_line_add(&copies, "|", at <= end, &error), &error);
    }
    assert_ok(ndup__json_line_add(&line, "", 1, &error), &error);
    assert_ok(ndup__json_line_add(&copies, "", 1, &error), &error);
    assert_string_equal(line.bytes, expected);
    assert_string_equal(copies.bytes, expected);
    ndup__json_line_deinit(&line);
    ndup__json_line_deinit(&copies);
    guard_buffer_deinit(&buffer);
}

/* Asserts how long the first row is when nothing follows the text, and when more may follow; 0 = it
 * is not whole. */
static void assert_row(const char *text, const ndup__csv_dialect *dialect, size_t ended,
                       size_t going_on)
{
    guard_buffer buffer;
    const char *at = guarded(&buffer, text);
    const char *end = at + strlen(text);
    const char *last = ndup__csv_row_end(at, end, true, dialect);
    const char *next = ndup__csv_row_end(at, end, false, dialect);
    assert_non_null(last);
    assert_u64_equal((size_t)(last - at), ended);
    assert_u64_equal(next != NULL ? (size_t)(next - at) : 0, going_on);
    guard_buffer_deinit(&buffer);
}

static void test_csv__fields_end_at_delimiters(void **state)
{
    (void)state;
    const ndup__csv_dialect semicolons = {.delimiter = ';', .line_end = '\n'};
    assert_fields("a,b,c", &commas, "a|b|c");
    assert_fields("a,b,c", &semicolons, "a,b,c");
    assert_fields("a\tb", &tabs, "a|b");
    assert_fields(",,", &commas, "||");
    assert_fields("a, b ,", &commas, "a| b |");
}

static void test_csv__quotes_keep_delimiters_and_line_ends(void **state)
{
    (void)state;
    assert_fields("\"a,b\",c", &commas, "a,b|c");
    assert_fields("\"a\nb\r\nc\",d", &commas, "a\\nb\\r\\nc|d");
    assert_fields("\"\",x", &commas, "|x");
    assert_fields("\"a\tb\"\t\"c\nd\"", &tabs, "a\\tb|c\\nd");
}

static void test_csv__doubled_quotes_are_quotes(void **state)
{
    (void)state;
    assert_fields("\"a\"\"b\"", &commas, "a\\\"b");
    assert_fields("\"\"\"\"", &commas, "\\\"");
    assert_fields("\"\"\"a\"\"\",\"\"", &commas, "\\\"a\\\"|");
}

static void test_csv__quotes_inside_plain_fields_are_text(void **state)
{
    (void)state;
    assert_fields("a\"b,c\"\"d", &commas, "a\\\"b|c\\\"\\\"d");
    assert_fields("\"a\"b\"c,d", &commas, "ab\\\"c|d");
}

static void test_csv__between_tabs_fields_are_quoted_as_a_whole_or_not_at_all(void **state)
{
    (void)state;
    assert_fields("\"Fog\" is a word\tx", &tabs, "\\\"Fog\\\" is a word|x");
    assert_fields("\"What a night\tx", &tabs, "\\\"What a night|x");
    assert_fields("\"a\"\"b\"\t\"", &tabs, "a\\\"b|\\\"");
}

static void test_csv__an_open_quote_is_a_letter_and_shows(void **state)
{
    (void)state;
    assert_fields("\"a,b", &commas, "\\\"a|b");
    assert_fields("a,\"", &commas, "a|\\\"");
    const char row[] = "\"a\"\"";
    ndup__csv_field field = ndup__csv_field_at(row, row + strlen(row), &commas);
    assert_true(field.is_open);
    assert_false(field.is_quoted);
}

static void test_csv__backslashes_escape_where_they_do(void **state)
{
    (void)state;
    assert_fields("\"he said \\\"a, b\\\"\",c", &escaped, "he said \\\"a, b\\\"|c");
    assert_fields("\"a\\\\\",\\\"b", &escaped, "a\\\\|\\\\\\\"b");
    assert_fields("\"a\"\"b\\n\"", &escaped, "a\\\"b\\\\n");
    assert_fields("\"a\\\"", &commas, "a\\\\");
    assert_row("\"a\\\"\nb\"\nc", &escaped, 8, 8);
}

static void test_csv__blanks_in_front_of_fields_go_where_they_are_usual(void **state)
{
    (void)state;
    assert_fields("1, \"a, b\",  c", &padded, "1|a, b|c");
    assert_fields("1, \"a, b\"", &commas, "1| \\\"a| b\\\"");
    assert_row("1, \"a\nb\"\nc", &padded, 9, 9);
}

static void test_csv__rows_end_outside_of_quotes(void **state)
{
    (void)state;
    assert_row("a,b\nc", &commas, 4, 4);
    assert_row("a,b\r\nc", &commas, 5, 5);
    assert_row("\n", &commas, 1, 1);
    assert_row("a,\"b\nc\"\nd", &commas, 8, 8);
    assert_row("\"a\"\"\n\"\"\",b\"\r\nd", &commas, 13, 13);
    assert_row("a\"b\nc\"", &commas, 4, 4);
    assert_row("a,\"b\nc\"\r\r\nd", &commas, 10, 10);
    assert_row("a,\"b\nc\"\rd", &returns, 8, 8);
    assert_row("a,\"b\rc\"\rd", &returns, 8, 8);
}

static void test_csv__rows_that_may_go_on_are_not_whole(void **state)
{
    (void)state;
    assert_row("", &commas, 0, 0);
    assert_row("a,b", &commas, 3, 0);
    assert_row("a\r", &commas, 2, 0);
    assert_row("a,\"b\n", &commas, 5, 0);
    assert_row("\"a\"\"\n", &commas, 5, 0);
    assert_row("\"a\nb\"", &commas, 5, 0);
    assert_row("\"a\nb\"\r", &commas, 6, 0);
    assert_row("\"a\nb\",c", &commas, 7, 0);
}

static void test_csv__a_quote_that_nothing_closes_ends_no_row_but_its_own(void **state)
{
    (void)state;
    assert_row("a,\"b\nc,d\n", &commas, 5, 0);
    /* What would close it opens or stands in another field. */
    assert_row("a,\"b\nc,\"d\"\n", &commas, 5, 5);
    assert_row("a,\"b\nc,d \"e\" f\n", &commas, 5, 5);
    assert_row("\"Fog\" is\tx\ny", &tabs, 11, 11);
    assert_row("a\t\"b\nc\t\"Fog\" is\n", &tabs, 5, 5);
}

/* A row whose text, "w w\n" and so on, has `lines` line ends in quotes. */
static char *long_row(size_t lines, const char *line)
{
    size_t length = strlen(line);
    char *text = malloc(lines * length + 16);
    assert_non_null(text);
    memcpy(text, "a,\"", 3);
    for (size_t i = 0; i < lines; i++) {
        memcpy(text + 3 + i * length, line, length);
    }
    memcpy(text + 3 + lines * length, "\",z\nb", 6);
    return text;
}

static void test_csv__fields_of_too_many_lines_are_not_quoted(void **state)
{
    (void)state;
    static const struct {
        size_t lines;
        bool is_one;
    } cases[] = {
        {1, true}, {5000, true}, {NDUP__CSV_LINES_MOST, true}, {NDUP__CSV_LINES_MOST + 1, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = long_row(cases[i].lines, "w w\n");
        size_t first = cases[i].is_one ? strlen(text) - 1 : strlen("a,\"w w\n");
        assert_row(text, &commas, first, first);
        free(text);
    }
}

static void test_csv__fields_of_too_many_bytes_are_not_quoted(void **state)
{
    (void)state;
    char line[4096];
    memset(line, 'w', sizeof line - 1);
    line[sizeof line - 2] = '\n';
    line[sizeof line - 1] = '\0';
    char *text = long_row(NDUP__CSV_BYTES_MOST / (sizeof line - 1), line);
    size_t length = strlen(text);
    assert_row(text, &commas, length - 1, length - 1);
    free(text);
    text = long_row(NDUP__CSV_BYTES_MOST / (sizeof line - 1) + 1, line);
    assert_row(text, &commas, 3 + strlen(line), 3 + strlen(line));
    free(text);
}

static void test_csv__rows_between_two_stray_quotes_are_rows(void **state)
{
    (void)state;
    assert_row("1\t\"one\n2\ttwo\n3\tthree\"\n", &tabs, 7, 7);
    assert_row("1\t\"one\n2\ttwo\"\n", &tabs, 7, 7);
    assert_row("1\t\"one\ntwo\nthree\"\n", &tabs, 18, 18);
    assert_row("1\t\"one\n2\t\"\"two\"\n", &tabs, 16, 16);
    char rows[256] = "1,\"one\n";
    while (strlen(rows) < 4 * 18) {
        strcat(rows, "2,x\n");
    }
    strcat(rows, "9,end\"\nb");
    size_t length = strlen(rows);
    assert_row(rows, &commas, length - 1, length - 1); /* 19 lines: a list in quotes */
    memmove(rows + 11, rows + 7, length - 6);
    memcpy(rows + 7, "2,x\n", 4);
    assert_row(rows, &commas, 7, 7);
}

/* The rows of any text, and those of each row alone, are the same; and no row is whole before it
 * is.
 */
static void test_csv__rows_alone_are_what_they_are_in_their_file(void **state)
{
    (void)state;
    static const char alphabet[] = "\"\"\"\n\n,,\t\\ \rab";
    const ndup__csv_dialect *const dialects[] = {&commas, &tabs, &returns, &padded, &escaped};
    test_random random;
    test_random_init(&random, 11);
    for (size_t round = 0; round < 20000; round++) {
        char text[40];
        size_t length = test_random_below(&random, sizeof text);
        for (size_t i = 0; i < length; i++) {
            text[i] = alphabet[test_random_below(&random, sizeof alphabet - 1)];
        }
        const ndup__csv_dialect *dialect = dialects[round % 5];
        const char *end = text + length;
        for (const char *at = text; at < end;) {
            const char *next = ndup__csv_row_end(at, end, true, dialect);
            assert_true(next > at && next <= end);
            const char *stop = ndup__csv_content_end(at, next, dialect);
            if (stop > at) {
                assert_ptr_equal(ndup__csv_row_end(at, stop, true, dialect), stop);
            }
            for (const char *cut = at; cut <= end; cut++) {
                const char *found = ndup__csv_row_end(at, cut, false, dialect);
                assert_true(found == NULL || found == next);
            }
            at = next;
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_csv__fields_end_at_delimiters),
          cmocka_unit_test(test_csv__quotes_keep_delimiters_and_line_ends),
          cmocka_unit_test(test_csv__doubled_quotes_are_quotes),
          cmocka_unit_test(test_csv__quotes_inside_plain_fields_are_text),
          cmocka_unit_test(test_csv__between_tabs_fields_are_quoted_as_a_whole_or_not_at_all),
          cmocka_unit_test(test_csv__an_open_quote_is_a_letter_and_shows),
          cmocka_unit_test(test_csv__backslashes_escape_where_they_do),
          cmocka_unit_test(test_csv__blanks_in_front_of_fields_go_where_they_are_usual),
          cmocka_unit_test(test_csv__rows_end_outside_of_quotes),
          cmocka_unit_test(test_csv__rows_that_may_go_on_are_not_whole),
          cmocka_unit_test(test_csv__a_quote_that_nothing_closes_ends_no_row_but_its_own),
          cmocka_unit_test(test_csv__fields_of_too_many_lines_are_not_quoted),
          cmocka_unit_test(test_csv__fields_of_too_many_bytes_are_not_quoted),
          cmocka_unit_test(test_csv__rows_between_two_stray_quotes_are_rows),
          cmocka_unit_test(test_csv__rows_alone_are_what_they_are_in_their_file))
