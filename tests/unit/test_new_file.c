/* SPDX-License-Identifier: MIT */
/* A new file has its name when it is complete, and else leaves nothing. */
#include "base/new_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

typedef struct fixture {
    temp_dir folder;
    char path[300];
    ndup__new_file file;
    ndup_error error;
} fixture;

static void begin(fixture *self)
{
    *self = (fixture){.file.descriptor = -1};
    temp_dir_init(&self->folder);
    temp_dir_path(&self->folder, "new", self->path, sizeof self->path);
}

static void end(fixture *self)
{
    ndup__new_file_close(&self->file);
    temp_dir_deinit(&self->folder);
}

static void open_and_write(fixture *self, const char *text)
{
    assert_ok(ndup__new_file_open(&self->file, self->path, NULL, &self->error), &self->error);
    assert_ok(
        ndup__file_write_all(self->file.descriptor, text, strlen(text), self->path, &self->error),
        &self->error);
}

static void check_text(fixture *self, const char *expected)
{
    char *text = temp_dir_read(&self->folder, "new", NULL);
    assert_string_equal(text, expected);
    assert_u64_equal(temp_dir_count(&self->folder, ""), 1);
    free(text);
}

static void test_new_file__has_its_name_when_committed(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    open_and_write(&self, "one");
    assert_false(temp_dir_exists(&self.folder, "new"));
    assert_ok(ndup__new_file_commit(&self.file, &self.error), &self.error);
    check_text(&self, "one");
    ndup__new_file_close(&self.file);
    check_text(&self, "one");
    open_and_write(&self, "another");
    assert_ok(ndup__new_file_commit(&self.file, &self.error), &self.error);
    check_text(&self, "another");
    end(&self);
}

static void test_new_file__that_is_given_up_leaves_nothing(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    open_and_write(&self, "one");
    assert_u64_equal(temp_dir_count(&self.folder, ""), 1);
    ndup__new_file_close(&self.file);
    assert_u64_equal(temp_dir_count(&self.folder, ""), 0);
    temp_dir_mkdir(&self.folder, "new");
    open_and_write(&self, "one");
    assert_status(ndup__new_file_commit(&self.file, &self.error), NDUP_STATUS_IO, &self.error);
    ndup__new_file_close(&self.file);
    assert_u64_equal(temp_dir_count(&self.folder, ""), 1);
    end(&self);
}

static void test_new_file__without_a_folder_is_not_made(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    temp_dir_path(&self.folder, "none/new", self.path, sizeof self.path);
    assert_status(ndup__new_file_open(&self.file, self.path, NULL, &self.error),
                  NDUP_STATUS_NOT_FOUND, &self.error);
    assert_non_null(strstr(self.error.message, "none/new"));
    end(&self);
}

static ndup_status write_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    fixture *self = context;
    ndup_status status = ndup__new_file_open(&self->file, self->path, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__new_file_commit(&self->file, error);
    }
    ndup__new_file_close(&self->file);
    return status;
}

static void test_new_file__without_memory(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    fault_loop(write_job, &self, 2);
    end(&self);
}

TEST_MAIN(cmocka_unit_test(test_new_file__has_its_name_when_committed),
          cmocka_unit_test(test_new_file__that_is_given_up_leaves_nothing),
          cmocka_unit_test(test_new_file__without_a_folder_is_not_made),
          cmocka_unit_test(test_new_file__without_memory))
