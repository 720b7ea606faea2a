/* SPDX-License-Identifier: MIT */
/* Input streams: all formats at all read sizes, damage at every byte, and difficult descriptors. */
#include "codec/decompress.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "codec/codec.h"
#include "codec/compress.h"
#include "support/failing_allocator.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { MAX_OUTPUT = 4096, PATH_BYTES = 512 };

/* What the fixtures below hold; written by Python's gzip module and the formats' own programs. */
static const char text[] = "It was the best of times, it was the worst of times, it was the age of "
                           "wisdom, it was the age of foolishness.\n0123456789 "
                           "abcdefghijklmnopqrstuvwxyz\n";
enum { TEXT_BYTES = sizeof text - 1 };

static const unsigned char gzip_text[] = {
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xF3, 0x2C, 0x51, 0x28, 0x4F,
    0x2C, 0x56, 0x28, 0xC9, 0x48, 0x55, 0x48, 0x4A, 0x2D, 0x2E, 0x51, 0xC8, 0x4F, 0x53, 0x28,
    0xC9, 0xCC, 0x4D, 0x2D, 0xD6, 0x51, 0xC8, 0x44, 0xC8, 0x94, 0xE7, 0x17, 0xE1, 0x92, 0x4A,
    0x4C, 0x4F, 0x05, 0x49, 0x94, 0x67, 0x16, 0xA7, 0xE4, 0xE7, 0x62, 0x93, 0x49, 0xCB, 0xCF,
    0xCF, 0xC9, 0x2C, 0xCE, 0xC8, 0x4B, 0x2D, 0x2E, 0xD6, 0xE3, 0x32, 0x30, 0x34, 0x32, 0x36,
    0x31, 0x35, 0x33, 0xB7, 0xB0, 0x54, 0x48, 0x4C, 0x4A, 0x4E, 0x49, 0x4D, 0x4B, 0xCF, 0xC8,
    0xCC, 0xCA, 0xCE, 0xC9, 0xCD, 0xCB, 0x2F, 0x28, 0x04, 0x5A, 0x51, 0x5A, 0x56, 0x5E, 0x51,
    0x59, 0xC5, 0x05, 0x00, 0x1F, 0x38, 0x6C, 0x7B, 0x94, 0x00, 0x00, 0x00,
};
static const unsigned char gzip_nothing[] = {
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
    0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};
static const unsigned char zstd_text[] = {
    0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x68, 0x0D, 0x03, 0x00, 0xE2, 0x05, 0x15, 0x18, 0x70, 0xD9, 0x01,
    0x84, 0x35, 0x55, 0x21, 0xC9, 0x22, 0xDB, 0x8E, 0x89, 0xDE, 0xF4, 0xFB, 0x3D, 0xFD, 0xA1, 0x9E,
    0x57, 0xFF, 0x77, 0x8F, 0x05, 0x40, 0xC7, 0x6D, 0x53, 0xCB, 0xDE, 0xB1, 0xCB, 0xEA, 0x4A, 0x52,
    0x93, 0xC4, 0x31, 0x82, 0x0B, 0x3D, 0xCE, 0x53, 0x66, 0x51, 0x12, 0xE4, 0x30, 0x0A, 0x62, 0x00,
    0x04, 0xF7, 0xAD, 0xA2, 0x33, 0xD5, 0x0D, 0x65, 0x43, 0xCE, 0x53, 0x61, 0xEB, 0x46, 0x0F, 0xEB,
    0xC9, 0x1A, 0xF8, 0x4A, 0x7E, 0x85, 0xAD, 0xEF, 0xEB, 0xE8, 0xC6, 0x57, 0x7F, 0x53, 0xBF, 0x09,
    0x03, 0x00, 0x2E, 0xFD, 0x7D, 0x82, 0x71, 0xC3, 0x73, 0x0C, 0x9A, 0x3C, 0x67, 0x18,
};
static const unsigned char zstd_nothing[] = {
    0x28, 0xB5, 0x2F, 0xFD, 0x24, 0x00, 0x01, 0x00, 0x00, 0x99, 0xE9, 0xD8, 0x51,
};
static const unsigned char zstd_long[] = {
    0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x90, 0x61, 0x00, 0x00, 0x6C, 0x6F, 0x6E, 0x67,
    0x20, 0x77, 0x69, 0x6E, 0x64, 0x6F, 0x77, 0x0A, 0xC8, 0x5B, 0x12, 0x9F,
};
static const unsigned char xz_text[] = {
    0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x02, 0x00, 0x21,
    0x01, 0x16, 0x00, 0x00, 0x00, 0x74, 0x2F, 0xE5, 0xA3, 0xE0, 0x00, 0x93, 0x00, 0x61, 0x5D,
    0x00, 0x24, 0x9D, 0x00, 0x07, 0x73, 0x43, 0x85, 0x19, 0xC1, 0xBC, 0x61, 0x9E, 0x16, 0x43,
    0x3F, 0x49, 0xA5, 0x27, 0x15, 0xB4, 0xF5, 0x10, 0x18, 0x54, 0xBF, 0xCD, 0x91, 0x38, 0x3B,
    0x33, 0x8B, 0x52, 0x7D, 0x4A, 0xE7, 0x72, 0xD2, 0xB1, 0xD8, 0x4A, 0x2A, 0x51, 0x00, 0x44,
    0xB2, 0xE1, 0x69, 0x9F, 0x12, 0x41, 0xF5, 0x50, 0xC0, 0x17, 0xD2, 0xCD, 0xFC, 0x5E, 0xFC,
    0x34, 0x35, 0xCC, 0xBE, 0x52, 0x90, 0x8A, 0xBE, 0x39, 0x58, 0x24, 0x62, 0x1E, 0x25, 0xC2,
    0x6A, 0x84, 0x19, 0xFF, 0xC2, 0xE9, 0xD4, 0x2D, 0x36, 0x19, 0x8A, 0xAA, 0xB1, 0xF7, 0xAD,
    0x7E, 0xF6, 0x05, 0x41, 0x4D, 0x3B, 0xAA, 0x00, 0x00, 0x00, 0x00, 0x00, 0x91, 0x19, 0x35,
    0x0A, 0xBA, 0xE3, 0xD7, 0x28, 0x00, 0x01, 0x7D, 0x94, 0x01, 0x00, 0x00, 0x00, 0x77, 0x2C,
    0xD3, 0xE8, 0xB1, 0xC4, 0x67, 0xFB, 0x02, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A,
};
static const unsigned char xz_nothing[] = {
    0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x00, 0x00, 0x00, 0x00,
    0x1C, 0xDF, 0x44, 0x21, 0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A,
};
static const unsigned char bzip2_text[] = {
    0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x4F, 0x73, 0x41, 0xDE, 0x00,
    0x00, 0x14, 0x5D, 0x80, 0x00, 0x10, 0x40, 0x05, 0x7F, 0xE0, 0x00, 0x20, 0x3F, 0xFF, 0xFF,
    0xF0, 0x20, 0x00, 0x64, 0x25, 0x24, 0xC9, 0x3D, 0x13, 0xC9, 0xA3, 0x53, 0xD4, 0x62, 0x3D,
    0x41, 0xB5, 0x3D, 0x40, 0x0D, 0x4D, 0x35, 0x19, 0x03, 0x20, 0x00, 0x68, 0x06, 0x80, 0xBF,
    0xD0, 0xE2, 0x9C, 0x9A, 0x96, 0x54, 0x55, 0x41, 0x82, 0xC1, 0x4B, 0xEE, 0xC4, 0xBD, 0xCF,
    0xC2, 0x18, 0xE5, 0x1E, 0x12, 0xBE, 0x49, 0xF0, 0x33, 0xB3, 0x4D, 0x71, 0x9A, 0x4C, 0x54,
    0xE4, 0x6C, 0xDA, 0x06, 0x7B, 0xDC, 0x69, 0xA8, 0x39, 0xEF, 0x59, 0x0A, 0x5C, 0x9E, 0x36,
    0x7D, 0x14, 0xB2, 0xDB, 0xB2, 0x68, 0x5B, 0x1C, 0x22, 0xE6, 0x79, 0x55, 0x62, 0x0A, 0x85,
    0x2D, 0x09, 0x79, 0x11, 0x83, 0x0F, 0x26, 0x04, 0x1D, 0x7D, 0x98, 0x47, 0x8C, 0xF7, 0xEF,
    0xC5, 0xDC, 0x91, 0x4E, 0x14, 0x24, 0x13, 0xDC, 0xD0, 0x77, 0x80,
};
static const unsigned char bzip2_nothing[] = {
    0x42, 0x5A, 0x68, 0x39, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, 0x00, 0x00, 0x00, 0x00,
};
static const unsigned char lz4_text[] = {
    0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7, 0x6D, 0x00, 0x00, 0x00, 0xF6, 0x0C, 0x49, 0x74, 0x20,
    0x77, 0x61, 0x73, 0x20, 0x74, 0x68, 0x65, 0x20, 0x62, 0x65, 0x73, 0x74, 0x20, 0x6F, 0x66, 0x20,
    0x74, 0x69, 0x6D, 0x65, 0x73, 0x2C, 0x20, 0x69, 0x1A, 0x00, 0x3F, 0x77, 0x6F, 0x72, 0x1B, 0x00,
    0x05, 0x30, 0x61, 0x67, 0x65, 0x34, 0x00, 0x69, 0x77, 0x69, 0x73, 0x64, 0x6F, 0x6D, 0x35, 0x00,
    0x03, 0x1A, 0x00, 0xF0, 0x24, 0x66, 0x6F, 0x6F, 0x6C, 0x69, 0x73, 0x68, 0x6E, 0x65, 0x73, 0x73,
    0x2E, 0x0A, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x20, 0x61, 0x62, 0x63,
    0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0x73,
    0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x0A, 0x00, 0x00, 0x00, 0x00, 0x67, 0xAF, 0x10, 0x08,
};
static const unsigned char lz4_nothing[] = {
    0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7, 0x00, 0x00, 0x00, 0x00, 0x05, 0x5D, 0xCC, 0x02,
};
/* Asks for a dictionary of 1 GiB. */
static const unsigned char xz_greedy[] = {
    0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x02, 0x00, 0x21, 0x01,
    0x24, 0x00, 0x00, 0x00, 0x5E, 0x1F, 0xC7, 0xF9, 0x01, 0x00, 0x04, 0x78, 0x78, 0x78, 0x78, 0x78,
    0x00, 0x00, 0x00, 0x00, 0xE1, 0x42, 0xCE, 0xC8, 0x3E, 0x50, 0xF2, 0x77, 0x00, 0x01, 0x1D, 0x05,
    0xB8, 0x2D, 0x80, 0xAF, 0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A,
};
/* A skippable frame of 4 bytes. */
static const unsigned char zstd_skippable[] = {0x5A, 0x2A, 0x4D, 0x18, 0x04, 0x00,
                                               0x00, 0x00, 'n',  'o',  't',  'e'};

/* Bytes of an input that is being put together. */
typedef struct input {
    unsigned char bytes[MAX_OUTPUT];
    size_t length;
} input;

static void add(input *self, const void *bytes, size_t length)
{
    assert_in_range(self->length + length, 0, sizeof self->bytes);
    memcpy(self->bytes + self->length, bytes, length);
    self->length += length;
}

/* How reading an input to its end went. */
typedef struct reading {
    char bytes[MAX_OUTPUT];
    size_t length;
    ndup_status status;
    ndup_error error;
    char format[8]; /* of the stream; empty if it could not be opened */
    uint64_t position;
} reading;

/* Reads on, `step` bytes at a time, until the end or an error, which must then stay; only the first
 * bytes are kept. */
static void read_stream(reading *result, ndup__stream *stream, size_t step)
{
    static char buffer[MAX_OUTPUT];
    size_t got;
    snprintf(result->format, sizeof result->format, "%s", ndup__stream_format(stream));
    do {
        result->status = ndup__stream_read(stream, buffer, step, &got, &result->error);
        assert_true(result->status == NDUP_STATUS_OK || got == 0);
        size_t room =
            result->length < sizeof result->bytes ? sizeof result->bytes - result->length : 0;
        if (room > 0) {
            memcpy(result->bytes + result->length, buffer, got < room ? got : room);
        }
        result->length += got;
    } while (got > 0);
    ndup_error again = {0};
    assert_int_equal(ndup__stream_read(stream, buffer, 1, &got, &again), result->status);
    if (result->status != NDUP_STATUS_OK) {
        assert_string_equal(again.message, result->error.message);
    }
    result->position = ndup__stream_position(stream);
}

static void read_path(reading *result, const char *path, size_t step)
{
    ndup__stream *stream;
    memset(result, 0, sizeof *result);
    result->status = ndup__stream_open(&stream, path, NULL, &result->error);
    if (result->status == NDUP_STATUS_OK) {
        static char peeked[MAX_OUTPUT];
        size_t seen = 0;
        assert_ok(ndup__stream_peek(stream, peeked, step, &seen, NULL), NULL);
        read_stream(result, stream, step);
        size_t kept = result->length < MAX_OUTPUT ? result->length : MAX_OUTPUT;
        assert_in_range(seen, kept < step ? 0 : step, step < kept ? step : kept);
        assert_memory_equal(peeked, result->bytes, seen);
    } else {
        assert_null(stream);
    }
    ndup__stream_close(stream);
}

/* Reads an input from a file of that name. */
static void read_as(reading *result, const char *name, const void *bytes, size_t length,
                    size_t step)
{
    temp_dir folder;
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write(&folder, name, bytes, length);
    read_path(result, temp_dir_path(&folder, name, path, sizeof path), step);
    temp_dir_deinit(&folder);
}

static void assert_reads_as(const char *name, const void *bytes, size_t length,
                            const char *expected, const char *format)
{
    reading result;
    read_as(&result, name, bytes, length, MAX_OUTPUT);
    assert_ok(result.status, &result.error);
    assert_string_equal(result.format, format);
    assert_u64_equal(result.length, strlen(expected));
    assert_memory_equal(result.bytes, expected, result.length);
    assert_u64_equal(result.position, length);
}

static void assert_damaged(const char *name, const void *bytes, size_t length, size_t good,
                           uint64_t at, const char *part_of_message)
{
    reading result;
    read_as(&result, name, bytes, length, 64);
    assert_status(result.status, NDUP_STATUS_CORRUPT, &result.error);
    assert_u64_equal(result.length, good);
    assert_u64_equal(result.error.byte, at);
    assert_non_null(strstr(result.error.message, name));
    if (strstr(result.error.message, part_of_message) == NULL) {
        fail_msg("\"%s\" is not in \"%s\"", part_of_message, result.error.message);
    }
}

static void test_stream__reads_plain_bytes_at_every_step(void **state)
{
    (void)state;
    for (size_t step = 1; step <= 70; step++) {
        reading result;
        read_as(&result, "a.txt", text, TEXT_BYTES, step);
        assert_ok(result.status, &result.error);
        assert_u64_equal(result.length, TEXT_BYTES);
        assert_memory_equal(result.bytes, text, TEXT_BYTES);
    }
}

static void test_stream__reads_an_empty_file(void **state)
{
    (void)state;
    assert_reads_as("a.txt", "", 0, "", "plain");
}

static void test_stream__reads_short_plain_files(void **state)
{
    (void)state;
    assert_reads_as("a", "x", 1, "x", "plain");
    assert_reads_as("a", "\x1F", 1, "\x1F", "plain");
    assert_reads_as("a", "\x28\xB5\x2F", 3, "\x28\xB5\x2F", "plain");
}

/* 3 MiB and a bit: over the stream's own buffer, by copies and by direct reads in turn. */
static void test_stream__reads_a_large_plain_file_by_mixed_steps(void **state)
{
    (void)state;
    size_t length = 3u * (1u << 20) + 77;
    uint32_t *words = malloc(length + 4);
    char *copy = malloc(length + 1);
    assert_non_null(words);
    assert_non_null(copy);
    for (size_t i = 0; i <= length / 4; i++) {
        words[i] = (uint32_t)(i + 'a');
    }
    temp_dir folder;
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write(&folder, "a", words, length);
    ndup__stream *stream;
    ndup_error error;
    assert_ok(
        ndup__stream_open(&stream, temp_dir_path(&folder, "a", path, sizeof path), NULL, &error),
        &error);
    static const size_t steps[] = {1, 100000, 33, 1 << 20, 65535, 65536, 7};
    size_t read = 0;
    size_t got = 1;
    for (size_t i = 0; got > 0; i++) {
        size_t step = steps[i % (sizeof steps / sizeof *steps)];
        size_t room = length + 1 - read;
        assert_ok(ndup__stream_read(stream, copy + read, step < room ? step : room, &got, &error),
                  &error);
        read += got;
    }
    assert_u64_equal(read, length);
    assert_memory_equal(copy, words, length);
    ndup__stream_close(stream);
    temp_dir_deinit(&folder);
    free(words);
    free(copy);
}

static void test_stream__says_which_file_is_missing(void **state)
{
    (void)state;
    reading result;
    read_path(&result, "no-such-folder/a.jsonl", 1);
    assert_status(result.status, NDUP_STATUS_NOT_FOUND, &result.error);
    assert_string_equal(result.error.message,
                        "cannot open no-such-folder/a.jsonl: No such file or directory");
    assert_int_equal(result.error.system_errno, ENOENT);
}

static void test_stream__does_not_read_a_folder(void **state)
{
    (void)state;
    reading result;
    read_path(&result, ".", 1);
    assert_status(result.status, NDUP_STATUS_IO, &result.error);
    assert_int_equal(result.error.system_errno, EISDIR);
}

static void test_stream__says_that_a_descriptor_is_closed(void **state)
{
    (void)state;
    ndup__stream *stream;
    ndup_error error;
    assert_status(ndup__stream_open_descriptor(&stream, -1, "the pipe", NULL, &error),
                  NDUP_STATUS_IO, &error);
    assert_non_null(strstr(error.message, "the pipe"));
    assert_null(stream);
}

/* Writes the bytes into a pipe, `step` at a time with pauses, from a child process, which
 * interrupts this one in each pause; returns the reading end. */
static int slow_pipe(const void *bytes, size_t length, size_t step, pid_t *child)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    *child = fork();
    assert_true(*child >= 0);
    if (*child == 0) {
        close(ends[0]);
        for (size_t at = 0; at < length; at += step) {
            size_t count = length - at < step ? length - at : step;
            struct timespec pause = {0, 500000};
            if (write(ends[1], (const char *)bytes + at, count) != (ssize_t)count) {
                _exit(1);
            }
            nanosleep(&pause, NULL);
            kill(getppid(), SIGUSR1);
        }
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static volatile sig_atomic_t interruptions;

static void count_interruption(int number)
{
    (void)number;
    interruptions++;
}

static void assert_reads_slow_pipe(const void *bytes, size_t length, size_t step, int flags)
{
    struct sigaction action = {.sa_handler = count_interruption}; /* without SA_RESTART */
    struct sigaction before;
    pid_t child;
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    interruptions = 0;
    int descriptor = slow_pipe(bytes, length, step, &child);
    assert_int_equal(fcntl(descriptor, F_SETFL, flags), 0);
    ndup__stream *stream;
    ndup_error error;
    reading result = {0};
    assert_ok(ndup__stream_open_descriptor(&stream, descriptor, "a pipe", NULL, &error), &error);
    read_stream(&result, stream, 50);
    assert_ok(result.status, &result.error);
    assert_u64_equal(result.length, TEXT_BYTES);
    assert_memory_equal(result.bytes, text, TEXT_BYTES);
    ndup__stream_close(stream);
    assert_int_equal(close(descriptor), 0); /* was not closed by the stream */
    while (waitpid(child, NULL, 0) != child) {
        assert_int_equal(errno, EINTR);
    }
    assert_true(interruptions > 0);
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
}

static void test_stream__reads_an_interrupted_pipe_that_gives_single_bytes(void **state)
{
    (void)state;
    assert_reads_slow_pipe(text, TEXT_BYTES, 1, 0);
}

static void test_stream__waits_for_a_pipe_that_does_not_block(void **state)
{
    (void)state;
    assert_reads_slow_pipe(text, TEXT_BYTES, 7, O_NONBLOCK);
}

static void open_with_failures(const char *name, const void *bytes, size_t length)
{
    temp_dir folder;
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write(&folder, name, bytes, length);
    temp_dir_path(&folder, name, path, sizeof path);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__stream *stream;
        ndup_error error;
        ndup_status status = ndup__stream_open(&stream, path, &memory.allocator, &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        ndup__stream_close(stream);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            break;
        }
    }
    temp_dir_deinit(&folder);
}

static void test_stream__leaks_nothing_when_memory_runs_out(void **state)
{
    (void)state;
    open_with_failures("a.txt", text, TEXT_BYTES);
#if NDUP_HAVE_ZLIB
    open_with_failures("a.gz", gzip_text, sizeof gzip_text);
#endif
#if NDUP_HAVE_ZSTD
    open_with_failures("a.zst", zstd_text, sizeof zstd_text);
#endif
#if NDUP_HAVE_LZMA
    open_with_failures("a.xz", xz_text, sizeof xz_text);
#endif
#if NDUP_HAVE_BZIP2
    open_with_failures("a.bz2", bzip2_text, sizeof bzip2_text);
#endif
#if NDUP_HAVE_LZ4
    open_with_failures("a.lz4", lz4_text, sizeof lz4_text);
#endif
}

/* The checks that hold for all formats. */
typedef struct sample {
    bool is_built;
    const char *format;
    const char *name;
    const unsigned char *bytes;
    size_t length;
    const unsigned char *nothing; /* the same format, holding no bytes */
    size_t nothing_length;
    size_t magic_bytes;
    size_t block_bytes; /* what damage takes at most of a large file of our own */
    const char *package;
} sample;

static const sample samples[] = {
    {NDUP_HAVE_ZLIB, "gzip", "a.gz", gzip_text, sizeof gzip_text, gzip_nothing, sizeof gzip_nothing,
     2, 300 << 10, "zlib1g-dev"},
    {NDUP_HAVE_ZSTD, "zstd", "a.zst", zstd_text, sizeof zstd_text, zstd_nothing,
     sizeof zstd_nothing, 4, 300 << 10, "libzstd-dev"},
    {NDUP_HAVE_LZMA, "xz", "a.xz", xz_text, sizeof xz_text, xz_nothing, sizeof xz_nothing, 6,
     300 << 10, "liblzma-dev"},
    {NDUP_HAVE_BZIP2, "bzip2", "a.bz2", bzip2_text, sizeof bzip2_text, bzip2_nothing,
     sizeof bzip2_nothing, 6, 1000 << 10, "libbz2-dev"},
    {NDUP_HAVE_LZ4, "lz4", "a.lz4", lz4_text, sizeof lz4_text, lz4_nothing, sizeof lz4_nothing, 4,
     300 << 10, "liblz4-dev"},
};

/* The next sample that this build reads, from the first one for NULL; NULL behind the last. */
static const sample *next_sample(const sample *previous)
{
    const sample *end = samples + sizeof samples / sizeof *samples;
    const sample *next = previous == NULL ? samples : previous + 1;
    while (next < end && !next->is_built) {
        next++;
    }
    return next < end ? next : NULL;
}

static void test_stream__says_what_to_install_for_a_missing_format(void **state)
{
    (void)state;
    size_t missing = 0;
    for (const sample *one = samples; one < samples + sizeof samples / sizeof *samples; one++) {
        reading result;
        char message[100];
        if (one->is_built) {
            continue;
        }
        missing++;
        read_as(&result, "a", one->bytes, one->length, 1);
        assert_status(result.status, NDUP_STATUS_UNSUPPORTED, &result.error);
        snprintf(message, sizeof message, "this build cannot read %s: install %s and build again",
                 one->name + 1, one->package);
        assert_string_equal(result.error.message, message);
    }
    if (missing == 0) {
        skip();
    }
}

static void test_stream__decodes_at_every_step(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        for (size_t step = 1; step <= 70; step++) {
            reading result;
            read_as(&result, "a", one->bytes, one->length, step);
            assert_ok(result.status, &result.error);
            assert_u64_equal(result.length, TEXT_BYTES);
            assert_memory_equal(result.bytes, text, TEXT_BYTES);
        }
    }
}

static void test_stream__tells_the_format_by_the_first_bytes(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        assert_reads_as("no-suffix", one->bytes, one->length, text, one->format);
        assert_reads_as("wrong.txt", one->bytes, one->length, text, one->format);
        assert_reads_as(one->name, text, TEXT_BYTES, text, "plain");
    }
}

static void test_stream__decodes_nothing_from_a_file_that_holds_nothing(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        assert_reads_as(one->name, one->nothing, one->nothing_length, "", one->format);
    }
}

static void test_stream__decodes_one_file_behind_the_other(void **state)
{
    (void)state;
    char expected[3 * sizeof text];
    snprintf(expected, sizeof expected, "%s%s%s", text, text, text);
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        input all = {.length = 0};
        add(&all, one->bytes, one->length);
        add(&all, one->nothing, one->nothing_length);
        add(&all, one->bytes, one->length);
        add(&all, one->bytes, one->length);
        assert_reads_as("a", all.bytes, all.length, expected, one->format);
        reading result;
        read_as(&result, "a", all.bytes, all.length, TEXT_BYTES);
        assert_ok(result.status, &result.error);
        assert_string_equal(result.bytes, expected);
    }
}

static void test_stream__decodes_a_slow_pipe(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        assert_reads_slow_pipe(one->bytes, one->length, 1, 0);
        assert_reads_slow_pipe(one->bytes, one->length, 3, O_NONBLOCK);
    }
}

static void test_stream__refuses_an_empty_file_with_a_compressed_name(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        assert_damaged(one->name, "", 0, 0, 0, "data is truncated at compressed byte 0");
    }
}

/* What was decoded in front of the cut is handed out, and the cut is named. */
static void test_stream__reports_every_truncation(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        for (size_t length = 0; length < one->length; length++) {
            reading result;
            read_as(&result, one->name, one->bytes, length, 5);
            assert_status(result.status, NDUP_STATUS_CORRUPT, &result.error);
            assert_u64_equal(result.error.byte, length);
            assert_non_null(strstr(result.error.message, "truncated"));
            assert_in_range(result.length, 0, TEXT_BYTES);
            assert_memory_equal(result.bytes, text, result.length);
        }
    }
}

static void test_stream__hands_out_what_comes_before_a_truncation(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        input all = {.length = 0};
        add(&all, one->bytes, one->length);
        add(&all, one->bytes, 10);
        assert_damaged("a", all.bytes, all.length, TEXT_BYTES, all.length, "truncated");
    }
}

/* A flipped bit is found by the checksums, or is in a part of the header that does not matter; one
 * in the first bytes makes it a plain file. */
static void test_stream__never_gives_wrong_bytes_for_a_flipped_bit(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        for (size_t bit = 0; bit < one->length * 8; bit++) {
            unsigned char bytes[MAX_OUTPUT];
            memcpy(bytes, one->bytes, one->length);
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
            reading result;
            read_as(&result, "a", bytes, one->length, 33);
            bool is_same =
                result.length == TEXT_BYTES && memcmp(result.bytes, text, TEXT_BYTES) == 0;
            if (strcmp(result.format, "plain") == 0) {
                assert_true(bit / 8 < one->magic_bytes);
            } else if (result.status == NDUP_STATUS_OK) {
                assert_true(is_same);
            } else {
                bool is_long = result.status == NDUP_STATUS_LIMIT; /* of its window */
                assert_status(result.status, is_long ? NDUP_STATUS_LIMIT : NDUP_STATUS_CORRUPT,
                              &result.error);
            }
        }
    }
}

static void test_stream__refuses_other_bytes_behind_the_end(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        input all = {.length = 0};
        add(&all, one->bytes, one->length);
        add(&all, "garbage", 7);
        reading result;
        read_as(&result, "a", all.bytes, all.length, 64);
        assert_status(result.status, NDUP_STATUS_CORRUPT, &result.error);
        assert_u64_equal(result.length, TEXT_BYTES);
        assert_in_range(result.error.byte, one->length, all.length);
    }
}

static void test_stream__survives_any_bytes_behind_the_first(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        for (unsigned value = 0; value < 256; value++) {
            unsigned char bytes[64];
            memset(bytes, (int)value, sizeof bytes);
            memcpy(bytes, one->bytes, one->magic_bytes);
            reading result;
            read_as(&result, "a", bytes, sizeof bytes, 64);
            assert_true(result.status == NDUP_STATUS_OK || result.status == NDUP_STATUS_CORRUPT ||
                        result.status == NDUP_STATUS_MEMORY || result.status == NDUP_STATUS_LIMIT);
        }
    }
}

enum { LARGE_BYTES = 4 << 20 };

/* Byte i of the large file: random letters, so that equal parts of it are equally long stored. */
static unsigned char large_byte(size_t i)
{
    return (unsigned char)(' ' + (ndup__mix64(i + 1) & 0x3F));
}

/* Writes the large file and gives its bytes as they are stored. */
static char *write_large(const temp_dir *folder, const char *name, size_t *length)
{
    char path[PATH_BYTES];
    ndup__writer *writer;
    ndup_error error;
    temp_dir_path(folder, name, path, sizeof path);
    assert_ok(ndup__writer_open(&writer, path, false, NULL, &error), &error);
    for (size_t i = 0; i < LARGE_BYTES; i++) {
        unsigned char byte = large_byte(i);
        assert_int_equal(ndup__writer_write(writer, &byte, 1, &error), NDUP_STATUS_OK);
    }
    assert_ok(ndup__writer_commit(writer, &error), &error);
    ndup__writer_close(writer);
    return temp_dir_read(folder, name, length);
}

/* Reads the large file, damaged at that offset, in as few calls as possible. */
static void read_large(const temp_dir *folder, const char *name, size_t damage, size_t block)
{
    char path[PATH_BYTES];
    ndup__stream *stream;
    ndup_error error;
    size_t got;
    size_t read = 0;
    size_t good = 0;
    unsigned char *bytes = malloc(2 * LARGE_BYTES);
    assert_non_null(bytes);
    temp_dir_path(folder, name, path, sizeof path);
    assert_ok(ndup__stream_open(&stream, path, NULL, &error), &error);
    while (ndup__stream_read(stream, bytes, 2 * LARGE_BYTES, &got, &error) == NDUP_STATUS_OK) {
        assert_true(got > 0);
        for (size_t i = 0; i < got && good == read + i && bytes[i] == large_byte(good); i++) {
            good++;
        }
        read += got;
    }
    assert_int_equal(error.status, NDUP_STATUS_CORRUPT);
    assert_in_range(good, LARGE_BYTES / 2 - block, LARGE_BYTES / 2 + block);
    assert_in_range(error.byte, damage - block, damage + LARGE_BYTES);
    ndup__stream_close(stream);
    free(bytes);
}

/* Damage in the middle of a large file takes at most the block that it is in, not everything that
 * was decoded by the same call. */
static void test_stream__hands_out_what_comes_before_damage_in_a_large_file(void **state)
{
    (void)state;
    for (const sample *one = next_sample(NULL); one != NULL; one = next_sample(one)) {
        temp_dir folder;
        temp_dir_init(&folder);
        size_t length;
        unsigned char *packed = (unsigned char *)write_large(&folder, one->name, &length);
        memset(packed + length / 2, 0, length / 8);
        temp_dir_write(&folder, one->name, packed, length);
        read_large(&folder, one->name, length / 2, one->block_bytes);
        free(packed);
        temp_dir_deinit(&folder);
    }
}

static void skip_without(bool library)
{
    if (!library) {
        skip();
    }
}

static void test_stream__allows_zeros_behind_gzip_data(void **state)
{
    (void)state;
    skip_without(NDUP_HAVE_ZLIB);
    input all = {.length = 0};
    unsigned char zeros[512] = {0};
    add(&all, gzip_text, sizeof gzip_text);
    add(&all, zeros, sizeof zeros);
    assert_reads_as("a.gz", all.bytes, all.length, text, "gzip");
    add(&all, "x", 1);
    assert_damaged("a.gz", all.bytes, all.length, TEXT_BYTES, all.length - 1, "other bytes");
}

static void test_stream__names_the_offset_of_bytes_behind_gzip_data(void **state)
{
    (void)state;
    skip_without(NDUP_HAVE_ZLIB);
    input all = {.length = 0};
    add(&all, gzip_text, sizeof gzip_text);
    add(&all, "garbage", 7);
    assert_damaged("a.gz", all.bytes, all.length, TEXT_BYTES, sizeof gzip_text,
                   "other bytes behind the end");
}

static void test_stream__passes_over_skippable_zstd_frames(void **state)
{
    (void)state;
    skip_without(NDUP_HAVE_ZSTD);
    input all = {.length = 0};
    add(&all, zstd_skippable, sizeof zstd_skippable);
    add(&all, zstd_text, sizeof zstd_text);
    add(&all, zstd_skippable, sizeof zstd_skippable);
    assert_reads_as("a", all.bytes, all.length, text, "zstd");
    assert_reads_as("a", zstd_skippable, sizeof zstd_skippable, "", "zstd");
}

/* A window is memory, so that more than 128 MiB of it have to be allowed. */
static void test_stream__refuses_a_long_zstd_window_unless_it_is_allowed(void **state)
{
    (void)state;
    temp_dir folder;
    char path[PATH_BYTES];
    char got[32];
    size_t length;
    ndup_error error = {0};
    ndup__stream *stream;
    skip_without(NDUP_HAVE_ZSTD);
    temp_dir_init(&folder);
    temp_dir_write(&folder, "a", zstd_long, sizeof zstd_long);
    temp_dir_path(&folder, "a", path, sizeof path);
    for (int allowed = 0; allowed < 2; allowed++) {
        assert_ok(ndup__stream_open(&stream, path, NULL, &error), &error);
        if (allowed) {
            ndup__stream_allow_long(stream);
        }
        assert_ok(ndup__stream_peek(stream, got, sizeof got, &length, &error), &error);
        assert_int_equal(length, allowed ? 12 : 0);
        ndup_status status = ndup__stream_read(stream, got, sizeof got, &length, &error);
        assert_status(status, allowed ? NDUP_STATUS_OK : NDUP_STATUS_LIMIT, &error);
        if (allowed) {
            assert_int_equal(length, 12);
            assert_memory_equal(got, "long window\n", 12);
        } else {
            assert_non_null(strstr(error.message, "--zstd-long"));
        }
        ndup__stream_close(stream);
    }
    temp_dir_deinit(&folder);
}

static void test_stream__allows_zeros_behind_xz_data(void **state)
{
    (void)state;
    skip_without(NDUP_HAVE_LZMA);
    input all = {.length = 0};
    unsigned char zeros[512] = {0};
    add(&all, xz_text, sizeof xz_text);
    add(&all, zeros, sizeof zeros);
    assert_reads_as("a.xz", all.bytes, all.length, text, "xz");
    add(&all, "x", 1);
    assert_damaged("a.xz", all.bytes, all.length, TEXT_BYTES, all.length - 1, "other bytes");
}

static void test_stream__refuses_xz_data_that_asks_for_too_much_memory(void **state)
{
    (void)state;
    skip_without(NDUP_HAVE_LZMA);
    reading result;
    read_as(&result, "a.xz", xz_greedy, sizeof xz_greedy, 64);
    assert_status(result.status, NDUP_STATUS_CORRUPT, &result.error);
    assert_non_null(strstr(result.error.message, "more than 512 MiB of memory"));
}

/* Until their seventh byte texts may look like bzip2's data. */
static void test_stream__takes_text_that_begins_like_bzip2_for_text(void **state)
{
    (void)state;
    assert_reads_as("a.txt", "BZh9 is what bzip2 writes", 25, "BZh9 is what bzip2 writes", "plain");
    assert_reads_as("a.txt", "BZh9", 4, "BZh9", "plain");
}

/* A frame of the format before 2013, which liblz4 leaves to the program. */
static void test_stream__refuses_old_lz4_frames(void **state)
{
    (void)state;
    skip_without(NDUP_HAVE_LZ4);
    reading result;
    read_as(&result, "a.lz4", "\x02\x21\x4C\x18\x05\x00\x00\x00\x40text", 13, 64);
    assert_status(result.status, NDUP_STATUS_CORRUPT, &result.error);
    assert_string_equal(result.format, "lz4");
}

TEST_MAIN(cmocka_unit_test(test_stream__reads_plain_bytes_at_every_step),
          cmocka_unit_test(test_stream__reads_an_empty_file),
          cmocka_unit_test(test_stream__reads_short_plain_files),
          cmocka_unit_test(test_stream__reads_a_large_plain_file_by_mixed_steps),
          cmocka_unit_test(test_stream__says_which_file_is_missing),
          cmocka_unit_test(test_stream__does_not_read_a_folder),
          cmocka_unit_test(test_stream__says_that_a_descriptor_is_closed),
          cmocka_unit_test(test_stream__reads_an_interrupted_pipe_that_gives_single_bytes),
          cmocka_unit_test(test_stream__waits_for_a_pipe_that_does_not_block),
          cmocka_unit_test(test_stream__leaks_nothing_when_memory_runs_out),
          cmocka_unit_test(test_stream__says_what_to_install_for_a_missing_format),
          cmocka_unit_test(test_stream__decodes_at_every_step),
          cmocka_unit_test(test_stream__tells_the_format_by_the_first_bytes),
          cmocka_unit_test(test_stream__decodes_nothing_from_a_file_that_holds_nothing),
          cmocka_unit_test(test_stream__decodes_one_file_behind_the_other),
          cmocka_unit_test(test_stream__decodes_a_slow_pipe),
          cmocka_unit_test(test_stream__refuses_an_empty_file_with_a_compressed_name),
          cmocka_unit_test(test_stream__reports_every_truncation),
          cmocka_unit_test(test_stream__hands_out_what_comes_before_a_truncation),
          cmocka_unit_test(test_stream__hands_out_what_comes_before_damage_in_a_large_file),
          cmocka_unit_test(test_stream__never_gives_wrong_bytes_for_a_flipped_bit),
          cmocka_unit_test(test_stream__refuses_other_bytes_behind_the_end),
          cmocka_unit_test(test_stream__survives_any_bytes_behind_the_first),
          cmocka_unit_test(test_stream__allows_zeros_behind_gzip_data),
          cmocka_unit_test(test_stream__names_the_offset_of_bytes_behind_gzip_data),
          cmocka_unit_test(test_stream__passes_over_skippable_zstd_frames),
          cmocka_unit_test(test_stream__refuses_a_long_zstd_window_unless_it_is_allowed),
          cmocka_unit_test(test_stream__allows_zeros_behind_xz_data),
          cmocka_unit_test(test_stream__refuses_xz_data_that_asks_for_too_much_memory),
          cmocka_unit_test(test_stream__takes_text_that_begins_like_bzip2_for_text),
          cmocka_unit_test(test_stream__refuses_old_lz4_frames))
