/* SPDX-License-Identifier: MIT */
/* Segments: what is refused, what is left behind, what several threads see. */
#include "store/segment.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/full_disk.h"
#include "support/segment_model.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { TABLES = 3, COUNT = 2500, THREADS = 4 };

static const segment_model_kind mixed = {10, 20, 32};
static const ndup__segment_facts few = {.identity = 9, .tables = 2, .first = 10, .last = 20};

typedef struct fixture {
    temp_dir folder;
    char path[300];
    segment_model model;
    ndup_error error;
} fixture;

static void begin(fixture *self)
{
    temp_dir_init(&self->folder);
    temp_dir_path(&self->folder, "segment", self->path, sizeof self->path);
    segment_model_init(&self->model, TABLES, 5, COUNT, mixed, 1);
}

static void end(fixture *self)
{
    segment_model_deinit(&self->model);
    temp_dir_deinit(&self->folder);
}

static ndup__segment *write_and_open(fixture *self)
{
    ndup__segment *segment;
    assert_ok(segment_model_write(&self->model, self->path, NULL, &self->error), &self->error);
    assert_ok(ndup__segment_open(&segment, self->path, SEGMENT_MODEL_IDENTITY, NULL, &self->error),
              &self->error);
    return segment;
}

static void test_segment__says_what_it_holds(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    ndup__segment *segment = write_and_open(&self);
    const ndup__segment_facts *facts = ndup__segment_get_facts(segment);
    uint64_t entries = 0;
    for (size_t i = 0; i < (size_t)TABLES * COUNT; i++) {
        entries += self.model.has[i];
    }
    assert_u64_equal(facts->identity, SEGMENT_MODEL_IDENTITY);
    assert_int_equal(facts->tables, TABLES);
    assert_int_equal(facts->first, 5);
    assert_int_equal(facts->last, 5 + COUNT - 1);
    assert_u64_equal(facts->entries, entries);
    ndup__segment_close(segment);
    ndup__segment_close(NULL);
    end(&self);
}

static void check_refused(fixture *self, const char *path, uint64_t identity, ndup_status expected,
                          const char *message)
{
    ndup__segment *segment;
    ndup_status status = ndup__segment_open(&segment, path, identity, NULL, &self->error);
    assert_status(status, expected, &self->error);
    assert_null(segment);
    if (strstr(self->error.message, message) == NULL) {
        fail_msg("\"%s\" without \"%s\"", self->error.message, message);
    }
}

static void test_segment__that_is_none_is_refused(void **state)
{
    (void)state;
    fixture self;
    char page[4096] = "what is this";
    begin(&self);
    check_refused(&self, self.path, 1, NDUP_STATUS_NOT_FOUND, "segment");
    check_refused(&self, self.folder.path, 1, NDUP_STATUS_CORRUPT, "0 bytes");
    temp_dir_write_text(&self.folder, "segment", "");
    check_refused(&self, self.path, 1, NDUP_STATUS_CORRUPT, "0 bytes");
    temp_dir_write(&self.folder, "segment", page, sizeof page);
    check_refused(&self, self.path, 1, NDUP_STATUS_CORRUPT, "is no segment");
    memcpy(page, "ndupsegm\1\0\0\0", 12);
    temp_dir_write(&self.folder, "segment", page, sizeof page);
    check_refused(&self, self.path, 1, NDUP_STATUS_VERSION, "format 1, this is format 2");
    end(&self);
}

static void test_segment__of_another_index_is_refused(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    ndup__segment_close(write_and_open(&self));
    check_refused(&self, self.path, 4711, NDUP_STATUS_INVALID, "1122334455667788");
    end(&self);
}

/* Writes two tables, [first key, second key] with two numbers each, and commits. */
static ndup_status write_pairs(fixture *self, const ndup__segment_facts *facts,
                               const uint32_t keys[2], const uint32_t numbers[2], uint32_t tables)
{
    ndup__segment_writer *writer;
    ndup_status status = ndup__segment_writer_open(&writer, self->path, facts, NULL, &self->error);
    for (uint32_t i = 0; i < tables && status == NDUP_STATUS_OK; i++) {
        status = ndup__segment_writer_table(writer, keys, numbers, 2, &self->error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_writer_commit(writer, &self->error);
    }
    ndup__segment_writer_close(writer);
    return status;
}

static void check_unwritten(const ndup__segment_facts *facts, const uint32_t keys[2],
                            const uint32_t numbers[2], uint32_t tables)
{
    fixture self;
    begin(&self);
    assert_status(write_pairs(&self, facts, keys, numbers, tables), NDUP_STATUS_INVALID,
                  &self.error);
    assert_u64_equal(temp_dir_count(&self.folder, ""), 0);
    end(&self);
}

static void test_segment__of_wrong_entries_is_not_written(void **state)
{
    (void)state;
    const uint32_t keys[2] = {7, 8};
    const uint32_t same_keys[2] = {7, 7};
    const uint32_t numbers[2] = {10, 20};
    fixture self;
    begin(&self);
    assert_ok(write_pairs(&self, &few, keys, numbers, 2), &self.error);
    assert_ok(write_pairs(&self, &few, same_keys, numbers, 2), &self.error);
    end(&self);
    check_unwritten(&few, (uint32_t[]){8, 7}, numbers, 2);
    check_unwritten(&few, same_keys, (uint32_t[]){20, 10}, 2);
    check_unwritten(&few, same_keys, (uint32_t[]){20, 20}, 2);
    check_unwritten(&few, keys, (uint32_t[]){9, 20}, 2);
    check_unwritten(&few, keys, (uint32_t[]){20, 21}, 2);
}

static void test_segment__of_wrong_facts_is_not_written(void **state)
{
    (void)state;
    const uint32_t keys[2] = {7, 8};
    const uint32_t numbers[2] = {10, 20};
    check_unwritten(&few, keys, numbers, 1);
    check_unwritten(&few, keys, numbers, 3);
    check_unwritten(&(ndup__segment_facts){.tables = 0, .last = 30}, keys, numbers, 0);
    check_unwritten(&(ndup__segment_facts){.tables = NDUP__SEGMENT_TABLES_MOST + 1, .last = 30},
                    keys, numbers, 0);
    check_unwritten(&(ndup__segment_facts){.tables = 2, .first = 20, .last = 10}, keys, numbers, 2);
}

/* `added` entries in a table of `count`. */
static void check_pieces(size_t count, size_t added, ndup_status expected)
{
    fixture self;
    ndup__segment_writer *writer;
    const uint32_t keys[3] = {7, 8, 9};
    const uint32_t numbers[3] = {10, 11, 12};
    ndup__segment_facts facts = few;
    facts.tables = 1;
    begin(&self);
    assert_ok(ndup__segment_writer_open(&writer, self.path, &facts, NULL, &self.error),
              &self.error);
    ndup_status status = ndup__segment_writer_begin_table(writer, count, &self.error);
    for (size_t i = 0; i < added && status == NDUP_STATUS_OK; i++) {
        status = ndup__segment_writer_add(writer, keys + i, numbers + i, 1, &self.error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_writer_commit(writer, &self.error);
    }
    assert_status(status, expected, &self.error);
    ndup__segment_writer_close(writer);
    assert_u64_equal(temp_dir_count(&self.folder, ""), expected == NDUP_STATUS_OK);
    end(&self);
}

static void test_segment__of_pieces(void **state)
{
    (void)state;
    check_pieces(3, 3, NDUP_STATUS_OK);
    check_pieces(3, 2, NDUP_STATUS_INVALID);
    check_pieces(2, 3, NDUP_STATUS_INVALID);
    check_pieces(0, 0, NDUP_STATUS_OK);
    check_pieces(0, 1, NDUP_STATUS_INVALID);
    check_pieces((size_t)UINT32_MAX + 1, 1, NDUP_STATUS_INVALID);
}

static void test_segment__replaces_one_that_is_open(void **state)
{
    (void)state;
    fixture self;
    segment_model other;
    begin(&self);
    ndup__segment *before = write_and_open(&self);
    segment_model_init(&other, TABLES, 50, COUNT / 2, mixed, 2);
    assert_ok(segment_model_write(&other, self.path, NULL, &self.error), &self.error);
    segment_model_check_some(&self.model, before, 20, 3);
    ndup__segment_close(before);
    ndup__segment *after;
    assert_ok(ndup__segment_open(&after, self.path, SEGMENT_MODEL_IDENTITY, NULL, &self.error),
              &self.error);
    segment_model_check_some(&other, after, 20, 4);
    ndup__segment_close(after);
    segment_model_deinit(&other);
    end(&self);
}

static void test_segment__on_a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    for (uint64_t room = 0; room < 50000; room += 5501) {
        full_disk_begin(room);
        ndup_status status = segment_model_write(&self.model, self.path, NULL, &self.error);
        full_disk_end();
        assert_status(status, NDUP_STATUS_IO, &self.error);
        assert_non_null(strstr(self.error.message, "segment"));
        assert_u64_equal(temp_dir_count(&self.folder, ""), 0);
    }
    end(&self);
}

static void test_segment__without_a_folder(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    temp_dir_path(&self.folder, "none/segment", self.path, sizeof self.path);
    ndup_status status = segment_model_write(&self.model, self.path, NULL, &self.error);
    assert_status(status, NDUP_STATUS_NOT_FOUND, &self.error);
    end(&self);
}

/* Two parts of the numbers of `few`, merged. */
static ndup_status merge_two(fixture *self, const ndup__segment_facts facts[2],
                             const ndup__segment_merging *merging, const ndup_allocator *allocator)
{
    ndup__segment *parts[2] = {NULL, NULL};
    const uint32_t keys[2] = {7, 8};
    ndup_status status = NDUP_STATUS_OK;
    char path[300];
    for (int i = 0; i < 2; i++) {
        const uint32_t numbers[2] = {facts[i].first, facts[i].last};
        assert_ok(write_pairs(self, &facts[i], keys, numbers, facts[i].tables), &self->error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__segment_open(&parts[i], self->path, facts[i].identity, allocator,
                                        &self->error);
        }
    }
    temp_dir_path(&self->folder, "merged", path, sizeof path);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_merge(path, (const ndup__segment *const *)parts, 2, merging,
                                     allocator, &self->error);
    }
    ndup__segment_close(parts[0]);
    ndup__segment_close(parts[1]);
    assert_int_equal(temp_dir_exists(&self->folder, "merged"), status == NDUP_STATUS_OK);
    assert_u64_equal(temp_dir_count(&self->folder, ""), status == NDUP_STATUS_OK ? 2 : 1);
    return status;
}

static void check_merge(ndup__segment_facts one, ndup__segment_facts other, ndup_status expected)
{
    fixture self;
    begin(&self);
    const ndup__segment_facts facts[2] = {one, other};
    assert_status(merge_two(&self, facts, NULL, NULL), expected, &self.error);
    end(&self);
}

static void test_segment__merge_refuses_what_does_not_fit(void **state)
{
    (void)state;
    ndup__segment_facts next = {.identity = 9, .tables = 2, .first = 21, .last = 30};
    check_merge(few, next, NDUP_STATUS_OK);
    check_merge(next, few, NDUP_STATUS_INVALID);
    check_merge(few, few, NDUP_STATUS_INVALID);
    next.first = 20;
    check_merge(few, next, NDUP_STATUS_INVALID);
    next = (ndup__segment_facts){.identity = 8, .tables = 2, .first = 21, .last = 30};
    check_merge(few, next, NDUP_STATUS_INVALID);
    next = (ndup__segment_facts){.identity = 9, .tables = 3, .first = 21, .last = 30};
    check_merge(few, next, NDUP_STATUS_INVALID);
    ndup_error error;
    assert_status(ndup__segment_merge("none", NULL, 0, NULL, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
}

static ndup_status merge_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    fixture self;
    (void)context;
    begin(&self);
    const ndup__segment_facts next = {.identity = 9, .tables = 2, .first = 21, .last = 30};
    const ndup__segment_facts facts[2] = {few, next};
    ndup_status status = merge_two(&self, facts, NULL, allocator);
    *error = self.error;
    end(&self);
    return status;
}

static ndup_status write_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    fixture *self = context;
    ndup__segment *segment;
    ndup_status status = segment_model_write(&self->model, self->path, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_open(&segment, self->path, SEGMENT_MODEL_IDENTITY, allocator, error);
        ndup__segment_close(segment);
    }
    assert_u64_equal(temp_dir_count(&self->folder, ""), temp_dir_exists(&self->folder, "segment"));
    return status;
}

static void test_segment__without_memory(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    fault_loop(write_job, &self, 3);
    fault_loop(merge_job, NULL, 3);
    end(&self);
}

static bool count_down(void *context, uint64_t done, uint64_t total)
{
    assert_true(done <= total);
    size_t *left = context;
    return (*left)-- > 0;
}

static bool keep_all(void *context, uint32_t number)
{
    (void)context;
    (void)number;
    return true;
}

/* A merge is cancelled at each call of progress in turn, until it is not. */
static void test_segment__merge_is_cancelled(void **state)
{
    (void)state;
    fixture self;
    char path[300];
    ndup_status status = NDUP_STATUS_CANCELLED;
    begin(&self);
    segment_model_deinit(&self.model);
    segment_model_init(&self.model, TABLES, 0, 400000, mixed, 3);
    const ndup__segment *segment = write_and_open(&self);
    temp_dir_path(&self.folder, "merged", path, sizeof path);
    size_t calls = 0;
    for (; status != NDUP_STATUS_OK; calls++) {
        size_t left = calls;
        ndup__segment_merging merging = {&left, keep_all, count_down};
        status = ndup__segment_merge(path, &segment, 1, &merging, NULL, &self.error);
        if (status != NDUP_STATUS_OK) {
            assert_status(status, NDUP_STATUS_CANCELLED, &self.error);
            assert_u64_equal(temp_dir_count(&self.folder, ""), 1);
        }
    }
    assert_true(calls > 3);
    size_t left = 1;
    status = ndup__segment_verify(segment, count_down, &left, &self.error);
    assert_status(status, NDUP_STATUS_CANCELLED, &self.error);
    ndup__segment_close((ndup__segment *)(uintptr_t)segment);
    end(&self);
}

typedef struct reader {
    fixture *fixture;
    const ndup__segment *segment;
    uint64_t seed;
} reader;

static void *read_some(void *context)
{
    reader *self = context;
    segment_model_check_some(&self->fixture->model, self->segment, 200, self->seed);
    return NULL;
}

/* All of them are the first to need most pages. */
static void test_segment__is_read_by_several_threads(void **state)
{
    (void)state;
    fixture self;
    pthread_t threads[THREADS];
    reader readers[THREADS];
    begin(&self);
    ndup__segment *segment = write_and_open(&self);
    for (unsigned i = 0; i < THREADS; i++) {
        readers[i] = (reader){&self, segment, i};
        assert_int_equal(pthread_create(&threads[i], NULL, read_some, &readers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    ndup__segment_close(segment);
    end(&self);
}

TEST_MAIN(cmocka_unit_test(test_segment__says_what_it_holds),
          cmocka_unit_test(test_segment__that_is_none_is_refused),
          cmocka_unit_test(test_segment__of_another_index_is_refused),
          cmocka_unit_test(test_segment__of_wrong_entries_is_not_written),
          cmocka_unit_test(test_segment__of_wrong_facts_is_not_written),
          cmocka_unit_test(test_segment__of_pieces),
          cmocka_unit_test(test_segment__replaces_one_that_is_open),
          cmocka_unit_test(test_segment__on_a_full_disk_leaves_nothing),
          cmocka_unit_test(test_segment__without_a_folder),
          cmocka_unit_test(test_segment__merge_refuses_what_does_not_fit),
          cmocka_unit_test(test_segment__without_memory),
          cmocka_unit_test(test_segment__merge_is_cancelled),
          cmocka_unit_test(test_segment__is_read_by_several_threads))
