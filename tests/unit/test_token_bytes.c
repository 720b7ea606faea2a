/* SPDX-License-Identifier: MIT */
/* The bytes of tokens: hashed as they stand they give the hashes of the tokens, in every mode. */
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/word_hash.h"
#include "text/token_bytes.h"
#include "text/utf8.h"

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

#define TOKENS_MOST 4000

static const ndup__token_mode modes[] = {NDUP__TOKEN_WORDS, NDUP__TOKEN_CHARACTERS,
                                         NDUP__TOKEN_EXACT, NDUP__TOKEN_CODE, NDUP__TOKEN_POSTS};

/* Hashes what stands between zero bytes. */
static size_t hash_bytes(uint64_t *hashes, const ndup__tokens *tokens)
{
    size_t count = 0;
    const char *end = tokens->bytes + tokens->byte_count;
    for (const char *at = tokens->bytes; at < end;) {
        size_t length = strlen(at);
        if (length > 0) {
            static char copy[20000 + NDUP__TOKEN_PADDING];
            static uint64_t hash[20000];
            assert_in_range(length, 1, 20000);
            assert_in_range(count, 0, TOKENS_MOST - 1);
            memcpy(copy, at, length);
            memset(copy + length, 0, NDUP__TOKEN_PADDING);
            assert_u64_equal(
                ndup__token_hash_scalar(hash, copy, length, ndup__word_key_of(tokens->seed)), 1);
            hashes[count++] = hash[0];
        }
        at += length + 1;
    }
    return count;
}

static void check(ndup__token_mode mode, bool wants_offsets, const char *text, size_t length)
{
    static uint64_t hashes[TOKENS_MOST];
    ndup__tokens tokens = {.wants_offsets = wants_offsets, .seed = 5};
    ndup_error error;
    assert_ok(ndup__tokenize_bytes(&tokens, mode, text, length, &error), &error);
    assert_u64_equal(hash_bytes(hashes, &tokens), tokens.count);
    assert_memory_equal(hashes, tokens.hashes, tokens.count * sizeof *hashes);
    assert_true(tokens.byte_count >= 9);
    assert_int_equal(tokens.bytes[0], 0);
    for (size_t i = tokens.byte_count - 9; i < tokens.byte_count; i++) {
        assert_int_equal(tokens.bytes[i], 0);
    }
    ndup__tokens_deinit(&tokens);
}

static void check_all(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        check(modes[i], false, text, length);
        check(modes[i], true, text, length);
    }
}

static void test_token_bytes__are_what_the_hashes_are_made_of(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " \n ",
        "The Quick brown-fox, jumps!",
        "na\xC3\xAFve Pr\xC3\xA9"
        "f\xC3\xA9rences e\xCC\x81 Stra\xC3\x9F"
        "e",
        "\xE4\xB8\xAD\xE6\x96\x87 \xE3\x83\x86\xE3\x82\xB9\xE3\x83\x88\xEF\xBD\xB6\xEF\xBE\x9E",
        "\xE0\xB8\xAA\xE0\xB8\xA7\xE0\xB8\xB1\xE0\xB8\x94\xE0\xB8\xB5 \xED\x95\x9C\xEA\xB5\xAD",
        "\xE0\xA4\xB6\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xBC\xE0\xA4\xA4 1234567890123456789",
        "\xC2\xBD a \xE2\x85\x93 \xC3\x9F\xCC\xA3 \xEF\xB7\xBA.",
        "bad \xFF\xC3 bytes, \xF0\x9F\x98\x80 and more",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_all(texts[i], strlen(texts[i]));
    }
}

static void test_token_bytes__long_texts_and_long_words(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    for (unsigned round = 0; round < 40; round++) {
        static char text[9000];
        size_t length = 0;
        size_t word = 1 + test_random_below(&random, round % 4 == 0 ? 6000 : 30);
        while (length + word + 1 < sizeof text) {
            memset(text + length, (int)('a' + test_random_below(&random, 26)), word);
            length += word;
            text[length++] = test_random_chance(&random, 0.8) ? ' ' : '.';
            word = 1 + test_random_below(&random, 30);
        }
        check(NDUP__TOKEN_WORDS, false, text, length);
        check(NDUP__TOKEN_EXACT, false, text, length);
    }
}

/* Every code point behind and in front of what may join it, and not. */
static void test_token_bytes__of_every_code_point_in_every_surrounding(void **state)
{
    (void)state;
    static const char *const before[] = {
        "", "a", "abc ", "\xE4\xB8\xAD", "\xE0\xB8\x81", "\xE0\xA5\x8D"};
    static const char *const behind[] = {"", "b", " x", "\xE0\xB8\xB2", "\xE0\xB9\x89"};
    const uint32_t step = (uint32_t)test_step();
    for (uint32_t c = 1; c < 0x32000; c += c < 0x3400 ? step : 7 * step) {
        for (size_t i = 0; i < 30 && c >> 11 != 0x1B; i++) {
            char text[64];
            size_t length = strlen(before[i / 5]);
            memcpy(text, before[i / 5], length);
            length += ndup__utf8_write(text + length, c);
            memcpy(text + length, behind[i % 5], strlen(behind[i % 5]));
            length += strlen(behind[i % 5]);
            check_all(text, length);
        }
    }
}

static void test_token_bytes__failing_allocations_leave_nothing(void **state)
{
    (void)state;
    static const char text[] = "some words, and a l\xC3\xB6ng one";
    failing_allocator allocator;
    failing_allocator_init(&allocator);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        ndup_status status = NDUP_STATUS_MEMORY;
        for (size_t call = 1; status != NDUP_STATUS_OK; call++) {
            ndup__tokens tokens = {.allocator = &allocator.allocator};
            ndup_error error;
            failing_allocator_fail_at(&allocator, call);
            status = ndup__tokenize_bytes(&tokens, modes[i], text, sizeof text - 1, &error);
            if (status != NDUP_STATUS_OK) {
                assert_status(status, NDUP_STATUS_MEMORY, &error);
                assert_u64_equal(tokens.byte_count, 0);
            }
            ndup__tokens_deinit(&tokens);
            assert_u64_equal(failing_allocator_live_blocks(&allocator), 0);
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_token_bytes__are_what_the_hashes_are_made_of),
          cmocka_unit_test(test_token_bytes__of_every_code_point_in_every_surrounding),
          cmocka_unit_test(test_token_bytes__long_texts_and_long_words),
          cmocka_unit_test(test_token_bytes__failing_allocations_leave_nothing))
