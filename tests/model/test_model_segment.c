/* SPDX-License-Identifier: MIT */
/* Segments of many shapes, and merges of them, answer like plain arrays. */
#include <stdlib.h>
#include <string.h>

#include "support/random.h"
#include "support/segment_model.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PARTS = 9 };

static ndup__segment *open_in(const temp_dir *folder, const char *name)
{
    char path[300];
    ndup_error error;
    ndup__segment *segment;
    temp_dir_path(folder, name, path, sizeof path);
    assert_ok(ndup__segment_open(&segment, path, SEGMENT_MODEL_IDENTITY, NULL, &error), &error);
    return segment;
}

static ndup__segment *write_in(const temp_dir *folder, const char *name, const segment_model *model)
{
    char path[300];
    ndup_error error;
    temp_dir_path(folder, name, path, sizeof path);
    assert_ok(segment_model_write(model, path, NULL, &error), &error);
    return open_in(folder, name);
}

static void check_one(uint32_t tables, size_t count, segment_model_kind kind, size_t queries)
{
    temp_dir folder;
    ndup_error error;
    segment_model model;
    temp_dir_init(&folder);
    segment_model_init(&model, tables, 77, count, kind, tables + count);
    ndup__segment *segment = write_in(&folder, "s", &model);
    assert_ok(ndup__segment_verify(segment, NULL, NULL, &error), &error);
    segment_model_check_some(&model, segment, queries, count);
    ndup__segment_close(segment);
    assert_u64_equal(temp_dir_count(&folder, ""), 1);
    segment_model_deinit(&model);
    temp_dir_deinit(&folder);
}

static const segment_model_kind spread = {0, 0, 32};
static const segment_model_kind sparse = {60, 10, 32};
static const segment_model_kind crowded = {5, 50, 32};
static const segment_model_kind few_keys = {0, 0, 4};
static const segment_model_kind absent = {100, 0, 32};

static void test_model_segment__of_small_sizes(void **state)
{
    (void)state;
    for (size_t count = 1; count < 70; count += 1 + count / 8) {
        check_one(2, count, spread, 20);
        check_one(3, count, crowded, 20);
    }
    check_one(3, 1023, spread, 20);
    check_one(3, 2048, spread, 20);
    check_one(2, 50, absent, 50);
}

static void test_model_segment__of_every_kind(void **state)
{
    (void)state;
    const segment_model_kind kinds[] = {spread, sparse, crowded, few_keys};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        check_one(1, 1024, kinds[i], 200);
        check_one(30, 3000, kinds[i], 30);
        check_one(4, 70000, kinds[i], 20);
    }
}

static void test_model_segment__with_a_key_of_a_million(void **state)
{
    (void)state;
    check_one(1, 1500000, (segment_model_kind){1, 70, 32}, 40);
}

/* Splits the numbers of a model at random places into so many segments, some of which have one
 * number only. */
static void write_parts(const temp_dir *folder, const segment_model *whole, size_t parts,
                        ndup__segment **segments, test_random *random)
{
    size_t begin = 0;
    for (size_t i = 0; i < parts; i++) {
        size_t left = whole->count - begin - (parts - i - 1);
        size_t count = i + 1 == parts ? left : 1 + test_random_below(random, left / 2 + 1);
        segment_model part = {.tables = whole->tables,
                              .first = whole->first + (uint32_t)begin,
                              .count = count,
                              .keys = malloc(whole->tables * count * sizeof *part.keys),
                              .has = malloc(whole->tables * count * sizeof *part.has)};
        assert_true(part.keys != NULL && part.has != NULL);
        for (uint32_t t = 0; t < whole->tables; t++) {
            memcpy(part.keys + t * count, whole->keys + t * whole->count + begin,
                   count * sizeof *part.keys);
            memcpy(part.has + t * count, whole->has + t * whole->count + begin,
                   count * sizeof *part.has);
        }
        char name[] = {'p', (char)('a' + i), '\0'};
        segments[i] = write_in(folder, name, &part);
        segment_model_deinit(&part);
        begin += count;
    }
}

static bool keep_most(void *context, uint32_t number)
{
    return number % *(const uint32_t *)context != 0;
}

static void drop_from(segment_model *model, uint32_t divisor)
{
    for (size_t i = 0; i < model->count * model->tables; i++) {
        uint32_t number = model->first + (uint32_t)(i % model->count);
        model->has[i] = model->has[i] && keep_most(&divisor, number);
    }
}

/* With divisor 0 everything is kept; with 1, nothing. */
static void check_merged(size_t parts, size_t count, segment_model_kind kind, uint32_t divisor)
{
    temp_dir folder;
    ndup_error error;
    char path[300];
    segment_model model;
    test_random random;
    ndup__segment *segments[PARTS];
    ndup__segment_merging merging = {.context = &divisor, .keep = keep_most};
    temp_dir_init(&folder);
    test_random_init(&random, parts + count);
    segment_model_init(&model, 3, 1000, count, kind, count + parts);
    write_parts(&folder, &model, parts, segments, &random);
    temp_dir_path(&folder, "merged", path, sizeof path);
    assert_ok(ndup__segment_merge(path, (const ndup__segment *const *)segments, parts,
                                  divisor != 0 ? &merging : NULL, NULL, &error),
              &error);
    if (divisor != 0) {
        drop_from(&model, divisor);
    }
    ndup__segment *merged = open_in(&folder, "merged");
    assert_int_equal(ndup__segment_get_facts(merged)->first, model.first);
    assert_int_equal(ndup__segment_get_facts(merged)->last, model.first + count - 1);
    assert_ok(ndup__segment_verify(merged, NULL, NULL, &error), &error);
    segment_model_check_some(&model, merged, 40, count);
    ndup__segment_close(merged);
    for (size_t i = 0; i < parts; i++) {
        ndup__segment_close(segments[i]);
    }
    segment_model_deinit(&model);
    temp_dir_deinit(&folder);
}

static void test_model_segment__merged(void **state)
{
    (void)state;
    const segment_model_kind kinds[] = {spread, sparse, crowded, few_keys, absent};
    for (size_t parts = 1; parts <= PARTS; parts += 1 + parts / 3) {
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            check_merged(parts, 20 + 700 * i * parts, kinds[i], 0);
            check_merged(parts, 20 + 900 * i * parts, kinds[i], (uint32_t)i + 1);
        }
    }
}

TEST_MAIN(cmocka_unit_test(test_model_segment__of_small_sizes),
          cmocka_unit_test(test_model_segment__of_every_kind),
          cmocka_unit_test(test_model_segment__with_a_key_of_a_million),
          cmocka_unit_test(test_model_segment__merged))
