/* SPDX-License-Identifier: MIT */
/* Moving and removing what was made in a folder. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/made_names.h"
#include "support/temp_dir.h"

typedef struct fixture {
    temp_dir folder;
    char from[300];
    char to[300];
    ndup__made_names made;
    ndup_error error;
} fixture;

static void begin(fixture *self)
{
    temp_dir_init(&self->folder);
    temp_dir_mkdir(&self->folder, "from");
    temp_dir_mkdir(&self->folder, "to");
    temp_dir_path(&self->folder, "from", self->from, sizeof self->from);
    temp_dir_path(&self->folder, "to", self->to, sizeof self->to);
    assert_ok(ndup__made_names_open(&self->made, self->from, &self->error), &self->error);
}

static void end(fixture *self)
{
    ndup__made_names_close(&self->made);
    temp_dir_deinit(&self->folder);
}

static void make(fixture *self, const char *relative)
{
    char path[600];
    int descriptor;
    assert_ok(ndup__made_names_add(&self->made, relative, &self->error), &self->error);
    snprintf(path, sizeof path, "%s/%s", self->from, relative);
    assert_ok(ndup__file_create(&descriptor, path, &self->error), &self->error);
    assert_ok(ndup__file_write_all(descriptor, "new", 3, path, &self->error), &self->error);
    ndup__file_close_quietly(descriptor);
}

static void assert_text(const fixture *self, const char *relative, const char *expected)
{
    char *text = temp_dir_read(&self->folder, relative, NULL);
    assert_string_equal(text, expected);
    free(text);
}

static void test_move__replaces_files_and_keeps_others(void **state)
{
    (void)state;
    fixture self;
    bool moved = false;
    begin(&self);
    make(&self, "a/same");
    make(&self, "b/c/added");
    temp_dir_write_text(&self.folder, "to/a/same", "old");
    temp_dir_write_text(&self.folder, "to/a/other", "old");
    assert_ok(ndup__made_names_check_move(&self.made, self.to, &self.error), &self.error);
    assert_text(&self, "to/a/same", "old");
    assert_ok(ndup__made_names_move(&moved, &self.made, self.to, &self.error), &self.error);
    assert_true(moved);
    assert_text(&self, "to/a/same", "new");
    assert_text(&self, "to/a/other", "old");
    assert_text(&self, "to/b/c/added", "new");
    ndup__made_names_remove(&self.made);
    assert_u64_equal(temp_dir_count(&self.folder, "from"), 0);
    end(&self);
}

static void check_refused(fixture *self, const char *message)
{
    bool moved = false;
    assert_status(ndup__made_names_check_move(&self->made, self->to, &self->error), NDUP_STATUS_IO,
                  &self->error);
    assert_non_null(strstr(self->error.message, message));
    assert_status(ndup__made_names_move(&moved, &self->made, self->to, &self->error),
                  NDUP_STATUS_IO, &self->error);
    assert_false(moved);
}

static void test_move__refuses_a_file_in_place_of_a_folder(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    make(&self, "x/y");
    temp_dir_write_text(&self.folder, "to/x", "old");
    check_refused(&self, "to/x: a file stands there");
    assert_text(&self, "to/x", "old");
    end(&self);
}

static void test_move__refuses_a_folder_in_place_of_a_file(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    make(&self, "x");
    temp_dir_write_text(&self.folder, "to/x/y", "old");
    check_refused(&self, "to/x: a folder stands there");
    end(&self);
}

static void test_move__does_not_go_through_links_to_folders(void **state)
{
    (void)state;
    fixture self;
    char link_path[300];
    begin(&self);
    make(&self, "sub/file");
    temp_dir_write_text(&self.folder, "outside/file", "precious");
    temp_dir_path(&self.folder, "to/sub", link_path, sizeof link_path);
    assert_int_equal(symlink("../outside", link_path), 0);
    check_refused(&self, "to/sub: a link stands there");
    assert_text(&self, "outside/file", "precious");
    end(&self);
}

/* Over several buffers, so that records are cut by their ends. */
static void test_remove__takes_away_what_was_made(void **state)
{
    (void)state;
    enum { FILES = 1000 };
    fixture self;
    begin(&self);
    for (int i = 0; i < FILES; i++) {
        char name[100];
        snprintf(name, sizeof name, "folder-%d/inner-%d/a-file-with-a-rather-long-name-%d", i / 100,
                 i / 10, i);
        make(&self, name);
    }
    assert_true(self.made.bytes > 4 * (uint64_t)sizeof self.made.buffer);
    temp_dir_write_text(&self.folder, "from/folder-3/of-somebody-else", "kept");
    ndup__made_names_remove(&self.made);
    assert_u64_equal(temp_dir_count(&self.folder, "from"), 1);
    assert_u64_equal(temp_dir_count(&self.folder, "from/folder-3"), 1);
    assert_text(&self, "from/folder-3/of-somebody-else", "kept");
    end(&self);
}

/* What lists a folder opens it first. */
static void test_remove__opens_nothing(void **state)
{
    (void)state;
    fixture self;
    struct rlimit before;
    begin(&self);
    make(&self, "a/b/c");
    make(&self, "a/d");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    ndup__made_names_remove(&self.made);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_u64_equal(temp_dir_count(&self.folder, "from"), 0);
    end(&self);
}

static void test_add__tells_of_a_file_in_the_way(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    make(&self, "a");
    assert_status(ndup__made_names_add(&self.made, "a/b", &self.error), NDUP_STATUS_EXISTS,
                  &self.error);
    end(&self);
}

static void test_add__refuses_names_that_are_too_long(void **state)
{
    (void)state;
    fixture self;
    char name[NDUP__FOLDER_PATH_BYTES + 1];
    begin(&self);
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_status(ndup__made_names_add(&self.made, name, &self.error), NDUP_STATUS_IO, &self.error);
    end(&self);
}

TEST_MAIN(cmocka_unit_test(test_move__replaces_files_and_keeps_others),
          cmocka_unit_test(test_move__refuses_a_file_in_place_of_a_folder),
          cmocka_unit_test(test_move__refuses_a_folder_in_place_of_a_file),
          cmocka_unit_test(test_move__does_not_go_through_links_to_folders),
          cmocka_unit_test(test_remove__takes_away_what_was_made),
          cmocka_unit_test(test_remove__opens_nothing),
          cmocka_unit_test(test_add__tells_of_a_file_in_the_way),
          cmocka_unit_test(test_add__refuses_names_that_are_too_long))
