/* SPDX-License-Identifier: MIT */
/* Rows that are lost are missed, those that were removed are not, and old ones are found. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "index/handle.h"
#include "neardup/index.h"
#include "store/database.h"
#include "support/index_texts.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { DOCUMENTS = 2500 };

typedef struct fixture {
    temp_dir folder;
    char path[600];
    ndup__database *database;
    ndup_error error;
    bool is_there[DOCUMENTS + 1];
    int64_t times[DOCUMENTS + 1]; /* 0: not dated */
} fixture;

static void add(fixture *f, test_random *random)
{
    bool is_dated = test_random_below(random, 4) > 0;
    ndup__stored_document document = {.stands = true,
                                      .is_dated = is_dated,
                                      .time = 1 + (int64_t)test_random_below(random, 1000),
                                      .id = {"id", 2}};
    const ndup__stored_sketch sketch = {.row = {"row", 3}, .tokens = {"tokens", 6}};
    assert_ok(ndup__database_add(f->database, &document, &sketch, &f->error), &f->error);
    f->is_there[document.number] = true;
    f->times[document.number] = is_dated ? document.time : 0;
}

static int set_up(void **state)
{
    static fixture made;
    fixture *f = &made;
    test_random random;
    memset(f, 0, sizeof *f);
    test_random_init(&random, 5);
    temp_dir_init(&f->folder);
    temp_dir_path(&f->folder, "database", f->path, sizeof f->path);
    assert_ok(ndup__database_open(&f->database, f->path, NDUP__DATABASE_CREATE, NDUP__SYNC_NEVER,
                                  &f->error),
              &f->error);
    assert_ok(ndup__database_begin(f->database, true, &f->error), &f->error);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        add(f, &random);
    }
    for (uint32_t number = 1; number < DOCUMENTS; number += 1 + number % 7) {
        assert_ok(ndup__database_remove(f->database, number, &f->error), &f->error);
        f->is_there[number] = false;
    }
    assert_ok(ndup__database_commit(f->database, &f->error), &f->error);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ndup__database_close(f->database);
    temp_dir_deinit(&f->folder);
    return 0;
}

/* Changes the file as only damage would. */
static void damage(const fixture *f, const char *sql)
{
    sqlite3 *connection;
    assert_int_equal(sqlite3_open(f->path, &connection), SQLITE_OK);
    assert_int_equal(sqlite3_exec(connection, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(connection);
}

static ndup_status walk(fixture *f, uint32_t from, size_t *count)
{
    ndup__stored_document document;
    ndup__stored_sketch sketch;
    bool found = true;
    *count = 0;
    assert_ok(ndup__database_begin(f->database, false, &f->error), &f->error);
    ndup_status status = NDUP_STATUS_OK;
    while (found && status == NDUP_STATUS_OK) {
        status = ndup__database_next(f->database, from, &document, &sketch, &found, &f->error);
        *count += found;
        from = document.number + 1;
    }
    ndup__database_rollback(f->database);
    return status;
}

static ndup_status look(fixture *f, uint32_t number, bool *found)
{
    ndup__stored_document document;
    assert_ok(ndup__database_begin(f->database, false, &f->error), &f->error);
    ndup_status status = ndup__database_document(f->database, number, &document, found, &f->error);
    ndup__database_rollback(f->database);
    return status;
}

static void test_index_blocks__removed_rows_are_not_missed(void **state)
{
    fixture *f = *state;
    size_t expected = 0;
    size_t count;
    for (uint32_t number = 1; number <= DOCUMENTS; number++) {
        bool found;
        assert_ok(look(f, number, &found), &f->error);
        assert_int_equal(found, f->is_there[number]);
        expected += f->is_there[number];
    }
    assert_ok(walk(f, 1, &count), &f->error);
    assert_u64_equal(count, expected);
    bool found;
    assert_ok(look(f, DOCUMENTS + 1, &found), &f->error);
    assert_false(found);
}

/* In the middle, the last one, and the row that says what was removed. */
static void test_index_blocks__lost_rows_are_missed(void **state)
{
    fixture *f = *state;
    size_t count;
    bool found;
    uint32_t lost[] = {1500, DOCUMENTS};
    while (!f->is_there[lost[0]]) {
        lost[0]++;
    }
    for (size_t i = 0; i < 2; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "DELETE FROM documents WHERE number = %u", lost[i]);
        damage(f, sql);
        assert_status(look(f, lost[i], &found), NDUP_STATUS_CORRUPT, &f->error);
        assert_status(walk(f, lost[i] - 20, &count), NDUP_STATUS_CORRUPT, &f->error);
        assert_non_null(strstr(f->error.message, "is missing"));
    }
    damage(f, "DELETE FROM blocks WHERE block = 0");
    assert_status(walk(f, 1, &count), NDUP_STATUS_CORRUPT, &f->error);
    damage(f, "UPDATE blocks SET least = least + 1 WHERE block = 1");
    assert_status(look(f, 1024, &found), f->is_there[1024] ? NDUP_STATUS_OK : NDUP_STATUS_CORRUPT,
                  &f->error);
    assert_status(ndup__database_verify(f->database, &f->error), NDUP_STATUS_CORRUPT, &f->error);
}

/* Removes what is dated before a time; the numbers must be those of a walk. */
static void expire(fixture *f, int64_t before)
{
    uint32_t number = 0;
    bool found = true;
    assert_ok(ndup__database_begin(f->database, true, &f->error), &f->error);
    for (uint32_t expected = 1; expected <= DOCUMENTS; expected++) {
        if (!f->is_there[expected] || f->times[expected] == 0 || f->times[expected] >= before) {
            continue;
        }
        assert_ok(
            ndup__database_next_older(f->database, number + 1, before, &number, &found, &f->error),
            &f->error);
        assert_true(found);
        assert_int_equal(number, expected);
        assert_ok(ndup__database_remove(f->database, number, &f->error), &f->error);
        f->is_there[number] = false;
    }
    assert_ok(
        ndup__database_next_older(f->database, number + 1, before, &number, &found, &f->error),
        &f->error);
    assert_false(found);
    assert_ok(ndup__database_commit(f->database, &f->error), &f->error);
}

static void test_index_blocks__old_documents_are_found(void **state)
{
    fixture *f = *state;
    test_random random;
    test_random_init(&random, 6);
    assert_ok(ndup__database_verify(f->database, &f->error), &f->error);
    for (int64_t before = 100; before <= 500; before += 200) {
        expire(f, before);
        ndup__stored_block block;
        bool found;
        assert_ok(ndup__database_begin(f->database, false, &f->error), &f->error);
        assert_ok(ndup__database_next_block(f->database, 0, &block, &found, &f->error), &f->error);
        ndup__database_rollback(f->database);
        assert_true(found && block.least >= before); /* it is passed over from now on */
        assert_ok(ndup__database_verify(f->database, &f->error), &f->error);
    }
}

/* Eight segments of four documents are merged when the last one is written. */
static void test_index_blocks__merges_drop_keys_of_removed(void **state)
{
    enum { EACH = 4, ALL = EACH * NDUP__TIER_SEGMENTS, REMOVED = 10 };
    fixture *f = *state;
    const ndup_index_open_options writing = {.struct_size = sizeof writing};
    ndup_index_options options;
    ndup_index *index;
    char path[600];
    temp_dir_path(&f->folder, "index", path, sizeof path);
    assert_ok(ndup_index_options_init(&options, NULL, &f->error), &f->error);
    assert_ok(ndup_index_create(path, &options, &f->error), &f->error);
    assert_ok(ndup_index_open(&index, path, &writing, NULL, &f->error), &f->error);
    index->view.fresh_most = EACH;
    for (unsigned i = 0; i < ALL; i++) {
        index_text made;
        char id[INDEX_ID_BYTES];
        snprintf(id, sizeof id, "document-%u", i);
        index_text_make(&made, id, 1);
        assert_ok(ndup_index_add(index, NULL, &made.document, 1, &f->error), &f->error);
        if (i < REMOVED) {
            const ndup_text removed = {id, strlen(id)};
            assert_ok(ndup_index_remove(index, NULL, &removed, 1, &f->error), &f->error);
        }
    }
    assert_u64_equal(index->view.segment_count, 1);
    const ndup__segment_facts *facts = ndup__segment_get_facts(index->view.segments[0].segment);
    assert_u64_equal(facts->entries, (uint64_t)(ALL - REMOVED) * index->settings.key_count);
    assert_ok(ndup_index_verify(index, NULL, &f->error), &f->error);
    ndup_index_close(index);
}

#define BLOCKS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(BLOCKS_TEST(test_index_blocks__removed_rows_are_not_missed),
          BLOCKS_TEST(test_index_blocks__lost_rows_are_missed),
          BLOCKS_TEST(test_index_blocks__old_documents_are_found),
          BLOCKS_TEST(test_index_blocks__merges_drop_keys_of_removed))
