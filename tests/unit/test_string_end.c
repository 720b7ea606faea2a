/* SPDX-License-Identifier: MIT */
/* The end of a plain run in a string, against a byte-by-byte search. */
#include "kernel/string_end.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

static const char *find_slowly(const char *p, const char *end)
{
    while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\') {
        p++;
    }
    return p;
}

static void test_string_end__stops_at_each_byte_value_as_the_definition_says(void **state)
{
    (void)state;
    char text[24];
    for (unsigned value = 0; value < 256; value++) {
        for (size_t at = 0; at < sizeof text; at++) {
            memset(text, 'a', sizeof text);
            text[at] = (char)value;
            const char *end = text + sizeof text;
            assert_ptr_equal(ndup__string_end(text, end), find_slowly(text, end));
        }
    }
}

static void test_string_end__agrees_on_all_lengths_and_offsets_of_random_bytes(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    char text[64];
    for (int round = 0; round < 2000; round++) {
        test_random_bytes(&random, text, sizeof text);
        for (size_t i = 0; i < sizeof text; i++) {
            /* Mostly plain bytes near the limits, so that runs are long. */
            if (test_random_chance(&random, 0.95)) {
                text[i] = " !#[]\x7F\x80\xA2\xDC\xFF"[test_random_below(&random, 10)];
            }
        }
        for (size_t start = 0; start <= sizeof text; start++) {
            const char *end = text + sizeof text - test_random_below(&random, 9);
            const char *from = text + start < end ? text + start : end;
            assert_ptr_equal(ndup__string_end(from, end), find_slowly(from, end));
        }
    }
}

static void test_string_end__reads_nothing_behind_the_end(void **state)
{
    (void)state;
    guard_buffer guard;
    guard_buffer_init(&guard, 64);
    for (size_t length = 0; length <= 25; length++) {
        char *text = guard_buffer_end(&guard, length);
        memset(text, 'x', length);
        assert_ptr_equal(ndup__string_end(text, text + length), text + length);
    }
    guard_buffer_deinit(&guard);
}

TEST_MAIN(cmocka_unit_test(test_string_end__stops_at_each_byte_value_as_the_definition_says),
          cmocka_unit_test(test_string_end__agrees_on_all_lengths_and_offsets_of_random_bytes),
          cmocka_unit_test(test_string_end__reads_nothing_behind_the_end))
