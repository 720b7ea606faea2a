/* SPDX-License-Identifier: MIT */
/* UTF-8 is read and written as the standards say. */
#include "support/test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "support/guard_buffer.h"
#include "support/random.h"
#include "text/utf8.h"

#define R NDUP__REPLACEMENT
#define CODE_POINTS 0x110000u

static bool is_scalar(uint32_t c)
{
    return c < 0xD800 || (c >= 0xE000 && c < CODE_POINTS);
}

static size_t read_all(uint32_t *out, const char *bytes, size_t length, uint64_t *replaced)
{
    size_t count = 0;
    for (size_t at = 0; at < length;) {
        size_t taken = ndup__utf8_read(&out[count++], bytes + at, length - at, replaced);
        assert_true(taken >= 1 && taken <= length - at);
        at += taken;
    }
    return count;
}

static void test_utf8__every_scalar_value_comes_back(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        char bytes[4];
        uint32_t back = 0;
        uint64_t replaced = 0;
        size_t length = ndup__utf8_write(bytes, c);
        assert_u64_equal(ndup__utf8_read(&back, bytes, length, &replaced), length);
        assert_u64_equal(back, is_scalar(c) ? c : R);
        assert_u64_equal(replaced, 0);
    }
}

static void test_utf8__writes_known_bytes(void **state)
{
    (void)state;
    static const struct {
        uint32_t code_point;
        const char *bytes;
    } known[] = {
        {'A', "A"},
        {0x7F, "\x7F"},
        {0x80, "\xC2\x80"},
        {0x7FF, "\xDF\xBF"},
        {0x800, "\xE0\xA0\x80"},
        {0x20AC, "\xE2\x82\xAC"},
        {0xFFFF, "\xEF\xBF\xBF"},
        {0x10000, "\xF0\x90\x80\x80"},
        {0x10FFFF, "\xF4\x8F\xBF\xBF"},
        {0xD800, "\xEF\xBF\xBD"},
        {0xDFFF, "\xEF\xBF\xBD"},
        {0x110000, "\xEF\xBF\xBD"},
        {UINT32_MAX, "\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char bytes[4];
        size_t length = ndup__utf8_write(bytes, known[i].code_point);
        assert_u64_equal(length, strlen(known[i].bytes));
        assert_memory_equal(bytes, known[i].bytes, length);
    }
}

/* The table of Unicode 15.0, 3.9, and what the Encoding Standard's decoder does. */
static void test_utf8__damage_is_replaced_by_maximal_subparts(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t count;
        uint32_t code_points[12];
        uint64_t replaced;
    } known[] = {
        {"\x80", 1, {R}, 1},
        {"\xBF\x80", 2, {R, R}, 2},
        {"a\x80z", 3, {'a', R, 'z'}, 1},
        {"\xC0\x80", 2, {R, R}, 2},
        {"\xC1\xBF", 2, {R, R}, 2},
        {"\xC2", 1, {R}, 1},
        {"\xC2z", 2, {R, 'z'}, 1},
        {"\xC2\xC2\x80", 2, {R, 0x80}, 1},
        {"\xE0\x80\x80", 3, {R, R, R}, 3},
        {"\xE0\x9F\xBF", 3, {R, R, R}, 3},
        {"\xE0\xA0", 1, {R}, 1},
        {"\xE0\xA0z", 2, {R, 'z'}, 1},
        {"\xE2\x82", 1, {R}, 1},
        {"\xE2\x82\xE2\x82\xAC", 2, {R, 0x20AC}, 1},
        {"\xED\xA0\x80", 3, {R, R, R}, 3},
        {"\xED\xBF\xBF", 3, {R, R, R}, 3},
        {"\xED\xA0\xBD\xED\xB8\x80", 6, {R, R, R, R, R, R}, 6},
        {"\xF0\x80\x80\x80", 4, {R, R, R, R}, 4},
        {"\xF0\x8F\xBF\xBF", 4, {R, R, R, R}, 4},
        {"\xF0\x90\x80", 1, {R}, 1},
        {"\xF0\x9F\x98z", 2, {R, 'z'}, 1},
        {"\xF4\x90\x80\x80", 4, {R, R, R, R}, 4},
        {"\xF5\x80\x80\x80", 4, {R, R, R, R}, 4},
        {"\xF8\x88\x80\x80\x80", 5, {R, R, R, R, R}, 5},
        {"\xFE\xFF", 2, {R, R}, 2},
        {"a\xF1\x80\x80\xE1\x80\xC2"
         "b\x80"
         "c\x80\xBF"
         "d",
         10,
         {'a', R, R, R, 'b', R, 'c', R, R, 'd'},
         6},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 5, {R, R, R, R, 'A'}, 4},
        {"\xEF\xBF\xBD", 1, {R}, 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[12];
        uint64_t replaced = 0;
        size_t count = read_all(out, known[i].bytes, strlen(known[i].bytes), &replaced);
        assert_u64_equal(count, known[i].count);
        assert_memory_equal(out, known[i].code_points, count * sizeof *out);
        assert_u64_equal(replaced, known[i].replaced);
    }
}

/* Naive: `known` has a bit for every string of 1 to 4 bytes, seen as a number with its length, that
 * begins a sequence written by ndup__utf8_write. */
typedef struct prefix_set {
    unsigned char known[3][1 << 21]; /* lengths 1 to 3 */
} prefix_set;

static uint32_t big_endian(const char *bytes, size_t length)
{
    uint32_t number = 0;
    for (size_t i = 0; i < length; i++) {
        number = number << 8 | (unsigned char)bytes[i];
    }
    return number;
}

static void collect_prefixes(prefix_set *set)
{
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        char bytes[4];
        size_t length = ndup__utf8_write(bytes, c);
        for (size_t i = 1; i < length; i++) {
            uint32_t number = big_endian(bytes, i);
            set->known[i - 1][number / 8] |= (unsigned char)(1u << number % 8);
        }
    }
}

static bool is_prefix(const prefix_set *set, const char *bytes, size_t length)
{
    uint32_t number = big_endian(bytes, length);
    return length < 4 && (set->known[length - 1][number / 8] >> number % 8 & 1) != 0;
}

/* The longest beginning of a written sequence, at least one byte; whole says that it is one. */
static size_t naive_read(const prefix_set *set, bool *whole, const char *bytes, size_t length)
{
    size_t taken = 0;
    *whole = false;
    while (taken < length && is_prefix(set, bytes, taken + 1)) {
        taken++;
    }
    if (taken < length) {
        uint32_t back;
        uint64_t replaced = 0;
        char again[4];
        /* The next byte completes it if reading and writing gives the same bytes. */
        ndup__utf8_read(&back, bytes, taken + 1, &replaced);
        size_t written = ndup__utf8_write(again, back);
        *whole = written == taken + 1 && memcmp(again, bytes, written) == 0;
    }
    if (*whole) {
        return taken + 1;
    }
    return taken > 0 ? taken : 1;
}

static void test_utf8__random_bytes_split_as_by_the_naive_reader(void **state)
{
    (void)state;
    static const unsigned char telling[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                            0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    prefix_set *set = calloc(1, sizeof *set);
    assert_non_null(set);
    collect_prefixes(set);
    test_random random;
    test_random_init(&random, 1);
    for (size_t round = 0; round < 200000; round++) {
        char bytes[5];
        size_t length = 1 + (size_t)test_random_below(&random, sizeof bytes);
        for (size_t i = 0; i < length; i++) {
            bytes[i] = (char)telling[test_random_below(&random, sizeof telling)];
        }
        bool whole;
        uint32_t code_point;
        uint64_t replaced = 0;
        size_t expected = naive_read(set, &whole, bytes, length);
        assert_u64_equal(ndup__utf8_read(&code_point, bytes, length, &replaced), expected);
        assert_u64_equal(replaced, whole ? 0 : 1);
    }
    free(set);
}

static void test_utf8__reads_no_byte_behind_the_end(void **state)
{
    (void)state;
    static const char *const cut[] = {"\xC2", "\xE2\x82", "\xF0\x9F\x98", "\xE2", "a"};
    guard_buffer buffer;
    guard_buffer_init(&buffer, 16);
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        size_t length = strlen(cut[i]);
        const char *bytes = guard_buffer_put(&buffer, cut[i], length);
        uint32_t code_point;
        uint64_t replaced = 0;
        assert_u64_equal(ndup__utf8_read(&code_point, bytes, length, &replaced), length);
    }
    guard_buffer_deinit(&buffer);
}

/* Whatever the length: texts of characters of one to four bytes. */
static void test_utf8__counts_characters(void **state)
{
    static const uint32_t kinds[] = {'a', 0xE9, 0x4E2D, 0x1F600};
    char text[4 * 700];
    size_t length = 0;
    (void)state;
    for (size_t i = 0; i < 700; i++) {
        assert_int_equal(ndup__utf8_count(text, length), i);
        length += ndup__utf8_write(text + length, kinds[(i * i + i / 7) % 4]);
    }
}

static void test_utf8__knows_ascii(void **state)
{
    char text[400];
    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t length = 0; length < sizeof text; length++) {
        assert_true(ndup__utf8_is_ascii(text, length));
        text[length] = '\x80';
        assert_true(ndup__utf8_is_ascii(text, length));
        assert_false(ndup__utf8_is_ascii(text, length + 1));
        assert_false(ndup__utf8_is_ascii(text, sizeof text));
        text[length] = '\x7F';
    }
}

TEST_MAIN(cmocka_unit_test(test_utf8__every_scalar_value_comes_back),
          cmocka_unit_test(test_utf8__counts_characters), cmocka_unit_test(test_utf8__knows_ascii),
          cmocka_unit_test(test_utf8__writes_known_bytes),
          cmocka_unit_test(test_utf8__damage_is_replaced_by_maximal_subparts),
          cmocka_unit_test(test_utf8__random_bytes_split_as_by_the_naive_reader),
          cmocka_unit_test(test_utf8__reads_no_byte_behind_the_end))
