/* SPDX-License-Identifier: MIT */
/* Points in compressed data: listed in bounded memory, found, and decoded from. */
#include "codec/frame_points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/compress.h"
#include "codec/decompress.h"
#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { LENGTH = 1000000, FRAME = 70000, ROOM = 1000 };

static void add(ndup__frame_points *points, uint64_t decoded)
{
    ndup_error error;
    assert_ok(ndup__frame_points_add(points, (ndup__frame_point){decoded / 2, decoded}, &error),
              &error);
}

static void test_frame_points__finds_the_last_before(void **state)
{
    (void)state;
    ndup__frame_points points = {.allocator = NULL};
    const uint64_t apart = NDUP__FRAME_POINTS_APART;
    assert_u64_equal(ndup__frame_points_find(&points, 5).decoded, 0);
    for (uint64_t i = 1; i <= 10; i++) {
        add(&points, i * apart);
        add(&points, i * apart + apart - 1); /* too near */
    }
    assert_u64_equal(points.count, 10);
    assert_u64_equal(ndup__frame_points_find(&points, apart - 1).stored, 0);
    for (uint64_t i = 1; i <= 10; i++) {
        assert_u64_equal(ndup__frame_points_find(&points, i * apart).stored, i * apart / 2);
        assert_u64_equal(ndup__frame_points_find(&points, i * apart + 9).decoded, i * apart);
    }
    ndup__frame_points_deinit(&points);
}

static void test_frame_points__take_bounded_memory(void **state)
{
    (void)state;
    ndup__frame_points points = {.allocator = NULL};
    const uint64_t last = 5 * NDUP__FRAME_POINTS_MOST;
    for (uint64_t i = 1; i <= last; i++) {
        add(&points, i * NDUP__FRAME_POINTS_APART);
    }
    assert_true(points.count <= NDUP__FRAME_POINTS_MOST);
    assert_true(points.count > NDUP__FRAME_POINTS_MOST / 2);
    for (uint64_t i = 0; i < last; i += 31) {
        uint64_t at = i * NDUP__FRAME_POINTS_APART;
        uint64_t found = ndup__frame_points_find(&points, at).decoded;
        assert_true(found <= at && at - found <= 3 * points.apart);
    }
    ndup__frame_points_deinit(&points);
}

typedef struct packed_file {
    temp_dir folder;
    char path[512];
    char *bytes; /* [LENGTH] unpacked */
} packed_file;

static ndup_status append_frame(const packed_file *self, const char *suffix, size_t from)
{
    char name[32], path[512];
    size_t length;
    ndup__writer *writer;
    ndup_error error;
    snprintf(name, sizeof name, "part%s", suffix);
    temp_dir_path(&self->folder, name, path, sizeof path);
    ndup_status status = ndup__writer_open(&writer, path, true, NULL, &error);
    if (status == NDUP_STATUS_UNSUPPORTED) {
        return status;
    }
    assert_ok(status, &error);
    assert_ok(ndup__writer_write(writer, self->bytes + from,
                                 LENGTH - from < FRAME ? LENGTH - from : FRAME, &error),
              &error);
    assert_ok(ndup__writer_commit(writer, &error), &error);
    ndup__writer_close(writer);
    char *bytes = temp_dir_read(&self->folder, name, &length);
    FILE *file = fopen(self->path, "ab");
    assert_non_null(file);
    assert_u64_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(bytes);
    return NDUP_STATUS_OK;
}

/* False if this build cannot pack so. */
static bool make_file(packed_file *self, const char *suffix)
{
    char name[32];
    ndup_status status = NDUP_STATUS_OK;
    temp_dir_init(&self->folder);
    snprintf(name, sizeof name, "whole%s", suffix);
    temp_dir_path(&self->folder, name, self->path, sizeof self->path);
    self->bytes = malloc(LENGTH);
    assert_non_null(self->bytes);
    for (size_t i = 0; i < LENGTH; i++) {
        self->bytes[i] = (char)('a' + (i / 5 + i / 1031) % 23);
    }
    for (size_t at = 0; at < LENGTH && status == NDUP_STATUS_OK; at += FRAME) {
        status = append_frame(self, suffix, at);
    }
    return status == NDUP_STATUS_OK;
}

static void free_file(packed_file *self)
{
    temp_dir_deinit(&self->folder);
    free(self->bytes);
}

static ndup_status read_all(const packed_file *self, ndup__frame_points *points, unsigned threads,
                            size_t step, ndup_error *error)
{
    ndup__stream *stream;
    size_t at = 0, got = 1;
    char *buffer = malloc(step);
    assert_non_null(buffer);
    ndup_status status = ndup__stream_open(&stream, self->path, points->allocator, error);
    if (status == NDUP_STATUS_OK) {
        ndup__stream_note_points(stream, points);
        status = ndup__stream_read_ahead(stream, threads, error);
    }
    while (status == NDUP_STATUS_OK && got > 0) {
        status = ndup__stream_read(stream, buffer, step, &got, error);
        assert_true(status != NDUP_STATUS_OK || memcmp(buffer, self->bytes + at, got) == 0);
        at += got;
    }
    ndup__stream_close(stream);
    free(buffer);
    assert_true(status != NDUP_STATUS_OK || at == LENGTH);
    return status;
}

/* From any point to the end of the file it is the same. */
static void check_points(const packed_file *self, const ndup__frame_points *points)
{
    static char buffer[LENGTH];
    ndup__stream *stream;
    ndup_error error;
    size_t got;
    assert_ok(ndup__stream_open(&stream, self->path, NULL, &error), &error);
    for (size_t i = points->count + 1; i-- > 0;) {
        ndup__frame_point point = i < points->count ? points->items[i] : (ndup__frame_point){0, 0};
        assert_u64_equal(point.decoded % FRAME, 0);
        assert_ok(ndup__stream_go_to(stream, point, &error), &error);
        assert_u64_equal(ndup__stream_position(stream), point.stored);
        assert_ok(ndup__stream_read(stream, buffer, LENGTH, &got, &error), &error);
        assert_u64_equal(got, LENGTH - point.decoded);
        assert_memory_equal(buffer, self->bytes + point.decoded, got);
    }
    ndup__stream_close(stream);
}

static void test_frame_points__every_format_is_decoded_from_them(void **state)
{
    (void)state;
    static const char *const suffixes[] = {".gz", ".zst", ".xz", ".bz2", ".lz4"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        packed_file file;
        if (make_file(&file, suffixes[i])) {
            for (unsigned threads = 0; threads < 3; threads++) {
                for (size_t step = 3000; step <= LENGTH; step *= 31) {
                    ndup__frame_points points = {.allocator = NULL};
                    ndup_error error;
                    assert_ok(read_all(&file, &points, threads, step, &error), &error);
                    assert_true(points.count >= LENGTH / FRAME - 3);
                    check_points(&file, &points);
                    ndup__frame_points_deinit(&points);
                }
            }
        }
        free_file(&file);
    }
}

static void test_frame_points__plain_bytes_have_none(void **state)
{
    (void)state;
    packed_file file;
    ndup__frame_points points = {.allocator = NULL};
    ndup_error error;
    assert_true(make_file(&file, ".txt"));
    assert_ok(read_all(&file, &points, 2, ROOM, &error), &error);
    assert_u64_equal(points.count, 0);
    free_file(&file);
}

static ndup_status read_with(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__frame_points points = {.allocator = allocator};
    ndup_status status = read_all(context, &points, 0, 1 << 20, error);
    ndup__frame_points_deinit(&points);
    return status;
}

static void test_frame_points__lack_memory(void **state)
{
    (void)state;
    packed_file file;
    if (make_file(&file, ".gz")) {
        assert_true(fault_loop(read_with, &file, 1) > 3);
    }
    free_file(&file);
}

TEST_MAIN(cmocka_unit_test(test_frame_points__finds_the_last_before),
          cmocka_unit_test(test_frame_points__take_bounded_memory),
          cmocka_unit_test(test_frame_points__every_format_is_decoded_from_them),
          cmocka_unit_test(test_frame_points__plain_bytes_have_none),
          cmocka_unit_test(test_frame_points__lack_memory))
