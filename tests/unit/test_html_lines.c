/* SPDX-License-Identifier: MIT */
/* Which line breaks part paragraphs. */
#include <stdio.h>
#include <string.h>

#include "support/page_check.h"
#include "support/test.h"

#define A                                                                                      \
    "The harbour office closed the southern quay after divers had found two of the old piles " \
    "rotten to the core."
#define B                                                                                        \
    "Engineer Maren Dahl said that the damage had gone unnoticed since the piles were replaced " \
    "above the water only!"

static void test_html_lines__long_sentences_are_paragraphs(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<div>" A "<br>" B "<br/>\n" A "</div>",
                "paragraph: " A "\nparagraph: " B "\nparagraph: " A "\n");
    assert_page("<blockquote>" A "<br>" B "</blockquote><li>" A "<br>" B,
                "quote: " A "\nquote: " B "\nlist_item: " A "\nlist_item: " B "\n");
    assert_page("<table><tr><td>" A "<br>" B "</table>", "paragraph: " A "\nparagraph: " B "\n");
}

static void test_html_lines__short_lines_stay_together(void **state)
{
    (void)state;
    test_needs_html();
    assert_page(
        "<p>Oh haul away, the night is long<br>Haul away and sing my song<br>The tide will "
        "turn, the stars will stay<br>Haul away, my love, haul away.</p>",
        "paragraph: Oh haul away, the night is long\\nHaul away and sing my song\\nThe tide "
        "will turn, the stars will stay\\nHaul away, my love, haul away.\n");
    assert_page("<p>Harbour Office<br>Quay Street 4<br>7010 Ostvik.</p>",
                "paragraph: Harbour Office\\nQuay Street 4\\n7010 Ostvik.\n");
    /* One long line alone parts nothing, nor do long lines among many short ones. */
    assert_page("<p>" A "<br>Maren Dahl</p>", "paragraph: " A "\\nMaren Dahl\n");
    char page[3000] = "<p>" A "<br>" A;
    char expected[3000] = "paragraph: " A "\\n" A;
    for (int i = 0; i < 8; i++) {
        strcat(page, "<br>a line of some song, or so it seems");
        strcat(expected, "\\na line of some song, or so it seems");
    }
    strcat(expected, "\n");
    assert_page(page, expected);
}

static void test_html_lines__a_line_between_shorter_ones_parts_nothing(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p>By Maren Dahl<br>Ostvik<br>" A "<br>" B "<br>Yours,<br>Maren</p>",
                "paragraph: By Maren Dahl\\nOstvik\nparagraph: " A "\nparagraph: " B
                "\nparagraph: Yours,\\nMaren\n");
}

/* Without a full stop it takes 200 bytes; verses are shorter than that. */
static void test_html_lines__what_ends_like_no_sentence_must_be_longer(void **state)
{
    (void)state;
    test_needs_html();
#define VERSE                                                                                     \
    "I celebrate the quay and sing the quay, and what I assume of the piles you shall assume of " \
    "them as well,"
    assert_page("<p>" VERSE "<br>" VERSE "</p>", "paragraph: " VERSE "\\n" VERSE "\n");
    assert_page("<p>" VERSE " " VERSE "<br>" VERSE " " VERSE "</p>",
                "paragraph: " VERSE " " VERSE "\nparagraph: " VERSE " " VERSE "\n");
}

/* 34 characters of three bytes. */
static void test_html_lines__sentences_end_in_any_script(void **state)
{
    (void)state;
    test_needs_html();
    char line[200] = "";
    char page[500];
    char expected[500];
    for (int i = 0; i < 33; i++) {
        strcat(line, "\xE6\xB8\xAF");
    }
    static const char *const ends[] = {"\xE3\x80\x82", "\xEF\xBC\x9F", "\xD8\x9F",
                                       "\xE0\xA5\xA4", "\xE2\x80\x9D", "\xC2\xBB"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(page, sizeof page, "<p>%s%s<br>%s%s</p>", line, ends[i], line, ends[i]);
        snprintf(expected, sizeof expected, "paragraph: %s%s\nparagraph: %s%s\n", line, ends[i],
                 line, ends[i]);
        assert_page(page, expected);
    }
}

static void test_html_lines__verbatim_text_and_captions_keep_their_lines(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<pre>" A "\n" B "</pre><h1>" A "<br>" B "</h1><figcaption>" A "<br>" B
                "</figcaption>",
                "code: " A "\\n" B "\nheadline: " A "\\n" B "\ncaption: " A "\\n" B "\n");
}

TEST_MAIN(cmocka_unit_test(test_html_lines__long_sentences_are_paragraphs),
          cmocka_unit_test(test_html_lines__short_lines_stay_together),
          cmocka_unit_test(test_html_lines__a_line_between_shorter_ones_parts_nothing),
          cmocka_unit_test(test_html_lines__what_ends_like_no_sentence_must_be_longer),
          cmocka_unit_test(test_html_lines__sentences_end_in_any_script),
          cmocka_unit_test(test_html_lines__verbatim_text_and_captions_keep_their_lines))
