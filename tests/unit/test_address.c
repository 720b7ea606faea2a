/* SPDX-License-Identifier: MIT */
/* Addresses on the web: their beginning and their host. */
#include "html/address.h"

#include <string.h>

#include "support/page_check.h"
#include "support/test.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static void test_address__host(void **state)
{
    (void)state;
    static const char *const hosts[][2] = {
        {"http://a.example/x", "a.example"},
        {"HTTPS://A.example", "A.example"},
        {"https://user:word@a.example:8080/x@y", "a.example"},
        {"http://a.example?x", "a.example"},
        {"http://a.example#x:y", "a.example"},
        {"http://a.example x", "a.example"},
        {"http://", ""},
        {"http:///x", ""},
        {"http:a.example", ""},
        {"httpx://a.example", ""},
        {"ftp://a.example", ""},
        {"//a.example", ""},
        {"a.example", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        assert_text(ndup__address_host(text_of(hosts[i][0])), hosts[i][1]);
    }
}

static void test_address__beginning(void **state)
{
    (void)state;
    assert_u64_equal(ndup__address_scheme(text_of("http://a")), 5);
    assert_u64_equal(ndup__address_scheme(text_of("https://a")), 6);
    assert_u64_equal(ndup__address_scheme(text_of("https:")), 0);
    assert_u64_equal(ndup__address_scheme(text_of("mailto:a")), 0);
    assert_u64_equal(ndup__address_origin(text_of("https://a.example:80/x")), 20);
    assert_u64_equal(ndup__address_origin(text_of("https:/a")), 0);
}

TEST_MAIN(cmocka_unit_test(test_address__host), cmocka_unit_test(test_address__beginning))
