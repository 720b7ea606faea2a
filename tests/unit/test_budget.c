/* SPDX-License-Identifier: MIT */
/* Blocks keep what is in them, wherever they lie, and the program keeps within its memory. */
#include "spill/budget.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/memory.h"
#include "support/failing_allocator.h"
#include "support/full_disk.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

#define MIB ((size_t)1 << 20)

enum { BLOCKS = 12, ROUNDS = 400, RIVALS = 4 };

static ndup__budget *new_budget(uint64_t memory, const char *folder,
                                const ndup_allocator *allocator)
{
    ndup__budget *budget;
    ndup_error error;
    assert_ok(ndup__budget_new(&budget, memory, folder, allocator, &error), &error);
    return budget;
}

static void *resize(const ndup__budget *budget, void *block, size_t old_bytes, size_t new_bytes)
{
    const ndup_allocator *allocator = ndup__budget_allocator(budget);
    return allocator->resize(allocator->context, block, old_bytes, new_bytes);
}

/* A value for each page of a block, and its last byte. */
static void mark(unsigned char *block, size_t from, size_t bytes, unsigned seed)
{
    for (size_t at = from; at < bytes; at++) {
        block[at] = (unsigned char)(seed + at / 4096 + at % 7);
    }
}

static void check_mark(const unsigned char *block, size_t bytes, unsigned seed)
{
    for (size_t at = 0; at < bytes; at += at + 4096 < bytes ? 4096 : 1) {
        assert_int_equal(block[at], (unsigned char)(seed + at / 4096 + at % 7));
    }
}

static void test_budget__blocks_keep_their_bytes(void **state)
{
    (void)state;
    failing_allocator memory;
    failing_allocator_init(&memory);
    ndup__budget *budget = new_budget(8 * MIB, NULL, &memory.allocator);
    unsigned char *blocks[BLOCKS] = {NULL};
    size_t sizes[BLOCKS] = {0};
    test_random random;
    test_random_init(&random, 3);
    for (size_t i = 0; i < ROUNDS; i++) {
        unsigned k = (unsigned)test_random_below(&random, BLOCKS);
        size_t most = test_random_below(&random, 3) == 0 ? 100000 : 5 * MIB;
        size_t bytes =
            test_random_below(&random, 6) == 0 ? 0 : (size_t)test_random_below(&random, most);
        unsigned char *resized = resize(budget, blocks[k], sizes[k], bytes);
        assert_int_equal(resized != NULL, bytes > 0);
        check_mark(resized, sizes[k] < bytes ? sizes[k] : bytes, k);
        blocks[k] = resized;
        mark(resized, sizes[k], bytes, k);
        sizes[k] = bytes;
        assert_true(failing_allocator_live_bytes(&memory) < 4 * MIB + BLOCKS * MIB);
    }
    assert_true(ndup__budget_file_bytes(budget) > 8 * MIB);
    for (unsigned k = 0; k < BLOCKS; k++) {
        check_mark(blocks[k], sizes[k], k);
        resize(budget, blocks[k], sizes[k], 0);
    }
    ndup__budget_free(budget);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
}

static void test_budget__is_the_heap_while_there_is_room(void **state)
{
    (void)state;
    ndup__budget *budget = new_budget(UINT64_MAX, "/nowhere/at all", NULL);
    void *block = resize(budget, NULL, 0, 3 * MIB);
    assert_non_null(block);
    block = resize(budget, block, 3 * MIB, 9 * MIB);
    assert_non_null(block);
    assert_u64_equal(ndup__budget_file_bytes(budget), 0);
    resize(budget, block, 9 * MIB, 0);
    ndup__budget_free(budget);
    ndup__budget_free(NULL);
}

/* Processes that leave a thread of this program little time. */
static void start_rivals(pid_t rivals[RIVALS])
{
    pid_t self = getpid();
    for (unsigned i = 0; i < RIVALS; i++) {
        rivals[i] = fork();
        assert_true(rivals[i] >= 0);
        while (rivals[i] == 0 && getppid() == self) {
        }
        if (rivals[i] == 0) {
            _exit(0);
        }
    }
}

static void stop_rivals(const pid_t rivals[RIVALS])
{
    for (unsigned i = 0; i < RIVALS; i++) {
        int ended;
        kill(rivals[i], SIGKILL);
        assert_int_equal(waitpid(rivals[i], &ended, 0), rivals[i]);
    }
}

/* 300 MiB are written and read again within 64, beside others, by a loop that breathes. */
static void test_budget__keeps_the_program_within_its_memory(void **state)
{
    (void)state;
    enum { PARTS = 3 };
    pid_t rivals[RIVALS];
    const size_t part = 100 * MIB;
    uint64_t before = ndup__memory_resident();
    uint64_t most = 0;
    ndup__budget *budget = new_budget(64 * MIB, NULL, NULL);
    unsigned char *parts[PARTS];
    start_rivals(rivals);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < PARTS; i++) {
            parts[i] = round == 0 ? resize(budget, NULL, 0, part) : parts[i];
            assert_non_null(parts[i]);
            for (size_t at = 0; at < part; at += 4096) {
                assert_true(round == 0 || parts[i][at] == (unsigned char)(i + at / 4096));
                parts[i][at] = (unsigned char)(i + at / 4096);
                uint64_t now = at % MIB == 0 ? ndup__memory_resident() : 0;
                most = now > most ? now : most;
                ndup__breathe_at(ndup__budget_breath(budget), at, MIB);
            }
        }
    }
    stop_rivals(rivals);
    assert_true(most > before + 32 * MIB);
    assert_true(most < before + 64 * MIB);
    for (unsigned i = 0; i < PARTS; i++) {
        resize(budget, parts[i], part, 0);
    }
    ndup__budget_free(budget);
}

static void test_budget__says_that_the_disk_is_full(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error = {.status = NDUP_STATUS_OK};
    temp_dir_init(&folder);
    ndup__budget *budget = new_budget(0, folder.path, NULL);
    unsigned char *block = resize(budget, NULL, 0, 2 * MIB);
    assert_non_null(block);
    mark(block, 0, 2 * MIB, 1);
    full_disk_begin(3 * MIB);
    void *refused = resize(budget, block, 2 * MIB, 4 * MIB);
    void *other = resize(budget, NULL, 0, 5 * MIB);
    full_disk_end();
    assert_null(refused);
    assert_null(other);
    check_mark(block, 2 * MIB, 1);
    assert_status(ndup__budget_explain(budget, NDUP_STATUS_MEMORY, &error), NDUP_STATUS_IO, &error);
    assert_non_null(strstr(error.message, "no space for 5242880 bytes in "));
    assert_non_null(strstr(error.message, folder.path));
    assert_status(ndup__budget_explain(budget, NDUP_STATUS_LIMIT, &error), NDUP_STATUS_LIMIT, NULL);
    block = resize(budget, block, 2 * MIB, 4 * MIB); /* there is room again */
    assert_non_null(block);
    check_mark(block, 2 * MIB, 1);
    assert_status(ndup__budget_explain(budget, NDUP_STATUS_MEMORY, &error), NDUP_STATUS_MEMORY,
                  NULL);
    assert_u64_equal(temp_dir_count(&folder, ""), 0);
    resize(budget, block, 4 * MIB, 0);
    ndup__budget_free(budget);
    temp_dir_deinit(&folder);
}

static void test_budget__names_a_folder_that_is_not_there(void **state)
{
    (void)state;
    ndup_error error = {.status = NDUP_STATUS_OK};
    ndup__budget *budget = new_budget(0, "/nowhere/at all", NULL);
    assert_null(resize(budget, NULL, 0, 2 * MIB));
    assert_status(ndup__budget_explain(budget, NDUP_STATUS_MEMORY, &error), NDUP_STATUS_NOT_FOUND,
                  &error);
    assert_non_null(strstr(error.message, "/nowhere/at all"));
    ndup__budget_free(budget);
}

static void test_budget__without_memory(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__budget *budget;
        ndup_error error;
        void *block = NULL;
        ndup_status status = ndup__budget_new(&budget, 0, NULL, &memory.allocator, &error);
        if (status == NDUP_STATUS_OK) {
            block = resize(budget, NULL, 0, 2 * MIB);
            status = block != NULL ? NDUP_STATUS_OK : NDUP_STATUS_MEMORY;
            void *small = block != NULL ? resize(budget, block, 2 * MIB, 100) : NULL;
            resize(budget, small != NULL ? small : block, small != NULL ? 100 : 2 * MIB, 0);
            status = status == NDUP_STATUS_OK && small == NULL ? NDUP_STATUS_MEMORY : status;
        }
        ndup__budget_free(budget);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_int_equal(status, NDUP_STATUS_OK);
            break;
        }
        assert_int_equal(status, NDUP_STATUS_MEMORY);
    }
}

static void test_budget__may_be_freed_behind_a_fork(void **state)
{
    (void)state;
    ndup__budget *budget = new_budget(0, NULL, NULL);
    unsigned char *block = resize(budget, NULL, 0, 2 * MIB);
    mark(block, 0, 2 * MIB, 5);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool is_right = block[4096] == (unsigned char)(5 + 1 + 4096 % 7);
        resize(budget, block, 2 * MIB, 0);
        ndup__budget_free(budget);
        _exit(is_right ? 0 : 1);
    }
    int ended = -1;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    check_mark(block, 2 * MIB, 5);
    resize(budget, block, 2 * MIB, 0);
    ndup__budget_free(budget);
}

TEST_MAIN(cmocka_unit_test(test_budget__blocks_keep_their_bytes),
          cmocka_unit_test(test_budget__is_the_heap_while_there_is_room),
          cmocka_unit_test(test_budget__keeps_the_program_within_its_memory),
          cmocka_unit_test(test_budget__says_that_the_disk_is_full),
          cmocka_unit_test(test_budget__names_a_folder_that_is_not_there),
          cmocka_unit_test(test_budget__without_memory),
          cmocka_unit_test(test_budget__may_be_freed_behind_a_fork))
