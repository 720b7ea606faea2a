/* SPDX-License-Identifier: MIT */
/* Each of SQLite's calls of the system fails once, or all from it on, or the disk is full from it
 * on: what a call of ours has acknowledged stays, what has failed is as if it had not been made,
 * for the handle that met the fault and for others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/handle.h"
#include "neardup/index.h"
#include "support/failing_vfs.h"
#include "support/full_disk.h"
#include "support/index_texts.h"
#include "support/temp_dir.h"
#include "support/test.h"

/* Ids of the script; and documents in memory until a segment is written. */
enum { IDS = 12, BATCH = 4, FRESH_MOST = 3 };

/* An index, and what should be in it. */
typedef struct script {
    temp_dir folder;
    char path[512];
    ndup_index *index;
    bool is_made;
    unsigned versions[IDS]; /* 0: it is not there */
    unsigned failed;        /* calls */
} script;

static ndup_status open_index(script *now, ndup_error *error)
{
    const ndup_index_open_options options = {.struct_size = sizeof options};
    ndup_status status = ndup_index_open(&now->index, now->path, &options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        now->index->view.fresh_most = FRESH_MOST;
    }
    return status;
}

static ndup_status create_index(script *now, ndup_error *error)
{
    ndup_index_options options;
    assert_ok(ndup_index_options_init(&options, NULL, error), error);
    return ndup_index_create(now->path, &options, error);
}

/* Notes how a call ended. */
static bool is_done(script *now, ndup_status status, const ndup_error *error)
{
    if (status != NDUP_STATUS_OK) {
        now->failed++;
        assert_true(error->message[0] != '\0');
        assert_true(status == NDUP_STATUS_IO || status == NDUP_STATUS_CORRUPT ||
                    status == NDUP_STATUS_LIMIT || status == NDUP_STATUS_MEMORY);
    }
    return status == NDUP_STATUS_OK;
}

static void name_of(unsigned i, char id[INDEX_ID_BYTES])
{
    snprintf(id, INDEX_ID_BYTES, "document-%u", i);
}

static void add(script *now, unsigned first, unsigned count, unsigned version)
{
    index_text texts[BATCH];
    ndup_document documents[BATCH];
    ndup_error error = {0};
    for (unsigned i = 0; i < count; i++) {
        char id[INDEX_ID_BYTES];
        name_of(first + i, id);
        index_text_make(&texts[i], id, version);
        documents[i] = texts[i].document;
    }
    if (is_done(now, ndup_index_add(now->index, NULL, documents, count, &error), &error)) {
        for (unsigned i = 0; i < count; i++) {
            now->versions[first + i] = version;
        }
    }
}

static void drop(script *now, unsigned i)
{
    char id[INDEX_ID_BYTES];
    name_of(i, id);
    const ndup_text text = {id, strlen(id)};
    uint64_t removed;
    ndup_error error = {0};
    if (is_done(now, ndup_index_remove(now->index, &removed, &text, 1, &error), &error)) {
        assert_u64_equal(removed, now->versions[i] != 0);
        now->versions[i] = 0;
    }
}

static void compact(script *now)
{
    ndup_error error = {0};
    (void)is_done(now, ndup_index_compact(now->index, &error), &error);
}

/* A question that fails says so; one that is answered is answered rightly. */
static void ask(script *now, unsigned i)
{
    index_text made;
    char id[INDEX_ID_BYTES];
    ndup_index_answers *answers;
    ndup_error error = {0};
    name_of(i, id);
    index_text_make(&made, id, now->versions[i] > 0 ? now->versions[i] : 1);
    if (is_done(now, ndup_index_check(now->index, &answers, &made.document, 1, NULL, &error),
                &error)) {
        const ndup_index_answer *answer = ndup_index_answers_get(answers, 0);
        assert_int_equal(answer->is_known, now->versions[i] > 0);
        assert_int_equal(answer->is_same_id, now->versions[i] > 0);
        ndup_index_answers_free(answers);
    }
}

static void run_script(script *now)
{
    ndup_error error = {0};
    now->is_made |= !now->is_made && is_done(now, create_index(now, &error), &error);
    if (!now->is_made || !is_done(now, open_index(now, &error), &error)) {
        return;
    }
    add(now, 0, 1, 1);
    ask(now, 0);
    add(now, 1, BATCH, 1);
    add(now, 2, 1, 2);
    drop(now, 1);
    ask(now, 1);
    compact(now);
    add(now, 5, BATCH, 1);
    drop(now, 0);
    add(now, 9, 2, 1);
    ask(now, 9);
    compact(now);
    add(now, 11, 1, 1);
    ask(now, 11);
}

static void require_content(script *now)
{
    ndup_index_statistics found;
    ndup_error error = {0};
    unsigned failed = now->failed;
    unsigned count = 0;
    for (unsigned i = 0; i < IDS; i++) {
        ask(now, i);
        count += now->versions[i] > 0;
    }
    assert_u64_equal(now->failed, failed);
    assert_ok(ndup_index_stat(now->index, &found, &error), &error);
    assert_u64_equal(found.documents, count);
    assert_ok(ndup_index_verify(now->index, NULL, &error), &error);
}

static void begin(script *now)
{
    *now = (script){.failed = 0};
    temp_dir_init(&now->folder);
    temp_dir_path(&now->folder, "index", now->path, sizeof now->path);
}

/* Without faults: the index is what it should be, goes on, and is the same when it is opened anew.
 */
static void end(script *now)
{
    ndup_error error = {0};
    if (!now->is_made) {
        assert_ok(create_index(now, &error), &error);
        now->is_made = true;
    }
    if (now->index == NULL) {
        assert_ok(open_index(now, &error), &error);
    }
    require_content(now);
    add(now, 3, 1, 7);
    require_content(now);
    ndup_index_close(now->index);
    assert_ok(open_index(now, &error), &error);
    require_content(now);
    ndup_index_close(now->index);
    temp_dir_deinit(&now->folder);
}

/* Whether call `at` was made. */
static bool try_one(size_t at, failing_vfs_mode mode, bool makes_index)
{
    script now;
    ndup_error error = {0};
    begin(&now);
    if (!makes_index) {
        assert_ok(create_index(&now, &error), &error);
        now.is_made = true;
    }
    failing_vfs_arm(at, mode);
    run_script(&now);
    bool has_failed = failing_vfs_disarm();
    end(&now);
    return has_failed;
}

static void fail_each(failing_vfs_mode mode)
{
    size_t at = 1;
    failing_vfs_install();
    while (try_one(at, mode, true)) {
        at++;
    }
    printf("%zu calls\n", at);
    assert_true(at > 1);
}

static void test_fault_index__one_call_fails(void **state)
{
    (void)state;
    fail_each(FAILING_VFS_ONCE);
}

static void test_fault_index__all_calls_fail(void **state)
{
    (void)state;
    fail_each(FAILING_VFS_ON);
}

static void test_fault_index__disk_of_sqlite_is_full(void **state)
{
    (void)state;
    fail_each(FAILING_VFS_FULL);
}

/* No file grows beyond a length: rows and segments alike. */
static void test_fault_index__disk_is_full(void **state)
{
    (void)state;
    for (uint64_t bytes = 0; bytes < 400000; bytes += 8192) {
        script now;
        begin(&now);
        full_disk_begin(bytes);
        run_script(&now);
        full_disk_end();
        end(&now);
    }
}

TEST_MAIN(cmocka_unit_test(test_fault_index__one_call_fails),
          cmocka_unit_test(test_fault_index__all_calls_fail),
          cmocka_unit_test(test_fault_index__disk_of_sqlite_is_full),
          cmocka_unit_test(test_fault_index__disk_is_full))
