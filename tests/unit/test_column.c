/* SPDX-License-Identifier: MIT */
/* A column holds what was written to it, in memory or in a file. */
#include "spill/column.h"

#include <string.h>

#include "support/fault_loop.h"
#include "support/full_disk.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { BYTES = 20000, IN_MEMORY = 1 << 20, LITTLE = 100 };

static unsigned char written[BYTES];

static ndup_status write_all(ndup__column *column, size_t most, ndup_error *error)
{
    test_random random;
    ndup_status status = NDUP_STATUS_OK;
    test_random_init(&random, 5);
    test_random_bytes(&random, written, sizeof written);
    for (size_t at = 0; at < most && status == NDUP_STATUS_OK;) {
        size_t length = (size_t)test_random_below(&random, 300);
        length = length < most - at ? length : most - at;
        status = ndup__column_append(column, written + at, length, error);
        at += length;
    }
    return status == NDUP_STATUS_OK ? ndup__column_seal(column, error) : status;
}

static void check_written(uint64_t held_most, size_t bytes, bool is_spilled)
{
    ndup__column column;
    ndup_error error;
    ndup__column_init(&column, held_most, NULL, NULL);
    assert_ok(write_all(&column, bytes, &error), &error);
    assert_u64_equal(column.total, bytes);
    assert_int_equal(column.file >= 0, is_spilled);
    assert_true(bytes == 0 || memcmp(column.bytes, written, bytes) == 0);
    ndup__column_deinit(&column);
    ndup__column_deinit(&column);
}

static void test_column__holds_what_was_written(void **state)
{
    (void)state;
    check_written(IN_MEMORY, BYTES, false);
    check_written(BYTES, BYTES, false);
    check_written(BYTES - 1, BYTES, true);
    check_written(LITTLE, BYTES, true);
    check_written(0, BYTES, true);
    check_written(0, 1, true);
    check_written(1, 1, false);
}

static void test_column__of_nothing(void **state)
{
    (void)state;
    ndup__column column;
    ndup_error error;
    check_written(IN_MEMORY, 0, false);
    check_written(0, 0, false);
    ndup__column_init(&column, 0, NULL, NULL);
    assert_ok(ndup__column_append(&column, NULL, 0, &error), &error);
    assert_ok(ndup__column_seal(&column, &error), &error);
    assert_null(column.bytes);
    ndup__column_deinit(&column);
}

static void test_column__filled_is_zero_and_may_be_written(void **state)
{
    (void)state;
    static const uint64_t held[] = {IN_MEMORY, LITTLE};
    for (size_t i = 0; i < 2; i++) {
        ndup__column column;
        ndup_error error;
        ndup__column_init(&column, held[i], NULL, NULL);
        assert_ok(ndup__column_fill(&column, BYTES, &error), &error);
        unsigned char *bytes = column.bytes;
        for (size_t k = 0; k < BYTES; k++) {
            assert_int_equal(bytes[k], 0);
        }
        bytes[BYTES - 1] = 7;
        assert_int_equal(((unsigned char *)column.bytes)[BYTES - 1], 7);
        ndup__column_deinit(&column);
    }
}

static void test_column__leaves_nothing_in_its_folder(void **state)
{
    (void)state;
    temp_dir folder;
    ndup__column column;
    ndup_error error;
    temp_dir_init(&folder);
    ndup__column_init(&column, LITTLE, folder.path, NULL);
    assert_ok(write_all(&column, BYTES, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    ndup__column_deinit(&column);
    temp_dir_deinit(&folder);
}

static void test_column__tells_of_a_folder_that_is_not_there(void **state)
{
    (void)state;
    ndup__column column;
    ndup_error error;
    ndup__column_init(&column, LITTLE, "/nowhere/at all", NULL);
    assert_status(write_all(&column, BYTES, &error), NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "/nowhere/at all"));
    assert_status(ndup__column_fill(&column, BYTES, &error), NDUP_STATUS_NOT_FOUND, &error);
    ndup__column_deinit(&column);
}

static void test_column__tells_of_a_full_disk(void **state)
{
    (void)state;
    for (uint64_t room = 0; room <= BYTES; room += 1777) {
        ndup__column column, filled;
        ndup_error error;
        ndup__column_init(&column, LITTLE, NULL, NULL);
        ndup__column_init(&filled, LITTLE, NULL, NULL);
        full_disk_begin(room);
        ndup_status status = write_all(&column, BYTES, &error);
        ndup_status fill_status = ndup__column_fill(&filled, BYTES, &error);
        full_disk_end();
        assert_status(status, NDUP_STATUS_IO, &error);
        assert_status(fill_status, NDUP_STATUS_IO, &error);
        ndup__column_deinit(&column);
        ndup__column_deinit(&filled);
    }
}

static ndup_status column_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__column column;
    ndup__column_init(&column, *(uint64_t *)context, NULL, allocator);
    ndup_status status = write_all(&column, BYTES, error);
    ndup__column_deinit(&column);
    ndup__column_init(&column, *(uint64_t *)context, NULL, allocator);
    if (status == NDUP_STATUS_OK) {
        status = ndup__column_fill(&column, BYTES, error);
    }
    ndup__column_deinit(&column);
    return status;
}

static void test_column__without_memory(void **state)
{
    (void)state;
    uint64_t held[] = {IN_MEMORY, LITTLE};
    fault_loop(column_job, &held[0], 2);
    fault_loop(column_job, &held[1], 2);
}

TEST_MAIN(cmocka_unit_test(test_column__holds_what_was_written),
          cmocka_unit_test(test_column__of_nothing),
          cmocka_unit_test(test_column__filled_is_zero_and_may_be_written),
          cmocka_unit_test(test_column__leaves_nothing_in_its_folder),
          cmocka_unit_test(test_column__tells_of_a_folder_that_is_not_there),
          cmocka_unit_test(test_column__tells_of_a_full_disk),
          cmocka_unit_test(test_column__without_memory))
