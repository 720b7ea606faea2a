/* SPDX-License-Identifier: MIT */
/* Documents that go from one index to another: as lines, or row by row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "neardup/index.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { WORDS = 120, TEXT_BYTES = 2048, MANY = 2600, LINES_MOST = MANY + 1 };

typedef struct fixture {
    temp_dir folder;
    ndup_index *index;
    char *lines[LINES_MOST]; /* [line_count] of a dump */
    ndup_text texts[LINES_MOST];
    size_t line_count;
} fixture;

static ndup_index *new_index(const fixture *f, const char *name, const char *secret,
                             double threshold)
{
    const ndup_index_open_options opening = {.struct_size = sizeof opening,
                                             .sync = NDUP_INDEX_SYNC_NEVER};
    ndup_index_options options;
    ndup_index *index;
    ndup_error error;
    char path[512];
    temp_dir_path(&f->folder, name, path, sizeof path);
    assert_ok(ndup_index_options_init(&options, NULL, &error), &error);
    options.secret = (ndup_text){secret, strlen(secret)};
    options.dedup.matching.threshold = threshold;
    assert_ok(ndup_index_create(path, &options, &error), &error);
    assert_ok(ndup_index_open(&index, path, &opening, NULL, &error), &error);
    return index;
}

/* Every third text is a copy of an earlier one. */
static void fill(ndup_index *index, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char id[32], text[TEXT_BYTES];
        test_random random;
        size_t length = 0;
        ndup_error error;
        test_random_init(&random, i % 3 == 2 ? i / 2 : i);
        for (int word = 0; word < WORDS; word++) {
            length += (size_t)snprintf(text + length, sizeof text - length, "w%u ",
                                       (unsigned)test_random_below(&random, 9000));
        }
        snprintf(id, sizeof id, "d\"%zu", i);
        const ndup_document document = {.id = {id, strlen(id)},
                                        .url = {"http://a/\xC3\xA9", 11},
                                        .date = {"2026-05-31", 10},
                                        .text = {text, length}};
        assert_ok(ndup_index_add(index, NULL, &document, 1, &error), &error);
    }
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    temp_dir_init(&f->folder);
    f->index = new_index(f, "index", "", 0.6);
    fill(f->index, 300);
    *state = f;
    return 0;
}

static void drop_lines(fixture *f)
{
    for (size_t i = 0; i < f->line_count; i++) {
        free(f->lines[i]);
    }
    f->line_count = 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    drop_lines(f);
    ndup_index_close(f->index);
    temp_dir_deinit(&f->folder);
    free(f);
    return 0;
}

static ndup_status keep_line(void *context, ndup_text line, ndup_error *error)
{
    fixture *f = context;
    (void)error;
    assert_true(f->line_count < LINES_MOST);
    char *copy = malloc(line.length + 1);
    assert_non_null(copy);
    memcpy(copy, line.bytes, line.length);
    copy[line.length] = '\0';
    f->lines[f->line_count] = copy;
    f->texts[f->line_count++] = (ndup_text){copy, line.length};
    return NDUP_STATUS_OK;
}

static void dump(fixture *f, ndup_index *index)
{
    ndup_error error;
    assert_ok(ndup_index_dump(index, keep_line, f, NULL, &error), &error);
}

/* The dump of another index is the fixture's. */
static void assert_same_dump(const fixture *f, ndup_index *index)
{
    fixture other = {.line_count = 0};
    dump(&other, index);
    assert_u64_equal(other.line_count, f->line_count);
    for (size_t i = 0; i < f->line_count; i++) {
        assert_string_equal(other.lines[i], f->lines[i]);
    }
    drop_lines(&other);
}

static void test_moved_rows__of_a_dump_are_the_index(void **state)
{
    fixture *f = *state;
    ndup_index *again = new_index(f, "again", "", 0.6);
    ndup_error error;
    uint64_t loaded;
    dump(f, f->index);
    assert_u64_equal(f->line_count, 301);
    assert_ok(ndup_index_load(again, &loaded, f->texts, f->line_count, &error), &error);
    assert_u64_equal(loaded, 300);
    assert_same_dump(f, again);
    assert_ok(ndup_index_load(again, &loaded, f->texts, f->line_count, &error), &error);
    assert_same_dump(f, again);
    assert_ok(ndup_index_verify(again, NULL, &error), &error);
    ndup_index_close(again);
}

/* More than are moved together; and what is in both is there once. */
static void test_moved_rows__of_another_index_are_added(void **state)
{
    fixture *f = *state;
    ndup_index *other = new_index(f, "other", "secret", 0.6);
    ndup_index *empty = new_index(f, "empty", "another", 0.6);
    ndup_index_statistics before, after;
    ndup_error error;
    fill(other, MANY);
    assert_ok(ndup_index_merge(empty, other, NULL, &error), &error);
    dump(f, other);
    assert_same_dump(f, empty);
    assert_ok(ndup_index_merge(f->index, other, NULL, &error), &error);
    assert_ok(ndup_index_stat(other, &before, &error), &error);
    assert_ok(ndup_index_stat(f->index, &after, &error), &error);
    assert_u64_equal(after.documents, before.documents);
    assert_u64_equal(after.groups, before.groups);
    assert_ok(ndup_index_verify(f->index, NULL, &error), &error);
    ndup_index_close(other);
    ndup_index_close(empty);
}

static void test_moved_rows__fit_the_same_options_only(void **state)
{
    fixture *f = *state;
    ndup_index *other = new_index(f, "other", "", 0.7);
    ndup_error error;
    uint64_t loaded;
    assert_status(ndup_index_merge(other, f->index, NULL, &error), NDUP_STATUS_INVALID, &error);
    assert_non_null(strstr(error.message, "threshold is 0.6"));
    dump(f, f->index);
    assert_status(ndup_index_load(other, &loaded, f->texts, f->line_count, &error),
                  NDUP_STATUS_INVALID, &error);
    assert_u64_equal(error.line, 1);
    assert_status(ndup_index_merge(f->index, f->index, NULL, &error), NDUP_STATUS_INVALID, &error);
    ndup_index_close(other);
}

/* One damaged line, and nothing is added; whatever the damage, it is said and harmless. */
static void test_moved_rows__that_are_damaged_are_refused(void **state)
{
    fixture *f = *state;
    ndup_index *again = new_index(f, "again", "", 0.6);
    ndup_index_statistics statistics;
    ndup_error error;
    dump(f, f->index);
    char *line = f->lines[5];
    size_t length = f->texts[5].length;
    for (size_t cut = 0; cut < length; cut += 7) {
        f->texts[5].length = cut;
        ndup_status status = ndup_index_load(again, NULL, f->texts + 1, 8, &error);
        assert_int_equal(status, cut == 0 ? NDUP_STATUS_OK : NDUP_STATUS_CORRUPT);
        if (cut == 0) {
            continue;
        }
        assert_u64_equal(error.line, 5);
    }
    assert_ok(ndup_index_stat(again, &statistics, &error), &error);
    assert_u64_equal(statistics.documents, 7);
    f->texts[5].length = length;
    for (size_t at = 0; at < length; at++) {
        char was = line[at];
        line[at] = (char)(was ^ 1);
        ndup_status status = ndup_index_load(again, NULL, &f->texts[5], 1, &error);
        assert_true(status == NDUP_STATUS_OK || status == NDUP_STATUS_CORRUPT);
        line[at] = was;
    }
    assert_ok(ndup_index_verify(again, NULL, &error), &error);
    ndup_index_close(again);
}

typedef struct group_sum {
    ndup_index *index;
    uint64_t groups, documents;
} group_sum;

static ndup_status visit_first(void *context, const ndup_index_document *document,
                               ndup_error *error)
{
    const uint64_t *group = context;
    (void)error;
    assert_u64_equal(document->number, *group);
    assert_true(document->is_first);
    return NDUP_STATUS_OK;
}

static ndup_status visit_group(void *context, uint64_t group, uint64_t documents, ndup_error *error)
{
    group_sum *sum = context;
    sum->groups++;
    sum->documents += documents;
    return ndup_index_get_number(sum->index, group, visit_first, &group, error);
}

static void test_moved_rows__groups_are_visited_by_their_firsts(void **state)
{
    fixture *f = *state;
    group_sum sum = {.index = f->index};
    ndup_index_statistics statistics;
    ndup_error error;
    assert_ok(ndup_index_iterate_groups(f->index, visit_group, &sum, &error), &error);
    assert_ok(ndup_index_stat(f->index, &statistics, &error), &error);
    assert_u64_equal(sum.groups, statistics.groups);
    assert_u64_equal(sum.documents, statistics.groups + statistics.copies);
    assert_true(sum.groups > 0);
    assert_status(ndup_index_get_number(f->index, 10000, visit_first, &sum, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
}

static void test_moved_rows__a_temporary_index_goes_away(void **state)
{
    fixture *f = *state;
    ndup_index_options options;
    ndup_index *index;
    ndup_error error;
    char path[512];
    temp_dir_mkdir(&f->folder, "temporary");
    temp_dir_path(&f->folder, "temporary", path, sizeof path);
    assert_ok(ndup_index_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_index_open_temporary(&index, path, &options, NULL, &error), &error);
    fill(index, 10);
    assert_int_not_equal(rmdir(path), 0);
    ndup_index_close(index);
    assert_int_equal(rmdir(path), 0);
    assert_false(ndup_index_is_at(path));
    temp_dir_path(&f->folder, "index", path, sizeof path);
    assert_true(ndup_index_is_at(path));
    assert_false(ndup_index_is_at(NULL));
}

#define MOVE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
TEST_MAIN(MOVE_TEST(test_moved_rows__of_a_dump_are_the_index),
          MOVE_TEST(test_moved_rows__of_another_index_are_added),
          MOVE_TEST(test_moved_rows__fit_the_same_options_only),
          MOVE_TEST(test_moved_rows__that_are_damaged_are_refused),
          MOVE_TEST(test_moved_rows__groups_are_visited_by_their_firsts),
          MOVE_TEST(test_moved_rows__a_temporary_index_goes_away))
