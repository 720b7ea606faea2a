/* SPDX-License-Identifier: MIT */
/* Content types as servers send them, and bodies that have none. */
#include "corpus/media_type.h"

#include <string.h>

#include "support/guard_buffer.h"
#include "support/test.h"

static ndup__media media_of(const char *type)
{
    return ndup__media_of((ndup_text){type, strlen(type)});
}

static void test_media_type__as_sloppy_as_servers_are(void **state)
{
    (void)state;
    static const char *const pages[] = {"text/html",
                                        "TEXT/HTML",
                                        "text/html;;charset=",
                                        "text/html ; charset=utf-8",
                                        "text/html charset=utf-8",
                                        "text/html, text/html",
                                        "text/html,charset=utf-8",
                                        " \"text/html\"",
                                        "text/html;"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        assert_int_equal(media_of(pages[i]), NDUP__MEDIA_PAGE);
    }
    assert_int_equal(media_of("text/plain; charset=x"), NDUP__MEDIA_TEXT);
    assert_int_equal(media_of("application/xhtml+xml"), NDUP__MEDIA_XHTML);
    assert_int_equal(media_of("image/png"), NDUP__MEDIA_OTHER);
    assert_int_equal(media_of("text/htmlx"), NDUP__MEDIA_OTHER);
}

static void test_media_type__what_says_nothing(void **state)
{
    (void)state;
    static const char *const types[] = {"",     ";charset=utf-8", "*/*",  "unknown/unknown",
                                        "html", "text/xml",       "text", "application/xml; x"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        assert_int_equal(media_of(types[i]), NDUP__MEDIA_UNKNOWN);
    }
}

static ndup__media sniff(const char *body)
{
    guard_buffer buffer;
    size_t length = strlen(body);
    guard_buffer_init(&buffer, length);
    ndup__media media =
        ndup__media_sniff((ndup_text){guard_buffer_put(&buffer, body, length), length});
    guard_buffer_deinit(&buffer);
    return media;
}

static void test_media_type__pages_by_their_beginning(void **state)
{
    (void)state;
    static const char *const pages[] = {"<!doctype HTML><p>",
                                        "\r\n\t <HTML lang=en>",
                                        "\xEF\xBB\xBF<html>",
                                        "<!-- a --><p>",
                                        "<p>text",
                                        "<a href=b>",
                                        "<title>t</title>",
                                        "<body\n>"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        assert_int_equal(sniff(pages[i]), NDUP__MEDIA_PAGE);
    }
    static const char *const others[] = {
        "", "text", "<", "<p", "<abc>", "<?xml version='1.0'?><rss>", "{\"a\":\"<p>\"}", "<html"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(sniff(others[i]), NDUP__MEDIA_OTHER);
    }
    assert_int_equal(sniff("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>"),
                     NDUP__MEDIA_XHTML);
    assert_int_equal(sniff("<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\">"), NDUP__MEDIA_XHTML);
}

TEST_MAIN(cmocka_unit_test(test_media_type__as_sloppy_as_servers_are),
          cmocka_unit_test(test_media_type__what_says_nothing),
          cmocka_unit_test(test_media_type__pages_by_their_beginning))
