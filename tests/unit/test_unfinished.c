/* SPDX-License-Identifier: MIT */
/* Abandoning outputs: what was begun is gone, and nothing is begun or put in place afterwards. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/name_lock.h"
#include "base/unfinished.h"
#include "codec/compress.h"
#include "neardup/output.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512, ALARM_SECONDS = 30 };

/* Runs `work` in a process of its own, which abandoning leaves with a lock that nobody opens. It
 * gives 0 if what it looked at was right. */
static int run_apart(int (*work)(const temp_dir *place), const temp_dir *place)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        alarm(ALARM_SECONDS);
        _exit(work(place));
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static int open_writer(ndup__writer **writer, const temp_dir *place, const char *name)
{
    char path[PATH_BYTES];
    ndup_status status =
        ndup__writer_open(writer, temp_dir_path(place, name, path, sizeof path), true, NULL, NULL);
    return status != NDUP_STATUS_OK || ndup__writer_write(*writer, "text", 4, NULL) != 0;
}

static int abandon_three(const temp_dir *place)
{
    ndup__writer *writers[3];
    for (int i = 0; i < 3; i++) {
        char name[] = {(char)('a' + i), '\0'};
        if (open_writer(&writers[i], place, name) != 0) {
            return 1;
        }
    }
    if (ndup__writer_commit(writers[0], NULL) != NDUP_STATUS_OK) {
        return 2;
    }
    ndup__writer_close(writers[1]);
    return ndup_outputs_abandon() == 0 ? 0 : 3;
}

static void test_unfinished__begun_files_are_removed(void **state)
{
    (void)state;
    temp_dir place;
    temp_dir_init(&place);
    assert_int_equal(run_apart(abandon_three, &place), 0);
    assert_true(temp_dir_exists(&place, "a")); /* it was in place */
    assert_int_equal(temp_dir_count(&place, ""), 1);
    temp_dir_deinit(&place);
}

static int abandon_folder(const temp_dir *place)
{
    static ndup__unfinished listed;
    static char path[PATH_BYTES];
    temp_dir_path(place, "growing", path, sizeof path);
    ndup__name_lock_enter();
    ndup_status status = ndup__folder_make_new(path, NULL);
    ndup__unfinished_add(&listed, path, true);
    ndup__name_lock_leave();
    temp_dir_write_text(place, "growing/below/file", "text");
    ndup__unfinished_note_placed(2);
    return status == NDUP_STATUS_OK && ndup_outputs_abandon() == 2 ? 0 : 1;
}

static void test_unfinished__begun_folders_are_removed(void **state)
{
    (void)state;
    temp_dir place;
    temp_dir_init(&place);
    assert_int_equal(run_apart(abandon_folder, &place), 0);
    assert_int_equal(temp_dir_count(&place, ""), 0);
    temp_dir_deinit(&place);
}

typedef struct naming {
    const temp_dir *place;
    ndup__writer *writer;
    int told; /* a byte is written there before the attempt, and one behind it */
} naming;

static void *commit_late(void *context)
{
    naming *self = context;
    ssize_t ignored = write(self->told, "1", 1);
    ignored = write(self->told, ndup__writer_commit(self->writer, NULL) == 0 ? "2" : "3", 1);
    (void)ignored;
    return NULL;
}

/* Another thread that puts an output in place meanwhile waits for ever. */
static int commit_after_abandoning(const temp_dir *place)
{
    int told[2];
    char bytes[2];
    naming late = {.place = place};
    pthread_t thread;
    if (pipe(told) != 0 || open_writer(&late.writer, place, "late") != 0) {
        return 1;
    }
    late.told = told[1];
    if (ndup_outputs_abandon() != 0 || pthread_create(&thread, NULL, commit_late, &late) != 0 ||
        read(told[0], bytes, 1) != 1) {
        return 2;
    }
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL); /* to go wrong in */
    return 0;
}

static void test_unfinished__nothing_is_put_in_place_afterwards(void **state)
{
    (void)state;
    temp_dir place;
    temp_dir_init(&place);
    assert_int_equal(run_apart(commit_after_abandoning, &place), 0);
    assert_int_equal(temp_dir_count(&place, ""), 0);
    temp_dir_deinit(&place);
}

TEST_MAIN(cmocka_unit_test(test_unfinished__begun_files_are_removed),
          cmocka_unit_test(test_unfinished__begun_folders_are_removed),
          cmocka_unit_test(test_unfinished__nothing_is_put_in_place_afterwards))
