/* SPDX-License-Identifier: MIT */
/* Every variant of string_pass and string_unescape against the definitions, and these against naive
 * readings of a string, byte by byte. */
#include <stdbool.h>
#include <string.h>

#include "kernel/kernel.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

#define THREE_VECTORS 193
#define LONG 1500

static bool can_run(unsigned needs)
{
    return (needs & ~ndup__cpu_features()) == 0;
}

static bool is_hex(char c)
{
    return c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
}

/* RFC 8259, section 7, read literally: the length of the character at bytes[at], 0 if none. */
static size_t naive_step(const char *bytes, size_t at, size_t length)
{
    unsigned char c = (unsigned char)bytes[at];
    if (c == '"' || c < 0x20) {
        return 0;
    }
    if (c != '\\') {
        return 1;
    }
    if (at + 1 < length && bytes[at + 1] != '\0' && strchr("\"\\/bfnrt", bytes[at + 1]) != NULL) {
        return 2;
    }
    if (at + 6 > length || bytes[at + 1] != 'u') {
        return 0;
    }
    bool digits = is_hex(bytes[at + 2]) && is_hex(bytes[at + 3]) && is_hex(bytes[at + 4]) &&
                  is_hex(bytes[at + 5]);
    return digits ? 6 : 0;
}

static size_t naive_pass(uint32_t *escaped, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t step = naive_step(bytes, at, length);
        if (step == 0) {
            break;
        }
        *escaped |= step > 1;
        at += step;
    }
    return at;
}

static size_t naive_unescape(char *out, size_t *taken, const char *bytes, size_t length)
{
    static const char letters[] = "bfnrt";
    static const char values[] = "\b\f\n\r\t";
    size_t at = 0;
    size_t written = 0;
    for (size_t step; at < length; at += step) {
        step = naive_step(bytes, at, length);
        if (step == 0 || step == 6) {
            break;
        }
        char c = bytes[at + step - 1];
        const char *letter = step == 2 ? strchr(letters, c) : NULL;
        out[written++] = letter != NULL ? values[letter - letters] : c;
    }
    *taken = at;
    return written;
}

/* All variants pass the same part of the bytes, and unescape the same part to the same. */
static void check(guard_buffer *from, guard_buffer *to, const char *bytes, size_t length)
{
    char *placed = guard_buffer_end(from, length);
    memcpy(placed, bytes, length);
    uint32_t has_escapes = 0;
    size_t passed = naive_pass(&has_escapes, placed, length);
    for (const ndup__string_pass_variant *v = ndup__string_pass_variants; v->run != NULL; v++) {
        uint32_t escaped = 0;
        if (can_run(v->needs)) {
            assert_u64_equal(v->run(&escaped, placed, length), passed);
            assert_int_equal(escaped, has_escapes);
        }
    }
    char expected[LONG];
    size_t expected_taken;
    size_t written = naive_unescape(expected, &expected_taken, placed, length);
    for (const ndup__string_unescape_variant *v = ndup__string_unescape_variants; v->run != NULL;
         v++) {
        char *out = guard_buffer_end(to, length + NDUP__STRING_SLACK);
        size_t taken = 0;
        if (can_run(v->needs)) {
            assert_u64_equal(v->run(out, &taken, placed, length), written);
            assert_u64_equal(taken, expected_taken);
            assert_memory_equal(out, expected, written);
        }
    }
}

static void init(guard_buffer *from, guard_buffer *to)
{
    guard_buffer_init(from, LONG);
    guard_buffer_init(to, LONG + NDUP__STRING_SLACK);
}

static void deinit(guard_buffer *from, guard_buffer *to)
{
    guard_buffer_deinit(from);
    guard_buffer_deinit(to);
}

static void test_string__every_byte_at_every_offset(void **state)
{
    (void)state;
    guard_buffer from;
    guard_buffer to;
    init(&from, &to);
    char bytes[THREE_VECTORS];
    for (unsigned c = 0; c < 256; c++) {
        for (size_t at = 0; at < sizeof bytes; at++) {
            memset(bytes, 'x', sizeof bytes);
            bytes[at] = (char)c;
            check(&from, &to, bytes, sizeof bytes);
        }
    }
    deinit(&from, &to);
}

static void test_string__every_letter_behind_a_backslash(void **state)
{
    (void)state;
    guard_buffer from;
    guard_buffer to;
    init(&from, &to);
    char bytes[130];
    for (unsigned c = 0; c < 256; c++) {
        for (size_t at = 0; at + 1 < sizeof bytes; at++) {
            memset(bytes, 'a', sizeof bytes);
            bytes[at] = '\\';
            bytes[at + 1] = (char)c;
            check(&from, &to, bytes, sizeof bytes);
        }
    }
    deinit(&from, &to);
}

static void test_string__runs_of_backslashes(void **state)
{
    (void)state;
    guard_buffer from;
    guard_buffer to;
    init(&from, &to);
    char bytes[THREE_VECTORS];
    for (size_t run = 1; run < 140; run++) {
        for (size_t at = 0; at + run < sizeof bytes; at++) {
            memset(bytes, 'n', sizeof bytes);
            memset(bytes + at, '\\', run);
            bytes[sizeof bytes - 1] = '"';
            check(&from, &to, bytes, sizeof bytes);
        }
    }
    deinit(&from, &to);
}

static void test_string__hex_digits_cut_and_damaged(void **state)
{
    (void)state;
    guard_buffer from;
    guard_buffer to;
    init(&from, &to);
    for (size_t length = 0; length < THREE_VECTORS; length++) {
        char bytes[THREE_VECTORS];
        for (size_t i = 0; i < length; i++) {
            bytes[i] = "\\u09aF\\u00e9Z"[i % 13];
        }
        check(&from, &to, bytes, length);
        for (size_t at = 0; at < length; at += 7) {
            char kept = bytes[at];
            bytes[at] = 'g';
            check(&from, &to, bytes, length);
            bytes[at] = kept;
        }
    }
    deinit(&from, &to);
}

static void test_string__random_pieces(void **state)
{
    (void)state;
    static const char *const pieces[] = {"\\n",
                                         "\\\\",
                                         "\\\"",
                                         "\\u00e4",
                                         "\\ud83d\\ude00",
                                         "word ",
                                         "\\/",
                                         "\xC3\xA9",
                                         "\\t",
                                         "\\",
                                         "\"",
                                         "\x1F",
                                         "\\u12",
                                         "a longer run of plain text, of no interest "};
    enum { PIECES = sizeof pieces / sizeof *pieces };
    guard_buffer from;
    guard_buffer to;
    init(&from, &to);
    test_random random;
    test_random_init(&random, 11);
    for (int round = 0; round < 20000; round++) {
        char bytes[LONG];
        size_t length = 0;
        size_t wanted = test_random_below(&random, 300);
        /* The last pieces end a string; most rounds do without. */
        size_t kinds = round % 4 == 0 ? PIECES : 9;
        while (length < wanted) {
            const char *piece = pieces[test_random_below(&random, kinds)];
            memcpy(bytes + length, piece, strlen(piece));
            length += strlen(piece);
        }
        check(&from, &to, bytes, length);
    }
    deinit(&from, &to);
}

TEST_MAIN(cmocka_unit_test(test_string__every_byte_at_every_offset),
          cmocka_unit_test(test_string__every_letter_behind_a_backslash),
          cmocka_unit_test(test_string__runs_of_backslashes),
          cmocka_unit_test(test_string__hex_digits_cut_and_damaged),
          cmocka_unit_test(test_string__random_pieces))
