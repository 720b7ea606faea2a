/* SPDX-License-Identifier: MIT */
/* What documents hold cannot steer a terminal, and columns are counted as terminals count them. */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "neardup/visible.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "support/test.h"
#include "text/utf8.h"

/* The visible form of a whole text, and its columns. */
static unsigned visible(char *out, const char *text, size_t length)
{
    char form[NDUP_VISIBLE_BYTES];
    ndup_character character;
    unsigned columns = 0;
    out[0] = '\0';
    for (size_t at = 0; at < length; at += character.bytes) {
        columns += ndup_character_visible(form, &character, (ndup_text){text + at, length - at});
        assert_true(character.bytes > 0);
        strcat(out, form);
    }
    return columns;
}

static void assert_visible(const char *text, const char *expected, unsigned columns)
{
    char out[400];
    assert_int_equal(visible(out, text, strlen(text)), columns);
    assert_string_equal(out, expected);
}

static void test_visible__escapes_what_steers(void **state)
{
    (void)state;
    assert_visible("a\x1B[2Jb", "a\\x1b[2Jb", 9);
    assert_visible("one\ntwo\tthree\r", "one\\ntwo\\tthree\\x0d", 19);
    assert_visible("\xC2\x9B"
                   "31m",
                   "\\u009b31m", 9); /* CSI as one character */
    assert_visible("\xE2\x80\xAE"
                   "txt.exe",
                   "\\u202etxt.exe", 13);                  /* right-to-left override */
    assert_visible("\xF3\xA0\x81\x81", "\\U000e0041", 10); /* a tag */
    assert_visible("\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9", 3);
}

static void test_visible__shows_each_damaged_byte(void **state)
{
    (void)state;
    assert_visible("a\xFF\xE2\x82 b", "a\\xff\\xe2\\x82 b", 15);
    assert_visible("\xED\xA0\x80", "\\xed\\xa0\\x80", 12);
}

static void test_visible__counts_columns(void **state)
{
    (void)state;
    assert_visible("\xE6\x96\x87\xE5\xAD\x97", "\xE6\x96\x87\xE5\xAD\x97", 4); /* two ideographs */
    assert_visible("\xEA\xB0\x80", "\xEA\xB0\x80", 2);                         /* Hangul */
    assert_visible("e\xCC\x81", "e\xCC\x81", 1); /* a combining mark */
    assert_visible("\xE0\xB8\x99\xE0\xB9\x89\xE0\xB8\xB3", "\xE0\xB8\x99\xE0\xB9\x89\xE0\xB8\xB3",
                   2); /* Thai: a consonant with a tone mark, a vowel */
    assert_visible("\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", 2); /* an emoji */
    assert_visible("", "", 0);
    assert_int_equal(ndup_character_visible(NULL, NULL, (ndup_text){"\xE6\x96\x87", 3}), 2);
    assert_int_equal(ndup_character_visible(NULL, NULL, (ndup_text){NULL, 1}), 0);
}

static void test_visible__has_the_widths_of_the_c_library(void **state)
{
    (void)state;
    size_t assigned = 0;
    size_t different = 0;
    if (setlocale(LC_ALL, "C.UTF-8") == NULL) {
        skip();
    }
    for (uint32_t code = 0xA0; code < 0x32000; code++) {
        char bytes[4];
        char form[NDUP_VISIBLE_BYTES];
        ndup_character character;
        size_t length = ndup__utf8_write(bytes, code);
        unsigned columns = ndup_character_visible(form, &character, (ndup_text){bytes, length});
        int wanted = wcwidth((wchar_t)code);
        if (wanted < 0 || form[0] == '\\') {
            continue;
        }
        assigned++;
        different += columns != (unsigned)wanted;
    }
    setlocale(LC_ALL, "C");
    /* Other versions of Unicode, and opinions about marks of Indic scripts. */
    assert_true(assigned > 100000);
    assert_true(different < 1000);
}

TEST_MAIN(cmocka_unit_test(test_visible__escapes_what_steers),
          cmocka_unit_test(test_visible__shows_each_damaged_byte),
          cmocka_unit_test(test_visible__counts_columns),
          cmocka_unit_test(test_visible__has_the_widths_of_the_c_library))
