/* SPDX-License-Identifier: MIT */
/* Decoding deflate data in each wrapper, byte by byte and damaged. */
#include "codec/inflate.h"

#include <string.h>

#include "support/failing_allocator.h"
#include "support/test.h"

#if NDUP_HAVE_ZLIB

/* Written by Python's zlib module. */
static const char text[] = "It was the best of times, it was the worst of times.\n";
enum { TEXT_BYTES = sizeof text - 1, ROOM = 100 };

static const unsigned char gzip_text[] = {
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xF3, 0x2C, 0x51, 0x28,
    0x4F, 0x2C, 0x56, 0x28, 0xC9, 0x48, 0x55, 0x48, 0x4A, 0x2D, 0x2E, 0x51, 0xC8, 0x4F,
    0x53, 0x28, 0xC9, 0xCC, 0x4D, 0x2D, 0xD6, 0x51, 0xC8, 0x44, 0xC8, 0x94, 0xE7, 0x17,
    0x21, 0x49, 0xE9, 0x71, 0x01, 0x00, 0xB2, 0x22, 0x9C, 0x74, 0x35, 0x00, 0x00, 0x00,
};
static const unsigned char zlib_text[] = {
    0x78, 0xDA, 0xF3, 0x2C, 0x51, 0x28, 0x4F, 0x2C, 0x56, 0x28, 0xC9, 0x48, 0x55, 0x48, 0x4A,
    0x2D, 0x2E, 0x51, 0xC8, 0x4F, 0x53, 0x28, 0xC9, 0xCC, 0x4D, 0x2D, 0xD6, 0x51, 0xC8, 0x44,
    0xC8, 0x94, 0xE7, 0x17, 0x21, 0x49, 0xE9, 0x71, 0x01, 0x00, 0xF1, 0xCA, 0x12, 0x52,
};
static const unsigned char raw_text[] = {
    0xF3, 0x2C, 0x51, 0x28, 0x4F, 0x2C, 0x56, 0x28, 0xC9, 0x48, 0x55, 0x48, 0x4A,
    0x2D, 0x2E, 0x51, 0xC8, 0x4F, 0x53, 0x28, 0xC9, 0xCC, 0x4D, 0x2D, 0xD6, 0x51,
    0xC8, 0x44, 0xC8, 0x94, 0xE7, 0x17, 0x21, 0x49, 0xE9, 0x71, 0x01, 0x00,
};

static const struct {
    ndup__inflate_wrapper wrapper;
    const unsigned char *bytes;
    size_t length;
} samples[] = {
    {NDUP__INFLATE_GZIP, gzip_text, sizeof gzip_text},
    {NDUP__INFLATE_ZLIB, zlib_text, sizeof zlib_text},
    {NDUP__INFLATE_RAW, raw_text, sizeof raw_text},
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

typedef struct decoded {
    ndup_status status;
    bool ended;
    const char *problem;
    unsigned char bytes[ROOM];
    size_t length;
    size_t input_left;
} decoded;

/* Runs the inflater over the input, `step` bytes of both ends at a time, until the data ends, is
 * found damaged or stands still. */
static void decode(decoded *result, ndup__inflater *inflater, const unsigned char *input,
                   size_t length, size_t step)
{
    *result = (decoded){.input_left = length};
    bool moved = true;
    while (moved && !result->ended && result->status == NDUP_STATUS_OK) {
        size_t given = result->input_left < step ? result->input_left : step;
        size_t room = ROOM - result->length < step ? ROOM - result->length : step;
        ndup__codec_buffers buffers = {input + (length - result->input_left), given,
                                       result->bytes + result->length, room};
        result->status = ndup__inflate(&result->ended, &result->problem, inflater, &buffers);
        result->input_left -= given - buffers.input_length;
        result->length += room - buffers.output_capacity;
        moved = buffers.input_length != given || buffers.output_capacity != room;
    }
}

static ndup__inflater *open_inflater(ndup__inflate_wrapper wrapper)
{
    ndup__inflater *inflater;
    ndup_error error = {0};
    assert_ok(ndup__inflater_open(&inflater, wrapper, NULL, &error), &error);
    return inflater;
}

static void test_inflate__decodes_each_wrapper_at_every_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        ndup__inflater *inflater = open_inflater(samples[i].wrapper);
        for (size_t step = 1; step <= ROOM; step++) {
            decoded result;
            decode(&result, inflater, samples[i].bytes, samples[i].length, step);
            assert_int_equal(result.status, NDUP_STATUS_OK);
            assert_true(result.ended);
            assert_u64_equal(result.length, TEXT_BYTES);
            assert_memory_equal(result.bytes, text, TEXT_BYTES);
            ndup__inflater_reset(inflater);
        }
        ndup__inflater_close(inflater, NULL);
    }
}

static void test_inflate__leaves_what_stands_behind_gzip_data(void **state)
{
    (void)state;
    unsigned char input[2 * ROOM];
    for (size_t i = 0; samples[i].wrapper == NDUP__INFLATE_GZIP; i++) {
        ndup__inflater *inflater = open_inflater(samples[i].wrapper);
        decoded result;
        memset(input, 0xFF, sizeof input);
        memcpy(input, samples[i].bytes, samples[i].length);
        decode(&result, inflater, input, sizeof input, sizeof input);
        assert_true(result.ended);
        assert_u64_equal(result.input_left, sizeof input - samples[i].length);
        ndup__inflater_close(inflater, NULL);
    }
}

static void test_inflate__never_ends_in_truncated_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        for (size_t length = 0; length < samples[i].length; length++) {
            ndup__inflater *inflater = open_inflater(samples[i].wrapper);
            decoded result;
            decode(&result, inflater, samples[i].bytes, length, ROOM);
            assert_int_equal(result.status, NDUP_STATUS_OK);
            assert_false(result.ended);
            assert_u64_equal(result.input_left, 0);
            assert_memory_equal(result.bytes, text, result.length);
            ndup__inflater_close(inflater, NULL);
        }
    }
}

static void test_inflate__finds_every_damaged_checksum(void **state)
{
    (void)state;
    for (size_t i = 0; samples[i].wrapper != NDUP__INFLATE_RAW; i++) {
        for (size_t back = 1; back <= 4; back++) {
            unsigned char damaged[ROOM];
            ndup__inflater *inflater = open_inflater(samples[i].wrapper);
            decoded result;
            memcpy(damaged, samples[i].bytes, samples[i].length);
            damaged[samples[i].length - back] ^= 0x10;
            decode(&result, inflater, damaged, samples[i].length, 7);
            assert_int_equal(result.status, NDUP_STATUS_CORRUPT);
            assert_non_null(result.problem);
            ndup__inflater_close(inflater, NULL);
        }
    }
}

static void test_inflate__hands_out_what_stands_in_front_of_damage(void **state)
{
    (void)state;
    /* A stored block "abc", then a block of the kind that does not exist. */
    static const unsigned char input[] = {0x00, 0x03, 0x00, 0xFC, 0xFF, 'a', 'b', 'c', 0x07};
    ndup__inflater *inflater = open_inflater(NDUP__INFLATE_RAW);
    decoded result;
    decode(&result, inflater, input, sizeof input, sizeof input);
    assert_int_equal(result.status, NDUP_STATUS_CORRUPT);
    assert_u64_equal(result.length, 3);
    assert_memory_equal(result.bytes, "abc", 3);
    ndup__inflater_close(inflater, NULL);
}

/* "ab" and a match that begins over 700 bytes in front of them: what comes out of other memory must
 * not be handed out, and the step must not matter. */
static void test_inflate__hands_out_nothing_from_in_front_of_the_data(void **state)
{
    (void)state;
    unsigned char input[16] = {0};
    size_t bits = 0;
    static const struct {
        unsigned value;
        unsigned count;
        bool is_code; /* the first bit of a code is its highest */
    } parts[] = {{1, 1, false},         {1, 2, false},   {0x30 + 'a', 8, true},
                 {0x30 + 'b', 8, true}, {0xC0, 8, true}, {0, 4, false},
                 {18, 5, true},         {231, 8, false}, {0, 7, true}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (unsigned bit = 0; bit < parts[i].count; bit++, bits++) {
            unsigned shift = parts[i].is_code ? parts[i].count - 1 - bit : bit;
            input[bits / 8] |= (unsigned char)((parts[i].value >> shift & 1) << bits % 8);
        }
    }
    for (size_t step = 1; step <= ROOM; step++) {
        ndup__inflater *inflater = open_inflater(NDUP__INFLATE_RAW);
        decoded result;
        decode(&result, inflater, input, sizeof input, step);
        assert_int_equal(result.status, NDUP_STATUS_CORRUPT);
        assert_in_range(result.length, 0, 2);
        assert_memory_equal(result.bytes, "ab", result.length);
        ndup__inflater_close(inflater, NULL);
    }
}

static void test_inflate__reports_a_lack_of_memory(void **state)
{
    (void)state;
    failing_allocator memory;
    ndup__inflater *inflater;
    ndup_error error = {0};
    failing_allocator_init(&memory);
    failing_allocator_fail_at(&memory, 1);
    ndup_status status =
        ndup__inflater_open(&inflater, NDUP__INFLATE_RAW, &memory.allocator, &error);
    assert_status(status, NDUP_STATUS_MEMORY, &error);
    assert_null(inflater);
}

TEST_MAIN(cmocka_unit_test(test_inflate__decodes_each_wrapper_at_every_step),
          cmocka_unit_test(test_inflate__leaves_what_stands_behind_gzip_data),
          cmocka_unit_test(test_inflate__never_ends_in_truncated_data),
          cmocka_unit_test(test_inflate__finds_every_damaged_checksum),
          cmocka_unit_test(test_inflate__hands_out_what_stands_in_front_of_damage),
          cmocka_unit_test(test_inflate__hands_out_nothing_from_in_front_of_the_data),
          cmocka_unit_test(test_inflate__reports_a_lack_of_memory))

#else

static void test_inflate__is_not_built(void **state)
{
    (void)state;
    skip();
}

TEST_MAIN(cmocka_unit_test(test_inflate__is_not_built))

#endif
