/* SPDX-License-Identifier: MIT */
/* The naive model of segments. */
#include "support/segment_model.h"

#include <stdlib.h>
#include <string.h>

#include "store/segment_format.h"
#include "store/sort_entries.h"
#include "support/random.h"
#include "support/test.h"

static void *allocate(size_t count, size_t bytes)
{
    void *made = calloc(count + 1, bytes);
    assert_non_null(made);
    return made;
}

void segment_model_init(segment_model *model, uint32_t tables, uint32_t first, size_t count,
                        segment_model_kind kind, uint64_t seed)
{
    test_random random;
    test_random_init(&random, seed);
    *model = (segment_model){.tables = tables,
                             .first = first,
                             .count = count,
                             .keys = allocate(tables * count, sizeof(uint32_t)),
                             .has = allocate(tables * count, sizeof(bool))};
    for (size_t i = 0; i < tables * count; i++) {
        uint64_t percent = test_random_below(&random, 100);
        uint32_t key = (uint32_t)test_random_u64(&random) >> (32 - kind.bits) << (32 - kind.bits);
        bool is_crowded = percent < kind.percent_absent + kind.percent_crowded;
        model->has[i] = percent >= kind.percent_absent;
        model->keys[i] = is_crowded ? SEGMENT_MODEL_CROWDED : key;
    }
}

void segment_model_deinit(segment_model *model)
{
    free(model->keys);
    free(model->has);
}

/* The entries of a table, sorted. */
static size_t take_table(const segment_model *model, uint32_t table, uint32_t *keys,
                         uint32_t *numbers)
{
    uint64_t *scratch = allocate(model->count, sizeof *scratch);
    size_t taken = 0;
    for (size_t i = 0; i < model->count; i++) {
        if (model->has[table * model->count + i]) {
            keys[taken] = model->keys[table * model->count + i];
            numbers[taken++] = model->first + (uint32_t)i;
        }
    }
    ndup__sort_entries(keys, numbers, taken, scratch);
    free(scratch);
    return taken;
}

static ndup_status write_tables(const segment_model *model, ndup__segment_writer *writer,
                                ndup_error *error)
{
    uint32_t *keys = allocate(model->count, sizeof *keys);
    uint32_t *numbers = allocate(model->count, sizeof *numbers);
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t table = 0; table < model->tables && status == NDUP_STATUS_OK; table++) {
        size_t count = take_table(model, table, keys, numbers);
        status = ndup__segment_writer_table(writer, keys, numbers, count, error);
    }
    free(keys);
    free(numbers);
    return status == NDUP_STATUS_OK ? ndup__segment_writer_commit(writer, error) : status;
}

ndup_status segment_model_write(const segment_model *model, const char *path,
                                const ndup_allocator *allocator, ndup_error *error)
{
    ndup__segment_writer *writer;
    uint32_t last = model->first + (uint32_t)(model->count > 0 ? model->count - 1 : 0);
    ndup__segment_facts facts = {.identity = SEGMENT_MODEL_IDENTITY,
                                 .tables = model->tables,
                                 .first = model->first,
                                 .last = last};
    ndup_status status = ndup__segment_writer_open(&writer, path, &facts, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = write_tables(model, writer, error);
    }
    ndup__segment_writer_close(writer);
    return status;
}

size_t segment_model_find(const segment_model *model, uint32_t table, uint32_t key,
                          uint32_t *numbers)
{
    const uint32_t *keys = model->keys + table * model->count;
    const bool *has = model->has + table * model->count;
    size_t found = 0;
    for (size_t i = 0; i < model->count; i++) {
        if (has[i] && keys[i] == key) {
            numbers[found++] = model->first + (uint32_t)i;
        }
    }
    return found;
}

bool segment_model_same(const ndup__segment_range *range, const uint32_t *numbers)
{
    for (size_t i = 0; i < range->count; i++) {
        if (ndup__segment_number(range, i) != numbers[i]) {
            return false;
        }
    }
    return true;
}

static void check_range(const ndup__segment_range *range, const uint32_t *numbers, size_t total,
                        size_t most)
{
    size_t count = total < most ? total : most;
    assert_u64_equal(range->total, total);
    assert_u64_equal(range->count, count);
    assert_true(segment_model_same(range, numbers));
}

static void check_table(const segment_model *model, const ndup__segment *segment, uint32_t table,
                        uint32_t key, const ndup__segment_range *found)
{
    ndup_error error;
    ndup__segment_range range;
    uint32_t *numbers = allocate(model->count, sizeof *numbers);
    size_t total = segment_model_find(model, table, key, numbers);
    check_range(found, numbers, total, SIZE_MAX);
    assert_ok(ndup__segment_find(&range, segment, table, key, 3, &error), &error);
    check_range(&range, numbers, total, 3);
    assert_ok(ndup__segment_read_more(&range, segment, 2000, &error), &error);
    check_range(&range, numbers, total, 2000);
    free(numbers);
}

void segment_model_check(const segment_model *model, const ndup__segment *segment,
                         const uint32_t *keys)
{
    ndup_error error;
    ndup__segment_range *ranges = allocate(model->tables, sizeof *ranges);
    assert_ok(ndup__segment_find_all(ranges, segment, keys, SIZE_MAX, &error), &error);
    for (uint32_t table = 0; table < model->tables; table++) {
        check_table(model, segment, table, keys[table], &ranges[table]);
    }
    free(ranges);
}

/* One that a number has in this table, one beside it, an extreme one, or any. */
static uint32_t choose_key(const segment_model *model, uint32_t table, test_random *random)
{
    uint32_t key = (uint32_t)test_random_u64(random);
    uint64_t way = test_random_below(random, 10);
    if (way < 7 && model->count > 0) {
        key = model->keys[table * model->count + test_random_below(random, model->count)];
        key += way == 5;
        key -= way == 6;
    } else if (way == 7) {
        key = 0;
    } else if (way == 8) {
        key = UINT32_MAX;
    }
    return key;
}

void segment_model_check_some(const segment_model *model, const ndup__segment *segment,
                              size_t queries, uint64_t seed)
{
    test_random random;
    uint32_t *keys = allocate(model->tables, sizeof *keys);
    test_random_init(&random, seed);
    for (size_t i = 0; i < queries; i++) {
        for (uint32_t table = 0; table < model->tables; table++) {
            keys[table] = choose_key(model, table, &random);
        }
        segment_model_check(model, segment, keys);
    }
    free(keys);
}

void segment_model_seal(unsigned char *bytes, size_t length, uint32_t tables)
{
    size_t head = (size_t)ndup__segment_head_bytes(tables);
    size_t pages = (length - head) / NDUP__SEGMENT_PAGE;
    size_t at = head + pages * NDUP__SEGMENT_PAGE;
    for (size_t i = 0; i < pages; i++) {
        uint32_t checksum = ndup__segment_checksum(bytes + head + i * NDUP__SEGMENT_PAGE);
        memcpy(bytes + at + i * sizeof checksum, &checksum, sizeof checksum);
    }
    uint64_t hash = ndup__hash_bytes(bytes + at, pages * sizeof(uint32_t), 0);
    memcpy(bytes + NDUP__SEGMENT_AT_HASH, &hash, sizeof hash);
    hash = ndup__hash_bytes(bytes, head - NDUP__SEGMENT_HASH_BYTES, 0);
    memcpy(bytes + head - NDUP__SEGMENT_HASH_BYTES, &hash, sizeof hash);
}
