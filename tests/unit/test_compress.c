/* SPDX-License-Identifier: MIT */
/* Output files: round trips, names that appear only when complete, and every way of failing. */
#include "codec/compress.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/codec.h"
#include "codec/decompress.h"
#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 768 };

/* One name for each format that this build writes. */
static const char *const names[] = {
    "out.jsonl",
#if NDUP_HAVE_ZLIB
    "out.jsonl.gz",
#endif
#if NDUP_HAVE_ZSTD
    "out.jsonl.zst",
#endif
#if NDUP_HAVE_LZMA
    "out.jsonl.xz",
#endif
#if NDUP_HAVE_BZIP2
    "out.jsonl.bz2",
#endif
#if NDUP_HAVE_LZ4
    "out.jsonl.lz4",
#endif
};
enum { NAMES = sizeof names / sizeof *names };

/* A writer to a file of a folder that lives as long as the test. */
typedef struct output {
    temp_dir folder;
    char path[PATH_BYTES];
    ndup__writer *writer;
    ndup_error error;
} output;

static ndup_status open_output(output *self, const char *name, bool overwrite)
{
    temp_dir_path(&self->folder, name, self->path, sizeof self->path);
    return ndup__writer_open(&self->writer, self->path, overwrite, NULL, &self->error);
}

static void set_up(output *self, const char *name)
{
    temp_dir_init(&self->folder);
    assert_ok(open_output(self, name, false), &self->error);
}

static void tear_down(output *self)
{
    ndup__writer_close(self->writer);
    temp_dir_deinit(&self->folder);
}

static void write_text(output *self, const char *text)
{
    assert_ok(ndup__writer_write(self->writer, text, strlen(text), &self->error), &self->error);
}

static void assert_path_holds(const char *path, const void *bytes, size_t length)
{
    ndup__stream *stream;
    ndup_error error;
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    assert_ok(ndup__stream_open(&stream, path, NULL, &error), &error);
    size_t got;
    assert_ok(ndup__stream_read(stream, copy, length + 1, &got, &error), &error);
    assert_u64_equal(got, length);
    assert_memory_equal(copy, bytes, length);
    ndup__stream_close(stream);
    free(copy);
}

static void assert_round_trip(const char *name, const char *bytes, size_t length, size_t step)
{
    output out;
    set_up(&out, name);
    for (size_t at = 0; at < length; at += step) {
        size_t count = length - at < step ? length - at : step;
        assert_ok(ndup__writer_write(out.writer, bytes + at, count, &out.error), &out.error);
    }
    assert_ok(ndup__writer_commit(out.writer, &out.error), &out.error);
    assert_u64_equal(ndup__writer_bytes(out.writer), length);
    assert_path_holds(out.path, bytes, length);
    tear_down(&out);
}

/* Lines of letters, so that the formats have something to compress, or any bytes. */
static char *new_bytes(size_t length, bool is_text)
{
    test_random random;
    test_random_init(&random, length);
    char *bytes = malloc(length + 1);
    assert_non_null(bytes);
    test_random_bytes(&random, bytes, length);
    for (size_t i = 0; is_text && i < length; i++) {
        bytes[i] = "the quick brown fox\n"[(unsigned char)bytes[i] % 20];
    }
    return bytes;
}

static void test_writer__writes_what_is_read_again_at_every_step(void **state)
{
    (void)state;
    char *bytes = new_bytes(700, true);
    for (size_t i = 0; i < NAMES; i++) {
        for (size_t step = 1; step <= 70; step++) {
            assert_round_trip(names[i], bytes, 700, step);
        }
    }
    free(bytes);
}

/* On both sides of the buffer's 1 MiB and of the 256 KiB from which a piece is not gathered first,
 * in one piece and in several, small ones between large ones. */
static void test_writer__writes_more_than_its_buffer_holds(void **state)
{
    (void)state;
    static const size_t lengths[] = {(1 << 18) - 1, 1 << 18,       (1 << 18) + 1,    (1 << 20) - 1,
                                     1 << 20,       (1 << 20) + 1, 3 * (1 << 20) + 5};
    for (size_t i = 0; i < NAMES; i++) {
        bool is_slow = strstr(names[i], ".xz") != NULL || strstr(names[i], ".bz2") != NULL;
        size_t first = is_slow ? sizeof lengths / sizeof *lengths - 1 : 0;
        for (size_t k = first; k < sizeof lengths / sizeof *lengths; k++) {
            char *bytes = new_bytes(lengths[k], k % 2 == 0);
            assert_round_trip(names[i], bytes, lengths[k], 99991);
            if (!is_slow) {
                assert_round_trip(names[i], bytes, lengths[k], lengths[k]);
                assert_round_trip(names[i], bytes, lengths[k], (1 << 18) + 3);
            }
            free(bytes);
        }
    }
}

/* So much that the disk is set to work before the end. */
static void test_writer__writes_large_files(void **state)
{
    (void)state;
    const size_t length = ((size_t)37 << 20) + 5;
    char *bytes = new_bytes(length, false);
    assert_round_trip("plain", bytes, length, length);
    assert_round_trip("plain", bytes, length, 3999991);
    free(bytes);
}

static void test_writer__writes_an_empty_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        assert_round_trip(names[i], "", 0, 1);
    }
}

static void write_once(char **bytes, size_t *length, const char *name)
{
    output out;
    set_up(&out, name);
    write_text(&out, "the same bytes every time\n");
    assert_ok(ndup__writer_commit(out.writer, &out.error), &out.error);
    *bytes = temp_dir_read(&out.folder, name, length);
    tear_down(&out);
}

static void test_writer__gives_the_same_bytes_every_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        char *first;
        char *second;
        size_t first_length;
        size_t second_length;
        write_once(&first, &first_length, names[i]);
        write_once(&second, &second_length, names[i]);
        assert_u64_equal(first_length, second_length);
        assert_memory_equal(first, second, first_length);
        free(first);
        free(second);
    }
}

static void test_writer__puts_neither_time_nor_system_into_a_gzip_header(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ZLIB) {
        skip();
    }
    char *bytes;
    size_t length;
    write_once(&bytes, &length, "out.gz");
    assert_in_range(length, 10, 100);
    assert_memory_equal(bytes, "\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\xFF", 10);
    free(bytes);
}

static void test_writer__adds_a_checksum_to_a_zstd_frame(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ZSTD) {
        skip();
    }
    char *bytes;
    size_t length;
    write_once(&bytes, &length, "out.zst");
    assert_in_range(length, 5, 100);
    assert_true((bytes[4] & 0x04) != 0);
    free(bytes);
}

static void test_writer__shows_the_name_only_at_commit(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        output out;
        set_up(&out, names[i]);
        write_text(&out, "text");
        assert_false(temp_dir_exists(&out.folder, names[i]));
        assert_u64_equal(temp_dir_count(&out.folder, ""), 1);
        assert_ok(ndup__writer_commit(out.writer, &out.error), &out.error);
        assert_true(temp_dir_exists(&out.folder, names[i]));
        assert_u64_equal(temp_dir_count(&out.folder, ""), 1);
        tear_down(&out);
    }
}

static void test_writer__leaves_nothing_behind_after_an_abort(void **state)
{
    (void)state;
    output out;
    set_up(&out, "out");
    write_text(&out, "text");
    ndup__writer_abort(out.writer);
    assert_u64_equal(temp_dir_count(&out.folder, ""), 0);
    ndup__writer_abort(out.writer);
    tear_down(&out);
}

static void test_writer__leaves_nothing_behind_when_closed_without_commit(void **state)
{
    (void)state;
    output out;
    set_up(&out, "out");
    write_text(&out, "text");
    ndup__writer_close(out.writer);
    out.writer = NULL;
    assert_u64_equal(temp_dir_count(&out.folder, ""), 0);
    tear_down(&out);
}

static void test_writer__refuses_use_after_commit_and_abort(void **state)
{
    (void)state;
    output out;
    set_up(&out, "out");
    assert_ok(ndup__writer_commit(out.writer, &out.error), &out.error);
    assert_status(ndup__writer_write(out.writer, "x", 1, &out.error), NDUP_STATUS_INVALID,
                  &out.error);
    assert_true(temp_dir_exists(&out.folder, "out"));
    ndup__writer_close(out.writer);
    assert_ok(open_output(&out, "second", false), &out.error);
    ndup__writer_abort(out.writer);
    assert_status(ndup__writer_commit(out.writer, &out.error), NDUP_STATUS_INVALID, &out.error);
    assert_false(temp_dir_exists(&out.folder, "second"));
    tear_down(&out);
}

static void test_writer__refuses_a_name_that_is_taken(void **state)
{
    (void)state;
    output out;
    temp_dir_init(&out.folder);
    temp_dir_write_text(&out.folder, "out", "old");
    assert_status(open_output(&out, "out", false), NDUP_STATUS_EXISTS, &out.error);
    assert_non_null(strstr(out.error.message, "it exists already"));
    assert_null(out.writer);
    assert_path_holds(out.path, "old", 3);
    assert_u64_equal(temp_dir_count(&out.folder, ""), 1);
    tear_down(&out);
}

static void test_writer__refuses_a_name_that_was_taken_meanwhile(void **state)
{
    (void)state;
    output out;
    set_up(&out, "out");
    write_text(&out, "new");
    temp_dir_write_text(&out.folder, "out", "old");
    assert_status(ndup__writer_commit(out.writer, &out.error), NDUP_STATUS_EXISTS, &out.error);
    assert_non_null(strstr(out.error.message, "File exists"));
    assert_path_holds(out.path, "old", 3);
    assert_u64_equal(temp_dir_count(&out.folder, ""), 1);
    tear_down(&out);
}

static void test_writer__replaces_a_file_when_told_to(void **state)
{
    (void)state;
    output out;
    temp_dir_init(&out.folder);
    temp_dir_write_text(&out.folder, "out", "old");
    assert_ok(open_output(&out, "out", true), &out.error);
    write_text(&out, "new");
    assert_path_holds(out.path, "old", 3);
    assert_ok(ndup__writer_commit(out.writer, &out.error), &out.error);
    assert_path_holds(out.path, "new", 3);
    tear_down(&out);
}

static void test_writer__makes_the_folders_that_are_missing(void **state)
{
    (void)state;
    output out;
    temp_dir_init(&out.folder);
    assert_ok(open_output(&out, "no/such/out", false), &out.error);
    write_text(&out, "new");
    assert_ok(ndup__writer_commit(out.writer, &out.error), &out.error);
    assert_path_holds(out.path, "new", 3);
    assert_u64_equal(temp_dir_count(&out.folder, "no/such"), 1);
    tear_down(&out);
}

static void test_writer__makes_no_folder_in_place_of_a_file(void **state)
{
    (void)state;
    output out;
    temp_dir_init(&out.folder);
    temp_dir_write_text(&out.folder, "file", "x");
    assert_true(open_output(&out, "file/sub/out", false) != NDUP_STATUS_OK);
    assert_non_null(strstr(out.error.message, "file"));
    assert_null(out.writer);
    tear_down(&out);
}

static void test_writer__does_not_replace_a_folder(void **state)
{
    (void)state;
    output out;
    temp_dir_init(&out.folder);
    temp_dir_mkdir(&out.folder, "out");
    assert_status(open_output(&out, "out", true), NDUP_STATUS_IO, &out.error);
    assert_non_null(strstr(out.error.message, "it is a folder"));
    tear_down(&out);
}

static void test_writer__takes_the_longest_file_name(void **state)
{
    (void)state;
    char name[256] = {0};
    memset(name, 'n', 255);
    assert_round_trip(name, "text", 4, 4);
}

static void test_writer__tells_a_full_disk_with_the_path(void **state)
{
    (void)state;
    struct stat about;
    if (stat("/dev/full", &about) != 0 || !S_ISCHR(about.st_mode)) {
        skip();
    }
    ndup__writer *writer;
    ndup_error error;
    ndup_error again;
    assert_ok(ndup__writer_open(&writer, "/dev/full", false, NULL, &error), &error);
    assert_ok(ndup__writer_write(writer, "text", 4, &error), &error);
    assert_status(ndup__writer_commit(writer, &error), NDUP_STATUS_IO, &error);
    assert_int_equal(error.system_errno, ENOSPC);
    assert_string_equal(error.message, "cannot write /dev/full: No space left on device");
    assert_status(ndup__writer_write(writer, "text", 4, &again), NDUP_STATUS_IO, &again);
    assert_string_equal(again.message, error.message);
    ndup__writer_close(writer);
    assert_int_equal(stat("/dev/full", &about), 0);
}

/* The limit on the size of files stands in for a disk that fills while a file is written. */
static void test_writer__removes_a_file_that_cannot_be_completed(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    size_t length = 3 << 20;
    char *bytes = new_bytes(length, false);
    for (size_t i = 0; i < NAMES; i++) {
        output out;
        set_up(&out, names[i]);
        struct rlimit limit = {1 << 20, before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ndup_status status = ndup__writer_write(out.writer, bytes, length, &out.error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_status(status, NDUP_STATUS_IO, &out.error);
        assert_int_equal(out.error.system_errno, EFBIG);
        assert_non_null(strstr(out.error.message, names[i]));
        assert_status(ndup__writer_commit(out.writer, &out.error), NDUP_STATUS_IO, &out.error);
        assert_u64_equal(temp_dir_count(&out.folder, ""), 0);
        tear_down(&out);
    }
    free(bytes);
    signal(SIGXFSZ, handler);
}

/* Lets `descriptor` (or nothing, if -1) be standard output while "text" is written to it. */
static ndup_status write_to_standard_output(int descriptor, ndup_error *error)
{
    ndup__writer *writer;
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    assert_true(saved >= 0);
    if (descriptor >= 0) {
        assert_int_equal(dup2(descriptor, STDOUT_FILENO), STDOUT_FILENO);
    } else {
        assert_int_equal(close(STDOUT_FILENO), 0);
    }
    ndup_status status = ndup__writer_open(&writer, "-", false, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_write(writer, "text", 4, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_commit(writer, error);
    }
    ndup__writer_close(writer);
    bool is_open = write(STDOUT_FILENO, "", 0) == 0;
    assert_int_equal(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
    close(saved);
    assert_int_equal(is_open, descriptor >= 0);
    return status;
}

static void test_writer__writes_to_standard_output_and_leaves_it_open(void **state)
{
    (void)state;
    int ends[2];
    char read_back[8];
    ndup_error error;
    assert_int_equal(pipe(ends), 0);
    assert_ok(write_to_standard_output(ends[1], &error), &error);
    assert_int_equal(read(ends[0], read_back, sizeof read_back), 4);
    assert_memory_equal(read_back, "text", 4);
    close(ends[0]);
    close(ends[1]);
}

static void test_writer__tells_that_the_reader_of_standard_output_is_gone(void **state)
{
    (void)state;
    int ends[2];
    ndup_error error;
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_status(write_to_standard_output(ends[1], &error), NDUP_STATUS_IO, &error);
    assert_int_equal(error.system_errno, EPIPE);
    assert_string_equal(error.message, "cannot write standard output: Broken pipe");
    close(ends[1]);
    signal(SIGPIPE, handler);
}

static void test_writer__tells_that_standard_output_is_closed(void **state)
{
    (void)state;
    ndup_error error;
    assert_status(write_to_standard_output(-1, &error), NDUP_STATUS_IO, &error);
    assert_int_equal(error.system_errno, EBADF);
    assert_non_null(strstr(error.message, "standard output"));
}

static void test_writer__says_what_to_install_for_a_missing_format(void **state)
{
    (void)state;
    output out;
    temp_dir_init(&out.folder);
    out.writer = NULL;
    static const struct {
        bool is_built;
        const char *name;
        const char *message;
    } formats[] = {
        {NDUP_HAVE_ZLIB, "a.gz", "this build cannot write .gz: install zlib1g-dev"},
        {NDUP_HAVE_ZSTD, "a.zst", "this build cannot write .zst: install libzstd-dev"},
        {NDUP_HAVE_LZMA, "a.xz", "this build cannot write .xz: install liblzma-dev"},
        {NDUP_HAVE_BZIP2, "a.bz2", "this build cannot write .bz2: install libbz2-dev"},
        {NDUP_HAVE_LZ4, "a.lz4", "this build cannot write .lz4: install liblz4-dev"},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (!formats[i].is_built) {
            assert_status(open_output(&out, formats[i].name, false), NDUP_STATUS_UNSUPPORTED,
                          &out.error);
            assert_non_null(strstr(out.error.message, formats[i].message));
        }
    }
    assert_u64_equal(temp_dir_count(&out.folder, ""), 0);
    tear_down(&out);
}

static void test_writer__leaves_nothing_behind_when_memory_runs_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        output out;
        temp_dir_init(&out.folder);
        temp_dir_path(&out.folder, names[i], out.path, sizeof out.path);
        bool has_failed = true;
        for (size_t n = 1; has_failed; n++) {
            failing_allocator memory;
            failing_allocator_init(&memory);
            failing_allocator_fail_at(&memory, n);
            ndup_status status =
                ndup__writer_open(&out.writer, out.path, false, &memory.allocator, &out.error);
            has_failed = failing_allocator_has_failed(&memory);
            assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &out.error);
            ndup__writer_close(out.writer);
            assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
            assert_u64_equal(temp_dir_count(&out.folder, ""), 0);
        }
        temp_dir_deinit(&out.folder);
    }
}

TEST_MAIN(cmocka_unit_test(test_writer__writes_what_is_read_again_at_every_step),
          cmocka_unit_test(test_writer__writes_more_than_its_buffer_holds),
          cmocka_unit_test(test_writer__writes_large_files),
          cmocka_unit_test(test_writer__writes_an_empty_file),
          cmocka_unit_test(test_writer__gives_the_same_bytes_every_time),
          cmocka_unit_test(test_writer__puts_neither_time_nor_system_into_a_gzip_header),
          cmocka_unit_test(test_writer__adds_a_checksum_to_a_zstd_frame),
          cmocka_unit_test(test_writer__shows_the_name_only_at_commit),
          cmocka_unit_test(test_writer__leaves_nothing_behind_after_an_abort),
          cmocka_unit_test(test_writer__leaves_nothing_behind_when_closed_without_commit),
          cmocka_unit_test(test_writer__refuses_use_after_commit_and_abort),
          cmocka_unit_test(test_writer__refuses_a_name_that_is_taken),
          cmocka_unit_test(test_writer__refuses_a_name_that_was_taken_meanwhile),
          cmocka_unit_test(test_writer__replaces_a_file_when_told_to),
          cmocka_unit_test(test_writer__makes_the_folders_that_are_missing),
          cmocka_unit_test(test_writer__makes_no_folder_in_place_of_a_file),
          cmocka_unit_test(test_writer__does_not_replace_a_folder),
          cmocka_unit_test(test_writer__takes_the_longest_file_name),
          cmocka_unit_test(test_writer__tells_a_full_disk_with_the_path),
          cmocka_unit_test(test_writer__removes_a_file_that_cannot_be_completed),
          cmocka_unit_test(test_writer__writes_to_standard_output_and_leaves_it_open),
          cmocka_unit_test(test_writer__tells_that_the_reader_of_standard_output_is_gone),
          cmocka_unit_test(test_writer__tells_that_standard_output_is_closed),
          cmocka_unit_test(test_writer__says_what_to_install_for_a_missing_format),
          cmocka_unit_test(test_writer__leaves_nothing_behind_when_memory_runs_out))
