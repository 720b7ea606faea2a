/* SPDX-License-Identifier: MIT */
/* Making, tidying and removing whole folder trees. */
#include "support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/vfs.h>
#endif

#include "base/file.h"
#include "base/folder.h"
#include "base/temporary_name.h"
#include "support/temp_dir.h"

static void test_make_parents__makes_what_is_missing(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    ndup_error error;
    temp_dir_init(&folder);
    temp_dir_mkdir(&folder, "a");
    temp_dir_path(&folder, "a/b/c/file", path, sizeof path);
    assert_ok(ndup__folder_make_parents(path, &error), &error);
    assert_ok(ndup__folder_make_parents(path, &error), &error);
    assert_true(temp_dir_exists(&folder, "a/b/c"));
    assert_false(temp_dir_exists(&folder, "a/b/c/file"));
    temp_dir_write_text(&folder, "a/b/c/file", "x");
    temp_dir_path(&folder, "a/b/c/file/d", path, sizeof path);
    assert_status(ndup__folder_make_parents(path, &error), NDUP_STATUS_EXISTS, &error);
    temp_dir_deinit(&folder);
}

static void test_remove_tree__removes_links_but_not_what_they_name(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    char target[300];
    ndup_error error;
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "kept/file", "x");
    temp_dir_write_text(&folder, "tree/a/b/file", "x");
    temp_dir_write_text(&folder, "tree/.hidden", "x");
    temp_dir_mkdir(&folder, "tree/empty");
    assert_int_equal(symlink(temp_dir_path(&folder, "kept", target, sizeof target),
                             temp_dir_path(&folder, "tree/link", path, sizeof path)),
                     0);
    temp_dir_path(&folder, "tree", path, sizeof path);
    assert_ok(ndup__folder_remove_tree(path, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 1);
    assert_true(temp_dir_exists(&folder, "kept/file"));
    assert_status(ndup__folder_remove_tree(path, &error), NDUP_STATUS_NOT_FOUND, &error);
    temp_dir_deinit(&folder);
}

static void test_rename_new__refuses_any_name_that_is_taken(void **state)
{
    (void)state;
    temp_dir folder;
    char from[300];
    char to[300];
    ndup_error error;
    static const char *const taken[] = {"empty", "file"};
    temp_dir_init(&folder);
    temp_dir_mkdir(&folder, "from");
    temp_dir_mkdir(&folder, "empty");
    temp_dir_write_text(&folder, "file", "x");
    temp_dir_path(&folder, "from", from, sizeof from);
    for (size_t i = 0; i < 2; i++) {
        temp_dir_path(&folder, taken[i], to, sizeof to);
        assert_status(ndup__folder_rename_new(from, to, &error), NDUP_STATUS_EXISTS, &error);
    }
    temp_dir_path(&folder, "to", to, sizeof to);
    assert_ok(ndup__folder_rename_new(from, to, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 3);
    temp_dir_deinit(&folder);
}

/* Makes a file with a temporary name; holds it when `descriptor` is not NULL. */
static void leave(const temp_dir *folder, const char *base, int *descriptor, char *name)
{
    char path[600];
    ndup_error error;
    ndup__temporary_name(name, base);
    temp_dir_write_text(folder, name, "half");
    temp_dir_path(folder, name, path, sizeof path);
    if (descriptor != NULL) {
        assert_ok(ndup__file_open_read(descriptor, path, &error), &error);
        assert_ok(ndup__file_hold(*descriptor, path, &error), &error);
    }
}

static void test_tidy__removes_what_nobody_holds(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    char left[NDUP__TEMPORARY_NAME_BYTES];
    char held[NDUP__TEMPORARY_NAME_BYTES];
    char inside[NDUP__TEMPORARY_NAME_BYTES + 8];
    int descriptor;
    temp_dir_init(&folder);
    temp_dir_path(&folder, "", path, sizeof path);
    leave(&folder, "kept.jsonl", NULL, left);
    ndup__temporary_name(inside, "tree");
    strcat(inside, "/a");
    temp_dir_write_text(&folder, inside, "half");
    leave(&folder, "kept.jsonl", &descriptor, held);
    temp_dir_write_text(&folder, "kept.jsonl", "whole");
    ndup__folder_tidy(path);
    assert_false(temp_dir_exists(&folder, left));
    assert_true(temp_dir_exists(&folder, held));
    assert_true(temp_dir_exists(&folder, "kept.jsonl"));
    assert_u64_equal(temp_dir_count(&folder, ""), 2);
    ndup__file_close_quietly(descriptor);
    ndup__folder_tidy(path);
    assert_false(temp_dir_exists(&folder, held));
    temp_dir_deinit(&folder);
}

/* Gives the name another host. */
static void move_away(char *name)
{
    char *host = strstr(name, ".neardup-tmp-") + strlen(".neardup-tmp-");
    host[0] = host[0] == '0' ? '1' : '0';
}

static void test_names__tell_who_made_them(void **state)
{
    (void)state;
    static const char *const endings[] = {"-", "x", "-1", "/../x"};
    char name[NDUP__TEMPORARY_NAME_BYTES];
    char changed[NDUP__TEMPORARY_NAME_BYTES + 8];
    ndup__temporary_name(name, "a.neardup-tmp");
    assert_int_equal(ndup__temporary_made_by(name), NDUP__MADE_HERE);
    assert_int_equal(ndup__temporary_made_by(name + 1), NDUP__MADE_BY_NOBODY);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(changed, sizeof changed, "%s%s", name, endings[i]);
        assert_int_equal(ndup__temporary_made_by(changed), NDUP__MADE_BY_NOBODY);
    }
    move_away(name);
    assert_int_equal(ndup__temporary_made_by(name), NDUP__MADE_ELSEWHERE);
    assert_int_equal(ndup__temporary_made_by(".kept.jsonl.tmp-1-2"), NDUP__MADE_BY_NOBODY);
    assert_int_equal(ndup__temporary_made_by(".x.neardup-tmp-0123-1-2"), NDUP__MADE_BY_NOBODY);
}

/* Makes a file that was last written `days` ago under another host name. */
static void leave_elsewhere(const temp_dir *folder, int days, char *name)
{
    char path[600];
    struct timespec times[2] = {{.tv_sec = time(NULL) - days * 24 * 3600}};
    times[1] = times[0];
    ndup__temporary_name(name, "left");
    move_away(name);
    temp_dir_write_text(folder, name, "half");
    temp_dir_path(folder, name, path, sizeof path);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static bool is_of_this_machine(const char *path)
{
#if defined(__linux__)
    struct statfs info;
    assert_int_equal(statfs(path, &info), 0);
    return info.f_type == 0xEF53 || info.f_type == 0x01021994 || info.f_type == 0x794C7630;
#else
    (void)path;
    return false;
#endif
}

/* What a container left under its own host name, in a folder of this machine. */
static void test_tidy__removes_what_other_hosts_left_long_ago(void **state)
{
    (void)state;
    temp_dir folder;
    char path[600];
    char new[NDUP__TEMPORARY_NAME_BYTES];
    char old[NDUP__TEMPORARY_NAME_BYTES];
    char held[NDUP__TEMPORARY_NAME_BYTES];
    int descriptor;
    ndup_error error;
    temp_dir_init(&folder);
    leave_elsewhere(&folder, 6, new);
    leave_elsewhere(&folder, 8, old);
    leave_elsewhere(&folder, 8, held);
    temp_dir_path(&folder, held, path, sizeof path);
    assert_ok(ndup__file_open_read(&descriptor, path, &error), &error);
    assert_ok(ndup__file_hold(descriptor, path, &error), &error);
    ndup__folder_tidy(folder.path);
    assert_true(temp_dir_exists(&folder, new));
    assert_true(temp_dir_exists(&folder, held));
    if (is_of_this_machine(folder.path)) {
        assert_false(temp_dir_exists(&folder, old));
    }
    ndup__file_close_quietly(descriptor);
    temp_dir_deinit(&folder);
}

/* Between the making of a file and its lock somebody may have removed it. */
static void test_hold__tells_that_the_file_is_gone(void **state)
{
    (void)state;
    temp_dir folder;
    char path[300];
    ndup_error error;
    int descriptor;
    temp_dir_init(&folder);
    temp_dir_path(&folder, "file", path, sizeof path);
    assert_ok(ndup__file_create(&descriptor, path, &error), &error);
    assert_ok(ndup__file_remove(path, &error), &error);
    assert_status(ndup__file_hold(descriptor, path, &error), NDUP_STATUS_NOT_FOUND, &error);
    ndup__file_close_quietly(descriptor);
    temp_dir_deinit(&folder);
}

static void test_trees__refuse_paths_that_are_too_long(void **state)
{
    (void)state;
    char path[NDUP__FOLDER_PATH_BYTES + 2];
    ndup_error error;
    memset(path, '/', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_status(ndup__folder_remove_tree(path, &error), NDUP_STATUS_IO, &error);
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 2] = '/';
    assert_status(ndup__folder_make_parents(path, &error), NDUP_STATUS_IO, &error);
}

static void test_sync_all__works_on_folders(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    temp_dir_init(&folder);
    assert_ok(ndup__folder_sync_all(folder.path, &error), &error);
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_make_parents__makes_what_is_missing),
          cmocka_unit_test(test_remove_tree__removes_links_but_not_what_they_name),
          cmocka_unit_test(test_rename_new__refuses_any_name_that_is_taken),
          cmocka_unit_test(test_tidy__removes_what_nobody_holds),
          cmocka_unit_test(test_names__tell_who_made_them),
          cmocka_unit_test(test_tidy__removes_what_other_hosts_left_long_ago),
          cmocka_unit_test(test_hold__tells_that_the_file_is_gone),
          cmocka_unit_test(test_trees__refuse_paths_that_are_too_long),
          cmocka_unit_test(test_sync_all__works_on_folders))
