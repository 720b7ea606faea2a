/* SPDX-License-Identifier: MIT */
/* A file of sections gives back what was put in, and tells what is wrong with it. */
#include "base/section_file.h"

#include <stdlib.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 300, LARGE = 300000 };

static const ndup__section_kind kind = {.magic = "testFILE", .version = 3, .noun = "a test"};
static char large[LARGE];

static ndup_status write_sections(const char *path, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    ndup__section_writer writer = {.count = 0};
    memset(large, 'x', sizeof large);
    ndup_status status = ndup__section_writer_open(&writer, path, &kind, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(&writer, "words", "one two", 7, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(&writer, "nothing", NULL, 0, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_begin(&writer, "a name of 16 sig", error);
    }
    for (size_t at = 0; at < LARGE && status == NDUP_STATUS_OK; at += LARGE / 6) {
        status = ndup__section_add(&writer, large + at, LARGE / 6, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_commit(&writer, error);
    }
    ndup__section_writer_end(&writer);
    return status;
}

typedef struct desk {
    temp_dir folder;
    char path[PATH_BYTES];
    ndup__section_file file;
    ndup_error error;
} desk;

static void desk_init(desk *self)
{
    *self = (desk){.path = ""};
    temp_dir_init(&self->folder);
    temp_dir_path(&self->folder, "file", self->path, PATH_BYTES);
    assert_ok(write_sections(self->path, NULL, &self->error), &self->error);
}

static void desk_deinit(desk *self)
{
    ndup__section_file_close(&self->file);
    temp_dir_deinit(&self->folder);
}

static ndup_status open_file(desk *self)
{
    return ndup__section_file_open(&self->file, self->path, &kind, NULL, &self->error);
}

static void test_section_file__gives_back_what_was_put_in(void **state)
{
    (void)state;
    desk self;
    const void *bytes;
    const uint32_t *items;
    uint64_t length;
    desk_init(&self);
    assert_ok(open_file(&self), &self.error);
    assert_ok(ndup__section_get(&bytes, &length, &self.file, "words", &self.error), &self.error);
    assert_u64_equal(length, 7);
    assert_memory_equal(bytes, "one two", 7);
    assert_u64_equal((uintptr_t)bytes % NDUP__SECTION_ALIGN, 0);
    assert_ok(ndup__section_get(&bytes, &length, &self.file, "nothing", &self.error), &self.error);
    assert_null(bytes);
    assert_ok(
        ndup__section_items(&items, LARGE / 4, 4, &self.file, "a name of 16 sig", &self.error),
        &self.error);
    assert_memory_equal(items, large, LARGE);
    desk_deinit(&self);
}

static void test_section_file__tells_what_is_not_there(void **state)
{
    (void)state;
    desk self;
    const void *bytes;
    uint64_t length;
    desk_init(&self);
    assert_ok(open_file(&self), &self.error);
    assert_status(ndup__section_get(&bytes, &length, &self.file, "other", &self.error),
                  NDUP_STATUS_CORRUPT, &self.error);
    assert_non_null(strstr(self.error.message, "'other' is not there"));
    assert_status(ndup__section_items(&bytes, 2, 4, &self.file, "words", &self.error),
                  NDUP_STATUS_CORRUPT, &self.error);
    desk_deinit(&self);
}

/* Changes a byte of the file and says what opening it, and reading its words, gives. */
static void check_changed(size_t at, ndup_status opened, const char *message)
{
    desk self;
    const void *bytes;
    uint64_t length;
    size_t size;
    desk_init(&self);
    char *whole = temp_dir_read(&self.folder, "file", &size);
    whole[at] = (char)(whole[at] ^ 1);
    temp_dir_write(&self.folder, "file", whole, size);
    ndup_status status = open_file(&self);
    assert_status(status, opened, &self.error);
    if (status == NDUP_STATUS_OK) {
        assert_status(ndup__section_get(&bytes, &length, &self.file, "words", &self.error),
                      NDUP_STATUS_CORRUPT, &self.error);
    }
    assert_non_null(strstr(self.error.message, message));
    free(whole);
    desk_deinit(&self);
}

static void test_section_file__tells_other_files_versions_and_damage_apart(void **state)
{
    (void)state;
    check_changed(0, NDUP_STATUS_INVALID, "is not a test");
    check_changed(8, NDUP_STATUS_VERSION, "version 2, this program knows 3");
    check_changed(30, NDUP_STATUS_CORRUPT, "damaged header");
    check_changed(64, NDUP_STATUS_OK, "'words' is damaged");
}

static void test_section_file__tells_where_it_is_cut_off(void **state)
{
    (void)state;
    desk self;
    size_t size;
    desk_init(&self);
    char *whole = temp_dir_read(&self.folder, "file", &size);
    temp_dir_write(&self.folder, "file", whole, size - 1);
    assert_status(open_file(&self), NDUP_STATUS_CORRUPT, &self.error);
    assert_non_null(strstr(self.error.message, "cut off"));
    assert_u64_equal(self.error.byte, size - 1);
    temp_dir_write(&self.folder, "file", "", 0);
    assert_status(open_file(&self), NDUP_STATUS_INVALID, &self.error);
    free(whole);
    desk_deinit(&self);
}

static ndup_status write_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__section_file file;
    const char *path = context;
    ndup_status status = write_sections(path, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_file_open(&file, path, &kind, allocator, error);
        ndup__section_file_close(&file);
    }
    return status;
}

static void test_section_file__bears_a_lack_of_memory(void **state)
{
    (void)state;
    desk self;
    desk_init(&self);
    assert_true(fault_loop(write_job, self.path, 1) >= 4);
    assert_u64_equal(temp_dir_count(&self.folder, ""), 1);
    desk_deinit(&self);
}

TEST_MAIN(cmocka_unit_test(test_section_file__gives_back_what_was_put_in),
          cmocka_unit_test(test_section_file__tells_what_is_not_there),
          cmocka_unit_test(test_section_file__tells_other_files_versions_and_damage_apart),
          cmocka_unit_test(test_section_file__tells_where_it_is_cut_off),
          cmocka_unit_test(test_section_file__bears_a_lack_of_memory))
