/* SPDX-License-Identifier: MIT */
/* Web pages: which blocks are found, of which kind, and what is left out. */
#include "html/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/page_check.h"
#include "support/test.h"

static void test_html__every_kind_of_block(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<!DOCTYPE html><title>t</title><h1>Ferry sunk</h1><p>It was <b>late</b>.</p>"
                "<figure><img src=a.jpg><figcaption>The pier</figcaption></figure>"
                "<ul><li>one<li>two</ul><blockquote>Help!</blockquote><pre>a  b\n  c</pre>"
                "<dl><dt>word<dd>meaning</dl>"
                "<table><caption>Tides</caption><tr><th>High<th>Low<tr><td>2.1<td>0.3</table>",
                "headline: Ferry sunk\n"
                "paragraph: It was late.\n"
                "caption: The pier\n"
                "list_item: one\n"
                "list_item: two\n"
                "quote: Help!\n"
                "code: a  b\\n  c\n"
                "list_item: word\n"
                "list_item: meaning\n"
                "caption: Tides\n"
                "table: High\\tLow\n"
                "table: 2.1\\t0.3\n");
}

static void test_html__the_nearest_meaning_counts(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<ul><li><h2>a</h2><p>b</p></li></ul><blockquote><p>c</p></blockquote>"
                "<table><tr><td><p>d</p><td><ul><li>e</ul></table>",
                "headline: a\nlist_item: b\nquote: c\nparagraph: d\nlist_item: e\n");
}

static void test_html__captions_by_class(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<div class='wp-caption-text'>The pier</div><p>Text <span class=PhotoCaption>the "
                "boat</span> and more",
                "caption: The pier\nparagraph: Text\ncaption: the boat\nparagraph: and more\n");
}

static void test_html__what_stands_in_a_figure_belongs_to_it(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<figure><figcaption>The pier</figcaption><div>(M. Ito)</div></figure>a"
                "<figure><blockquote>b</blockquote><ul><li>c</ul><pre>d</pre></figure>",
                "caption: The pier\ncaption: (M. Ito)\nparagraph: a\nquote: b\nlist_item: c\n"
                "code: d\n");
}

static void test_html__links_side_by_side_are_apart(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<a>one</a><a>two</a> <b><a>three</a></b><i><a>four</a></i>",
                "paragraph: one two three four\n");
    assert_page("<a>one</a>s<a>two</a>", "paragraph: onestwo\n");
}

static void test_html__characters_without_width(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p>\xEF\xBB\xBF</p><p>&#8203;</p><p>\xE2\x80\x8B a\xE2\x80\x8B"
                "b\xEF\xBB\xBF"
                "c&#xFEFF;d\xE2\x80\xA6\xEF\xBC\x81</p>",
                "paragraph: a\xE2\x80\x8B"
                "bcd\xE2\x80\xA6\xEF\xBC\x81\n");
}

static void test_html__tables_for_layout_are_paragraphs(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<table><tr><td>A whole text in one cell.</table>",
                "paragraph: A whole text in one cell.\n");
    char page[1000] = "<table><tr><td>menu<td>";
    char expected[1000] = "table: menu\\t";
    for (int i = 0; i < 50; i++) {
        strcat(page, "many words ");
        strcat(expected, i < 49 ? "many words " : "many words\nparagraph: end\n");
    }
    strcat(page, "<td>end</table>");
    /* The row is 561 bytes in two cells: over 300 a cell it would be running text. */
    assert_page(page, expected);
}

static void test_html__white_space_is_collapsed(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p> a\n\t b&nbsp;&nbsp;c &#160; d\xC2\xA0</p>  <p>\n</p>", "paragraph: a b c d\n");
    assert_page("a<b> b</b> <i>c </i> d", "paragraph: a b c d\n");
    assert_page("<pre>\n\n  if (a)\n\tb;&#10;  </pre>", "code: if (a)\\n\\tb;\n");
}

static void test_html__line_breaks(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p>one<br>two<br/>\n<br>three<br><br><br></p>",
                "paragraph: one\\ntwo\nparagraph: three\n");
    assert_page("<li>one<br> <br>two<pre>a<br>b</pre>",
                "list_item: one\nlist_item: two\ncode: a\\nb\n");
}

static void test_html__character_references(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p>Tom &amp; Jerry &lt;b&gt; caf&eacute; &hellip; &copy2020 &notit; &unknown; & "
                "&& &; &a</p>",
                "paragraph: Tom & Jerry <b> caf\xC3\xA9 \xE2\x80\xA6 \xC2\xA9"
                "2020 \xC2\xACit; &unknown; & && &; &a\n");
    assert_page("<p>&#65;&#x42;&#X43 &#8217;&#146;&#x80; &#0;&#xD800;&#x110000;&#99999999999; &# "
                "&#x &#;",
                "paragraph: ABC \xE2\x80\x99\xE2\x80\x99\xE2\x82\xAC \xEF\xBF\xBD\xEF\xBF\xBD"
                "\xEF\xBF\xBD\xEF\xBF\xBD &# &#x &#;\n");
    /* What stands for runs of text inside cannot be written by a page. */
    assert_page("<p>a&#xF0000;b\xF3\xB0\x80\x80"
                "c&#x10FFFF;",
                "paragraph: a\xF3\xB0\x80\x80"
                "b\xF3\xB0\x80\x80"
                "c\xF4\x8F\xBF\xBF\n");
}

static void test_html__what_nobody_reads_is_left_out(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<head><style>p{}</style><script>var a = '<p>no</p>';</script></head>"
                "<p>a<!-- no --><script>no</script><style>no</style><noscript>no</noscript>"
                "<template><p>no</p></template><iframe>no</iframe><svg><title>no</title><text>no"
                "</text></svg><textarea>no</textarea><select><option>no</select><button>no</button>"
                "<video>no</video><ruby>b<rp>(</rp><rt>no</rt></ruby></p>",
                "paragraph: ab\n");
    assert_page("<nav><p>no</nav><div role=navigation>no</div><ul role='menu'><li>no</ul><p>a",
                "paragraph: a\n");
    assert_page("<p hidden>no</p><p style='color:red; DISPLAY : none'>no</p><p aria-hidden=true>no"
                "</p><span class='icon sr-only'>no</span><p style='visibility: hidden'>no</p>"
                "<p aria-hidden=false>a</p>",
                "paragraph: a\n");
}

/* Classes and roles that hide, and those that only look like them. */
static void test_html__what_classes_and_roles_hide(void **state)
{
    (void)state;
    test_needs_html();
    static const char *const hiding[] = {"class=sr-only",
                                         "class='x SR-Only'",
                                         "class=visually-hidden",
                                         "class='a screen-reader-text'",
                                         "role=menubar",
                                         "role=toolbar",
                                         "role=search",
                                         "hidden class=caption",
                                         "class=sr-only role=main",
                                         "hidden role=navigation",
                                         "role=navigation class=caption"};
    static const char *const showing[] = {
        "class=sr",      "class=visually",        "class='hidden sr only'",     "role=main",
        "role=tabpanel", "style='display:block'", "style='visibility:visible'", "style=''"};
    char page[400];
    for (size_t i = 0; i < sizeof hiding / sizeof hiding[0]; i++) {
        snprintf(page, sizeof page, "<p>a</p><p %s>no</p>", hiding[i]);
        assert_page(page, "paragraph: a\n");
    }
    for (size_t i = 0; i < sizeof showing / sizeof showing[0]; i++) {
        snprintf(page, sizeof page, "<p>a</p><p %s>b</p>", showing[i]);
        assert_page(page, "paragraph: a\nparagraph: b\n");
    }
}

static void test_html__a_hidden_body_is_shown(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<html hidden><body style='display:none'><p>a", "paragraph: a\n");
}

static void test_html__a_page_that_hides_nearly_everything_is_read(void **state)
{
    (void)state;
    test_needs_html();
    char page[4000] = "<p>Menu</p><main aria-hidden=true><p>";
    char expected[4000] = "paragraph: Menu\nparagraph: ";
    for (int i = 0; i < 50; i++) {
        strcat(page, "words that wait for a script, ");
        strcat(expected,
               i < 49 ? "words that wait for a script, " : "words that wait for a script,\n");
    }
    assert_page(page, expected);
    /* Too little to be the text of a page; and one that shows enough. */
    assert_page("<p>Menu</p><p hidden>no", "paragraph: Menu\n");
    char shown[8000] = "<p>";
    memset(shown + 3, 'x', 300);
    strcpy(shown + 303, page);
    page_check check;
    ndup__html_hints hints = {.is_utf8 = true};
    page_check_begin(&check, shown, strlen(shown), &hints);
    assert_u64_equal(check.page.unit_count, 2);
    page_check_end(&check);
}

static void test_html__markup_in_scripts_and_comments_is_not_markup(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<script>if (a </script b)</script>x<p>a", "paragraph: x\nparagraph: a\n");
    assert_page("<SCRIPT>'</scripty>'</SCRIPT >a", "paragraph: a\n");
    assert_page("a<!--> b <!---> c <!-- d -- > --!> e <!--!> no", "paragraph: a b c e\n");
    assert_page("a<!-- never closed <p>b", "paragraph: a\n");
    assert_page("a<style>never closed <p>b", "paragraph: a\n");
    assert_page("a <? php ?> b <!bogus> c </> d </ e> f", "paragraph: a b c d f\n");
}

static void test_html__unusual_tags(void **state)
{
    (void)state;
    test_needs_html();
    assert_page(
        "a < b <3 <p title='>'>c<p title=\"</p>\">d<p title=a/>e<p\nid=x\n>f<P/>g</P x='>'>h",
        "paragraph: a < b <3\nparagraph: c\nparagraph: d\nparagraph: e\nparagraph: f\n"
        "paragraph: g\nparagraph: h\n");
    assert_page("<my-story>a<fb:like/> b</my-story><article>c</article><o:p></o:p>d",
                "paragraph: a b\nparagraph: c\nparagraph: d\n");
    assert_page("a<p title='never closed>b", "paragraph: a\n");
    /* A dropped tag does not make markup of what stands around it. */
    assert_page("a<<img>b>c", "paragraph: a<b>c\n");
}

static void test_html__a_vector_image_ends_where_a_page_goes_on(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<svg><style/><path d='M0'/>no &amp; <g>no<p>a</svg>b", "paragraph: ab\n");
    assert_page("<p>x<svg><script>no</script></svg> y <math><mi>a</mi><mo/>+<mi>b</mi></math>",
                "paragraph: x y a+b\n");
}

static void test_html__trees_are_built_by_the_standard(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("<p>a<div>b</p>c</div><table>d<tr><td>e</table>",
                "paragraph: a\nparagraph: b\nparagraph: c\nparagraph: d\nparagraph: e\n");
    assert_page("<b><p>a</b>b</p><i>c<li>d</i>e", "paragraph: ab\nparagraph: c\nlist_item: de\n");
}

static void test_html__nothing_gives_nothing(void **state)
{
    (void)state;
    test_needs_html();
    assert_page("", "");
    assert_page("   \n", "");
    assert_page("<html><body><p></p><div> </div></body></html>", "");
    assert_page("plain text\n\nof two lines", "paragraph: plain text of two lines\n");
}

/* `count` times "<p>text number i</p>" inside of `head`. */
static char *long_page(const char *head, int count)
{
    char *page = malloc(strlen(head) + (size_t)count * 40 + 1);
    assert_non_null(page);
    char *at = page + sprintf(page, "%s", head);
    for (int i = 0; i < count; i++) {
        at += sprintf(at, "<p>text number %d</p>", i);
    }
    return page;
}

/* A page that is parsed in pieces gives what it would give in one. */
static void test_html__long_pages_keep_their_context(void **state)
{
    (void)state;
    test_needs_html();
    enum { COUNT = 30000 };
    ndup__html_hints hints = {.is_utf8 = true};
    char *page = long_page("<main><div role=navigation>", COUNT);
    strcpy(page + strlen(page), "</div><p>a");
    assert_page(page, "paragraph: a\n");
    free(page);
    page = long_page("<blockquote>", COUNT);
    page_check check;
    page_check_begin(&check, page, strlen(page), &hints);
    assert_u64_equal(check.page.unit_count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        const ndup_unit *unit = &check.page.units[i];
        char expected[40];
        size_t length = (size_t)sprintf(expected, "text number %zu", i);
        assert_int_equal(unit->kind, NDUP_UNIT_QUOTE);
        assert_u64_equal(unit->length, length);
        assert_memory_equal(check.page.text.bytes + unit->offset, expected, length);
    }
    page_check_end(&check);
    free(page);
}

static void test_html__working_memory_settles(void **state)
{
    (void)state;
    test_needs_html();
    failing_allocator memory;
    failing_allocator_init(&memory);
    ndup_error error;
    ndup__html *html;
    ndup__html_page page;
    ndup__html_hints hints = {.is_utf8 = true};
    ndup__arena arena = {.allocator = &memory.allocator};
    char *bytes = long_page("<title>t</title>", 3000);
    size_t length = strlen(bytes);
    assert_ok(ndup__html_new(&html, &memory.allocator, &error), &error);
    size_t calls = 0;
    for (int i = 0; i < 12; i++) {
        calls = failing_allocator_calls(&memory);
        ndup__arena_reset(&arena);
        size_t used = i % 3 == 0 ? length : length / (size_t)(i % 3 + 1);
        assert_ok(ndup__html_extract(&page, html, bytes, used, &hints, &arena, &error), &error);
    }
    assert_u64_equal(failing_allocator_calls(&memory), calls);
    ndup__html_free(html);
    ndup__arena_deinit(&arena);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    free(bytes);
}

static void test_html__memory_for_a_giant_page_is_given_back(void **state)
{
    (void)state;
    test_needs_html();
    failing_allocator memory;
    failing_allocator_init(&memory);
    ndup_error error;
    ndup__html *html;
    ndup__html_page page;
    ndup__html_hints hints = {.is_utf8 = true};
    ndup__arena arena = {.allocator = &memory.allocator};
    assert_ok(ndup__html_new(&html, &memory.allocator, &error), &error);
    size_t length = (size_t)20 << 20;
    char *bytes = malloc(length);
    assert_non_null(bytes);
    memset(bytes, 'a', length);
    assert_ok(ndup__html_extract(&page, html, bytes, length, &hints, &arena, &error), &error);
    assert_u64_equal(page.text.length, length);
    ndup__arena_deinit(&arena);
    assert_true(failing_allocator_live_bytes(&memory) < 100000);
    assert_ok(ndup__html_extract(&page, html, "<p>a", 4, &hints, &arena, &error), &error);
    assert_text(page.text, "a");
    ndup__html_free(html);
    ndup__arena_deinit(&arena);
    free(bytes);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
}

static void test_html__running_out_of_memory_is_an_error(void **state)
{
    (void)state;
    test_needs_html();
    static const char bytes[] =
        "<meta charset=koi8-r><title>t\xC1</title><p>a<p>&amp;<script type=application/ld+json>"
        "{\"headline\":\"h\"}</script><link rel=canonical href=/x>";
    ndup__html_hints hints = {.url = {"http://a.b/c", 12}};
    for (size_t call = 1;; call++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        ndup_error error;
        ndup__html *html = NULL;
        ndup__html_page page;
        ndup__arena arena = {.allocator = &memory.allocator};
        failing_allocator_fail_at(&memory, call);
        ndup_status status = ndup__html_new(&html, &memory.allocator, &error);
        if (status == NDUP_STATUS_OK) {
            status =
                ndup__html_extract(&page, html, bytes, sizeof bytes - 1, &hints, &arena, &error);
        }
        ndup__html_free(html);
        ndup__arena_deinit(&arena);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_html__every_kind_of_block),
          cmocka_unit_test(test_html__the_nearest_meaning_counts),
          cmocka_unit_test(test_html__captions_by_class),
          cmocka_unit_test(test_html__what_stands_in_a_figure_belongs_to_it),
          cmocka_unit_test(test_html__links_side_by_side_are_apart),
          cmocka_unit_test(test_html__characters_without_width),
          cmocka_unit_test(test_html__tables_for_layout_are_paragraphs),
          cmocka_unit_test(test_html__white_space_is_collapsed),
          cmocka_unit_test(test_html__line_breaks),
          cmocka_unit_test(test_html__character_references),
          cmocka_unit_test(test_html__what_nobody_reads_is_left_out),
          cmocka_unit_test(test_html__a_hidden_body_is_shown),
          cmocka_unit_test(test_html__what_classes_and_roles_hide),
          cmocka_unit_test(test_html__a_page_that_hides_nearly_everything_is_read),
          cmocka_unit_test(test_html__markup_in_scripts_and_comments_is_not_markup),
          cmocka_unit_test(test_html__unusual_tags),
          cmocka_unit_test(test_html__a_vector_image_ends_where_a_page_goes_on),
          cmocka_unit_test(test_html__trees_are_built_by_the_standard),
          cmocka_unit_test(test_html__nothing_gives_nothing),
          cmocka_unit_test(test_html__long_pages_keep_their_context),
          cmocka_unit_test(test_html__working_memory_settles),
          cmocka_unit_test(test_html__memory_for_a_giant_page_is_given_back),
          cmocka_unit_test(test_html__running_out_of_memory_is_an_error))
