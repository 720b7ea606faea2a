/* SPDX-License-Identifier: MIT */
/* Numbers, JSON and CSV as the outputs write them. */
#include "support/test.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/record_scan.h"
#include "report/csv_out.h"
#include "report/line_out.h"
#include "text/spreadsheet.h"
#include "report/json_out.h"
#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/temp_dir.h"

typedef struct out_file {
    temp_dir folder;
    char path[300];
    ndup__writer *writer;
    ndup__out out;
} out_file;

static void out_file_open(out_file *file)
{
    ndup_error error;
    temp_dir_init(&file->folder);
    temp_dir_path(&file->folder, "out", file->path, sizeof file->path);
    assert_ok(ndup__writer_open(&file->writer, file->path, false, NULL, &error), &error);
    ndup__out_init(&file->out, file->writer, NULL);
}

/* Everything that was written; free() it. */
static char *out_file_close(out_file *file, size_t *length)
{
    ndup_error error;
    assert_ok(ndup__out_flush(&file->out, &error), &error);
    ndup__out_deinit(&file->out);
    assert_ok(ndup__writer_commit(file->writer, &error), &error);
    ndup__writer_close(file->writer);
    char *bytes = temp_dir_read(&file->folder, "out", length);
    temp_dir_deinit(&file->folder);
    return bytes;
}

static const char *fixed(double value)
{
    static char text[NDUP__NUMBER_BYTES + 1];
    text[ndup__format_fixed(text, value)] = '\0';
    return text;
}

static void test_format_fixed__has_six_decimals_and_no_zeros_behind(void **state)
{
    (void)state;
    assert_string_equal(fixed(0), "0");
    assert_string_equal(fixed(-0.0), "0");
    assert_string_equal(fixed(1), "1");
    assert_string_equal(fixed(0.5), "0.5");
    assert_string_equal(fixed(2.0 / 3), "0.666667");
    assert_string_equal(fixed(0.99999951), "1");
    assert_string_equal(fixed(1e-6), "0.000001");
    assert_string_equal(fixed(-12.25), "-12.25");
    assert_string_equal(fixed(-1e-9), "0");
    assert_string_equal(fixed(999999999999.0), "999999999999");
}

static void test_format_fixed__refuses_what_has_no_short_form(void **state)
{
    (void)state;
    assert_string_equal(fixed(NAN), "");
    assert_string_equal(fixed(INFINITY), "");
    assert_string_equal(fixed(-INFINITY), "");
    assert_string_equal(fixed(1e12), "");
    assert_string_equal(fixed(-1e300), "");
}

static void test_format_fixed__is_within_half_a_unit_of_the_value(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 7);
    for (int i = 0; i < 20000; i++) {
        double value = test_random_unit(&random) * (i % 2 == 0 ? 1.0 : 1000.0);
        assert_double_in(strtod(fixed(value), NULL) - value, -5.0001e-7, 5.0001e-7);
    }
}

static void test_format_fixed__does_not_follow_the_locale(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)setlocale(LC_ALL, names[i]);
        assert_string_equal(fixed(0.5), "0.5");
    }
    (void)setlocale(LC_ALL, "C");
}

static void test_format_count__writes_the_extremes(void **state)
{
    (void)state;
    char text[NDUP__NUMBER_BYTES];
    assert_u64_equal(ndup__format_count(text, 0), 1);
    assert_memory_equal(text, "0", 1);
    assert_u64_equal(ndup__format_count(text, UINT64_MAX), 20);
    assert_memory_equal(text, "18446744073709551615", 20);
    assert_u64_equal(ndup__format_hash(text, 0x0A), 16);
    assert_memory_equal(text, "000000000000000a", 16);
}

static void test_cut_at_character__keeps_characters_whole(void **state)
{
    (void)state;
    const char text[] = "ab\xC3\xA9\xF0\x9F\x98\x80z";
    const size_t expected[] = {0, 1, 2, 2, 4, 4, 4, 4, 8, 9, 9};
    for (size_t limit = 0; limit < sizeof expected / sizeof expected[0]; limit++) {
        ndup_text whole = {text, sizeof text - 1};
        assert_u64_equal(ndup__cut_at_character(whole, limit), expected[limit]);
    }
    ndup_text stray = {"\x80\x80\x80\x80\x80\x80\x80\x80", 8};
    assert_u64_equal(ndup__cut_at_character(stray, 6), 6);
    const ndup_text first = {"\xE7\x81\xA3x", 4};
    for (size_t limit = 0; limit < 3; limit++) {
        assert_u64_equal(ndup__cut_at_character(first, limit), 0);
    }
    assert_u64_equal(ndup__cut_at_character(first, 3), 3);
}

static void test_json__places_commas_and_keys(void **state)
{
    (void)state;
    out_file file;
    out_file_open(&file);
    ndup__out *out = &file.out;
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "a", 1);
    ndup__json_open(out, "b", '[');
    ndup__json_close(out, ']');
    ndup__json_open(out, "c", '[');
    ndup__json_word(out, NULL, "x");
    ndup__json_null(out, NULL);
    ndup__json_open(out, NULL, '{');
    ndup__json_close(out, '}');
    ndup__json_close(out, ']');
    ndup__json_bool(out, "d", true);
    ndup__json_bool(out, "e", false);
    ndup__json_fixed(out, "f", NAN);
    ndup__json_fixed(out, "g", 0.25);
    ndup__json_hash(out, "h", 255);
    ndup__json_word(out, "i", NULL);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
    ndup__json_string(out, NULL, (ndup_text){"q\"\\\n\x01\xFF", 6});
    ndup__json_end_line(out);
    char *bytes = out_file_close(&file, NULL);
    assert_string_equal(bytes, "{\"a\":1,\"b\":[],\"c\":[\"x\",null,{}],\"d\":true,\"e\":false,"
                               "\"f\":null,\"g\":0.25,\"h\":\"00000000000000ff\",\"i\":null}\n"
                               "\"q\\\"\\\\\\n\\u0001\xEF\xBF\xBD\"\n");
    free(bytes);
}

/* Long strings are escaped in pieces; the seams must not show. */
static void test_json_escaped__is_the_same_in_pieces_as_at_once(void **state)
{
    (void)state;
    static const char *const parts[] = {"a",    "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                        "\x80", "\xE2\x82", "\xF0\x9F",     "\xFF",
                                        "\n",   "\""};
    test_random random;
    test_random_init(&random, 3);
    for (int round = 0; round < 50; round++) {
        char text[4000];
        size_t length = 0;
        while (length < 3900) {
            const char *part = parts[test_random_below(&random, 10)];
            memcpy(text + length, part, strlen(part));
            length += strlen(part);
        }
        char expected[6 * sizeof text];
        size_t expected_length = ndup__json_escape(expected, text, length);
        out_file file;
        out_file_open(&file);
        ndup__json_escaped(&file.out, (ndup_text){text, length});
        size_t written;
        char *bytes = out_file_close(&file, &written);
        assert_u64_equal(written, expected_length);
        assert_memory_equal(bytes, expected, expected_length);
        free(bytes);
    }
}

static void test_csv__quotes_only_what_needs_it(void **state)
{
    (void)state;
    out_file file;
    out_file_open(&file);
    ndup__out *out = &file.out;
    ndup__csv_word(out, "plain text");
    ndup__csv_word(out, "a,b");
    ndup__csv_word(out, "say \"x\"");
    ndup__csv_word(out, "two\nlines");
    ndup__csv_word(out, "cr\r");
    ndup__csv_word(out, NULL);
    ndup__csv_word(out, "=1+2");
    ndup__csv_end_row(out);
    ndup__csv_empty(out);
    ndup__csv_count(out, 7);
    ndup__csv_fixed(out, 0.1);
    ndup__csv_fixed(out, NAN);
    ndup__csv_hash(out, 1);
    ndup__csv_text(out, (ndup_text){"z\0\xFF", 3});
    ndup__csv_end_row(out);
    char *bytes = out_file_close(&file, NULL);
    assert_string_equal(bytes,
                        "plain text,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"cr\r\",,'=1+2\n"
                        ",7,0.1,,0000000000000001,z\xEF\xBF\xBD\xEF\xBF\xBD\n");
    free(bytes);
}

/* A cell as it is written, without what parts it from others. */
static void assert_cell(const char *text, bool raw, const char *expected)
{
    out_file file;
    out_file_open(&file);
    file.out.csv_raw = raw;
    ndup__csv_word(&file.out, text);
    char *bytes = out_file_close(&file, NULL);
    assert_string_equal(bytes, expected);
    free(bytes);
}

static void test_csv__marks_what_a_spreadsheet_would_run(void **state)
{
    (void)state;
    static const char *const run[] = {
        "=1+2",
        "+1-800",
        "-2 degrees",
        "@sum(a1)",
        "\tx",
        "-",
        "+",
        "-1e",
        "-.",
        "-5-5",
        "+1.5.2",
        "'=1",
        "''@x",
        "-1 ",
        "\xEF\xBC\x9D"
        "1",
        "\xEF\xBC\xA0"
        "x",
        "-inf",
        "=",
    };
    static const char *const harmless[] = {"-5",  "+3.2", "-.5",   "-5.", "+1e9",        "-1.5E-7",
                                           "5",   "1=1",  "a-b",   "'",   "''",          "'x",
                                           " =1", "",     "x\t=1", "e5",  "\xEF\xBC\x90"};
    char marked[40];
    for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
        snprintf(marked, sizeof marked, "'%s", run[i]);
        assert_cell(run[i], false, marked);
        assert_cell(run[i], true, run[i]);
        assert_true(ndup__spreadsheet_runs((ndup_text){marked, strlen(marked)}));
    }
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        assert_cell(harmless[i], false, harmless[i]);
    }
    assert_cell("\r=1", false, "\"'\r=1\"");
    assert_cell("\n=1", false, "\"'\n=1\"");
}

static void test_csv__escapes_control_characters(void **state)
{
    (void)state;
    assert_cell("a\x1b[31m\x07\x7f\xC2\x85z", false, "a\\x1b[31m\\x07\\x7f\\u0085z");
    assert_cell("a\x1b[31m\x7f\xC2\x85z", true, "a\x1b[31m\x7f\xC2\x85z");
    assert_cell("tab\tand \xC2\xA0", false, "tab\tand \xC2\xA0");
}

static void test_csv__quotes_tabs_where_they_part_cells(void **state)
{
    (void)state;
    out_file file;
    out_file_open(&file);
    file.out.has_tabs = true;
    ndup__csv_word(&file.out, "a,b");
    ndup__csv_word(&file.out, "c\td");
    ndup__csv_end_row(&file.out);
    char *bytes = out_file_close(&file, NULL);
    assert_string_equal(bytes, "a,b\t\"c\td\"\n");
    free(bytes);
}

static void test_line__is_json_only_where_it_must_be(void **state)
{
    (void)state;
    out_file file;
    out_file_open(&file);
    static const char *const texts[] = {"a b", "a\nb", "\"q\"", "say \"x\"", "c\\d"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ndup__line_text(&file.out, (ndup_text){texts[i], strlen(texts[i])});
        ndup__out_text(&file.out, "\n");
    }
    char *bytes = out_file_close(&file, NULL);
    assert_string_equal(bytes, "a b\n\"a\\nb\"\n\"\\\"q\\\"\"\nsay \"x\"\nc\\d\n");
    free(bytes);
}

static void test_out__passes_on_pieces_longer_than_its_buffer(void **state)
{
    (void)state;
    enum { LONG = 3 * NDUP__OUT_BYTES };
    char *text = malloc(LONG);
    memset(text, 'x', LONG);
    out_file file;
    out_file_open(&file);
    ndup__out_text(&file.out, "<");
    ndup__out_bytes(&file.out, text, LONG);
    ndup__out_bytes(&file.out, text, NDUP__OUT_BYTES);
    ndup__out_text(&file.out, ">");
    size_t length;
    char *bytes = out_file_close(&file, &length);
    assert_u64_equal(length, LONG + NDUP__OUT_BYTES + 2);
    assert_true(bytes[0] == '<' && bytes[length - 1] == '>');
    assert_u64_equal(strspn(bytes + 1, "x"), LONG + NDUP__OUT_BYTES);
    free(bytes);
    free(text);
}

static void test_out__keeps_the_first_failure(void **state)
{
    (void)state;
    ndup_error error = {0};
    ndup__writer *writer;
    ndup__out out;
    assert_ok(ndup__writer_open(&writer, "/dev/full", false, NULL, &error), &error);
    ndup__out_init(&out, writer, NULL);
    char text[1000];
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 3000; i++) {
        ndup__out_bytes(&out, text, sizeof text);
    }
    assert_status(ndup__out_status(&out, &error), NDUP_STATUS_IO, &error);
    assert_status(ndup__out_flush(&out, &error), NDUP_STATUS_IO, &error);
    assert_non_null(strstr(error.message, "/dev/full"));
    ndup__out_deinit(&out);
    ndup__writer_close(writer);
}

static void test_out__gathers_in_memory_without_a_writer(void **state)
{
    (void)state;
    ndup__out out;
    ndup_error error;
    ndup__out_init(&out, NULL, NULL);
    for (unsigned i = 0; i < 50000; i++) {
        ndup__out_text(&out, "abc");
    }
    char *at = ndup__out_room(&out, NDUP__OUT_BYTES);
    assert_non_null(at);
    at[0] = '!';
    ndup__out_keep(&out, at + 1);
    assert_ok(ndup__out_status(&out, &error), &error);
    assert_u64_equal(out.held, 150001);
    assert_memory_equal(out.bytes + 149997, "abc!", 4);
    ndup__out_deinit(&out);
}

static void test_out__tells_when_memory_fails(void **state)
{
    (void)state;
    failing_allocator memory;
    ndup_error error = {0};
    ndup__out out;
    failing_allocator_init(&memory);
    failing_allocator_fail_at(&memory, 1);
    ndup__out_init(&out, NULL, &memory.allocator);
    ndup__json_word(&out, "key", "value");
    ndup__json_count(&out, "count", 1);
    assert_status(ndup__out_status(&out, &error), NDUP_STATUS_MEMORY, &error);
    ndup__out_deinit(&out);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
}

TEST_MAIN(cmocka_unit_test(test_format_fixed__has_six_decimals_and_no_zeros_behind),
          cmocka_unit_test(test_format_fixed__refuses_what_has_no_short_form),
          cmocka_unit_test(test_format_fixed__is_within_half_a_unit_of_the_value),
          cmocka_unit_test(test_format_fixed__does_not_follow_the_locale),
          cmocka_unit_test(test_format_count__writes_the_extremes),
          cmocka_unit_test(test_cut_at_character__keeps_characters_whole),
          cmocka_unit_test(test_json__places_commas_and_keys),
          cmocka_unit_test(test_json_escaped__is_the_same_in_pieces_as_at_once),
          cmocka_unit_test(test_csv__quotes_only_what_needs_it),
          cmocka_unit_test(test_csv__marks_what_a_spreadsheet_would_run),
          cmocka_unit_test(test_csv__escapes_control_characters),
          cmocka_unit_test(test_csv__quotes_tabs_where_they_part_cells),
          cmocka_unit_test(test_line__is_json_only_where_it_must_be),
          cmocka_unit_test(test_out__passes_on_pieces_longer_than_its_buffer),
          cmocka_unit_test(test_out__keeps_the_first_failure),
          cmocka_unit_test(test_out__gathers_in_memory_without_a_writer),
          cmocka_unit_test(test_out__tells_when_memory_fails))
