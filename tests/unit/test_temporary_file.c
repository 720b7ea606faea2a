/* SPDX-License-Identifier: MIT */
/* Temporary files leave nothing behind, also in runs that were killed. */
#include "support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary_file.h"
#include "base/temporary_name.h"
#include "support/temp_dir.h"

static void check_file(int descriptor)
{
    char read[4] = "";
    ndup_error error;
    size_t got;
    struct stat info;
    assert_ok(ndup__file_write_at(descriptor, "text", 4, 10, "it", &error), &error);
    assert_ok(ndup__file_read_at(descriptor, read, 4, 10, &got, "it", &error), &error);
    assert_memory_equal(read, "text", 4);
    assert_int_equal(fstat(descriptor, &info), 0);
    assert_int_equal(info.st_nlink, 0);
    assert_int_equal(info.st_mode & 0077, 0);
    assert_int_equal(fcntl(descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    ndup__file_close_quietly(descriptor);
}

static void test_open__makes_a_file_without_a_name(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    int descriptor;
    temp_dir_init(&folder);
    assert_ok(ndup__temporary_file_open(&descriptor, folder.path, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    check_file(descriptor);
    assert_ok(ndup__temporary_file_open_named(&descriptor, folder.path, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    check_file(descriptor);
    temp_dir_deinit(&folder);
}

/* On Linux, where files can do without. */
static void test_open__never_has_a_name(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    int descriptor;
    temp_dir_init(&folder);
    ndup_status status = ndup__file_create_nameless(&descriptor, folder.path, &error);
    if (status == NDUP_STATUS_UNSUPPORTED) {
        assert_int_equal(descriptor, -1);
    } else {
        assert_ok(status, &error);
        check_file(descriptor);
    }
    temp_dir_deinit(&folder);
}

static void test_named__removes_what_a_killed_run_left(void **state)
{
    (void)state;
    temp_dir folder;
    char name[NDUP__TEMPORARY_NAME_BYTES];
    ndup_error error;
    int descriptor;
    temp_dir_init(&folder);
    ndup__temporary_name(name, "spool");
    temp_dir_write_text(&folder, name, "half");
    assert_ok(ndup__temporary_file_open_named(&descriptor, folder.path, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    ndup__file_close_quietly(descriptor);
    temp_dir_deinit(&folder);
}

static void test_open__names_the_folder_that_is_missing(void **state)
{
    (void)state;
    ndup_error error;
    int descriptor;
    assert_status(ndup__temporary_file_open(&descriptor, "/nonexistent/folder", &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "temporary file in /nonexistent/folder"));
    assert_int_equal(descriptor, -1);
    assert_status(ndup__temporary_file_open_named(&descriptor, "/nonexistent/folder", &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "temporary file in /nonexistent/folder"));
}

TEST_MAIN(cmocka_unit_test(test_open__makes_a_file_without_a_name),
          cmocka_unit_test(test_open__never_has_a_name),
          cmocka_unit_test(test_named__removes_what_a_killed_run_left),
          cmocka_unit_test(test_open__names_the_folder_that_is_missing))
