/* SPDX-License-Identifier: MIT */
/* Every variant of token_fold and token_hash against the definitions, and the words that come of
 * them against the naive tokeniser. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/word_hash.h"
#include "text/tokenize.h"
#include "text/tokenize_stream.h"
#include "text/utf8.h"

#include "support/failing_allocator.h"
#include "support/guard_buffer.h"
#include "support/naive_tokens.h"
#include "support/random.h"
#include "support/test.h"

#define THREE_VECTORS 193
#define TEXT_MAX 1200

#define KEY ndup__word_key_of(12345)

static bool can_run(unsigned needs)
{
    return (needs & ~ndup__cpu_features()) == 0;
}

static void check_hash(const char *tokens, size_t length)
{
    size_t room = (length + 1) / 2 + NDUP__TOKEN_PADDING / 2;
    guard_buffer from;
    guard_buffer to;
    guard_buffer_init(&from, length + NDUP__TOKEN_PADDING);
    guard_buffer_init(&to, room * sizeof(uint64_t));
    char *placed = guard_buffer_end(&from, length + NDUP__TOKEN_PADDING);
    uint64_t *hashes = guard_buffer_end(&to, room * sizeof *hashes);
    uint64_t *expected = malloc(room * sizeof *expected);
    assert_non_null(expected);
    memcpy(placed, tokens, length);
    memset(placed + length, 0, NDUP__TOKEN_PADDING);
    size_t count = ndup__token_hash_scalar(expected, placed, length, KEY);
    for (const ndup__token_hash_variant *v = ndup__token_hash_variants; v->run != NULL; v++) {
        if (can_run(v->needs)) {
            assert_u64_equal(v->run(hashes, placed, length, KEY), count);
            assert_memory_equal(hashes, expected, count * sizeof *hashes);
        }
    }
    free(expected);
    guard_buffer_deinit(&from);
    guard_buffer_deinit(&to);
}

/* Runs of digits, each as the only token; the first alone where a token has more than three. */
static size_t naive_runs(uint64_t *numbers, const char *tokens, size_t length)
{
    char run[TEXT_MAX + NDUP__TOKEN_PADDING];
    size_t count = 0;
    size_t before = 0; /* numbers before the token */
    for (size_t at = 0; at <= length;) {
        size_t digits = 0;
        if (at == length || tokens[at] == 0) {
            count = count - before > 3 ? before + 1 : count;
            before = count;
            at++;
            continue;
        }
        while (at + digits < length && tokens[at + digits] >= '0' && tokens[at + digits] <= '9') {
            digits++;
        }
        if (digits > 0) {
            uint64_t hashes[TEXT_MAX];
            memcpy(run, tokens + at, digits);
            memset(run + digits, 0, NDUP__TOKEN_PADDING);
            assert_u64_equal(ndup__token_hash_scalar(hashes, run, digits, KEY), 1);
            numbers[count++] = hashes[0];
        }
        at += digits > 0 ? digits : 1;
    }
    return count;
}

/* The numbers of the tokens that check_hash is about. */
static void check_numbers(const char *tokens, size_t length)
{
    size_t room = (length + 1) / 2;
    guard_buffer from;
    guard_buffer to;
    guard_buffer_init(&from, length + NDUP__TOKEN_PADDING);
    guard_buffer_init(&to, room * sizeof(uint64_t));
    char *placed = guard_buffer_end(&from, length + NDUP__TOKEN_PADDING);
    uint64_t *numbers = guard_buffer_end(&to, room * sizeof *numbers);
    uint64_t *expected = malloc((room + 1) * sizeof *expected);
    assert_non_null(expected);
    memcpy(placed, tokens, length);
    memset(placed + length, 0, NDUP__TOKEN_PADDING);
    size_t count = naive_runs(expected, tokens, length);
    for (const ndup__token_numbers_variant *v = ndup__token_numbers_variants; v->run != NULL; v++) {
        if (can_run(v->needs)) {
            assert_u64_equal(v->run(numbers, placed, length, KEY), count);
            assert_memory_equal(numbers, expected, count * sizeof *numbers);
        }
    }
    free(expected);
    guard_buffer_deinit(&from);
    guard_buffer_deinit(&to);
}

/* Drops zero bytes at the front and all but one of those in a row. */
static size_t squeeze(char *bytes, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != 0 || (kept > 0 && bytes[kept - 1] != 0)) {
            bytes[kept++] = bytes[i];
        }
    }
    return kept;
}

/* Folds a text, steps over what is left to the caller, and squeezes. Writes where it stopped. */
static size_t fold_all(char *folded, size_t *stops, size_t *stop_count,
                       ndup__token_fold_function run, const char *text, size_t length,
                       guard_buffer *room)
{
    size_t capacity = 6 * length + 16;
    ndup__token_stream stream = {.bytes = guard_buffer_end(room, capacity + NDUP__TOKEN_SLACK),
                                 .limit = capacity};
    *stop_count = 0;
    for (size_t at = 0; at < length;) {
        size_t taken = run(&stream, ndup__token_table_get(), text + at, length - at);
        assert_true(taken <= length - at && stream.used < capacity);
        at += taken;
        if (at < length) {
            uint32_t code_point;
            uint64_t replaced = 0;
            stops[(*stop_count)++] = at;
            at += ndup__utf8_read(&code_point, text + at, length - at, &replaced);
            stream.bytes[stream.used++] = '?';
        }
    }
    memcpy(folded, stream.bytes, stream.used);
    return squeeze(folded, stream.used);
}

static void check_fold(const char *text, size_t length)
{
    static char expected[6 * TEXT_MAX + 16];
    static char folded[6 * TEXT_MAX + 16];
    static size_t expected_stops[TEXT_MAX];
    static size_t stops[TEXT_MAX];
    assert_true(length <= TEXT_MAX);
    guard_buffer from;
    guard_buffer room;
    guard_buffer_init(&from, length);
    guard_buffer_init(&room, 6 * length + 16 + NDUP__TOKEN_SLACK);
    const char *placed = guard_buffer_put(&from, text, length);
    size_t expected_stop_count;
    size_t expected_length = fold_all(expected, expected_stops, &expected_stop_count,
                                      ndup__token_fold_scalar, placed, length, &room);
    for (const ndup__token_fold_variant *v = ndup__token_fold_variants; v->run != NULL; v++) {
        if (can_run(v->needs)) {
            size_t stop_count;
            size_t used = fold_all(folded, stops, &stop_count, v->run, placed, length, &room);
            assert_u64_equal(used, expected_length);
            assert_memory_equal(folded, expected, used);
            assert_u64_equal(stop_count, expected_stop_count);
            assert_memory_equal(stops, expected_stops, stop_count * sizeof *stops);
        }
    }
    guard_buffer_deinit(&from);
    guard_buffer_deinit(&room);
}

/* Whole texts: hashes and numbers alone, which is the way through the kernels, and all of a token,
 * which is not; then the naive ones. */
static void check_words(const char *text, size_t length, bool with_naive)
{
    ndup__tokens bare = {.wants_numbers = true};
    ndup__tokens full = {.wants_offsets = true, .wants_numbers = true};
    guard_buffer from;
    ndup_error error;
    guard_buffer_init(&from, length);
    const char *placed = guard_buffer_put(&from, text, length);
    assert_ok(ndup__tokenize(&bare, NDUP__TOKEN_WORDS, placed, length, &error), &error);
    assert_ok(ndup__tokenize(&full, NDUP__TOKEN_WORDS, placed, length, &error), &error);
    assert_u64_equal(bare.count, full.count);
    assert_u64_equal(bare.replaced, full.replaced);
    assert_u64_equal(bare.damaged, full.damaged);
    assert_u64_equal(bare.damaged, naive_damage(text, length));
    assert_u64_equal(bare.number_count, full.number_count);
    assert_memory_equal(bare.hashes, full.hashes, bare.count * sizeof *bare.hashes);
    assert_memory_equal(bare.numbers, full.numbers, bare.number_count * sizeof *bare.numbers);
    if (with_naive) {
        naive_token *naive = malloc((36 * length + 1) * sizeof *naive);
        assert_non_null(naive);
        assert_u64_equal(naive_tokenize(naive, NDUP__TOKEN_WORDS, text, length), bare.count);
        for (size_t i = 0; i < bare.count; i++) {
            assert_u64_equal(bare.hashes[i], naive[i].hash);
        }
        free(naive);
    }
    ndup__tokens_deinit(&bare);
    ndup__tokens_deinit(&full);
    guard_buffer_deinit(&from);
}

static void check_text(const char *text, size_t length)
{
    check_fold(text, length);
    check_words(text, length, true);
}

/* Pieces of many scripts, damage among them: `ascii` percent are plain letters, digits, blanks. */
static size_t random_text(test_random *random, char *text, size_t wanted, unsigned ascii)
{
    static const char alphabet[] = "abcXYZ019  .\n_-";
    static const uint32_t starts[] = {0x80,   0x180,  0x400,  0x600,  0x640,   0x900,   0xE00,
                                      0x1000, 0x1100, 0x3040, 0x4E00, 0xAC00,  0xFB00,  0xFE70,
                                      0xFF00, 0xFFF0, 0x1E00, 0x2000, 0x1E940, 0x1F600, 0x1D400};
    size_t length = 0;
    while (length + 4 <= wanted) {
        uint64_t kind = test_random_below(random, 100);
        if (kind < ascii) {
            text[length++] = alphabet[test_random_below(random, sizeof alphabet - 1)];
        } else if (kind < ascii + 2) {
            text[length++] = (char)test_random_below(random, 256);
        } else {
            uint32_t start = starts[test_random_below(random, sizeof starts / sizeof *starts)];
            uint64_t run = test_random_below(random, 20);
            do {
                uint32_t c = start + (uint32_t)test_random_below(random, 0x80);
                length += ndup__utf8_write(text + length, c);
            } while (run-- > 0 && length + 4 <= wanted);
        }
    }
    return length;
}

static void test_kernel_token__hash_agrees_for_all_lengths_and_offsets(void **state)
{
    (void)state;
    char tokens[THREE_VECTORS + 64];
    test_random random;
    test_random_init(&random, 1);
    for (size_t i = 0; i < sizeof tokens; i++) {
        bool is_gap = test_random_chance(&random, 0.2);
        tokens[i] = (char)(is_gap ? 0 : 1 + test_random_below(&random, 255));
    }
    for (size_t length = 0; length <= THREE_VECTORS; length++) {
        for (size_t offset = 0; offset < 64; offset += length % 8 == 0 ? 1 : 13) {
            check_hash(tokens + offset, length);
        }
    }
}

static void test_kernel_token__hash_agrees_on_tokens_of_every_length_at_every_place(void **state)
{
    (void)state;
    char tokens[64 + 2 * 140 + 8];
    for (size_t place = 0; place < 64; place++) {
        for (size_t length = 1; length <= 140; length += length < 40 ? 1 : 5) {
            memset(tokens, 0, sizeof tokens);
            memset(tokens + place, 'x', length);
            memset(tokens + place + length + 1, (int)length, length);
            check_hash(tokens, place + length);
            check_hash(tokens, place + 2 * length + 1);
            check_hash(tokens, place + 2 * length + 8);
        }
    }
}

static void test_kernel_token__hash_agrees_on_extremes(void **state)
{
    (void)state;
    static char tokens[5000];
    check_hash(tokens, sizeof tokens);
    for (size_t i = 0; i < sizeof tokens; i++) {
        tokens[i] = (char)(i % 2 == 0 ? 'a' : 0);
    }
    check_hash(tokens, sizeof tokens);
    check_hash(tokens + 1, sizeof tokens - 1);
    memset(tokens, 0xFF, sizeof tokens);
    check_hash(tokens, sizeof tokens);
    tokens[4100] = 0;
    check_hash(tokens, sizeof tokens);
}

static void test_kernel_token__hash_agrees_on_random_tokens(void **state)
{
    (void)state;
    static char tokens[6000];
    test_random random;
    test_random_init(&random, 2);
    for (unsigned round = 0; round < 300; round++) {
        double gaps = test_random_unit(&random);
        for (size_t i = 0; i < sizeof tokens; i++) {
            bool is_gap = test_random_chance(&random, gaps * gaps);
            tokens[i] = (char)(is_gap ? 0 : 1 + test_random_below(&random, 255));
        }
        check_hash(tokens, (size_t)test_random_below(&random, sizeof tokens));
    }
}

static void test_kernel_token__numbers_agree_on_runs_of_every_length_at_every_place(void **state)
{
    (void)state;
    char tokens[64 + 3 * 140];
    for (size_t place = 0; place < 64; place++) {
        for (size_t length = 1; length <= 140; length += length < 40 ? 1 : 5) {
            memset(tokens, place % 2 == 0 ? 0 : 'x', sizeof tokens);
            memset(tokens + place, '7', length);
            memset(tokens + place + length + 1, '0', length);
            check_numbers(tokens, place + length);
            check_numbers(tokens, place + 2 * length + 1);
            check_numbers(tokens, place + 2 * length + 9);
        }
    }
}

/* Digits, what stands beside them in ASCII, letters and characters of more bytes. */
static void test_kernel_token__numbers_agree_on_random_tokens(void **state)
{
    (void)state;
    static const char bytes[] = {'0', '9', 0, 'x', '/', ':', (char)0xC3, (char)0xA9, (char)0xB0};
    static char tokens[1000];
    test_random random;
    test_random_init(&random, 8);
    for (unsigned round = 0; round < 6000; round++) {
        size_t kinds = 2 + (size_t)test_random_below(&random, sizeof bytes - 1);
        size_t length = (size_t)test_random_below(&random, round % 2 == 0 ? 300 : sizeof tokens);
        for (size_t i = 0; i < length; i++) {
            tokens[i] = bytes[test_random_below(&random, kinds)];
        }
        check_numbers(tokens, length);
    }
}

static void test_kernel_token__fold_agrees_for_all_lengths_and_offsets(void **state)
{
    (void)state;
    char text[THREE_VECTORS + 64];
    test_random random;
    for (unsigned ascii = 0; ascii <= 98; ascii += 49) {
        test_random_init(&random, 3 + ascii);
        memset(text, 'a', sizeof text);
        (void)random_text(&random, text, sizeof text, ascii);
        for (size_t length = 0; length <= THREE_VECTORS; length++) {
            for (size_t offset = 0; offset < 64; offset += length % 8 == 0 ? 1 : 13) {
                check_fold(text + offset, length);
            }
        }
    }
}

static void test_kernel_token__every_byte_and_pair_of_bytes(void **state)
{
    (void)state;
    char text[80];
    for (unsigned high = 0; high < 256; high++) {
        for (unsigned low = 0; low < 256; low += high < 0x80 ? 0x11 : 1) {
            memset(text, 'A', sizeof text);
            text[40] = (char)high;
            text[41] = (char)low;
            check_fold(text, sizeof text);
            memset(text, 0x80, sizeof text);
            text[0] = (char)high;
            text[1] = (char)low;
            check_fold(text, 5);
        }
    }
}

static void test_kernel_token__every_code_point_is_as_naive(void **state)
{
    (void)state;
    static const char *const before[] = {"a", "\xE4\xB8\xAD", "\xD0\xB6", " ", "\xE0\xB8\x81"};
    for (uint32_t c = 0; c < 0x11000; c += c < 0x3400 || c > 0xFA00 ? 1 : 37) {
        char text[120];
        size_t length = 0;
        for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
            memcpy(text + length, before[i], strlen(before[i]));
            length += strlen(before[i]);
            length += ndup__utf8_write(text + length, c);
            length += ndup__utf8_write(text + length, c);
            text[length++] = 'B';
        }
        check_text(text, length);
    }
}

static void test_kernel_token__words_of_every_length_at_every_place_are_as_naive(void **state)
{
    (void)state;
    char text[64 + 2 * 41 + 8];
    for (size_t place = 0; place < 64; place++) {
        for (size_t length = 1; length <= 40; length++) {
            memset(text, '-', sizeof text);
            memset(text + place, 'Q', length);
            memset(text + place + length + 1, '7', length);
            check_text(text, sizeof text);
            memcpy(text + place + length, "\xC3\xA9", 2);
            check_text(text, sizeof text);
        }
    }
}

/* A voiced kana ends with a mark that has an order; marks behind it may have to go before it. */
static void test_kernel_token__marks_behind_marks_are_ordered(void **state)
{
    (void)state;
    static const uint32_t bases[] = {0x304C, 0x30D7, 0x0958, 0x0E33, 0xAC01, 0x4E00, 'a'};
    static const uint32_t marks[] = {0x0334, 0x093C, 0x3099, 0x094D, 0x0301, 0x0E48, 0x304B, ' '};
    enum { BASES = sizeof bases / sizeof *bases, MARKS = sizeof marks / sizeof *marks };
    for (size_t lead = 0; lead < 70; lead += lead < 30 ? 1 : 7) {
        for (size_t i = 0; i < BASES * MARKS * MARKS; i++) {
            char text[TEXT_MAX];
            size_t length = 0;
            for (size_t j = 0; j < lead; j++) {
                length += ndup__utf8_write(text + length, j % 3 == 0 ? 0x3042 : 0x304E);
            }
            length += ndup__utf8_write(text + length, bases[i % BASES]);
            length += ndup__utf8_write(text + length, marks[i / BASES % MARKS]);
            length += ndup__utf8_write(text + length, marks[i / BASES / MARKS]);
            length += ndup__utf8_write(text + length, 0x3050);
            check_text(text, length);
        }
    }
}

static void test_kernel_token__random_texts_are_as_naive(void **state)
{
    (void)state;
    char text[TEXT_MAX];
    test_random random;
    test_random_init(&random, 4);
    for (unsigned round = 0; round < 3000; round++) {
        unsigned ascii = (unsigned)test_random_below(&random, 99);
        size_t length = (size_t)test_random_below(&random, round % 10 == 0 ? TEXT_MAX : 300);
        check_text(text, random_text(&random, text, length, ascii));
    }
}

static void test_kernel_token__random_bytes_are_as_naive(void **state)
{
    (void)state;
    static const unsigned char likely[] = {0x00, 0x20, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC1,
                                           0xC3, 0xDF, 0xE0, 0xE4, 0xEA, 0xED, 0xEF, 0xF0};
    unsigned char text[200];
    test_random random;
    test_random_init(&random, 5);
    for (unsigned round = 0; round < 6000; round++) {
        size_t length = (size_t)test_random_below(&random, sizeof text);
        test_random_bytes(&random, text, length);
        for (size_t i = 0; round % 2 == 0 && i < length; i++) {
            text[i] = likely[text[i] % sizeof likely];
        }
        check_text((const char *)text, length);
    }
}

/* Pieces end anywhere in words, and marks are held back across their ends. */
static void test_kernel_token__long_texts_agree(void **state)
{
    (void)state;
    size_t capacity = 60000;
    char *text = malloc(capacity);
    assert_non_null(text);
    test_random random;
    test_random_init(&random, 6);
    for (unsigned ascii = 0; ascii <= 98; ascii += 14) {
        size_t length = random_text(&random, text, capacity, ascii);
        for (size_t shift = 0; shift < 40; shift++) {
            check_words(text + shift, length - shift, shift == 0);
        }
    }
    for (size_t i = 0; i + 3 <= capacity; i += 3) {
        memcpy(text + i, i % 2 == 0 ? "\xEF\xB7\xBA" : "\xE0\xA5\x8D", 3); /* grows, is held back */
    }
    check_words(text, capacity / 3 * 3, false);
    free(text);
}

static void test_kernel_token__huge_words_agree(void **state)
{
    (void)state;
    static char text[20000];
    for (size_t length = 1000; length < sizeof text; length += 517) {
        memset(text, 'x', sizeof text);
        memcpy(text, "one two \xFF", 9);
        text[length] = ' ';
        check_words(text, length, false);
        check_words(text, length + 1, false);
        check_words(text, sizeof text, false);
    }
}

static void test_kernel_token__survives_every_failed_allocation(void **state)
{
    (void)state;
    static char text[30000];
    memset(text, ' ', sizeof text);
    for (size_t i = 0; i < sizeof text; i += 2) {
        text[i] = 'w';
    }
    bool has_failed = true;
    for (size_t n = 1; has_failed; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__tokens tokens = {.allocator = &memory.allocator};
        ndup_error error;
        ndup_status status = ndup__tokenize(&tokens, NDUP__TOKEN_WORDS, text, sizeof text, &error);
        has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        assert_u64_equal(tokens.count, has_failed ? 0 : sizeof text / 2);
        ndup__tokens_deinit(&tokens);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    }
}

TEST_MAIN(cmocka_unit_test(test_kernel_token__numbers_agree_on_runs_of_every_length_at_every_place),
          cmocka_unit_test(test_kernel_token__numbers_agree_on_random_tokens),
          cmocka_unit_test(test_kernel_token__hash_agrees_for_all_lengths_and_offsets),
          cmocka_unit_test(test_kernel_token__hash_agrees_on_tokens_of_every_length_at_every_place),
          cmocka_unit_test(test_kernel_token__hash_agrees_on_extremes),
          cmocka_unit_test(test_kernel_token__hash_agrees_on_random_tokens),
          cmocka_unit_test(test_kernel_token__fold_agrees_for_all_lengths_and_offsets),
          cmocka_unit_test(test_kernel_token__every_byte_and_pair_of_bytes),
          cmocka_unit_test(test_kernel_token__every_code_point_is_as_naive),
          cmocka_unit_test(test_kernel_token__words_of_every_length_at_every_place_are_as_naive),
          cmocka_unit_test(test_kernel_token__marks_behind_marks_are_ordered),
          cmocka_unit_test(test_kernel_token__random_texts_are_as_naive),
          cmocka_unit_test(test_kernel_token__random_bytes_are_as_naive),
          cmocka_unit_test(test_kernel_token__long_texts_agree),
          cmocka_unit_test(test_kernel_token__huge_words_agree),
          cmocka_unit_test(test_kernel_token__survives_every_failed_allocation))
