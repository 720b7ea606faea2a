/* SPDX-License-Identifier: MIT */
/* What is left out of pages ends where it ends, and holds no article. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/page_check.h"
#include "support/test.h"

/* 104 bytes, 208 bytes. */
#define SENTENCE                                                                               \
    "The harbour office closed the southern quay after divers had found two of the old piles " \
    "rotten to the core."
#define PARAGRAPH SENTENCE " " SENTENCE

static void test_html_left_out__noscript_does_not_swallow_the_page(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<body><noscript><div></noscript><p>article</p>", "paragraph: article\n");
    assert_page("<noscript><table><tr><td><a><b></NOSCRIPT >a<p>b", "paragraph: a\nparagraph: b\n");
    assert_page("<head><noscript><p>no</noscript><title>t</title></head><p>a", "paragraph: a\n");
    assert_page("<noscript><!-- </noscript>a<p>b", "paragraph: a\nparagraph: b\n");
    assert_page("<noscript><img alt='</noscript>a<p>b", "paragraph: a\nparagraph: b\n");
    assert_page("<p>a<noscript>&lt;no&gt;</noscript>b", "paragraph: ab\n");
}

static void test_html_left_out__nothing_open_inside_swallows_the_page(void **state)
{
    (void)state;
    test_needs_html();
    static const char *const elements[] = {"video",    "audio",    "canvas",   "map",
                                           "button",   "select",   "template", "meter",
                                           "progress", "datalist", "nav"};
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        char page[300];
        snprintf(page, sizeof page,
                 "<p>a</p><%s>no<div><ul><li>no<b><p>no</%s><p>b</p><div>c</div>", elements[i],
                 elements[i]);
        assert_page(page, "paragraph: a\nparagraph: b\nparagraph: c\n");
    }
}

static void test_html_left_out__an_accordion_is_no_list_of_tabs(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<div role=tablist><div role=tab><a>One</a></div><div role=tabpanel>First.</div>"
                "<div role=tab><a>Two</a></div><div role=tabpanel>Second.</div></div>",
                "paragraph: One\nparagraph: First.\nparagraph: Two\nparagraph: Second.\n");
    assert_page("<div role=tablist><h3>One</h3><div>First.</div></div>",
                "headline: One\nparagraph: First.\n");
    assert_page("<ul role=TABLIST><li><a role=tab>One</a><p>" SENTENCE "</ul>",
                "list_item: One\nlist_item: " SENTENCE "\n");
    assert_page("<ul role=tablist><li role=presentation><a role=tab>no</a><li><a>no</a></ul>"
                "<div role=tabpanel>a</div>",
                "paragraph: a\n");
}

static void test_html_left_out__navigation_with_running_text_is_read(void **state)
{
    (void)state;
    test_needs_html();
    static const char *const begins[] = {"<nav>",
                                         "<div role=navigation>",
                                         "<div role=menu>",
                                         "<div role='menubar'>",
                                         "<form role=search>",
                                         "<section role=toolbar>"};
    static const char *const ends[] = {"</nav>", "</div>",  "</div>",
                                       "</div>", "</form>", "</section>"};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        char page[2000];
        snprintf(page, sizeof page, "a%s<h1>Quay</h1><p>" PARAGRAPH "</p>%s<p>b", begins[i],
                 ends[i]);
        assert_page(page, "paragraph: a\nheadline: Quay\nparagraph: " PARAGRAPH "\nparagraph: b\n");
        /* Links and labels are no text, however many; nor is a short note. */
        snprintf(page, sizeof page,
                 "<p>a</p>%s<a>" PARAGRAPH "</a><ul><li>one<li>two</ul><p>" SENTENCE "</p>%s<p>b",
                 begins[i], ends[i]);
        assert_page(page, "paragraph: a\nparagraph: b\n");
    }
    assert_page("<nav><p>" SENTENCE "<p>" SENTENCE "<p>" SENTENCE "<p>" SENTENCE "<p>" SENTENCE
                "<p>" SENTENCE "</nav>",
                "paragraph: " SENTENCE "\nparagraph: " SENTENCE "\nparagraph: " SENTENCE
                "\nparagraph: " SENTENCE "\nparagraph: " SENTENCE "\nparagraph: " SENTENCE "\n");
}

static void test_html_left_out__menus_inside_are_judged_by_themselves(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<div role=navigation><nav><ul><li>no</ul></nav><p>" PARAGRAPH
                "</p><nav>no</nav></div>b",
                "paragraph: " PARAGRAPH "\nparagraph: b\n");
    assert_page("<nav>no<div role=menu><p>" PARAGRAPH "</p></div>no</nav>",
                "paragraph: no\nparagraph: " PARAGRAPH "\nparagraph: no\n");
}

static void test_html_left_out__a_menu_leaves_no_trace_in_its_paragraph(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p>a <span role=menu>no</span>b<span role=search>no<br><br>no</span>c",
                "paragraph: a bc\n");
    assert_page("<p>a<span role=toolbar>no</span>b", "paragraph: ab\n");
    assert_page("<pre>a  <span role=menu>no<br>no</span>b\n c</pre>", "code: a  b\\n c\n");
    assert_page("<ul><li>a<nav><ul><li>no</ul></nav>b</ul>", "list_item: a\nlist_item: b\n");
    assert_page("<table><tr><td>1<td><span role=menu>no</span>2<td>3</table>",
                "table: 1\\t2\\t3\n");
}

/* Deeper than each is judged by itself, and deeper than a piece. */
static void test_html_left_out__any_depth_of_navigation(void **state)
{
    (void)state;
    test_needs_html();
    enum { DEPTH = 2000, UNIT = 5 };
    char *page = calloc(DEPTH * 2 * UNIT + 1000, 1);
    assert_non_null(page);
    for (size_t i = 0; i < DEPTH; i++) {
        memcpy(page + i * UNIT, "<nav>", UNIT);
    }
    strcpy(page + DEPTH * UNIT, "no");
    assert_page(page, "");
    strcpy(page + DEPTH * UNIT, "<p>" PARAGRAPH);
    assert_page(page, "paragraph: " PARAGRAPH "\n");
    free(page);
}

static void test_html_left_out__navigation_states_nothing(void **state)
{
    (void)state;
    test_needs_html();
    page_check check;
    ndup__html_hints hints = {.is_utf8 = true};
    static const char page[] = "<nav><time datetime=2001-01-01>no</time></nav><p>a"
                               "<time datetime=2002-02-02>b</time>";
    page_check_begin(&check, page, sizeof page - 1, &hints);
    assert_text(check.page.date, "2002-02-02");
    page_check_end(&check);
}

/* "words that ..." `count` times, 31 bytes each. */
static void many_words(char *out, int count)
{
    *out = '\0';
    for (int i = 0; i < count; i++) {
        strcat(out, i + 1 < count ? "words for those without frames, " : "words.");
    }
}

static void test_html_left_out__frames_have_their_page_elsewhere(void **state)
{
    (void)state;
    test_needs_html();
    char words[4000];
    char page[5000];
    char expected[5000];
    many_words(words, 50);
    snprintf(page, sizeof page,
             "<html><head><title>t</title></head><frameset cols='1,2'><frame src=a><frame src=b>"
             "<noframes><body><h1>Quay</h1><p>%s</p></body></noframes></frameset></html>",
             words);
    snprintf(expected, sizeof expected, "headline: Quay\nparagraph: %s\n", words);
    assert_page(page, expected);
    /* That a browser has no frames is no text; nor is it one of a page that shows another. */
    assert_page("<frameset><noframes><p>Your browser has no frames.</noframes></frameset>", "");
    snprintf(page, sizeof page, "<p>%s</p><noframes>%s</noframes>", words, words);
    snprintf(expected, sizeof expected, "paragraph: %s\n", words);
    assert_page(page, expected);
}

TEST_MAIN(cmocka_unit_test(test_html_left_out__noscript_does_not_swallow_the_page),
          cmocka_unit_test(test_html_left_out__nothing_open_inside_swallows_the_page),
          cmocka_unit_test(test_html_left_out__an_accordion_is_no_list_of_tabs),
          cmocka_unit_test(test_html_left_out__navigation_with_running_text_is_read),
          cmocka_unit_test(test_html_left_out__menus_inside_are_judged_by_themselves),
          cmocka_unit_test(test_html_left_out__a_menu_leaves_no_trace_in_its_paragraph),
          cmocka_unit_test(test_html_left_out__any_depth_of_navigation),
          cmocka_unit_test(test_html_left_out__navigation_states_nothing),
          cmocka_unit_test(test_html_left_out__frames_have_their_page_elsewhere))
