/* SPDX-License-Identifier: MIT */
/* Ranges cover everything once; streams commit in order and stop at the place of an error. */
#include "base/pool.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { MOST = 5000, WORKERS_MOST = 5 };

static ndup__pool *new_pool(unsigned workers)
{
    ndup__pool *pool;
    ndup_error error;
    assert_ok(ndup__pool_new(&pool, workers, NULL, &error), &error);
    assert_int_equal(ndup__pool_workers(pool), workers);
    return pool;
}

typedef struct range_job {
    atomic_uint visits[MOST];
    atomic_bool wrong_worker;
    size_t grain;
    unsigned workers;
    size_t failing; /* element whose range fails; MOST = none */
    atomic_bool too_long;
} range_job;

static ndup_status visit_range(void *context, size_t begin, size_t end, unsigned worker,
                               ndup_error *error)
{
    range_job *job = context;
    if (worker >= job->workers) {
        atomic_store(&job->wrong_worker, true);
    }
    if ((end - begin > job->grain && job->workers > 1) ||
        end <= begin) { /* one takes all at once */
        atomic_store(&job->too_long, true);
    }
    for (size_t i = begin; i < end; i++) {
        atomic_fetch_add(&job->visits[i], 1);
    }
    if (begin <= job->failing && job->failing < end) {
        *error = (ndup_error){.status = NDUP_STATUS_IO, .byte = begin};
        return NDUP_STATUS_IO;
    }
    return NDUP_STATUS_OK;
}

static void test_pool__ranges_cover_everything_once(void **state)
{
    (void)state;
    static range_job job;
    test_random random;
    test_random_init(&random, 1);
    for (unsigned workers = 1; workers <= WORKERS_MOST; workers++) {
        ndup__pool *pool = new_pool(workers);
        for (int round = 0; round < 60; round++) {
            size_t begin = (size_t)test_random_below(&random, 100);
            size_t end = begin + (size_t)test_random_below(&random, round < 20 ? 5 : MOST - 100);
            ndup_error error;
            for (size_t i = 0; i < MOST; i++) {
                atomic_store(&job.visits[i], 0);
            }
            job.grain = 1 + (size_t)test_random_below(&random, 70);
            job.workers = workers;
            job.failing = MOST;
            assert_ok(ndup__pool_ranges(pool, begin, end, job.grain, visit_range, &job, &error),
                      &error);
            for (size_t i = 0; i < MOST; i++) {
                assert_int_equal(atomic_load(&job.visits[i]), i >= begin && i < end);
            }
        }
        ndup__pool_free(pool);
    }
    assert_false(atomic_load(&job.wrong_worker));
    assert_false(atomic_load(&job.too_long));
}

static void test_pool__the_error_of_a_range_is_returned(void **state)
{
    (void)state;
    static range_job job;
    for (unsigned workers = 1; workers <= WORKERS_MOST; workers++) {
        ndup__pool *pool = new_pool(workers);
        for (size_t failing = 0; failing < 1000; failing += 97) {
            ndup_error error = {0};
            for (size_t i = 0; i < MOST; i++) {
                atomic_store(&job.visits[i], 0);
            }
            job.grain = 10;
            job.workers = workers;
            job.failing = failing;
            assert_status(ndup__pool_ranges(pool, 0, 1000, 10, visit_range, &job, &error),
                          NDUP_STATUS_IO, &error);
            assert_u64_equal(error.byte, workers > 1 ? failing / 10 * 10 : 0);
            for (size_t i = 0; i <= failing; i++) {
                assert_int_equal(atomic_load(&job.visits[i]), 1);
            }
        }
        ndup__pool_free(pool);
    }
}

/* Numbers that are taken in order, squared in parallel, and committed in order. */
typedef struct square_job {
    size_t next, count;
    size_t committed;
    size_t failing_take, failing_work, failing_commit; /* MOST = none */
    bool out_of_order;
} square_job;

typedef struct square_item {
    size_t number;
    size_t square;
} square_item;

static ndup_status fail_if(bool fails, ndup_status status, ndup_error *error)
{
    if (fails) {
        *error = (ndup_error){.status = status};
        return status;
    }
    return NDUP_STATUS_OK;
}

static ndup_status take_number(void *context, void *item, unsigned worker, bool *more,
                               ndup_error *error)
{
    (void)worker;
    square_job *job = context;
    square_item *square = item;
    *more = job->next < job->count;
    if (*more) {
        square->number = job->next++;
        return fail_if(square->number == job->failing_take, NDUP_STATUS_IO, error);
    }
    return NDUP_STATUS_OK;
}

static ndup_status square_number(void *context, void *item, unsigned worker, ndup_error *error)
{
    const square_job *job = context;
    square_item *square = item;
    volatile size_t spin = square->number * 2654435761u % 3000;
    (void)worker;
    while (spin > 0) {
        spin = spin - 1;
    }
    square->square = square->number * square->number;
    return fail_if(square->number == job->failing_work, NDUP_STATUS_CORRUPT, error);
}

static ndup_status commit_number(void *context, void *item, unsigned worker, ndup_error *error)
{
    (void)worker;
    square_job *job = context;
    const square_item *square = item;
    job->out_of_order |=
        square->number != job->committed || square->square != square->number * square->number;
    if (square->number == job->failing_commit) {
        return fail_if(true, NDUP_STATUS_CANCELLED, error);
    }
    job->committed++;
    return NDUP_STATUS_OK;
}

static ndup_status run_stream(ndup__pool *pool, square_job *job, ndup_error *error)
{
    square_item squares[2 * WORKERS_MOST];
    ndup__stream_work stream = {job, take_number, square_number, commit_number};
    return ndup__pool_stream(pool, &stream, squares, sizeof *squares, ndup__pool_items(pool),
                             error);
}

static void test_pool__streams_commit_in_order(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= WORKERS_MOST; workers++) {
        ndup__pool *pool = new_pool(workers);
        for (size_t count = 0; count < 800; count = count * 3 + 1) {
            square_job job = {
                .count = count, .failing_take = MOST, .failing_work = MOST, .failing_commit = MOST};
            ndup_error error;
            assert_ok(run_stream(pool, &job, &error), &error);
            assert_u64_equal(job.committed, count);
            assert_false(job.out_of_order);
        }
        ndup__pool_free(pool);
    }
}

static void test_pool__streams_stop_at_the_place_of_an_error(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= WORKERS_MOST; workers++) {
        ndup__pool *pool = new_pool(workers);
        for (size_t place = 0; place < 60; place++) {
            static const ndup_status expected[] = {NDUP_STATUS_IO, NDUP_STATUS_CORRUPT,
                                                   NDUP_STATUS_CANCELLED};
            square_job job = {.count = 200,
                              .failing_take = place % 3 == 0 ? place : MOST,
                              .failing_work = place % 3 == 1 ? place : MOST,
                              .failing_commit = place % 3 == 2 ? place : MOST};
            ndup_error error = {0};
            assert_status(run_stream(pool, &job, &error), expected[place % 3], &error);
            assert_status(error.status, expected[place % 3], NULL);
            assert_u64_equal(job.committed, place);
            assert_false(job.out_of_order);
        }
        ndup__pool_free(pool);
    }
}

/* Of two errors the earlier one counts, whichever happened first. */
static void test_pool__the_first_error_of_a_stream_wins(void **state)
{
    (void)state;
    ndup__pool *pool = new_pool(3);
    for (size_t place = 0; place < 100; place++) {
        square_job job = {.count = 200,
                          .failing_take = place + 2,
                          .failing_work = place,
                          .failing_commit = place + 1};
        ndup_error error = {0};
        assert_status(run_stream(pool, &job, &error), NDUP_STATUS_CORRUPT, &error);
        assert_u64_equal(job.committed, place);
    }
    ndup__pool_free(pool);
}

static void test_pool__memory_may_fail(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup__pool *pool;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = ndup__pool_new(&pool, 3, &memory.allocator, &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        assert_true((pool == NULL) == has_failed);
        ndup__pool_free(pool);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            break;
        }
    }
    assert_true(ndup__processor_count() >= 1);
}

enum { WATCHED = 64, WATCHERS = 3 };

static ndup_status note_range(void *context, size_t begin, size_t end, unsigned worker,
                              ndup_error *error)
{
    atomic_uint *calls = context;
    (void)begin;
    (void)end;
    (void)error;
    atomic_fetch_add(&calls[worker], 1);
    return NDUP_STATUS_OK;
}

/* Who worked has ticks of the part that was asked for, who did not has none. */
static void test_pool__times_ranges_while_it_is_watched(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= WATCHERS; workers++) {
        ndup__stopwatch watches[WATCHERS] = {{.runs = true}, {.runs = true}, {.runs = true}};
        atomic_uint calls[WATCHERS] = {0};
        ndup__pool *pool;
        ndup_error error;
        assert_ok(ndup__pool_new(&pool, workers, NULL, &error), &error);
        ndup__pool_watch(pool, watches, 5);
        assert_ok(ndup__pool_ranges(pool, 0, WATCHED, 1, note_range, calls, &error), &error);
        uint64_t first = watches[0].ticks[5];
        for (unsigned i = 0; i < workers; i++) {
            assert_int_equal(watches[i].ticks[5] > 0, atomic_load(&calls[i]) > 0);
            assert_u64_equal(watches[i].ticks[4], 0);
        }
        ndup__pool_watch(pool, NULL, 0);
        assert_ok(ndup__pool_ranges(pool, 0, WATCHED, 1, note_range, calls, &error), &error);
        assert_u64_equal(watches[0].ticks[5], first);
        ndup__pool_free(pool);
    }
}

static void count_breath(void *context)
{
    atomic_fetch_add((atomic_uint *)context, 1);
}

static ndup_status pass_range(void *context, size_t begin, size_t end, unsigned worker,
                              ndup_error *error)
{
    (void)error;
    assert_true(worker < WATCHERS);
    atomic_fetch_add((atomic_uint *)context, (unsigned)(end - begin));
    return NDUP_STATUS_OK;
}

static void test_pool__breathes_after_each_range(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= WATCHERS; workers++) {
        atomic_uint breaths = 0;
        atomic_uint passed = 0;
        const ndup__breath breath = {count_breath, &breaths};
        ndup__pool *pool = new_pool(workers);
        ndup_error error;
        assert_null(ndup__pool_breath(pool));
        ndup__pool_set_breath(pool, &breath);
        assert_ptr_equal(ndup__pool_breath(pool), &breath);
        assert_ok(ndup__pool_ranges(pool, 3, 3, 10, pass_range, &passed, &error), &error);
        assert_int_equal(breaths, 0);
        assert_ok(ndup__pool_ranges(pool, 3, 98, 10, pass_range, &passed, &error), &error);
        assert_int_equal(breaths, 10);
        ndup__pool_set_breath(pool, NULL);
        assert_ok(ndup__pool_ranges(pool, 0, 100, 10, pass_range, &passed, &error), &error);
        assert_int_equal(breaths, 10);
        assert_int_equal(passed, 95 + 100);
        ndup__pool_free(pool);
    }
}

TEST_MAIN(cmocka_unit_test(test_pool__breathes_after_each_range),
          cmocka_unit_test(test_pool__times_ranges_while_it_is_watched),
          cmocka_unit_test(test_pool__ranges_cover_everything_once),
          cmocka_unit_test(test_pool__the_error_of_a_range_is_returned),
          cmocka_unit_test(test_pool__streams_commit_in_order),
          cmocka_unit_test(test_pool__streams_stop_at_the_place_of_an_error),
          cmocka_unit_test(test_pool__the_first_error_of_a_stream_wins),
          cmocka_unit_test(test_pool__memory_may_fail))
