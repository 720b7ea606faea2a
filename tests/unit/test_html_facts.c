/* SPDX-License-Identifier: MIT */
/* What a page says about itself, and which of several sources counts. */
#include <stdio.h>
#include <string.h>

#include "html/html.h"
#include "support/page_check.h"
#include "support/test.h"

typedef struct facts {
    const char *title, *url, *source, *date, *language;
} facts;

static void assert_text_or_empty(ndup_text text, const char *expected)
{
    assert_text(text, expected != NULL ? expected : "");
}

/* The page, fetched from `url`, states these; NULL is nothing. */
static void assert_facts(const char *url, const char *bytes, facts expected)
{
    page_check check;
    ndup__html_hints hints = {.url = {url, strlen(url)}, .is_utf8 = true};
    page_check_begin(&check, bytes, strlen(bytes), &hints);
    assert_text_or_empty(check.page.title, expected.title);
    assert_text_or_empty(check.page.url, expected.url);
    assert_text_or_empty(check.page.source, expected.source);
    assert_text_or_empty(check.page.date, expected.date);
    assert_text_or_empty(check.page.language, expected.language);
    page_check_end(&check);
}

static void test_html_facts__of_a_news_page(void **state)
{
    (void)state;
    test_needs_html();
    assert_facts("http://m.harbour.example/f?id=1",
                 "<html lang=en-GB><title>Ferries &amp; fog | Harbour Times</title>"
                 "<meta property=og:title content='Ferries &amp; fog'>"
                 "<meta property=og:site_name content='Harbour Times'>"
                 "<link rel=canonical href=https://harbour.example/f>"
                 "<meta property=article:published_time content=2026-05-31T06:30:00Z>",
                 (facts){"Ferries & fog", "https://harbour.example/f", "Harbour Times",
                         "2026-05-31T06:30:00Z", "en-GB"});
}

static void test_html_facts__of_a_page_that_says_nothing(void **state)
{
    (void)state;
    test_needs_html();
    assert_facts("", "<p>a", (facts){.title = NULL});
    assert_facts("https://user@www.a.example:8080/x?y", "<title>\n The\n\ttitle </title>",
                 (facts){.title = "The title",
                         .url = "https://user@www.a.example:8080/x?y",
                         .source = "www.a.example"});
    assert_facts("ftp://a.example/x", "<p>a", (facts){.url = "ftp://a.example/x"});
}

static void test_html_facts__linked_data(void **state)
{
    (void)state;
    test_needs_html();
    assert_facts(
        "",
        "<title>t</title><script type='application/ld+json'>\n{\"@graph\": [{\"comment\": "
        "{\"datePublished\": \"2020-01-01\"}}, {\"headline\": \"Say \\\"hi\\\" caf\\u00e9 "
        "\\ud83d\\ude00\", \"datePublished\":\"2026-05-31\", \"inLanguage\": \"fr\", "
        "\"author\": {\"name\": \"no\"}, \"publisher\": {\"@type\": \"Organization\", "
        "\"name\": \"Le Port\"}, \"name\": \"no\"}]}</script>"
        "<script type=application/ld+json>{\"datePublished\":\"2027-01-01\"}</script>",
        (facts){"Say \"hi\" caf\xC3\xA9 \xF0\x9F\x98\x80", NULL, "Le Port", "2026-05-31", "fr"});
    assert_facts("", "<script type=application/ld+json>{\"headline\": \"a\", \"headline</script>",
                 (facts){.title = "a"});
    assert_facts("",
                 "<script type=application/ld+json>{\"headline\": \"a\\\xC3\xA9\\u12\"}</script>",
                 (facts){.title = "a \xC3\xA9\xEF\xBF\xBD"
                                  "12"});
    assert_facts("", "<script>{\"headline\": \"a\"}</script>", (facts){.title = NULL});
}

static void test_html_facts__linked_data_is_valid_text(void **state)
{
    (void)state;
    test_needs_html();
    assert_facts("",
                 "<script type=application/ld+json>{\"headline\": \"a\\ud83dz \\udc00\"}</script>",
                 (facts){.title = "a\xEF\xBF\xBDz \xEF\xBF\xBD"});
    /* Cut inside a character of three bytes, and before one that is escaped. */
    for (size_t before = 0; before < 4; before++) {
        char page[4096] = "<script type=application/ld+json>{\"headline\": \"";
        char title[2048];
        memset(title, 'x', before);
        for (size_t i = 0; i < 400; i++) {
            memcpy(title + before + 3 * i, "\xE4\xB8\xAD", 3);
        }
        title[before + 1200] = '\0';
        strcat(strcat(page, title), "\\u4e2dxyz\"}</script>");
        /* One character may be left out more than has to be. */
        title[before + (1024 - before) / 3 * 3 - ((1024 - before) % 3 == 0 ? 3 : 0)] = '\0';
        assert_facts("", page, (facts){.title = title});
    }
}

static void test_html_facts__escapes_in_linked_data_as_met(void **state)
{
    (void)state;
    test_needs_html();
    static const char *const strings[][2] = {
        {"a\\nb\\tc\\/d\\\"e", "a b c/d\"e"},
        {"a\\u12G4", "a\xEF\xBF\xBD"
                     "12G4"},
        {"a\\u00e", "a\xEF\xBF\xBD"
                    "00e"},
        {"a\\u00@0", "a\xEF\xBF\xBD"
                     "00@0"},
        {"a\\u00`0", "a\xEF\xBF\xBD"
                     "00`0"},
        {"a\\u004A\\u006a", "aJj"},
        {"a\\ud83d\\u0041", "a\xEF\xBF\xBD"
                            "A"},
        {"a\\ud83d\\n1234", "a\xEF\xBF\xBD 1234"},
        {"a\\ud83d12345678", "a\xEF\xBF\xBD"
                             "12345678"},
        {"a\\ud83d\\u12", "a\xEF\xBF\xBD\xEF\xBF\xBD"
                          "12"},
        {"a\\ud83d\\ue000", "a\xEF\xBF\xBD\xEE\x80\x80"},
        {"a\\udbff\\udfff", "a\xF4\x8F\xBF\xBF"},
    };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        char page[200];
        snprintf(page, sizeof page,
                 "<script type=application/ld+json>{\"headline\": \"%s\"}</script>", strings[i][0]);
        assert_facts("", page, (facts){.title = strings[i][1]});
    }
    assert_facts("", "<script type=application/ld+json>{\"headline\": [\"a\", \"b\"]}</script>",
                 (facts){.title = "a"});
    assert_facts("", "<script type=application/ld+json>{\"headline\"  </script>",
                 (facts){.title = NULL});
    assert_facts("", "<script type=application/ld+json>{\"headline\": \"a\\</script>",
                 (facts){.title = "a\\"});
}

static void test_html_facts__dates(void **state)
{
    (void)state;
    test_needs_html();
    static const char *const dates[][2] = {
        {"2026-05-31", "2026-05-31"},
        {" 2026-05-31 12:00 ", "2026-05-31 12:00"},
        {"2026/05/31", "2026-05-31"},
        {"20260531", "2026-05-31"},
        {"31 May 2026", ""},
        {"2026-5-31", ""},
        {"2026", ""},
        {"202605311", ""},
        {"2026053", ""},
        {"2026053x", ""},
        {"2026/05-31", ""},
        {"2026-05/31", ""},
        {"2026-0x-31", ""},
        {"2026-05-3x", ""},
        {"20x6-05-31", ""},
        {"2026.05.31", ""},
        {"2026-05-31 and some words that no date has", ""},
        {"2026-05-31T06:30:00+02:00", "2026-05-31T06:30:00+02:00"}};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char page[200];
        snprintf(page, sizeof page, "<meta name=DC.date content='%s'>", dates[i][0]);
        assert_facts("", page, (facts){.date = dates[i][1]});
    }
    assert_facts("",
                 "<time datetime=2026-01-01>a</time><time datetime=2026-01-02>b</time>"
                 "<time datetime=2026-01-03 pubdate>c</time>",
                 (facts){.date = "2026-01-03"});
    assert_facts("", "<time datetime=12:00>a</time><time datetime=2026-01-02>b</time>",
                 (facts){.date = "2026-01-02"});
    assert_facts("",
                 "<meta itemprop=datePublished content=2026-01-02><meta name=date "
                 "content=2026-01-03>",
                 (facts){.date = "2026-01-02"});
}

static void test_html_facts__addresses(void **state)
{
    (void)state;
    test_needs_html();
    assert_facts("https://a.example/x/y", "<link rel=CANONICAL href='/z?q=1&amp;r=2'>",
                 (facts){.url = "https://a.example/z?q=1&r=2", .source = "a.example"});
    assert_facts("https://a.example/x/y", "<link rel=canonical href=//b.example/z>",
                 (facts){.url = "https://b.example/z", .source = "b.example"});
    assert_facts("https://a.example/x/y", "<link rel=canonical href=z>",
                 (facts){.url = "https://a.example/x/y", .source = "a.example"});
    assert_facts("", "<link rel=canonical href=/z>", (facts){.url = NULL});
    assert_facts("", "<meta property=og:url content=HTTP://B.example/>",
                 (facts){.url = "HTTP://B.example/", .source = "B.example"});
    assert_facts("", "<link rel=canonical href=http:><link rel=stylesheet href=http://no.example>",
                 (facts){.url = NULL});
}

static void test_html_facts__languages(void **state)
{
    (void)state;
    test_needs_html();
    assert_facts("", "<html xml:lang=pt_BR>", (facts){.language = "pt-BR"});
    assert_facts("", "<html lang='a b'><meta property=og:locale content=de_DE>",
                 (facts){.language = "de-DE"});
    assert_facts("", "<meta http-equiv=content-language content=ru>", (facts){.language = "ru"});
    static const char *const tags[][2] = {
        {"zh-Hans-CN", "zh-Hans-CN"},
        {"es-419", "es-419"},
        {"Zz", "Zz"},
        {"e", ""},
        {"1e", ""},
        {"-en", ""},
        {"en@x", ""},
        {"en[", ""},
        {"en`", ""},
        {"en{", ""},
        {"en de", ""},
        {"en/", ""},
        {"en:", ""},
        {"caf\xC3\xA9", ""},
        {"abcdefghijklmnopqrstuvwxyzabcdefghi", "abcdefghijklmnopqrstuvwxyzabcdefghi"},
        {"abcdefghijklmnopqrstuvwxyzabcdefghij", ""},
    };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        char page[200];
        snprintf(page, sizeof page, "<html lang='%s'>", tags[i][0]);
        assert_facts("", page, (facts){.language = tags[i][1]});
    }
}

static void test_html_facts__long_values_are_cut_between_characters(void **state)
{
    (void)state;
    test_needs_html();
    char page[8000] = "<title>x";
    for (int i = 0; i < 1500; i++) {
        strcat(page, "\xC3\xA9");
    }
    page_check check;
    ndup__html_hints hints = {.is_utf8 = true};
    page_check_begin(&check, page, strlen(page), &hints);
    assert_u64_equal(check.page.title.length, 2047);
    page_check_end(&check);
}

static void test_html_facts__encoding_of_the_page(void **state)
{
    (void)state;
    test_needs_html();
    page_check check;
    static const char bytes[] = "<meta charset=windows-1251><title>\xCF\xEE\xF0\xF2</title><p>\xEF";
    ndup__html_hints hints = {.content_type = {"text/html", 9}};
    page_check_begin(&check, bytes, sizeof bytes - 1, &hints);
    assert_string_equal(check.page.encoding, "windows-1251");
    assert_text(check.page.title, "\xD0\x9F\xD0\xBE\xD1\x80\xD1\x82");
    assert_text(check.page.text, "\xD0\xBF");
    assert_u64_equal(check.page.replaced, 0);
    page_check_end(&check);
    page_check_begin(&check, "\xEF\xBB\xBF<p>a\xFF", 8, &hints);
    assert_text(check.page.text, "a\xEF\xBF\xBD");
    assert_u64_equal(check.page.replaced, 1);
    page_check_end(&check);
}

TEST_MAIN(cmocka_unit_test(test_html_facts__escapes_in_linked_data_as_met),
          cmocka_unit_test(test_html_facts__of_a_news_page),
          cmocka_unit_test(test_html_facts__of_a_page_that_says_nothing),
          cmocka_unit_test(test_html_facts__linked_data),
          cmocka_unit_test(test_html_facts__linked_data_is_valid_text),
          cmocka_unit_test(test_html_facts__dates), cmocka_unit_test(test_html_facts__addresses),
          cmocka_unit_test(test_html_facts__languages),
          cmocka_unit_test(test_html_facts__long_values_are_cut_between_characters),
          cmocka_unit_test(test_html_facts__encoding_of_the_page))
