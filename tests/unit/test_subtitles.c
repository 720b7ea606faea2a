/* SPDX-License-Identifier: MIT */
/* Subtitles: what is shown stays, what frames it goes. */
#include "corpus/subtitles.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static void assert_reads(const char *bytes, const char *expected)
{
    ndup__json_line text = {.length = 0};
    ndup_error error;
    assert_ok(ndup__subtitles_read(&text, bytes, strlen(bytes), &error), &error);
    assert_ok(ndup__json_line_add(&text, "", 1, &error), &error);
    assert_string_equal(text.bytes, expected);
    ndup__json_line_deinit(&text);
}

static void test_subtitles__lose_numbers_and_times(void **state)
{
    (void)state;
    assert_reads("1\n00:00:01,000 --> 00:00:02,500\nFirst line\nsecond line\n\n"
                 "2\n00:00:03,000 --> 00:00:04,000 X1:10 X2:20\nThird\n",
                 "First line\nsecond line\nThird\n");
    assert_reads("\xEF\xBB\xBF"
                 "1\r\n00:00:01,000 --> 00:00:02,500\r\nFirst\r\n\r\n2\r\n0:0:3 --> 0:0:4\r\nEnd",
                 "First\nEnd\n");
    assert_reads("1\r00:00:01,000-->00:00:02,500\rOld\r\r", "Old\n");
}

/* Numbers may be what is said, and blank lines between cues may be missing. */
static void test_subtitles__keep_numbers_that_are_shown(void **state)
{
    (void)state;
    assert_reads("1\n00:00:01,000 --> 00:00:02,000\n1984\n2\n00:00:03,000 --> 00:00:04,000\n12\n\n"
                 "at 10:30 --> gate 5\n",
                 "1984\n12\nat 10:30 --> gate 5\n");
}

/* What looks like a time, a tag or a block, and is none. */
static void test_subtitles__keep_what_only_looks_like_a_frame(void **state)
{
    (void)state;
    static const char *const shown[] = {"00:00:01 -> 00:00:02",
                                        "00:00:01 --",
                                        "12:30 -",
                                        "00:01\t--> x",
                                        "5 --> 6",
                                        "<",
                                        "{",
                                        "{x}",
                                        "< b",
                                        "<=",
                                        "<>",
                                        "NOTEBOOK"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        char text[200];
        char expected[100];
        snprintf(text, sizeof text, "1\n00:00:01,000\t-->\t00:00:02,000\n%s\n", shown[i]);
        snprintf(expected, sizeof expected, "%s\n", shown[i]);
        assert_reads(text, expected);
    }
}

static void test_subtitles__lose_tags_and_positions(void **state)
{
    (void)state;
    assert_reads("1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hello</i>, <font color=\"#fff\">you"
                 "</font>\n<b></b>\n2 < 3 {and} I <3 it\n",
                 "Hello, you\n2 < 3 {and} I <3 it\n");
}

static void test_subtitles__lose_the_blocks_of_webvtt(void **state)
{
    (void)state;
    assert_reads("WEBVTT - a film\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\n"
                 "NOTE of the author\nover two lines\n\nREGION\nid:fred\n\n"
                 "intro\n00:01.000 --> 00:02.000 align:start position:0%\n \n"
                 "wel<00:00:00.200><c>come</c> <v Ann>R&amp;D &lt;3\n\n"
                 "00:03.000 --> 00:04.000\nNOTE that this is said\n&nbsp;\n",
                 "welcome R&D <3\nNOTE that this is said\n");
    assert_reads("WEBVTT\n00:01.000 --> 00:02.000\nno blank line\n", "no blank line\n");
    assert_reads("WEBVTT", "");
    assert_reads("", "");
}

static void test_subtitles__are_told_by_their_first_lines(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool begins;
    } cases[] = {{"1\n00:00:01,000 --> 00:00:02,500\n", true},
                 {"\n\n17\r\n00:00:01.000 --> 00:00:02.500\r\n", true},
                 {"\xEF\xBB\xBFWEBVTT\n", true},
                 {"WEBVTT Film", true},
                 {"WEBVTT\tFilm", true},
                 {"WEBVTT", true},
                 {"WEBVT", false},
                 {"12345678901\n00:00:01,000 --> 00:00:02,500\n", false},
                 {"x\n00:00:01,000 --> 00:00:02,500\n", false},
                 {" \n\t\n", false},
                 {"WEBVTTS are files", false},
                 {"1\n2\n3\n", false},
                 {"1\nat 10:30 --> gate\n", false},
                 {"1", false},
                 {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(ndup__subtitles_begin(cases[i].bytes, strlen(cases[i].bytes)),
                         cases[i].begins);
    }
}

TEST_MAIN(cmocka_unit_test(test_subtitles__keep_what_only_looks_like_a_frame),
          cmocka_unit_test(test_subtitles__lose_numbers_and_times),
          cmocka_unit_test(test_subtitles__keep_numbers_that_are_shown),
          cmocka_unit_test(test_subtitles__lose_tags_and_positions),
          cmocka_unit_test(test_subtitles__lose_the_blocks_of_webvtt),
          cmocka_unit_test(test_subtitles__are_told_by_their_first_lines))
