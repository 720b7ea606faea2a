/* SPDX-License-Identifier: MIT */
/* Copies in a temporary file: what was added is found by its keys, plain and compressed, whichever
 * thread added it, and no more than is allowed. */
#include "corpus/packed_copy.h"

#include <stdlib.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/test.h"

enum { LENGTH = 300000, SPANS = 40 };

typedef struct fixture {
    ndup__packed_copy copy;
    ndup__frame_room *room;
    ndup_error error;
    char bytes[LENGTH], again[LENGTH + 1];
} fixture;

/* Bytes that become shorter, and nowhere repeat at a distance that would hide a wrong place. */
static void fill(char *bytes)
{
    for (size_t i = 0; i < LENGTH; i++) {
        bytes[i] = (char)('a' + (i / 8 + i / 1031) % 23);
    }
}

static int set_up(void **state)
{
    fixture *self = calloc(1, sizeof *self);
    assert_non_null(self);
    fill(self->bytes);
    assert_ok(ndup__copy_open(&self->copy, NULL, NULL, &self->error), &self->error);
    assert_ok(ndup__frame_room_want(&self->room, NULL, &self->error), &self->error);
    *state = self;
    return 0;
}

static int tear_down(void **state)
{
    fixture *self = *state;
    ndup__frame_room_free(self->room);
    ndup__copy_close(&self->copy);
    free(self);
    return 0;
}

static void add(fixture *self, uint64_t key, size_t from, size_t length)
{
    assert_ok(
        ndup__copy_add(&self->copy, self->room, key, self->bytes + from, length, &self->error),
        &self->error);
}

/* The keys from `key` on hold bytes[from..from + length). */
static void check(fixture *self, uint64_t key, size_t from, size_t length)
{
    size_t got;
    assert_ok(
        ndup__copy_read(&self->copy, self->room, key, self->again, length, &got, &self->error),
        &self->error);
    assert_u64_equal(got, length);
    assert_memory_equal(self->again, self->bytes + from, length);
}

static void check_got(fixture *self, uint64_t key, size_t length, size_t expected)
{
    size_t got;
    assert_ok(
        ndup__copy_read(&self->copy, self->room, key, self->again, length, &got, &self->error),
        &self->error);
    assert_u64_equal(got, expected);
}

static void check_everywhere(fixture *self)
{
    check(self, 0, 0, LENGTH);
    for (size_t from = 0; from < LENGTH - 1000; from += 997) {
        check(self, from, from, 1000);
    }
    check_got(self, LENGTH - 10, 20, 10);
    check_got(self, LENGTH, 20, 0);
}

static void test_packed_copy__small_ones_stand_as_they_are(void **state)
{
    fixture *self = *state;
    add(self, 0, 0, LENGTH);
    assert_u64_equal(self->copy.stored, LENGTH);
    check_everywhere(self);
}

static void test_packed_copy__large_ones_are_compressed(void **state)
{
    fixture *self = *state;
    if (!NDUP_HAVE_ZSTD) {
        skip();
    }
    self->copy.plain_most = 100000; /* the first of these fits */
    add(self, 0, 0, 90000);
    assert_u64_equal(self->copy.stored, 90000);
    add(self, 90000, 90000, LENGTH - 90000);
    assert_true(self->copy.stored < 90000 + (LENGTH - 90000) / 4);
    check_everywhere(self);
}

static void test_packed_copy__what_does_not_become_shorter_stands_as_it_is(void **state)
{
    fixture *self = *state;
    uint64_t random = 1;
    for (size_t i = 0; i < LENGTH; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        self->bytes[i] = (char)(random >> 56);
    }
    self->copy.plain_most = 0;
    add(self, 0, 0, LENGTH);
    assert_u64_equal(self->copy.stored, LENGTH);
    check_everywhere(self);
}

/* Threads add what they have, in any order; keys have gaps. */
static void test_packed_copy__is_found_in_whatever_order_it_came(void **state)
{
    fixture *self = *state;
    const uint64_t far = (uint64_t)7 << 40;
    for (unsigned is_packed = 0; is_packed < 2; is_packed++) {
        uint64_t base = is_packed * 1000000;
        self->copy.plain_most = is_packed ? 0 : NDUP__COPY_PLAIN_BYTES;
        add(self, far + base, 5000, 70000);
        add(self, base + 1000, 1000, 2000);
        add(self, base, 0, 1000);
        add(self, base + 5000, 90000, 10);
        check(self, base, 0, 3000);
        check_got(self, base + 2990, 20, 10);
        check(self, base + 5000, 90000, 10);
        check_got(self, base + 4999, 1, 0);
        check(self, far + base + 69000, 74000, 1000);
        check_got(self, far + base + 70000, 1, 0);
    }
}

/* Every third stretch of bytes, several of them a frame. */
static void test_packed_copy__spans_share_frames(void **state)
{
    fixture *self = *state;
    ndup__span spans[SPANS];
    for (unsigned is_packed = 0; is_packed < 2; is_packed++) {
        uint64_t base = (uint64_t)is_packed << 40;
        size_t length = 0;
        self->copy.plain_most = is_packed ? 0 : NDUP__COPY_PLAIN_BYTES;
        for (size_t i = 0; i < SPANS; i++) {
            spans[i] = (ndup__span){base + 3 * length, 10 + 7 * i};
            length += (size_t)spans[i].length;
        }
        assert_ok(
            ndup__copy_add_spans(&self->copy, self->room, spans, SPANS, self->bytes, &self->error),
            &self->error);
        size_t from = 0;
        for (size_t i = 0; i < SPANS; from += (size_t)spans[i++].length) {
            size_t bytes = (size_t)spans[i].length;
            check(self, spans[i].key, from, bytes);
            check(self, spans[i].key + 3, from + 3, bytes - 3);
            check_got(self, spans[i].key, bytes + 1, bytes);
            check_got(self, spans[i].key + bytes, 1, 0);
        }
    }
}

static void test_packed_copy__one_span_and_none(void **state)
{
    fixture *self = *state;
    const ndup__span span = {77, 100};
    assert_ok(ndup__copy_add_spans(&self->copy, self->room, NULL, 0, NULL, &self->error),
              &self->error);
    assert_ok(ndup__copy_add_spans(&self->copy, self->room, &span, 1, self->bytes, &self->error),
              &self->error);
    assert_u64_equal(self->copy.stored, 100);
    check(self, 77, 0, 100);
    check_got(self, 76, 1, 0);
}

static void test_packed_copy__has_a_limit(void **state)
{
    fixture *self = *state;
    self->copy.most = 1000;
    add(self, 0, 0, 1000);
    assert_status(ndup__copy_add(&self->copy, self->room, 1000, self->bytes, 1, &self->error),
                  NDUP_STATUS_LIMIT, &self->error);
    assert_u64_equal(self->copy.stored, 1000);
    check(self, 0, 0, 1000);
}

/* Work space that was used for one copy does not answer for another. */
static void test_packed_copy__work_space_knows_the_copy(void **state)
{
    fixture *self = *state;
    const ndup__span spans[2] = {{0, 50}, {100, 50}};
    for (size_t round = 0; round < 3; round++) {
        ndup__copy_close(&self->copy);
        assert_ok(ndup__copy_open(&self->copy, NULL, NULL, &self->error), &self->error);
        assert_ok(ndup__copy_add_spans(&self->copy, self->room, spans, 2,
                                       self->bytes + 1000 * round, &self->error),
                  &self->error);
        check(self, 100, 1000 * round + 50, 50);
    }
}

static ndup_status copy_and_read(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const char *bytes = context;
    ndup__packed_copy copy;
    ndup__frame_room *room = NULL;
    const ndup__span spans[2] = {{1 << 20, 400}, {1 << 21, 400}};
    char again[400];
    size_t got;
    ndup_status status = ndup__copy_open(&copy, NULL, allocator, error);
    copy.plain_most = 70000;
    if (status == NDUP_STATUS_OK) {
        status = ndup__frame_room_want(&room, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__copy_add(&copy, room, 0, bytes, LENGTH, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__copy_add_spans(&copy, room, spans, 2, bytes, error);
    }
    for (uint64_t key = 100; key <= 1 << 20 && status == NDUP_STATUS_OK; key += (1 << 20) - 100) {
        status = ndup__copy_read(&copy, room, key, again, sizeof again, &got, error);
        assert_true(status != NDUP_STATUS_OK || got == sizeof again);
    }
    ndup__frame_room_free(room);
    ndup__copy_close(&copy);
    return status;
}

static void test_packed_copy__lacks_memory(void **state)
{
    fixture *self = *state;
    assert_true(fault_loop(copy_and_read, self->bytes, 1) > 3);
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_packed_copy__##name, set_up, tear_down)

TEST_MAIN(CASE(small_ones_stand_as_they_are), CASE(large_ones_are_compressed),
          CASE(what_does_not_become_shorter_stands_as_it_is),
          CASE(is_found_in_whatever_order_it_came), CASE(spans_share_frames),
          CASE(one_span_and_none), CASE(has_a_limit), CASE(work_space_knows_the_copy),
          CASE(lacks_memory))
