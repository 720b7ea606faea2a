/* SPDX-License-Identifier: MIT */
/* Each partition gives back the records that were added to it, in their order. */
#include "spill/partitions.h"

#include <stdlib.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/full_disk.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { RECORDS = 6000, PARTS = 16, IN_MEMORY = 1 << 20, LITTLE = 4000 };

/* Which record of its partition it is; the rest is filling of an odd size. */
typedef struct record {
    uint32_t part;
    uint32_t number;
    char filling[5];
} record;

static ndup_status add_all(ndup__partitions *partitions, size_t *counts, size_t records,
                           ndup_error *error)
{
    test_random random;
    ndup_status status = NDUP_STATUS_OK;
    test_random_init(&random, 8);
    for (size_t i = 0; i < records && status == NDUP_STATUS_OK; i++) {
        /* Partition 0 stays empty, the others differ in size. */
        uint32_t part = 1 + (uint32_t)(test_random_below(&random, PARTS - 1) *
                                       test_random_below(&random, PARTS) / PARTS);
        record added = {.part = part, .number = (uint32_t)counts[part], .filling = "abc"};
        status = ndup__partitions_add(partitions, part, &added, error);
        counts[part]++;
    }
    return status;
}

static ndup_status take_all(ndup__partitions *partitions, const size_t *counts, ndup_error *error)
{
    for (unsigned part = 0; part < PARTS; part++) {
        assert_int_equal(ndup__partitions_size(partitions, part), counts[part]);
        record *records = malloc((counts[part] + 1) * sizeof *records);
        assert_non_null(records);
        ndup_status status = ndup__partitions_take(partitions, part, records, error);
        for (size_t i = 0; i < counts[part] && status == NDUP_STATUS_OK; i++) {
            assert_int_equal(records[i].part, part);
            assert_int_equal(records[i].number, i);
            assert_string_equal(records[i].filling, "abc");
        }
        free(records);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status gather(uint64_t held_most, size_t records, const char *folder, bool *is_spilled,
                          const ndup_allocator *allocator, ndup_error *error)
{
    ndup__partitions partitions;
    size_t counts[PARTS] = {0};
    ndup_status status = ndup__partitions_init(&partitions, PARTS, sizeof(record), held_most,
                                               folder, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = add_all(&partitions, counts, records, error);
    }
    if (status == NDUP_STATUS_OK) {
        *is_spilled = partitions.file_bytes > 0;
        assert_true(!*is_spilled || partitions.held_bytes <= held_most + sizeof(record) * 16);
        status = take_all(&partitions, counts, error);
    }
    ndup__partitions_deinit(&partitions);
    return status;
}

static void check_gathered(uint64_t held_most, size_t records, bool is_spilled)
{
    ndup_error error;
    bool was_spilled = false;
    assert_ok(gather(held_most, records, NULL, &was_spilled, NULL, &error), &error);
    assert_int_equal(was_spilled, is_spilled);
}

static void test_partitions__give_back_what_was_added(void **state)
{
    (void)state;
    check_gathered(IN_MEMORY, RECORDS, false);
    check_gathered(LITTLE, RECORDS, true);
    check_gathered(LITTLE, 20, false);
    check_gathered(0, RECORDS, true);
    check_gathered(1, 2, true);
}

static void test_partitions__of_nothing_and_of_one_record(void **state)
{
    (void)state;
    check_gathered(IN_MEMORY, 0, false);
    check_gathered(0, 0, false);
    check_gathered(IN_MEMORY, 1, false);
    check_gathered(0, 1, false); /* nothing is there yet that could be written */
}

static void test_partitions__leave_nothing_in_their_folder(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    bool is_spilled = false;
    temp_dir_init(&folder);
    assert_ok(gather(LITTLE, RECORDS, folder.path, &is_spilled, NULL, &error), &error);
    assert_true(is_spilled);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    temp_dir_deinit(&folder);
}

static void test_partitions__tell_of_a_folder_that_is_not_there(void **state)
{
    (void)state;
    ndup_error error;
    bool is_spilled;
    ndup_status status = gather(LITTLE, RECORDS, "/nowhere/at all", &is_spilled, NULL, &error);
    assert_status(status, NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "/nowhere/at all"));
}

static void test_partitions__tell_of_a_full_disk(void **state)
{
    (void)state;
    for (uint64_t room = 0; room < 60000; room += 4999) {
        ndup_error error;
        bool is_spilled;
        full_disk_begin(room);
        ndup_status status = gather(LITTLE, RECORDS, NULL, &is_spilled, NULL, &error);
        full_disk_end();
        assert_status(status, NDUP_STATUS_IO, &error);
    }
}

static ndup_status gather_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    bool is_spilled;
    return gather(*(uint64_t *)context, RECORDS, NULL, &is_spilled, allocator, error);
}

static void test_partitions__without_memory(void **state)
{
    (void)state;
    uint64_t held[] = {IN_MEMORY, LITTLE};
    fault_loop(gather_job, &held[0], 7);
    fault_loop(gather_job, &held[1], 7);
}

TEST_MAIN(cmocka_unit_test(test_partitions__give_back_what_was_added),
          cmocka_unit_test(test_partitions__of_nothing_and_of_one_record),
          cmocka_unit_test(test_partitions__leave_nothing_in_their_folder),
          cmocka_unit_test(test_partitions__tell_of_a_folder_that_is_not_there),
          cmocka_unit_test(test_partitions__tell_of_a_full_disk),
          cmocka_unit_test(test_partitions__without_memory))
