/* SPDX-License-Identifier: MIT */
/* The segment of many documents is the same, whether it is made at once or in parts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/segment_files.h"
#include "index/segment_maker.h"
#include "support/fault_loop.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { DOCUMENTS = 5000, FIRST = 7, GRAMS_MOST = 5, TABLES_MOST = 200 };

typedef struct fixture {
    temp_dir folder;
    ndup__index_settings settings;
    ndup_error error;
} fixture;

static void begin(fixture *self)
{
    ndup_index_options options;
    temp_dir_init(&self->folder);
    assert_ok(ndup_index_options_init(&options, NULL, &self->error), &self->error);
    options.dedup.rule = NDUP_RULE_EITHER;
    assert_ok(ndup__settings_make(&self->settings, &options, &self->error), &self->error);
    assert_true(self->settings.tables <= TABLES_MOST && self->settings.has_grams);
}

static void end(fixture *self)
{
    ndup__settings_deinit(&self->settings);
    temp_dir_deinit(&self->folder);
}

/* Every third number has no document, every fourth is a copy; few keys, so that many are equal. */
static ndup_status add_all(ndup__segment_maker *maker, uint32_t key_count, ndup_error *error)
{
    uint32_t words[TABLES_MOST];
    uint32_t grams[GRAMS_MOST];
    test_random random;
    ndup_status status = NDUP_STATUS_OK;
    test_random_init(&random, 3);
    for (uint32_t i = 0; i < DOCUMENTS && status == NDUP_STATUS_OK; i++) {
        for (uint32_t k = 0; k < key_count; k++) {
            words[k] = (uint32_t)test_random_below(&random, 3000) * 1431655u;
        }
        for (uint32_t k = 0; k < GRAMS_MOST; k++) {
            grams[k] = k << 29 | (uint32_t)test_random_below(&random, 1000);
        }
        bool is_copy = i % 4 == 0;
        const ndup__document_keys keys = {words, is_copy ? NDUP__TABLE_BANDS : key_count, grams,
                                          is_copy ? 0 : test_random_below(&random, GRAMS_MOST)};
        if (i % 3 != 0) {
            status = ndup__segment_maker_add(maker, FIRST + i, &keys, error);
        }
    }
    return status;
}

static ndup_status make(fixture *self, size_t part_entries, const ndup_allocator *allocator,
                        ndup_error *error)
{
    ndup__segment_maker maker;
    ndup_status status = ndup__segment_maker_init(&maker, &self->settings, self->folder.path, FIRST,
                                                  allocator, error);
    maker.part_entries = part_entries;
    if (status == NDUP_STATUS_OK) {
        status = add_all(&maker, self->settings.key_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_maker_end(&maker, FIRST + DOCUMENTS + 10, error);
    }
    ndup__segment_maker_deinit(&maker);
    return status;
}

static char *make_and_read(fixture *self, size_t part_entries, size_t *length)
{
    char name[40];
    snprintf(name, sizeof name, "%08x-%08x.keys", FIRST, FIRST + DOCUMENTS + 10);
    assert_ok(make(self, part_entries, NULL, &self->error), &self->error);
    assert_u64_equal(temp_dir_count(&self->folder, ""), 1);
    return temp_dir_read(&self->folder, name, length);
}

static void test_index_segments__are_the_same_in_parts(void **state)
{
    (void)state;
    fixture self;
    size_t length;
    begin(&self);
    char *whole = make_and_read(&self, SIZE_MAX, &length);
    for (size_t entries = 100; entries < 3 * DOCUMENTS; entries = entries * 5 + 1) {
        size_t other_length;
        char *parts = make_and_read(&self, entries, &other_length);
        assert_u64_equal(other_length, length);
        assert_memory_equal(parts, whole, length);
        free(parts);
    }
    free(whole);
    end(&self);
}

static ndup_status make_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    fixture *self = context;
    return make(self, 4000, allocator, error);
}

static void test_index_segments__without_memory(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    fault_loop(make_job, &self, 3);
    end(&self);
}

TEST_MAIN(cmocka_unit_test(test_index_segments__are_the_same_in_parts),
          cmocka_unit_test(test_index_segments__without_memory))
