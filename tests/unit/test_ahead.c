/* SPDX-License-Identifier: MIT */
/* Decoding ahead gives what decoding step by step gives: bytes, failures and positions. */
#include "codec/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "codec/compress.h"
#include "codec/decompress.h"
#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

#define MIB ((size_t)1 << 20)
enum { PATH_BYTES = 512 };

/* Bytes that grow. */
typedef struct growing {
    char *bytes;
    size_t length;
    size_t capacity;
} growing;

static void append(growing *self, const void *bytes, size_t length)
{
    if (self->length + length > self->capacity) {
        self->capacity = 2 * (self->length + length);
        self->bytes = realloc(self->bytes, self->capacity);
        assert_non_null(self->bytes);
    }
    if (length > 0) {
        memcpy(self->bytes + self->length, bytes, length);
    }
    self->length += length;
}

/* Appends a zstd frame of `size` bytes of text. */
static void append_frame(growing *self, test_random *random, const temp_dir *folder, size_t size)
{
    char path[PATH_BYTES];
    char word[16];
    size_t count;
    ndup__writer *writer;
    ndup_error error = {0};
    temp_dir_path(folder, "frame.zst", path, sizeof path);
    assert_ok(ndup__writer_open(&writer, path, true, NULL, &error), &error);
    for (size_t done = 0; done < size; done += sizeof word) {
        size_t length = size - done < sizeof word ? size - done : sizeof word;
        memset(word, (int)('a' + test_random_below(random, 26)), sizeof word);
        test_random_bytes(random, word, test_random_below(random, 4));
        assert_ok(ndup__writer_write(writer, word, length, &error), &error);
    }
    assert_ok(ndup__writer_commit(writer, &error), &error);
    ndup__writer_close(writer);
    char *frame = temp_dir_read(folder, "frame.zst", &count);
    append(self, frame, count);
    free(frame);
}

typedef struct reading {
    growing text;
    ndup_status status;
    ndup_error error;
} reading;

static void read_all(reading *result, const char *path, unsigned threads, size_t step)
{
    ndup__stream *stream;
    size_t got = 1;
    char *buffer = malloc(step);
    *result = (reading){.status = NDUP_STATUS_OK};
    assert_ok(ndup__stream_open(&stream, path, NULL, &result->error), &result->error);
    assert_ok(ndup__stream_read_ahead(stream, threads, &result->error), &result->error);
    while (got > 0 && result->status == NDUP_STATUS_OK) {
        result->status = ndup__stream_read(stream, buffer, step, &got, &result->error);
        append(&result->text, buffer, got);
    }
    if (result->status == NDUP_STATUS_OK) {
        assert_ok(ndup__stream_read(stream, buffer, step, &got, &result->error), &result->error);
        assert_u64_equal(got, 0);
    }
    ndup__stream_close(stream);
    free(buffer);
}

/* Asserts that threads and steps do not matter, and returns how the input reads. */
static reading assert_reads_alike(const growing *data, const temp_dir *folder)
{
    static const size_t steps[] = {1000, 300000, 8 << 20};
    char path[PATH_BYTES];
    reading expected;
    temp_dir_write(folder, "all.zst", data->bytes, data->length);
    temp_dir_path(folder, "all.zst", path, sizeof path);
    read_all(&expected, path, 0, MIB);
    for (size_t i = 0; i < 6; i++) {
        reading ahead;
        read_all(&ahead, path, i % 2 == 0 ? 1 : 3, steps[i / 2]);
        assert_int_equal(ahead.status, expected.status);
        assert_u64_equal(ahead.text.length, expected.text.length);
        assert_memory_equal(ahead.text.bytes, expected.text.bytes, expected.text.length);
        if (expected.status != NDUP_STATUS_OK) {
            assert_string_equal(ahead.error.message, expected.error.message);
            assert_u64_equal(ahead.error.byte, expected.error.byte);
        }
        free(ahead.text.bytes);
    }
    return expected;
}

static void assert_reads(const growing *data, const temp_dir *folder, ndup_status status)
{
    reading result = assert_reads_alike(data, folder);
    assert_status(result.status, status, &result.error);
    free(result.text.bytes);
}

static void begin(temp_dir *folder, test_random *random)
{
    if (!NDUP_HAVE_ZSTD) {
        skip();
    }
    temp_dir_init(folder);
    test_random_init(random, 11);
}

static void test_ahead__many_frames_read_alike(void **state)
{
    (void)state;
    temp_dir folder;
    test_random random;
    growing data = {0};
    begin(&folder, &random);
    for (int i = 0; i < 60; i++) {
        size_t size = test_random_chance(&random, 0.1) ? 3 * MIB : 40000;
        append_frame(&data, &random, &folder, test_random_below(&random, size));
        append(&data, "\x52\x2A\x4D\x18\x02\x00\x00\x00xy", i % 3 == 0 ? 10 : 0); /* skippable */
    }
    assert_reads(&data, &folder, NDUP_STATUS_OK);
    free(data.bytes);
    temp_dir_deinit(&folder);
}

static void test_ahead__frames_of_all_sizes_read_alike(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 100, 20 << 20, 100, 0, 9 << 20, 1};
    temp_dir folder;
    test_random random;
    growing data = {0};
    begin(&folder, &random);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        append_frame(&data, &random, &folder, sizes[i]);
        if (sizes[i] < MIB) {
            assert_reads(&data, &folder, NDUP_STATUS_OK);
        }
    }
    free(data.bytes);
    temp_dir_deinit(&folder);
}

static void test_ahead__damage_reads_alike(void **state)
{
    (void)state;
    temp_dir folder;
    test_random random;
    growing data = {0};
    begin(&folder, &random);
    for (int i = 0; i < 30; i++) {
        append_frame(&data, &random, &folder, 200000);
    }
    for (int i = 0; i < 12; i++) {
        size_t at = test_random_below(&random, data.length);
        data.bytes[at] ^= 0x55;
        assert_reads(&data, &folder, NDUP_STATUS_CORRUPT);
        data.bytes[at] ^= 0x55;
    }
    for (int i = 0; i < 6; i++) {
        growing cut = {data.bytes, 1 + test_random_below(&random, data.length - 1), 0};
        reading result = assert_reads_alike(&cut, &folder);
        free(result.text.bytes);
    }
    append(&data, "other bytes", 11);
    assert_reads(&data, &folder, NDUP_STATUS_CORRUPT);
    free(data.bytes);
    temp_dir_deinit(&folder);
}

/* Closes the stream while parts are being decoded. */
static void test_ahead__can_be_left_at_any_time(void **state)
{
    (void)state;
    temp_dir folder;
    test_random random;
    growing data = {0};
    char path[PATH_BYTES];
    begin(&folder, &random);
    for (int i = 0; i < 12; i++) {
        append_frame(&data, &random, &folder, MIB);
    }
    temp_dir_write(&folder, "all.zst", data.bytes, data.length);
    temp_dir_path(&folder, "all.zst", path, sizeof path);
    for (size_t reads = 0; reads < 12; reads++) {
        static char buffer[MIB];
        ndup__stream *stream;
        ndup_error error = {0};
        size_t got;
        assert_ok(ndup__stream_open(&stream, path, NULL, &error), &error);
        assert_ok(ndup__stream_read_ahead(stream, 2, &error), &error);
        for (size_t i = 0; i < reads; i++) {
            assert_ok(ndup__stream_read(stream, buffer, sizeof buffer, &got, &error), &error);
            assert_u64_equal(got, sizeof buffer);
        }
        ndup__stream_close(stream);
    }
    free(data.bytes);
    temp_dir_deinit(&folder);
}

static void test_ahead__large_outputs_are_made_of_frames(void **state)
{
    (void)state;
    temp_dir folder;
    test_random random;
    growing data = {0};
    size_t frames = 0;
    begin(&folder, &random);
    append_frame(&data, &random, &folder, (16 * MIB) + 1);
    for (size_t at = 0; at < data.length; frames++) {
        size_t run =
            ndup__codec_zstd.find_run((const unsigned char *)data.bytes + at, data.length - at);
        assert_in_range(run, 1, data.length - at);
        at += run;
    }
    assert_in_range(frames, 3, 5);
    free(data.bytes);
    temp_dir_deinit(&folder);
}

static void test_ahead__leaks_nothing_without_memory(void **state)
{
    (void)state;
    for (size_t call = 1;; call++) {
        failing_allocator memory;
        ndup__ahead *ahead;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, call);
        ndup_status status =
            ndup__ahead_open(&ahead, &ndup__codec_zstd, 2, NULL, &memory.allocator, &error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__ahead_add(ahead, (const unsigned char *)"abc", 3, &error);
        }
        ndup__ahead_close(ahead);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            break;
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_ahead__many_frames_read_alike),
          cmocka_unit_test(test_ahead__frames_of_all_sizes_read_alike),
          cmocka_unit_test(test_ahead__damage_reads_alike),
          cmocka_unit_test(test_ahead__can_be_left_at_any_time),
          cmocka_unit_test(test_ahead__large_outputs_are_made_of_frames),
          cmocka_unit_test(test_ahead__leaks_nothing_without_memory))
