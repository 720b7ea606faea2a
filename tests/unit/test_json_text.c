/* SPDX-License-Identifier: MIT */
/* Decoding and writing the insides of JSON strings. */
#include <stdlib.h>
#include <string.h>

#include "corpus/json_text.h"
#include "corpus/record_scan.h"
#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

enum { MAX_BYTES = 256 };

/* A string value as a scan would give it. */
static ndup__value string_value(const char *raw, size_t length)
{
    return (ndup__value){.kind = NDUP__VALUE_STRING,
                         .escaped = memchr(raw, '\\', length) != NULL,
                         .raw = raw,
                         .length = length};
}

/* The inside `raw` of a string decodes to `expected`, and that many escapes are replaced. */
static void assert_decodes(const char *raw, const char *expected, size_t length, uint64_t replaced)
{
    guard_buffer guard;
    guard_buffer_init(&guard, MAX_BYTES + NDUP__DECODE_SLACK);
    ndup__value value = string_value(raw, strlen(raw));
    char *out = guard_buffer_end(&guard, value.length + NDUP__DECODE_SLACK);
    uint64_t counted = 0;
    assert_u64_equal(ndup__value_decode(out, &value, &counted), length);
    assert_memory_equal(out, expected, length);
    assert_u64_equal(counted, replaced);
    guard_buffer_deinit(&guard);
}

static void assert_escapes(const char *text, size_t length, const char *expected)
{
    guard_buffer guard;
    guard_buffer_init(&guard, 6 * MAX_BYTES);
    char *out = guard_buffer_end(&guard, 6 * length);
    assert_u64_equal(ndup__json_escape(out, text, length), strlen(expected));
    assert_memory_equal(out, expected, strlen(expected));
    guard_buffer_deinit(&guard);
}

static void test_value_decode__copies_text_without_escapes(void **state)
{
    (void)state;
    assert_decodes("plain", "plain", 5, 0);
    assert_decodes("", "", 0, 0);
}

static void test_value_decode__knows_every_short_escape(void **state)
{
    (void)state;
    assert_decodes("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t", 8, 0);
}

static void test_value_decode__joins_runs_and_escapes(void **state)
{
    (void)state;
    assert_decodes("one\\ntwo\\n\\nthree", "one\ntwo\n\nthree", 14, 0);
}

static void test_value_decode__writes_each_length_of_utf8(void **state)
{
    (void)state;
    assert_decodes("\\u0041\\u00e9\\u4E2d\\uD83D\\uDE00", "A\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80",
                   10, 0);
    assert_decodes("\\u0000", "\0", 1, 0);
    assert_decodes("\\uDBFF\\uDFFF", "\xF4\x8F\xBF\xBF", 4, 0);
}

static void test_value_decode__replaces_lone_surrogates(void **state)
{
    (void)state;
    assert_decodes("\\uD800", "\xEF\xBF\xBD", 3, 1);
    assert_decodes("\\uDC00x", "\xEF\xBF\xBDx", 4, 1);
    assert_decodes("\\uD800\\uD800", "\xEF\xBF\xBD\xEF\xBF\xBD", 6, 2);
    assert_decodes("\\uD800\\u0041",
                   "\xEF\xBF\xBD"
                   "A",
                   4, 1);
    assert_decodes("\\uDC00\\uD83D\\uDE00", "\xEF\xBF\xBD\xF0\x9F\x98\x80", 7, 1);
    assert_decodes("\\uD83D\\n", "\xEF\xBF\xBD\n", 4, 1);
}

static void test_value_decode__leaves_damaged_bytes_as_they_are(void **state)
{
    (void)state;
    assert_decodes("\xC3\\n\xFF", "\xC3\n\xFF", 3, 0);
}

static void test_json_escape__escapes_only_what_must_be(void **state)
{
    (void)state;
    assert_escapes("a\"b\\c/d", 7, "a\\\"b\\\\c/d");
    assert_escapes("\b\f\n\r\t", 5, "\\b\\f\\n\\r\\t");
    assert_escapes("\0\x01\x0B\x1F\x7F", 5, "\\u0000\\u0001\\u000b\\u001f\x7F");
}

static void test_json_escape__writes_valid_utf8_as_it_is(void **state)
{
    (void)state;
    const char *text = "e\xC3\xA9\xE4\xB8\xAD\xE0\xA0\x80\xED\x9F\xBF\xF0\x9F\x98\x80 end\xC3\xA9";
    assert_escapes(text, strlen(text), text);
}

static void test_json_escape__replaces_damaged_utf8(void **state)
{
    (void)state;
    assert_escapes("\xC3", 1, "\xEF\xBF\xBD");
    assert_escapes("\xE4\xB8", 2, "\xEF\xBF\xBD");
    assert_escapes("\xED\xA0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_escapes("\xC0\xAFx", 3, "\xEF\xBF\xBD\xEF\xBF\xBDx");
    assert_escapes("\xE0\x80\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_escapes("\xC3\xA9\xC3(", 4, "\xC3\xA9\xEF\xBF\xBD(");
}

/* Any text that is valid UTF-8 comes back from escaping and decoding. */
static void test_json_escape__is_undone_by_decoding(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",    "\"",        "\\",           "\n",
                                         "\x01", "\xC3\xA9",  "\xE4\xB8\xAD", "\xF0\x9F\x98\x80",
                                         "/u",   "plain text"};
    test_random random;
    test_random_init(&random, 7);
    for (int round = 0; round < 5000; round++) {
        char text[MAX_BYTES];
        size_t length = 0;
        size_t wanted = test_random_below(&random, 200);
        while (length < wanted) {
            const char *piece = pieces[test_random_below(&random, sizeof pieces / sizeof *pieces)];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        }
        char escaped[6 * MAX_BYTES];
        char decoded[6 * MAX_BYTES + NDUP__DECODE_SLACK];
        ndup__value value = string_value(escaped, ndup__json_escape(escaped, text, length));
        uint64_t replaced = 0;
        assert_u64_equal(ndup__value_decode(decoded, &value, &replaced), length);
        assert_memory_equal(decoded, text, length);
        assert_u64_equal(replaced, 0);
    }
}

TEST_MAIN(cmocka_unit_test(test_value_decode__copies_text_without_escapes),
          cmocka_unit_test(test_value_decode__knows_every_short_escape),
          cmocka_unit_test(test_value_decode__joins_runs_and_escapes),
          cmocka_unit_test(test_value_decode__writes_each_length_of_utf8),
          cmocka_unit_test(test_value_decode__replaces_lone_surrogates),
          cmocka_unit_test(test_value_decode__leaves_damaged_bytes_as_they_are),
          cmocka_unit_test(test_json_escape__escapes_only_what_must_be),
          cmocka_unit_test(test_json_escape__writes_valid_utf8_as_it_is),
          cmocka_unit_test(test_json_escape__replaces_damaged_utf8),
          cmocka_unit_test(test_json_escape__is_undone_by_decoding))
