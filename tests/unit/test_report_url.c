/* SPDX-License-Identifier: MIT */
/* What a report makes of addresses. */
#include "support/test.h"

#include <string.h>

#include "report/url.h"

static void assert_host(const char *url, const char *expected)
{
    ndup_text host = ndup__url_host((ndup_text){url, strlen(url)});
    assert_u64_equal(host.length, strlen(expected));
    assert_memory_equal(host.bytes != NULL ? host.bytes : "", expected, host.length);
}

static void test_url_host__is_the_name_alone(void **state)
{
    (void)state;
    assert_host("https://example.org/a/b?c=d#e", "example.org");
    assert_host("http://example.org", "example.org");
    assert_host("HTTPS://Example.org:8080/", "Example.org");
    assert_host("https://www.example.org/", "example.org");
    assert_host("https://www./", "www.");
    assert_host("https://user:secret@example.org:1/@x", "example.org");
    assert_host("https://evil.org@example.org\\@other.org/", "example.org");
    assert_host("https://example.org?x@y", "example.org");
}

static void test_url_host__of_other_addresses_is_empty(void **state)
{
    (void)state;
    assert_host("", "");
    assert_host("example.org/a", "");
    assert_host("ftp://example.org/", "");
    assert_host("javascript:alert(1)//http://example.org", "");
    assert_host("https:/example.org", "");
    assert_host("https://", "");
    assert_host("https:///path", "");
}

static void test_url_is_web__only_for_what_may_be_a_link(void **state)
{
    (void)state;
    static const char *const web[] = {"http://a", "https://a/b", "HtTpS://a", "https://\xC3\xA9"};
    static const char *const other[] = {"",           "http://",     "http:/a",     " http://a",
                                        "http://a b", "http://a\tb", "http://\x7F", "javascript:1",
                                        "//a",        "data:,",      "httpx://a",   "http"};
    for (size_t i = 0; i < sizeof web / sizeof web[0]; i++) {
        assert_true(ndup__url_is_web((ndup_text){web[i], strlen(web[i])}));
    }
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        assert_false(ndup__url_is_web((ndup_text){other[i], strlen(other[i])}));
    }
}

TEST_MAIN(cmocka_unit_test(test_url_host__is_the_name_alone),
          cmocka_unit_test(test_url_host__of_other_addresses_is_empty),
          cmocka_unit_test(test_url_is_web__only_for_what_may_be_a_link))
