/* SPDX-License-Identifier: MIT */
/* The helpers of the tests do what the tests rely on. */
#include "support/test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/failing_allocator.h"
#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/temp_dir.h"

static void *take(failing_allocator *memory, void *block, size_t old_bytes, size_t new_bytes)
{
    return memory->allocator.resize(memory->allocator.context, block, old_bytes, new_bytes);
}

static void test_failing_allocator__fails_only_the_call_asked_for(void **state)
{
    (void)state;
    failing_allocator memory;
    failing_allocator_init(&memory);
    failing_allocator_fail_at(&memory, 2);
    void *first = take(&memory, NULL, 0, 10);
    assert_non_null(first);
    assert_null(take(&memory, NULL, 0, 10));
    assert_true(failing_allocator_has_failed(&memory));
    void *third = take(&memory, NULL, 0, 30);
    assert_non_null(third);
    assert_int_equal(failing_allocator_live_bytes(&memory), 40);
    assert_int_equal(failing_allocator_live_blocks(&memory), 2);
    take(&memory, first, 10, 0);
    take(&memory, third, 30, 0);
    assert_int_equal(failing_allocator_live_bytes(&memory), 0);
    assert_int_equal(failing_allocator_peak_bytes(&memory), 40);
}

static void test_failing_allocator__fails_from_a_call_on_and_keeps_the_block(void **state)
{
    (void)state;
    failing_allocator memory;
    failing_allocator_init(&memory);
    char *block = take(&memory, NULL, 0, 4);
    assert_non_null(block);
    memcpy(block, "abc", 4);
    failing_allocator_fail_from(&memory, 1);
    assert_null(take(&memory, block, 4, 100));
    assert_null(take(&memory, block, 4, 100));
    assert_string_equal(block, "abc");
    assert_int_equal(failing_allocator_calls(&memory), 3);
    take(&memory, block, 4, 0);
    assert_int_equal(failing_allocator_live_blocks(&memory), 0);
}

static void test_failing_allocator__keeps_contents_when_it_grows(void **state)
{
    (void)state;
    failing_allocator memory;
    failing_allocator_init(&memory);
    char *block = take(&memory, NULL, 0, 3);
    assert_non_null(block);
    memcpy(block, "xyz", 3);
    block = take(&memory, block, 3, 1000);
    assert_non_null(block);
    assert_memory_equal(block, "xyz", 3);
    take(&memory, block, 1000, 0);
}

static bool dies(void (*function)(void *), void *argument)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(STDERR_FILENO);
        signal(SIGSEGV, SIG_DFL);
        function(argument);
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    return !WIFEXITED(how) || WEXITSTATUS(how) != 0;
}

static void free_with_wrong_size(void *memory)
{
    void *block = take(memory, NULL, 0, 10);
    take(memory, block, 9, 0);
}

static void free_block_of_another(void *memory)
{
    failing_allocator other;
    failing_allocator_init(&other);
    void *block = take(&other, NULL, 0, 10);
    take(memory, block, 10, 0);
}

static void free_properly(void *memory)
{
    void *block = take(memory, NULL, 0, 10);
    take(memory, block, 10, 0);
}

static void test_failing_allocator__aborts_on_wrong_sizes_and_owners(void **state)
{
    (void)state;
    failing_allocator memory;
    failing_allocator_init(&memory);
    assert_false(dies(free_properly, &memory));
    assert_true(dies(free_with_wrong_size, &memory));
    assert_true(dies(free_block_of_another, &memory));
}

static void read_byte(void *byte)
{
    volatile unsigned char *place = byte;
    (void)*place;
}

/* The address sanitizer turns the fault into an exit, the plain build into a signal. */
static void test_guard_buffer__faults_one_byte_behind_the_end(void **state)
{
    (void)state;
    guard_buffer guard;
    guard_buffer_init(&guard, 100);
    unsigned char *bytes = guard_buffer_put(&guard, "hello", 5);
    assert_memory_equal(bytes, "hello", 5);
    assert_false(dies(read_byte, bytes + 4));
    assert_true(dies(read_byte, bytes + 5));
    assert_true(dies(read_byte, (unsigned char *)guard_buffer_start(&guard) - 1));
    guard_buffer_deinit(&guard);
}

static void test_random__is_the_same_for_the_same_seed_only(void **state)
{
    (void)state;
    test_random a, b, c;
    test_random_init(&a, 7);
    test_random_init(&b, 7);
    test_random_init(&c, 8);
    for (int i = 0; i < 100; i++) {
        uint64_t value = test_random_u64(&a);
        assert_u64_equal(test_random_u64(&b), value);
        assert_true(test_random_u64(&c) != value);
    }
}

/* 10,000 draws of a fair ten-sided die: each face within 6 standard deviations (30) of 1000. */
static void test_random__is_uniform_below_a_limit(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    int faces[10] = {0};
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        faces[test_random_below(&random, 10)]++;
        sum += test_random_unit(&random);
    }
    for (int i = 0; i < 10; i++) {
        assert_double_in(faces[i], 820, 1180);
    }
    assert_double_in(sum / 10000, 0.4827, 0.5173);
}

static void test_random__shuffle_keeps_every_value(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    uint64_t values[50];
    uint64_t sum = 0;
    size_t moved = 0;
    for (size_t i = 0; i < 50; i++) {
        values[i] = i;
    }
    test_random_shuffle_u64(&random, values, 50);
    for (size_t i = 0; i < 50; i++) {
        sum += values[i];
        moved += values[i] != i;
    }
    assert_u64_equal(sum, 1225);
    assert_in_range(moved, 30, 50);
}

static void test_temp_dir__writes_reads_and_removes(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir_init(&folder);
    temp_dir_write(&folder, "a/b/zero.bin", "x\0y", 3);
    temp_dir_write_text(&folder, "top.txt", "hello");
    temp_dir_mkdir(&folder, "empty");
    assert_int_equal(temp_dir_count(&folder, ""), 3);
    assert_int_equal(temp_dir_count(&folder, "empty"), 0);
    size_t count = 0;
    char *bytes = temp_dir_read(&folder, "a/b/zero.bin", &count);
    assert_int_equal(count, 3);
    assert_memory_equal(bytes, "x\0y", 4);
    free(bytes);
    char path[300];
    memcpy(path, folder.path, strlen(folder.path) + 1);
    assert_false(temp_dir_exists(&folder, "missing"));
    temp_dir_deinit(&folder);
    assert_int_not_equal(access(path, F_OK), 0);
}

TEST_MAIN(cmocka_unit_test(test_failing_allocator__aborts_on_wrong_sizes_and_owners),
          cmocka_unit_test(test_failing_allocator__fails_only_the_call_asked_for),
          cmocka_unit_test(test_failing_allocator__fails_from_a_call_on_and_keeps_the_block),
          cmocka_unit_test(test_failing_allocator__keeps_contents_when_it_grows),
          cmocka_unit_test(test_guard_buffer__faults_one_byte_behind_the_end),
          cmocka_unit_test(test_random__is_the_same_for_the_same_seed_only),
          cmocka_unit_test(test_random__is_uniform_below_a_limit),
          cmocka_unit_test(test_random__shuffle_keeps_every_value),
          cmocka_unit_test(test_temp_dir__writes_reads_and_removes))
