/* SPDX-License-Identifier: MIT */
/* Pages of XHTML: empty elements, CDATA sections, prefixes; and that HTML knows none of them. */
#include "html/xhtml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/page_check.h"
#include "support/test.h"

#define NAMESPACE "http://www.w3.org/1999/xhtml"
#define DOCTYPE                                            \
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" " \
    "\"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd\">"

static bool find(ndup__xhtml *found, const char *page)
{
    return ndup__xhtml_find(found, (ndup_text){page, strlen(page)});
}

static void test_xhtml__the_beginning_shows_it(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "<?xml version='1.0'?><html>",
        DOCTYPE "<html>",
        "<!-- a > b -->\n<!doctype HTML public '-//w3c//dtd xhtml 1.0 strict//en'><html>",
        "<html lang='en' xmlns='" NAMESPACE "'>",
        "<!DOCTYPE html><HTML xmlns = \"" NAMESPACE "\" >",
        "<?php ?><html xmlns='" NAMESPACE "'>"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        ndup__xhtml found;
        assert_true(find(&found, pages[i]));
        assert_u64_equal(found.prefix_length, 0);
    }
    static const char *const others[] = {
        "",
        "<!DOCTYPE html><html>",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><html>",
        "<html xmlns='urn:other'>",
        "<html><p title='" NAMESPACE "'>",
        "<svg xmlns='" NAMESPACE "'>",
        "text <?xml?>",
        "<!-- <?xml ?>"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ndup__xhtml found;
        assert_false(find(&found, others[i]));
    }
}

static void test_xhtml__prefixes(void **state)
{
    (void)state;
    ndup__xhtml found;
    assert_true(find(&found, "<H:html xmlns:a='b' xmlns:H='" NAMESPACE "'>"));
    assert_true(found.is_root);
    assert_u64_equal(found.prefix_length, 2);
    assert_memory_equal(found.prefix, "h:", 2);
    assert_false(find(&found, "<h:html xmlns:longer-than-any-prefix='" NAMESPACE "'>"));
    assert_u64_equal(found.prefix_length, 0);
}

/* The body, behind each sign of XHTML, is read as expected. */
static void assert_body(const char *body, const char *expected)
{
    static const char *const heads[] = {"<?xml version=\"1.0\"?><!DOCTYPE html><html>",
                                        DOCTYPE "<html>", "<html xmlns='" NAMESPACE "'>"};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char page[2000];
        snprintf(page, sizeof page, "%s%s", heads[i], body);
        assert_page(page, expected);
    }
}

static void test_xhtml__any_element_may_be_empty(void **state)
{
    (void)state;
    test_needs_html();
    static const char *const empty[] = {
        "script", "style", "title",  "iframe",     "textarea", "noscript", "noframes", "noembed",
        "div",    "p",     "a",      "span",       "button",   "select",   "video",    "nav",
        "b",      "xmp",   "canvas", "template",   "map",      "object",   "svg",      "math",
        "x-y",    "ul",    "table",  "blockquote", "pre",      "h1",       "figure",   "br"};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        char body[200];
        snprintf(body, sizeof body, "<body><%s class=\"a\"/><p>text</p><%s /></body>", empty[i],
                 empty[i]);
        assert_body(body, "paragraph: text\n");
    }
    assert_body("<head><title/><script src='a.js'/></head><body><h1><a id='c'/>One</h1><p>two</p>",
                "headline: One\nparagraph: two\n");
    assert_body("<table><tr><td/><td>a</td></tr></table><ul><li/><li>b</li></ul>",
                "paragraph: a\nlist_item: b\n");
}

static void test_xhtml__a_slash_may_belong_to_a_value(void **state)
{
    (void)state;
    test_needs_html();
    assert_body("<p><iframe src=/a/>no</iframe>text</p>", "paragraph: text\n");
    assert_body("<p><iframe src='/a/'/>text</p>", "paragraph: text\n");
}

static void test_xhtml__html_has_its_own_empty_elements_only(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p>a<textarea/><p>no", "paragraph: a\n");
    assert_page("<p>a<script/><p>no", "paragraph: a\n");
    assert_page("<p>a<iframe/><p>no</iframe>b", "paragraph: ab\n");
    assert_page("<blockquote/>a", "quote: a\n");
    assert_page("<p>a<![CDATA[no]]>b", "paragraph: ab\n");
}

static void test_xhtml__cdata_is_text(void **state)
{
    (void)state;
    test_needs_html();
    assert_body("<p>a <![CDATA[b & c &amp; &#65; <i>d</i> ]] > e]]> f</p>",
                "paragraph: a b & c &amp; &#65; <i>d</i> ]] > e f\n");
    assert_body("<p><![CDATA[]]>a<![CDATA[&]]></p><p><![CDATA[]]]]></p>",
                "paragraph: a&\nparagraph: ]]\n");
    assert_body("<p>a<svg><![CDATA[no & no]]></svg>b</p>", "paragraph: ab\n");
    assert_body("<p>a</p><![CDATA[never closed & <p>",
                "paragraph: a\nparagraph: never closed & <p>\n");
    assert_body("<script><![CDATA[ if (a) '<p>' ]]></script><p>a", "paragraph: a\n");
}

/* A section longer than a piece, of text and of what is put out sign by sign. */
static void test_xhtml__cdata_of_any_length_is_read(void **state)
{
    (void)state;
    test_needs_html();
    enum { LENGTH = 1000000 };
    static const char head[] = "<html xmlns='" NAMESPACE "'><p><![CDATA[";
    char *page = malloc(LENGTH + sizeof head + 20);
    assert_non_null(page);
    for (int kind = 0; kind < 3; kind++) {
        strcpy(page, head);
        for (size_t i = 0; i < LENGTH; i++) {
            page[sizeof head - 1 + i] = kind == 0   ? 'a'
                                        : kind == 1 ? '&'
                                                    : (char)(i % 2 ? '&' : '<');
        }
        strcpy(page + sizeof head - 1 + LENGTH, "]]></p>end");
        page_check check;
        ndup__html_hints hints = {.is_utf8 = true};
        page_check_begin(&check, page, strlen(page), &hints);
        size_t signs = 0;
        for (size_t i = 0; i < check.page.text.length; i++) {
            signs += check.page.text.bytes[i] != '\n';
        }
        assert_u64_equal(signs, LENGTH + 3);
        page_check_end(&check);
    }
    free(page);
}

static void test_xhtml__elements_with_its_prefix_are_its_elements(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<?xml version='1.0'?><h:html xmlns:h='" NAMESPACE "'><h:head><h:title>t</h:title>"
                "<h:style>no</h:style><h:script>'</script>'</h:script></h:head><h:body>"
                "<h:h1>One</h:h1><h:p>two <h:b>three</h:b><h:br/>four</h:p><H:p>five</H:p>"
                "<o:p>six</o:p></h:body></h:html>",
                "headline: One\nparagraph: two three\\nfour\nparagraph: five\nparagraph: six\n");
    assert_page("<p>a<h:script/>b<h:p>c</h:p>", "paragraph: abc\n");
}

static void test_xhtml__declarations_of_the_document_type_are_no_text(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<?xml version='1.0'?>\n<!DOCTYPE html [\n<!ENTITY a \"b > c\">\n<!ELEMENT p ANY>\n"
                "]\n>\n<html><p>text</p></html>",
                "paragraph: text\n");
    assert_page("<?xml version='1.0'?><!DOCTYPE html [ never closed><p>text</p>",
                "paragraph: text\n");
}

static void test_xhtml__names_of_characters_are_those_of_html(void **state)
{
    (void)state;
    test_needs_html();
    assert_body("<p>caf&eacute;&#160;&hellip; &apos;a&apos;</p>",
                "paragraph: caf\xC3\xA9 \xE2\x80\xA6 'a'\n");
}

static void test_xhtml__who_knows_better_may_say_so(void **state)
{
    (void)state;
    test_needs_html();
    page_check check;
    ndup__html_hints hints = {.is_xhtml = true};
    static const char page[] = "<html><head><title/></head><body><p>text</p></body></html>";
    page_check_begin(&check, page, sizeof page - 1, &hints);
    assert_text(check.page.text, "text");
    page_check_end(&check);
}

TEST_MAIN(cmocka_unit_test(test_xhtml__the_beginning_shows_it),
          cmocka_unit_test(test_xhtml__prefixes),
          cmocka_unit_test(test_xhtml__any_element_may_be_empty),
          cmocka_unit_test(test_xhtml__a_slash_may_belong_to_a_value),
          cmocka_unit_test(test_xhtml__html_has_its_own_empty_elements_only),
          cmocka_unit_test(test_xhtml__cdata_is_text),
          cmocka_unit_test(test_xhtml__cdata_of_any_length_is_read),
          cmocka_unit_test(test_xhtml__elements_with_its_prefix_are_its_elements),
          cmocka_unit_test(test_xhtml__declarations_of_the_document_type_are_no_text),
          cmocka_unit_test(test_xhtml__names_of_characters_are_those_of_html),
          cmocka_unit_test(test_xhtml__who_knows_better_may_say_so))
