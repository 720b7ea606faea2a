/* SPDX-License-Identifier: MIT */
/* Where an index may be met: where nothing can be written, in copies made while it is in use, made
 * by another version, and under a clock that runs backwards. */
#define _GNU_SOURCE /* unshare */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "index/handle.h"
#include "neardup/index.h"
#include "support/index_texts.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { DOCUMENTS = 6 };

/* Seconds that the clock goes back at each look; in place of the C library's. */
static atomic_int back;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static atomic_long looks;
    (void)clock;
    long look = atomic_fetch_add(&looks, 1) + 1;
    *now = (struct timespec){time(NULL) - look * atomic_load(&back), 0};
    return 0;
}

typedef struct fixture {
    temp_dir folder;
    char path[512];
    ndup_index *index;
} fixture;

static ndup_status open_index(ndup_index **index, const char *path, ndup_error *error)
{
    const ndup_index_open_options options = {.struct_size = sizeof options};
    return ndup_index_open(index, path, &options, NULL, error);
}

static void make(index_text *made, unsigned i)
{
    char id[INDEX_ID_BYTES];
    snprintf(id, sizeof id, "document-%u", i);
    index_text_make(made, id, 1);
}

static ndup_status add(ndup_index *index, unsigned i, ndup_error *error)
{
    index_text made;
    make(&made, i);
    return ndup_index_add(index, NULL, &made.document, 1, error);
}

static void require_known(ndup_index *index, unsigned i, bool is_known)
{
    index_text made;
    ndup_index_answers *answers;
    ndup_error error = {0};
    make(&made, i);
    assert_ok(ndup_index_check(index, &answers, &made.document, 1, NULL, &error), &error);
    assert_int_equal(ndup_index_answers_get(answers, 0)->is_known, is_known);
    ndup_index_answers_free(answers);
}

static void require_all(ndup_index *index, unsigned count)
{
    ndup_index_statistics found;
    ndup_error error = {0};
    for (unsigned i = 0; i <= count; i++) {
        require_known(index, i, i < count);
    }
    assert_ok(ndup_index_stat(index, &found, &error), &error);
    assert_u64_equal(found.documents, count);
    assert_ok(ndup_index_verify(index, NULL, &error), &error);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    ndup_index_options options;
    ndup_error error = {0};
    assert_non_null(f);
    temp_dir_init(&f->folder);
    temp_dir_path(&f->folder, "i?n#d%ex", f->path, sizeof f->path);
    assert_ok(ndup_index_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_index_create(f->path, &options, &error), &error);
    assert_ok(open_index(&f->index, f->path, &error), &error);
    f->index->view.fresh_most = DOCUMENTS / 2;
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        assert_ok(add(f->index, i, &error), &error);
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ndup_index_close(f->index);
    temp_dir_deinit(&f->folder);
    free(f);
    return 0;
}

/* Nothing can be made in the folder, not by root either; what is mounted goes with the process. */
static bool freeze(const char *path)
{
    if (geteuid() != 0) {
        return chmod(path, 0555) == 0;
    }
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(path, path, NULL, MS_BIND, NULL) == 0 &&
           mount(NULL, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0;
}

static void thaw(const char *path)
{
    if (geteuid() != 0) {
        assert_int_equal(chmod(path, 0755), 0);
    } else {
        (void)umount2(path, MNT_DETACH);
    }
}

static void test_fault_index__is_asked_where_nothing_can_be_written(void **state)
{
    fixture *f = *state;
    ndup_error error = {0};
    ndup_index_close(f->index);
    f->index = NULL;
    if (!freeze(f->path)) {
        thaw(f->path);
        print_message("skipped: no folder can be made read-only here\n");
        return;
    }
    ndup_index *index = NULL;
    ndup_status status = open_index(&index, f->path, &error);
    if (status == NDUP_STATUS_OK) {
        require_all(index, DOCUMENTS);
        assert_status(add(index, DOCUMENTS, &error), NDUP_STATUS_IO, &error);
        print_message("%s\n", error.message);
        assert_non_null(strstr(error.message, "writer"));
        require_all(index, DOCUMENTS);
    }
    thaw(f->path);
    assert_ok(status, &error);
    ndup_index *writer;
    assert_ok(open_index(&writer, f->path, &error), &error);
    assert_ok(add(writer, DOCUMENTS, &error), &error);
    index_text made;
    ndup_index_answers *answers;
    make(&made, DOCUMENTS);
    assert_status(ndup_index_check(index, &answers, &made.document, 1, NULL, &error),
                  NDUP_STATUS_IO, &error);
    ndup_index_close(writer);
    ndup_index_close(index);
}

static atomic_bool is_over;
static atomic_uint added;

static void *add_more(void *context)
{
    fixture *f = context;
    ndup_error error = {0};
    for (unsigned i = DOCUMENTS; !atomic_load(&is_over); i++) {
        if (add(f->index, i, &error) != NDUP_STATUS_OK) {
            break;
        }
        atomic_store(&added, i + 1);
    }
    return NULL;
}

static void copy_by(const char *path, const char *copy)
{
    char text[1200];
    sqlite3 *connection;
    snprintf(text, sizeof text, "%s/documents.sqlite", path);
    assert_int_equal(sqlite3_open(text, &connection), SQLITE_OK);
    snprintf(text, sizeof text, "VACUUM INTO '%s/documents.sqlite'", copy);
    assert_int_equal(sqlite3_exec(connection, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(connection);
}

static void test_fault_index__is_copied_while_in_use(void **state)
{
    fixture *f = *state;
    pthread_t thread;
    atomic_store(&added, DOCUMENTS);
    assert_int_equal(pthread_create(&thread, NULL, add_more, f), 0);
    for (unsigned round = 0; round < 5; round++) {
        char name[16];
        char copy[512];
        ndup_index *index;
        ndup_index_statistics found;
        ndup_error error = {0};
        snprintf(name, sizeof name, "copy-%u", round);
        temp_dir_mkdir(&f->folder, name);
        temp_dir_path(&f->folder, name, copy, sizeof copy);
        unsigned least = atomic_load(&added);
        copy_by(f->path, copy);
        assert_ok(open_index(&index, copy, &error), &error);
        assert_ok(ndup_index_stat(index, &found, &error), &error);
        assert_true(found.documents >= least);
        require_all(index, (unsigned)found.documents);
        assert_ok(add(index, (unsigned)found.documents, &error), &error);
        require_all(index, (unsigned)found.documents + 1);
        ndup_index_close(index);
    }
    atomic_store(&is_over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    require_all(f->index, atomic_load(&added));
}

/* What a version that reads texts in another way would have written. */
static void write_witness(const fixture *f, bool seals)
{
    char path[600];
    char value[32];
    ndup__database *database;
    uint64_t seal;
    ndup_error error = {0};
    snprintf(path, sizeof path, "%s/documents.sqlite", f->path);
    assert_ok(ndup__database_open(&database, path, NDUP__DATABASE_WRITE, NDUP__SYNC_NEVER, &error),
              &error);
    assert_ok(ndup__database_set_parameter(database, "witness", (ndup_text){"1", 1}, &error),
              &error);
    if (seals) {
        assert_ok(ndup__database_hash_parameters(database, "seal", &seal, &error), &error);
        int length = snprintf(value, sizeof value, "%llu", (unsigned long long)seal);
        assert_ok(ndup__database_set_parameter(database, "seal", (ndup_text){value, (size_t)length},
                                               &error),
                  &error);
    }
    ndup__database_close(database);
}

static void test_fault_index__of_other_parameters_is_refused(void **state)
{
    fixture *f = *state;
    ndup_index *index;
    ndup_error error = {0};
    write_witness(f, false);
    assert_status(open_index(&index, f->path, &error), NDUP_STATUS_CORRUPT, &error);
    write_witness(f, true);
    assert_status(open_index(&index, f->path, &error), NDUP_STATUS_VERSION, &error);
    require_all(f->index, DOCUMENTS); /* who has it open goes on with what was read */
}

static void test_fault_index__does_not_mind_the_clock(void **state)
{
    fixture *f = *state;
    ndup_error error = {0};
    atomic_store(&back, 3600);
    for (unsigned i = DOCUMENTS; i < 2 * DOCUMENTS; i++) {
        assert_ok(add(f->index, i, &error), &error);
        require_all(f->index, i + 1);
    }
    assert_ok(ndup_index_compact(f->index, &error), &error);
    ndup_index_close(f->index);
    assert_ok(open_index(&f->index, f->path, &error), &error);
    require_all(f->index, 2 * DOCUMENTS);
    atomic_store(&back, 0);
}

#define PLACE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(PLACE_TEST(test_fault_index__is_asked_where_nothing_can_be_written),
          PLACE_TEST(test_fault_index__is_copied_while_in_use),
          PLACE_TEST(test_fault_index__of_other_parameters_is_refused),
          PLACE_TEST(test_fault_index__does_not_mind_the_clock))
