/* SPDX-License-Identifier: MIT */
/* Encodings of pages: which one, and to UTF-8. */
#include "html/charset.h"

#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/page_check.h"
#include "support/random.h"
#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static void assert_label(const char *label, const char *name)
{
    const ndup__charset *charset = ndup__charset_by_label(text_of(label));
    if (name == NULL) {
        assert_null(charset);
    } else {
        assert_non_null(charset);
        assert_string_equal(charset->name, name);
    }
}

static void test_charset__labels_mean_what_browsers_take_them_for(void **state)
{
    (void)state;
    assert_label("utf8", "UTF-8");
    assert_label(" \tUTF-8\n", "UTF-8");
    assert_label("latin1", "windows-1252");
    assert_label("ISO-8859-1", "windows-1252");
    assert_label("us-ascii", "windows-1252");
    assert_label("gb2312", "GBK");
    assert_label("ks_c_5601-1987", "EUC-KR");
    assert_label("x-sjis", "Shift_JIS");
    assert_label("866", "IBM866");
    assert_label("l10", NULL);
    assert_label("", NULL);
    assert_label("utf-8 utf8", NULL);
    assert_label("a label that is longer than any", NULL);
}

#define PAGE(literal) literal, sizeof(literal) - 1

/* The bytes decode to `expected`, with this many replacements. */
static void assert_decoded(const char *label, const char *bytes, size_t length,
                           const char *expected, uint64_t replaced)
{
    ndup__charset_decoder decoder = {.allocator = NULL};
    ndup_error error;
    ndup_text text;
    const ndup__charset *charset = ndup__charset_by_label(text_of(label));
    assert_non_null(charset);
    assert_ok(ndup__charset_decode(&text, &decoder, charset, bytes, length, &error), &error);
    assert_text(text, expected);
    assert_u64_equal(decoder.replaced, replaced);
    ndup__charset_decoder_deinit(&decoder);
}

static void test_charset__utf8_is_repaired(void **state)
{
    (void)state;
    assert_decoded("utf-8", PAGE("caf\xC3\xA9, long enough for words"),
                   "caf\xC3\xA9, long enough for words", 0);
    assert_decoded("utf-8", PAGE("a\xC3"), "a\xEF\xBF\xBD", 1);
    assert_decoded("utf-8", PAGE("\xFF\xF0\x9F\x98 b\xED\xA0\x80"),
                   "\xEF\xBF\xBD\xEF\xBF\xBD b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 5);
    assert_decoded("utf-8", PAGE(""), "", 0);
}

static void test_charset__utf16(void **state)
{
    (void)state;
    assert_decoded("utf-16", PAGE("a\0\xE9\0\x3D\xD8\x00\xDE"), "a\xC3\xA9\xF0\x9F\x98\x80", 0);
    assert_decoded("utf-16be", PAGE("\0a\xD8\x3D\xDE\x00"), "a\xF0\x9F\x98\x80", 0);
    assert_decoded("utf-16le",
                   PAGE("\x3D\xD8"
                        "a\0\x00\xDE"
                        "b"),
                   "\xEF\xBF\xBD"
                   "a\xEF\xBF\xBD\xEF\xBF\xBD",
                   3);
}

static void test_charset__windows_1252(void **state)
{
    (void)state;
    assert_decoded("latin1",
                   PAGE("\x93"
                        "caf\xE9\x94 \x80 \x81"),
                   "\xE2\x80\x9C"
                   "caf\xC3\xA9\xE2\x80\x9D \xE2\x82\xAC \xC2\x81",
                   0);
}

static void test_charset__what_the_system_converts(void **state)
{
    (void)state;
    assert_decoded("windows-1251", PAGE("\xCF\xF0\xE8\xE2\xE5\xF2"),
                   "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82", 0);
    assert_decoded("koi8-r", PAGE("\xF0\xD2\xC9\xD7\xC5\xD4"),
                   "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82", 0);
    assert_decoded("gb2312", PAGE("\xC4\xE3\xBA\xC3"), "\xE4\xBD\xA0\xE5\xA5\xBD", 0);
    assert_decoded("big5", PAGE("\xA7\x41\xA6\x6E"), "\xE4\xBD\xA0\xE5\xA5\xBD", 0);
    assert_decoded("euc-jp", PAGE("\xC6\xFC\xCB\xDC"), "\xE6\x97\xA5\xE6\x9C\xAC", 0);
    assert_decoded("shift_jis", PAGE("\x93\xFA\x96\x7B"), "\xE6\x97\xA5\xE6\x9C\xAC", 0);
    assert_decoded("iso-2022-jp", PAGE("\x1B$BF|K\\\x1B(B"), "\xE6\x97\xA5\xE6\x9C\xAC", 0);
    assert_decoded("euc-kr", PAGE("\xC7\xD1\xB1\xDB"), "\xED\x95\x9C\xEA\xB8\x80", 0);
    assert_decoded("windows-874", PAGE("\xE4\xB7\xC2"), "\xE0\xB9\x84\xE0\xB8\x97\xE0\xB8\xA2", 0);
    /* Damaged, and cut off in the middle of a character. */
    assert_decoded("gbk",
                   PAGE("\xC4\xE3\xFF"
                        "a\xC4"),
                   "\xE4\xBD\xA0\xEF\xBF\xBD"
                   "a\xEF\xBF\xBD",
                   2);
}

/* Every encoding of the table is one that the system knows. */
static void test_charset__every_encoding_decodes_ascii(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "gbk",          "gb18030",      "big5",          "euc-jp",       "shift_jis",
        "iso-2022-jp",  "euc-kr",       "koi8-r",        "koi8-u",       "ibm866",
        "windows-1250", "windows-1251", "windows-1253",  "windows-1254", "windows-1255",
        "windows-1256", "windows-1257", "windows-1258",  "windows-874",  "iso-8859-2",
        "iso-8859-3",   "iso-8859-4",   "iso-8859-5",    "iso-8859-6",   "iso-8859-7",
        "iso-8859-8",   "iso-8859-10",  "iso-8859-13",   "iso-8859-14",  "iso-8859-15",
        "iso-8859-16",  "macintosh",    "x-mac-cyrillic"};
    ndup__charset_decoder decoder = {.allocator = NULL};
    ndup_error error;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        ndup_text text;
        const ndup__charset *charset = ndup__charset_by_label(text_of(labels[i]));
        assert_non_null(charset);
        assert_ok(ndup__charset_decode(&text, &decoder, charset, "<p>plain", 8, &error), &error);
        assert_text(text, "<p>plain");
        if (decoder.opened != charset) {
            print_message("the system cannot convert from %s\n", charset->system);
        }
    }
    ndup__charset_decoder_deinit(&decoder);
}

/* Any bytes in any encoding give valid UTF-8, with one decoder after the other's text. */
static void test_charset__any_bytes_give_valid_utf8(void **state)
{
    (void)state;
    static const char *const labels[] = {"utf-8",  "utf-16le", "latin1",      "gbk",  "big5",
                                         "euc-jp", "euc-kr",   "iso-2022-jp", "sjis", "koi8-u"};
    ndup__charset_decoder decoder = {.allocator = NULL};
    ndup__charset_decoder again = {.allocator = NULL};
    test_random random;
    test_random_init(&random, 7);
    ndup_error error;
    for (size_t round = 0; round < 400; round++) {
        char bytes[300];
        size_t length = (size_t)test_random_below(&random, sizeof bytes);
        for (size_t i = 0; i < length; i++) {
            bytes[i] = (char)test_random_below(&random, 256);
        }
        const ndup__charset *charset =
            ndup__charset_by_label(text_of(labels[round % (sizeof labels / sizeof *labels)]));
        ndup_text text;
        ndup_text same;
        assert_ok(ndup__charset_decode(&text, &decoder, charset, bytes, length, &error), &error);
        assert_ok(ndup__charset_decode(&same, &again, ndup__charset_utf8(), text.bytes, text.length,
                                       &error),
                  &error);
        assert_u64_equal(again.replaced, 0);
        assert_u64_equal(same.length, text.length);
    }
    ndup__charset_decoder_deinit(&decoder);
    ndup__charset_decoder_deinit(&again);
}

static void test_charset__running_out_of_memory_is_an_error(void **state)
{
    (void)state;
    static const char *const labels[] = {"utf-8", "utf-16", "latin1", "gbk"};
    for (size_t i = 0; i < 4; i++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, 1);
        ndup__charset_decoder decoder = {.allocator = &memory.allocator};
        ndup_error error;
        ndup_text text;
        assert_status(ndup__charset_decode(&text, &decoder,
                                           ndup__charset_by_label(text_of(labels[i])), "\xFF\xFE",
                                           2, &error),
                      NDUP_STATUS_MEMORY, &error);
        ndup__charset_decoder_deinit(&decoder);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    }
}

TEST_MAIN(cmocka_unit_test(test_charset__labels_mean_what_browsers_take_them_for),
          cmocka_unit_test(test_charset__utf8_is_repaired), cmocka_unit_test(test_charset__utf16),
          cmocka_unit_test(test_charset__windows_1252),
          cmocka_unit_test(test_charset__what_the_system_converts),
          cmocka_unit_test(test_charset__every_encoding_decodes_ascii),
          cmocka_unit_test(test_charset__any_bytes_give_valid_utf8),
          cmocka_unit_test(test_charset__running_out_of_memory_is_an_error))
