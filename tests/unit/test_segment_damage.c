/* SPDX-License-Identifier: MIT */
/* A damaged segment is told of, wherever the damage is. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/segment.h"
#include "support/random.h"
#include "support/segment_model.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { TABLES = 2, COUNT = 90, PAGE = 4096 };

typedef struct fixture {
    temp_dir folder;
    char path[300];
    segment_model model;
    char *bytes;
    size_t length;
    int file;
    ndup_error error;
} fixture;

static void begin(fixture *self)
{
    temp_dir_init(&self->folder);
    temp_dir_path(&self->folder, "segment", self->path, sizeof self->path);
    segment_model_init(&self->model, TABLES, 5, COUNT, (segment_model_kind){10, 20, 32}, 1);
    assert_ok(segment_model_write(&self->model, self->path, NULL, &self->error), &self->error);
    self->bytes = temp_dir_read(&self->folder, "segment", &self->length);
    self->file = open(self->path, O_RDWR);
    assert_true(self->file >= 0);
}

static void end(fixture *self)
{
    close(self->file);
    free(self->bytes);
    segment_model_deinit(&self->model);
    temp_dir_deinit(&self->folder);
}

static void put(fixture *self, size_t at, char byte)
{
    assert_int_equal(pwrite(self->file, &byte, 1, (off_t)at), 1);
}

/* A key of each table that a number has: right, or CORRUPT. Returns whether all were right. */
static bool find_all(fixture *self, const ndup__segment *segment, uint32_t number)
{
    uint32_t expected[COUNT];
    for (uint32_t table = 0; table < TABLES; table++) {
        ndup__segment_range range;
        uint32_t key = self->model.keys[table * COUNT + number];
        ndup_status status =
            ndup__segment_find(&range, segment, table, key, SIZE_MAX, &self->error);
        if (status != NDUP_STATUS_OK) {
            assert_status(status, NDUP_STATUS_CORRUPT, &self->error);
            return false;
        }
        assert_u64_equal(range.total, segment_model_find(&self->model, table, key, expected));
        assert_u64_equal(range.count, range.total);
        assert_true(segment_model_same(&range, expected));
    }
    return true;
}

/* Opening or verifying tells of the damage, and finding never gives a wrong answer. */
static void check_told(fixture *self, ndup_status also)
{
    ndup__segment *segment;
    ndup_status status =
        ndup__segment_open(&segment, self->path, SEGMENT_MODEL_IDENTITY, NULL, &self->error);
    if (status == NDUP_STATUS_OK) {
        for (uint32_t number = 0; number < COUNT; number += 11) {
            (void)find_all(self, segment, number);
        }
        status = ndup__segment_verify(segment, NULL, NULL, &self->error);
    }
    ndup__segment_close(segment);
    if (status != also) {
        assert_status(status, NDUP_STATUS_CORRUPT, &self->error);
    }
    assert_non_null(strstr(self->error.message, "segment"));
}

static void test_segment_damage__of_every_byte(void **state)
{
    (void)state;
    fixture self;
    test_random random;
    begin(&self);
    test_random_init(&random, 6);
    for (size_t at = 0; at < self.length; at++) {
        put(&self, at, (char)(self.bytes[at] ^ (char)(1 + test_random_below(&random, 255))));
        bool is_version = at >= 8 && at < 12;
        check_told(&self, is_version ? NDUP_STATUS_VERSION : NDUP_STATUS_CORRUPT);
        put(&self, at, self.bytes[at]);
    }
    end(&self);
}

static void test_segment_damage__of_every_length(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    for (size_t length = self.length; length-- > 0;) {
        assert_int_equal(ftruncate(self.file, (off_t)length), 0);
        check_told(&self, NDUP_STATUS_CORRUPT);
    }
    for (size_t more = 1; more <= PAGE; more += 1365) {
        assert_int_equal(pwrite(self.file, self.bytes, self.length, 0), self.length);
        assert_int_equal(ftruncate(self.file, (off_t)(self.length + more)), 0);
        check_told(&self, NDUP_STATUS_CORRUPT);
    }
    end(&self);
}

/* A page is named by its number and first byte; what lies in others is still found. */
static void test_segment_damage__names_the_page(void **state)
{
    (void)state;
    fixture self;
    ndup__segment *segment;
    begin(&self);
    put(&self, 2 * PAGE + 100, 1 ^ self.bytes[2 * PAGE + 100]); /* keys of the first table */
    assert_ok(ndup__segment_open(&segment, self.path, SEGMENT_MODEL_IDENTITY, NULL, &self.error),
              &self.error);
    assert_false(find_all(&self, segment, 0));
    assert_non_null(strstr(self.error.message, "wrong checksum in page 2, byte 8192"));
    assert_u64_equal(self.error.byte, 8192);
    ndup__segment_range range;
    assert_ok(ndup__segment_find(&range, segment, 1, self.model.keys[COUNT], 9, &self.error),
              &self.error);
    ndup__segment_close(segment);
    end(&self);
}

/* What was read before is verified anew. */
static void test_segment_damage__that_comes_later_is_verified(void **state)
{
    (void)state;
    fixture self;
    ndup__segment *segment;
    begin(&self);
    assert_ok(ndup__segment_open(&segment, self.path, SEGMENT_MODEL_IDENTITY, NULL, &self.error),
              &self.error);
    assert_true(find_all(&self, segment, 0));
    assert_ok(ndup__segment_verify(segment, NULL, NULL, &self.error), &self.error);
    put(&self, 3 * PAGE, 1 ^ self.bytes[3 * PAGE]);
    assert_status(ndup__segment_verify(segment, NULL, NULL, &self.error), NDUP_STATUS_CORRUPT,
                  &self.error);
    ndup__segment_close(segment);
    end(&self);
}

static void test_segment_damage__ends_a_merge(void **state)
{
    (void)state;
    fixture self;
    char path[300];
    begin(&self);
    temp_dir_path(&self.folder, "merged", path, sizeof path);
    for (size_t page = 2; page <= 6; page += page == 3 ? 2 : 1) { /* keys and numbers */
        ndup__segment *segment;
        put(&self, page * PAGE, 1 ^ self.bytes[page * PAGE]);
        assert_ok(
            ndup__segment_open(&segment, self.path, SEGMENT_MODEL_IDENTITY, NULL, &self.error),
            &self.error);
        ndup_status status = ndup__segment_merge(path, (const ndup__segment *const *)&segment, 1,
                                                 NULL, NULL, &self.error);
        assert_status(status, NDUP_STATUS_CORRUPT, &self.error);
        ndup__segment_close(segment);
        put(&self, page * PAGE, self.bytes[page * PAGE]);
        assert_u64_equal(temp_dir_count(&self.folder, ""), 1);
    }
    end(&self);
}

/* Another byte in a page, with checksums that fit: verifying tells what is wrong. */
static void check_verified(fixture *self, size_t page, size_t at, uint32_t byte,
                           const char *message)
{
    ndup__segment *segment;
    unsigned char *bytes = malloc(self->length);
    assert_non_null(bytes);
    memcpy(bytes, self->bytes, self->length);
    bytes[page * PAGE + at] = (unsigned char)byte;
    segment_model_seal(bytes, self->length, TABLES);
    assert_int_equal(pwrite(self->file, bytes, self->length, 0), self->length);
    free(bytes);
    assert_ok(ndup__segment_open(&segment, self->path, SEGMENT_MODEL_IDENTITY, NULL, &self->error),
              &self->error);
    assert_status(ndup__segment_verify(segment, NULL, NULL, &self->error), NDUP_STATUS_CORRUPT,
                  &self->error);
    if (strstr(self->error.message, message) == NULL) {
        fail_msg("\"%s\" without \"%s\"", self->error.message, message);
    }
    ndup__segment_close(segment);
}

static uint32_t word_of(const fixture *self, size_t page, size_t word)
{
    uint32_t value;
    memcpy(&value, self->bytes + page * PAGE + word * sizeof value, sizeof value);
    return value;
}

/* Directory, keys and numbers of the first table are pages 1 to 3; its directory has two slots, a
 * key four bytes, a number one. */
static void test_segment_damage__behind_right_checksums_is_verified(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    uint32_t count = word_of(&self, 1, 2);
    uint32_t middle = word_of(&self, 1, 1);
    assert_true(middle > 1 && middle < count && count < COUNT);
    check_verified(&self, 1, 0, 1, "a slot that does not follow");
    check_verified(&self, 1, 4, count + 1, "a slot without sense");
    check_verified(&self, 1, 4, middle + 1, "not in order");
    check_verified(&self, 1, 8, count - 1, "keys without a slot");
    check_verified(&self, 2, 3, 0xFF, "a key of another slot");
    check_verified(&self, 2, 3, 0x7F, "not in order");
    check_verified(&self, 3, 0, COUNT, "not covered");
    check_verified(&self, 3, count - 1, COUNT, "not covered");
    end(&self);
}

TEST_MAIN(cmocka_unit_test(test_segment_damage__of_every_byte),
          cmocka_unit_test(test_segment_damage__of_every_length),
          cmocka_unit_test(test_segment_damage__names_the_page),
          cmocka_unit_test(test_segment_damage__that_comes_later_is_verified),
          cmocka_unit_test(test_segment_damage__behind_right_checksums_is_verified),
          cmocka_unit_test(test_segment_damage__ends_a_merge))
