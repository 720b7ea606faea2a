/* SPDX-License-Identifier: MIT */
/* Calls that are interrupted are made again. The functions of the C library are replaced here. */
#define _GNU_SOURCE /* syncfs */
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/temporary_file.h"
#include "support/temp_dir.h"

static bool interrupts;
static unsigned calls;

/* Every second call is interrupted. */
static bool is_interrupted(void)
{
    errno = EINTR;
    return interrupts && calls++ % 2 == 0;
}

#define REPLACE(name, parameters, ...)                            \
    int name parameters;                                          \
    int name parameters                                           \
    {                                                             \
        return is_interrupted() ? -1 : (int)syscall(__VA_ARGS__); \
    }

REPLACE(syncfs, (int descriptor), SYS_syncfs, descriptor)
REPLACE(fsync, (int descriptor), SYS_fsync, descriptor)
REPLACE(rename, (const char *from, const char *to), SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)
REPLACE(link, (const char *from, const char *to), SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)
REPLACE(unlink, (const char *path), SYS_unlinkat, AT_FDCWD, path, 0)
REPLACE(rmdir, (const char *path), SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR)
REPLACE(mkdir, (const char *path, mode_t rights), SYS_mkdirat, AT_FDCWD, path, rights)
REPLACE(open, (const char *path, int flags, ...), SYS_openat, AT_FDCWD, path, flags, 0666)
REPLACE(flock, (int descriptor, int operation), SYS_flock, descriptor, operation)

typedef struct fixture {
    temp_dir folder;
    char a[300];
    char b[300];
    ndup_error error;
} fixture;

static void begin(fixture *self)
{
    temp_dir_init(&self->folder);
    temp_dir_path(&self->folder, "a", self->a, sizeof self->a);
    temp_dir_path(&self->folder, "b", self->b, sizeof self->b);
    interrupts = true;
    calls = 0;
}

static void end(fixture *self)
{
    interrupts = false;
    temp_dir_deinit(&self->folder);
}

static void test_files__are_made_moved_and_removed(void **state)
{
    (void)state;
    fixture self;
    int descriptor;
    begin(&self);
    assert_ok(ndup__file_try_folder(self.folder.path, self.a, &self.error), &self.error);
    assert_ok(ndup__file_create(&descriptor, self.a, &self.error), &self.error);
    assert_ok(ndup__file_hold(descriptor, self.a, &self.error), &self.error);
    assert_ok(ndup__file_sync(descriptor, self.a, &self.error), &self.error);
    ndup__file_close_quietly(descriptor);
    assert_ok(ndup__file_link(self.a, self.b, &self.error), &self.error);
    assert_ok(ndup__file_remove(self.a, &self.error), &self.error);
    assert_ok(ndup__file_rename_new(self.b, self.a, &self.error), &self.error);
    assert_ok(ndup__file_rename(self.a, self.b, &self.error), &self.error);
    assert_true(ndup__file_hold_left(&descriptor, self.b));
    ndup__file_close_quietly(descriptor);
    assert_ok(ndup__temporary_file_open(&descriptor, self.folder.path, &self.error), &self.error);
    ndup__file_close_quietly(descriptor);
    interrupts = false;
    assert_u64_equal(temp_dir_count(&self.folder, ""), 1);
    end(&self);
}

static void test_folders__are_made_synced_and_removed(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    assert_ok(ndup__folder_make(self.a, &self.error), &self.error);
    assert_ok(ndup__folder_sync_all(self.a, &self.error), &self.error);
    assert_ok(ndup__file_sync_directory(self.a, &self.error), &self.error);
    assert_ok(ndup__folder_remove(self.a, &self.error), &self.error);
    end(&self);
}

TEST_MAIN(cmocka_unit_test(test_files__are_made_moved_and_removed),
          cmocka_unit_test(test_folders__are_made_synced_and_removed))
