/* SPDX-License-Identifier: MIT */
/* Texts of a program's own are written as outputs are. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/temporary_name.h"
#include "neardup/output.h"
#include "support/temp_dir.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static void assert_content(const temp_dir *folder, const char *name, const char *expected)
{
    char *text = temp_dir_read(folder, name, NULL);
    assert_string_equal(text, expected);
    free(text);
}

static void test_write_text__makes_folders_and_replaces_when_asked(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    ndup_error error;
    bool written = false;
    temp_dir_init(&folder);
    temp_dir_path(&folder, "a/b/page", path, sizeof path);
    assert_ok(ndup_output_write_text(&written, path, text_of("first"), false, &error), &error);
    assert_true(written);
    assert_status(ndup_output_write_text(&written, path, text_of("second"), false, &error),
                  NDUP_STATUS_EXISTS, &error);
    assert_false(written);
    assert_content(&folder, "a/b/page", "first");
    assert_ok(ndup_output_write_text(NULL, path, text_of("third"), true, &error), &error);
    assert_content(&folder, "a/b/page", "third");
    assert_u64_equal(temp_dir_count(&folder, "a/b"), 1);
    temp_dir_deinit(&folder);
}

static void test_write_text__keeps_what_it_cannot_replace(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    char name[300];
    ndup_error error;
    bool written = true;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "old", "old");
    temp_dir_path(&folder, "old/page", path, sizeof path);
    assert_int_not_equal(ndup_output_write_text(&written, path, text_of("new"), true, &error),
                         NDUP_STATUS_OK);
    assert_false(written);
    assert_content(&folder, "old", "old");
    temp_dir_mkdir(&folder, "folder");
    temp_dir_path(&folder, "folder", path, sizeof path);
    assert_status(ndup_output_write_text(&written, path, text_of("new"), true, &error),
                  NDUP_STATUS_IO, &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 2);
    /* What a killed run left is removed. */
    snprintf(name, sizeof name, "folder/");
    ndup__temporary_name(name + strlen(name), "page");
    temp_dir_write_text(&folder, name, "half");
    temp_dir_path(&folder, "folder/page", path, sizeof path);
    assert_ok(ndup_output_write_text(&written, path, text_of("new"), true, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, "folder"), 1);
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_write_text__makes_folders_and_replaces_when_asked),
          cmocka_unit_test(test_write_text__keeps_what_it_cannot_replace))
