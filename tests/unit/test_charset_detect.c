/* SPDX-License-Identifier: MIT */
/* Which encoding a page or text is in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html/charset.h"
#include "html/charset_prescan.h"
#include "support/guard_buffer.h"
#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static void assert_detected(const char *bytes, size_t length, const char *content_type,
                            const char *name, size_t mark)
{
    size_t found;
    assert_string_equal(
        ndup__charset_detect_page(&found, bytes, length, text_of(content_type))->name, name);
    assert_u64_equal(found, mark);
}

#define PAGE(literal) literal, sizeof(literal) - 1

static void test_charset_detect__a_byte_order_mark_comes_first(void **state)
{
    (void)state;
    assert_detected(PAGE("\xEF\xBB\xBF<meta charset=koi8-r>"), "text/html; charset=big5", "UTF-8",
                    3);
    assert_detected(PAGE("\xFF\xFE<\0"), "", "UTF-16LE", 2);
    assert_detected(PAGE("\xFE\xFF\0<"), "text/html; charset=utf-8", "UTF-16BE", 2);
    assert_detected(PAGE("\xFF"), "", "windows-1252", 0);
}

static void test_charset_parameter__is_read_as_it_is_met(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"text/html; charset=a", "a"},
        {"charset = 'a b'c", "a b"},
        {"charset=\"a", "a"},
        {"charset=\"a'b\"", "a'b"},
        {"charset=a;b", "a"},
        {"charset=a,b", "a"},
        {"charset=a>b", "a"},
        {"charset=a?b", "a"},
        {"charset=a/b", "a"},
        {"charset=a\"b", "a"},
        {"charset=a b", "a"},
        {"charset=", ""},
        {"charset= ", ""},
        {"charset=\"", ""},
        {"charset", ""},
        {"charset  ", ""},
        {"charset x charset=a", "a"},
        {"CHARSET=A", "A"},
        {"charsetcharset=a", "a"},
        {"charse", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        guard_buffer buffer;
        size_t length = strlen(cases[i][0]);
        guard_buffer_init(&buffer, length);
        const char *bytes = guard_buffer_put(&buffer, cases[i][0], length);
        ndup_text found = ndup__charset_parameter(bytes, bytes + length, "charset");
        if (found.length != strlen(cases[i][1])) {
            print_error("%s: %.*s\n", cases[i][0], (int)found.length, found.bytes);
        }
        assert_u64_equal(found.length, strlen(cases[i][1]));
        assert_true(found.length == 0 || memcmp(found.bytes, cases[i][1], found.length) == 0);
        guard_buffer_deinit(&buffer);
    }
}

static void test_charset_detect__then_what_the_server_said(void **state)
{
    (void)state;
    assert_detected(PAGE("<meta charset=koi8-r>"), "text/html; charset=Big5", "Big5", 0);
    assert_detected(PAGE("a"), "text/html;x=y;CharSet = \"euc-jp\" ", "EUC-JP", 0);
    assert_detected(PAGE("<meta charset=koi8-r>"), "text/html; charset=unheard-of", "KOI8-R", 0);
    assert_detected(PAGE("<meta charset=koi8-r>"), "text/html; charset", "KOI8-R", 0);
}

static void test_charset_detect__then_what_the_page_says(void **state)
{
    (void)state;
    assert_detected(PAGE("<html><META content='text/html; charset=windows-1251' http-equiv=x>"), "",
                    "windows-1251", 0);
    assert_detected(PAGE("<meta name=a><meta charset = \"shift_jis\">"), "", "Shift_JIS", 0);
    assert_detected(PAGE("<?xml version='1.0' encoding='iso-8859-2'?><html>"), "", "ISO-8859-2", 0);
    /* It could not have been read if that were so. */
    assert_detected(PAGE("<meta charset=utf-16le>"), "", "UTF-8", 0);
    assert_detected(PAGE("<p charset=koi8-r>"), "", "UTF-8", 0);
}

static void test_charset_detect__then_what_the_bytes_are(void **state)
{
    (void)state;
    assert_detected(PAGE("caf\xC3\xA9"), "", "UTF-8", 0);
    assert_detected(PAGE("caf\xE9 au lait"), "", "windows-1252", 0);
    assert_detected(PAGE(""), "", "UTF-8", 0);
}

/* A page in ISO-8859-2 whose <meta> stands behind `gap` bytes of `filler`. */
static void assert_late(size_t gap, const char *before, char filler, const char *after)
{
    static const char page[] = "<meta charset=iso-8859-2></head><p>N\xE1"
                               "b\xF8"
                               "e\xBE\xED";
    size_t length = strlen(before) + gap + strlen(after) + sizeof page - 1;
    char *bytes = malloc(length + 1);
    assert_non_null(bytes);
    char *at = stpcpy(bytes, before);
    memset(at, filler, gap);
    stpcpy(stpcpy(at + gap, after), page);
    assert_detected(bytes, length, "", "ISO-8859-2", 0);
    assert_detected(bytes, length, "text/html; charset=windows-1250", "windows-1250", 0);
    free(bytes);
}

static void test_charset_detect__a_late_label_counts_where_nothing_else_speaks(void **state)
{
    (void)state;
    static const size_t gaps[] = {0, 990, 1010, 1700, 3500, 4090, 6000, 100000};
    for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
        assert_late(gaps[i], "<html><head><title>", 'x', "</title>");
        assert_late(gaps[i], "<html><head><script>", ';', "</script>");
        assert_late(gaps[i], "<html><head><style>", '\n', "</style>");
        assert_late(gaps[i], "<html><head><!--", '-', " -->");
        assert_late(gaps[i], "<html><head><link title='", '>', "'>");
    }
}

static void test_charset_detect__what_is_no_element_is_no_label(void **state)
{
    (void)state;
    static const char *const before[] = {
        "<!-- <meta charset=utf-8> -->",
        "<!-- > <meta charset=utf-8>-->",
        "<script>var m = '<meta charset=utf-8>'</script>",
        "<SCRIPT type='a'>if (a </script1) '<meta charset=utf-8>'</SCRIPT >",
        "<style><meta charset=utf-8></style>",
        "<title><meta charset=utf-8></title>",
        "<textarea><meta charset=utf-8></textarea>",
        "<p title='<meta charset=utf-8>'>",
        "<metadata charset=utf-8>",
        "</meta charset=utf-8>",
        "<meta name=description content='about charset=utf-8'>",
        "<meta charset=''><meta charset=unheard-of><meta charset>",
    };
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        char page[300];
        int length =
            snprintf(page, sizeof page, "<html>%s<meta charset=koi8-r>\xF0\xD2", before[i]);
        assert_detected(page, (size_t)length, "", "KOI8-R", 0);
    }
}

static void test_charset_detect__valid_utf8_beats_a_false_label(void **state)
{
    (void)state;
    assert_detected(PAGE("<meta charset=iso-8859-1>caf\xC3\xA9"), "", "UTF-8", 0);
    assert_detected(PAGE("caf\xC3\xA9"), "text/html; charset=windows-1251", "UTF-8", 0);
    assert_detected(PAGE("<meta charset=koi8-r>caf\xC3\xA9 caf\xE9."), "", "KOI8-R", 0);
    /* The end may cut a character off, as a crawler's limit does. */
    assert_detected(PAGE("<meta charset=latin1>caf\xC3\xA9 \xE2\x80"), "", "UTF-8", 0);
    /* What is ASCII is as good as the label; and ISO-2022-JP is ASCII. */
    assert_detected(PAGE("<meta charset=latin1>cafe"), "", "windows-1252", 0);
    assert_detected(PAGE("<meta charset=iso-2022-jp>\x1B$BF|K\\\x1B(B"), "", "ISO-2022-JP", 0);
    /* Pairs of bytes are valid by chance: two characters of GBK are, eight sequences are not. */
    assert_detected(PAGE("<meta charset=gbk>\xC2\xAA\xC2\xA8"), "", "GBK", 0);
    assert_detected(PAGE("<meta charset=gbk>\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xBD\xA0\xE5\xA5\xBD"
                         "\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xBD\xA0\xE5\xA5\xBD"),
                    "", "UTF-8", 0);
}

static void test_charset_detect__little_damage_does_not_make_a_text_latin1(void **state)
{
    (void)state;
    char text[200] = "a\xFF";
    for (int i = 0; i < 16; i++) {
        assert_detected(text, strlen(text), "", "windows-1252", 0);
        strcat(text, " \xC3\xA9");
    }
    assert_detected(text, strlen(text), "", "UTF-8", 0);
    strcat(text, "\xFE");
    assert_detected(text, strlen(text), "", "windows-1252", 0);
}

static void test_charset_detect__utf16_shows_without_a_mark(void **state)
{
    (void)state;
    assert_detected(PAGE("<\0h\0t\0"), "", "UTF-16LE", 0);
    assert_detected(PAGE("\0<\0h\0t"), "text/html; charset=utf-8", "UTF-16BE", 0);
    assert_detected(PAGE("<html>"), "text/html; charset=utf-16", "UTF-8", 0);
    assert_detected(PAGE("\0\0\0\0\0\0"), "", "UTF-8", 0);
}

static void test_charset_detect__a_text_is_no_page(void **state)
{
    (void)state;
    static const char text[] = "write <meta charset=koi8-r> for caf\xE9";
    size_t mark;
    assert_string_equal(
        ndup__charset_detect(&mark, text, sizeof text - 1, text_of("text/plain"))->name,
        "windows-1252");
}

/* Nothing is read behind the end, wherever a page is cut off. */
static void test_charset_detect__any_beginning_is_read(void **state)
{
    (void)state;
    static const char page[] =
        "<?xml version='1.0'?><!-- a --><script a='b'>c</script><meta "
        "http-equiv=x content=\"text/html; charset = 'koi8-r'\">\xC3\xA9\xF0";
    for (size_t length = 0; length < sizeof page; length++) {
        guard_buffer buffer;
        size_t mark;
        guard_buffer_init(&buffer, length);
        const char *at = guard_buffer_put(&buffer, page, length);
        assert_non_null(ndup__charset_detect_page(&mark, at, length, text_of("a/b; charset")));
        guard_buffer_deinit(&buffer);
    }
}

TEST_MAIN(cmocka_unit_test(test_charset_parameter__is_read_as_it_is_met),
          cmocka_unit_test(test_charset_detect__a_byte_order_mark_comes_first),
          cmocka_unit_test(test_charset_detect__then_what_the_server_said),
          cmocka_unit_test(test_charset_detect__then_what_the_page_says),
          cmocka_unit_test(test_charset_detect__then_what_the_bytes_are),
          cmocka_unit_test(test_charset_detect__a_late_label_counts_where_nothing_else_speaks),
          cmocka_unit_test(test_charset_detect__what_is_no_element_is_no_label),
          cmocka_unit_test(test_charset_detect__valid_utf8_beats_a_false_label),
          cmocka_unit_test(test_charset_detect__little_damage_does_not_make_a_text_latin1),
          cmocka_unit_test(test_charset_detect__utf16_shows_without_a_mark),
          cmocka_unit_test(test_charset_detect__a_text_is_no_page),
          cmocka_unit_test(test_charset_detect__any_beginning_is_read))
