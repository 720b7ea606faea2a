/* SPDX-License-Identifier: MIT */
/* Bytes as base64 and back. */
#include "base/base64.h"

#include <string.h>

#include "support/random.h"
#include "support/test.h"

static void assert_code(const char *bytes, const char *code)
{
    char out[32];
    size_t length;
    assert_int_equal(ndup__base64_length(strlen(bytes)), strlen(code));
    ndup__base64_encode(out, bytes, strlen(bytes));
    assert_memory_equal(out, code, strlen(code));
    assert_true(ndup__base64_decode(out, &length, code, strlen(code)));
    assert_int_equal(length, strlen(bytes));
    assert_memory_equal(out, bytes, length);
}

/* Source: RFC 4648, section 10. */
static void test_base64__has_the_codes_of_the_standard(void **state)
{
    (void)state;
    assert_code("", "");
    assert_code("f", "Zg==");
    assert_code("fo", "Zm8=");
    assert_code("foo", "Zm9v");
    assert_code("foob", "Zm9vYg==");
    assert_code("fooba", "Zm9vYmE=");
    assert_code("foobar", "Zm9vYmFy");
}

static void test_base64__gives_back_any_bytes(void **state)
{
    enum { MOST = 200 };
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    for (size_t length = 0; length < MOST; length++) {
        unsigned char bytes[MOST], back[MOST + 3];
        char code[2 * MOST];
        size_t decoded;
        for (size_t i = 0; i < length; i++) {
            bytes[i] = (unsigned char)test_random_below(&random, 256);
        }
        ndup__base64_encode(code, bytes, length);
        assert_true(ndup__base64_decode(back, &decoded, code, ndup__base64_length(length)));
        assert_int_equal(decoded, length);
        assert_memory_equal(back, bytes, length);
    }
}

static void test_base64__refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"Z",        "Zg",     "Zg=",  "Zg=a", "====",
                                        "Z===",     "Zh==",   "Zm9=", "Zm8*", "Zm 8",
                                        "Zg==Zg==", "Zm9v\n", "Zm9-", "=Zm8"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char out[16];
        size_t length;
        if (ndup__base64_decode(out, &length, wrong[i], strlen(wrong[i]))) {
            fail_msg("'%s' was read", wrong[i]);
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_base64__has_the_codes_of_the_standard),
          cmocka_unit_test(test_base64__gives_back_any_bytes),
          cmocka_unit_test(test_base64__refuses_what_is_none))
