/* SPDX-License-Identifier: MIT */
/* Pages made to be slow: the cost is linear in their size. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/page_check.h"
#include "support/random.h"
#include "support/test.h"

/* A page of `size` bytes: `head`, then `unit` again and again, then `tail`. */
typedef struct hostile {
    const char *name, *head, *unit, *tail;
} hostile;

static const hostile pages[] = {
    {"deep divisions", "", "<div>", ""},
    {"deep lists", "", "<ul><li>", ""},
    {"deep formatting", "", "<b>", ""},
    {"deep tables", "", "<table><tr><td>", ""},
    {"deep unknown elements", "", "<x-y>", ""},
    {"deep links around blocks", "", "<a><div>", ""},
    {"deep quotes with text", "", "<blockquote>a", ""},
    {"formatting ended elsewhere", "", "<b><div></b>", ""},
    {"formatting that is never ended", "<b><i><u><s><tt><em><code><font><big><small>", "<p>x", ""},
    {"three of each formatting that is never ended",
     "<p><b><i><u><s><tt><em><code><font><big><small><strike><strong>"
     "<b><i><u><s><tt><em><code><font><big><small><strike><strong>"
     "<b><i><u><s><tt><em><code><font><big><small><strike><strong></p>",
     "<p>x", ""},
    {"formatting with attributes", "", "<p><b class=a id=b>x</p>", ""},
    {"forms without end", "", "<form><div></form>", ""},
    {"text in a table", "<table>", "a<b>", ""},
    {"rows of text in a table", "<table>", "<tr>x<p>", ""},
    {"nobr", "", "<nobr><div>", ""},
    {"end tags without start", "<b><b><b>", "</span></p></b></li>", ""},
    {"end tags that do not fit", "", "<div><table><tr><td></div>", ""},
    {"an attribute flood", "<p ", "a b=c d='e' ", ">x"},
    {"different attributes", "", "<p class=\"a\" id='b' hidden=c style=\"display:inline\">", ""},
    {"a long attribute", "<p title='", "aaaaaaaa", "'>x"},
    {"comments that are not closed", "", "<!--", ""},
    {"scripts that are not closed", "", "<script>", ""},
    {"scripts inside scripts", "<script>", "<script></scriptx>", "</script>"},
    {"vector images", "", "<svg><g>", ""},
    {"formulas", "<math>", "<mi>a<mo/>", ""},
    {"selections", "", "<select><option>", ""},
    {"templates", "", "<template>", ""},
    {"titles", "", "<title>a", ""},
    {"tags cut off", "", "<", ""},
    {"end tags cut off", "", "</", ""},
    {"ampersands", "", "&", ""},
    {"named references", "", "&amp;&notin;", ""},
    {"unknown references", "", "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
    {"numeric references", "", "&#65;&#x", ""},
    {"line breaks", "a", "<br>", "b"},
    {"spaces", "a", " &nbsp;", "b"},
    {"one long text", "", "words and ", ""},
    {"verbatim spaces", "<pre>a", " \n", "b"},
    {"cells", "<table><tr>", "<td>a", ""},
    {"linked data", "<script type=application/ld+json>", "{\"headline\":[\"", "</script>"},
    {"headings", "", "<h1>a", ""},
    {"frames", "", "<frameset>", ""},
    {"meta elements", "", "<meta name=date content=x>", ""},
    {"navigation", "", "<nav>", ""},
    {"navigation with text", "", "<nav>a <p>", ""},
    {"menus that are read", "", "<div role=menu>some words of an article that go on and on ", ""},
    {"menus one after the other", "<p>a", "<span role=menu>b</span>", ""},
    {"videos that are not closed", "", "<video><div></video>", ""},
    {"ends of deep videos", "<video><div><div><div><div><div><div>", "</video>", ""},
    {"scripts for others", "", "<noscript><div></noscript>", ""},
    {"frames for others", "", "<noframes><div></noframes>", ""},
    {"lines", "<p>", "a line<br>", ""},
    {"lines that are paragraphs", "<p>",
     "A line that is long enough to be a paragraph of its own, as people write them who know of "
     "one "
     "element.<br>",
     ""},
    {"sections of XHTML", "<html xmlns='http://www.w3.org/1999/xhtml'>", "<![CDATA[a&b]]>", ""},
    {"sections that are not closed", "<html xmlns='http://www.w3.org/1999/xhtml'>", "<![CDATA[a&",
     ""},
    {"sections that nearly end", "<html xmlns='http://www.w3.org/1999/xhtml'><![CDATA[", "]]", ""},
    {"document types", "<?xml version='1.0'?>", "<!DOCTYPE a [", ""},
    {"document types with declarations", "", "<!DOCTYPE a [ ] ", ""},
    {"empty elements of XHTML", "<html xmlns='http://www.w3.org/1999/xhtml'>", "<div/><title/><b/>",
     ""},
    {"prefixes", "<h:html xmlns:h='http://www.w3.org/1999/xhtml'>", "<h:h:p>a</h:h:title>", ""},
};
enum { PAGES = sizeof pages / sizeof *pages };

static char *make_page(const hostile *page, size_t size)
{
    size_t tail = strlen(page->tail);
    size_t unit = strlen(page->unit);
    char *bytes = malloc(size + unit + tail + strlen(page->head) + 1);
    assert_non_null(bytes);
    strcpy(bytes, page->head);
    size_t length = strlen(bytes);
    while (length < size) {
        memcpy(bytes + length, page->unit, unit + 1);
        length += unit;
    }
    memcpy(bytes + length, page->tail, tail + 1);
    return bytes;
}

/* Processor time of one page, in seconds. A page that asks for too much memory counts as well. */
static double cost_of(ndup__html *html, const char *bytes)
{
    ndup__arena arena = {.allocator = NULL};
    ndup__html_page page;
    ndup__html_hints hints = {.is_utf8 = true};
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    ndup_status status =
        ndup__html_extract(&page, html, bytes, strlen(bytes), &hints, &arena, NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    ndup__arena_deinit(&arena);
    assert_true(status == NDUP_STATUS_OK || status == NDUP_STATUS_LIMIT);
    return (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) * 1e-9;
}

/* The least of a few runs. */
static double least_cost(ndup__html *html, const hostile *page, size_t size)
{
    char *bytes = make_page(page, size);
    double least = cost_of(html, bytes);
    for (int i = 0; i < 2; i++) {
        double cost = cost_of(html, bytes);
        least = cost < least ? cost : least;
    }
    free(bytes);
    return least;
}

/* Eight times the size may cost three times eight times as much; quadratic work would be 64. What
 * is too fast to be measured has passed. */
static void test_html_hostile__cost_is_linear_in_size(void **state)
{
    (void)state;
    test_needs_html();
    enum { SMALL = 64 << 10, TIMES = 8, MARGIN = 3 };
    ndup__html *html;
    ndup_error error;
    assert_ok(ndup__html_new(&html, NULL, &error), &error);
    int slow = 0;
    for (size_t i = 0; i < PAGES; i += test_step()) {
        double small = least_cost(html, &pages[i], SMALL);
        double large = least_cost(html, &pages[i], (size_t)SMALL * TIMES);
        if (large > 0.004 && large > small * TIMES * MARGIN) {
            print_message("%s: %.4f s, %.4f s\n", pages[i].name, small, large);
            slow++;
        }
    }
    ndup__html_free(html);
    assert_int_equal(slow, 0);
}

/* Nothing that is hidden comes up when a page is cut, nothing is lost that is not. */
static void test_html_hostile__text_survives_deep_nesting(void **state)
{
    (void)state;
    test_needs_html();
    enum { DEPTH = 5000 };
    char *bytes = make_page(&(hostile){"", "", "<div>a", ""}, DEPTH * 6);
    page_check check;
    ndup__html_hints hints = {.is_utf8 = true};
    page_check_begin(&check, bytes, strlen(bytes), &hints);
    assert_u64_equal(check.page.unit_count, DEPTH);
    page_check_end(&check);
    free(bytes);
}

/* Any soup of tags is read, and the same way each time, by a used extractor as by a new one. */
static void test_html_hostile__soup_is_read_the_same_way_twice(void **state)
{
    (void)state;
    test_needs_html();
    static const char *const parts[] = {
        "<div>",    "</div>",     "<p>",         "</p>",    "<b>",      "</b>",     "<table>",
        "</table>", "<tr>",       "<td>",        "</td>",   "<a href>", "</a>",     "<li>",
        "<ul>",     "</ul>",      "text ",       "&amp;",   "&#66;",    "<br>",     "<pre>",
        "</pre>",   "<svg>",      "</svg>",      "<!--",    "-->",      "<script>", "</script>",
        "<select>", "</select>",  "<nav>",       "</nav>",  "<h1>",     "</h1>",    "<form>",
        "</form>",  "<template>", "</template>", "<i",      ">",        "<p m=1>",  "<math>",
        "</math>",  "<button>",   "</button>",   "<title>", "</title>", "\n"};
    ndup__html *used;
    ndup_error error;
    ndup__html_hints hints = {.is_utf8 = true};
    assert_ok(ndup__html_new(&used, NULL, &error), &error);
    test_random random;
    test_random_init(&random, 11);
    for (int round = 0; round < 300; round++) {
        char bytes[3000] = "";
        size_t count = (size_t)test_random_below(&random, 240);
        for (size_t i = 0; i < count; i++) {
            strcat(bytes, parts[test_random_below(&random, sizeof parts / sizeof *parts)]);
        }
        page_check check;
        ndup__html_page page;
        ndup__arena arena = {.allocator = NULL};
        page_check_begin(&check, bytes, strlen(bytes), &hints);
        assert_ok(ndup__html_extract(&page, used, bytes, strlen(bytes), &hints, &arena, &error),
                  &error);
        assert_u64_equal(page.text.length, check.page.text.length);
        assert_memory_equal(page.text.bytes, check.page.text.bytes, page.text.length + 1);
        assert_u64_equal(page.unit_count, check.page.unit_count);
        ndup__arena_deinit(&arena);
        page_check_end(&check);
    }
    ndup__html_free(used);
}

TEST_MAIN(cmocka_unit_test(test_html_hostile__cost_is_linear_in_size),
          cmocka_unit_test(test_html_hostile__text_survives_deep_nesting),
          cmocka_unit_test(test_html_hostile__soup_is_read_the_same_way_twice))
