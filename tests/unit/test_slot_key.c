/* SPDX-License-Identifier: MIT */
/* The number by which tables choose slots. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "support/slots.h"
#include "support/test.h"

enum { PROCESSES = 3, THREADS = 8 };

/* The key of another process, which is begun before this one has made its own. */
static uint64_t key_of_child(void)
{
    int ends[2];
    uint64_t key = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        key = ndup__slot_key();
        _exit(write(ends[1], &key, sizeof key) == (ssize_t)sizeof key ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], &key, sizeof key), sizeof key);
    close(ends[0]);
    close(ends[1]);
    return key;
}

static void test_slot_key__differs_from_process_to_process(void **state)
{
    (void)state;
#if !defined(__linux__)
    skip();
#endif
    uint64_t keys[PROCESSES];
    for (size_t i = 0; i < PROCESSES; i++) {
        keys[i] = key_of_child();
        for (size_t k = 0; k < i; k++) {
            assert_true(keys[i] != keys[k]);
        }
    }
}

static void *ask(void *key)
{
    *(uint64_t *)key = ndup__slot_key();
    return NULL;
}

static void test_slot_key__is_one_for_all_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    uint64_t keys[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &keys[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_u64_equal(keys[i], ndup__slot_key());
    }
}

/* Whatever bits the hashes share, a slot is taken by few of them; the most of 4096 in as many slots
 * are about 7. */
static void test_slot_hash__spreads_hashes_that_share_bits(void **state)
{
    (void)state;
    enum { MANY = 4096, MOST = 24 };
    for (size_t s = 0; s < sizeof test_crowding_shifts / sizeof test_crowding_shifts[0]; s++) {
        uint8_t taken[MANY] = {0};
        for (uint64_t i = 0; i < MANY; i++) {
            uint64_t hash = ndup__slot_hash(i << test_crowding_shifts[s], ndup__slot_key());
            assert_true(++taken[hash % MANY] <= MOST);
        }
    }
}

static void test_slot_hash__depends_on_the_key(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    unsigned same = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        same += (ndup__slot_hash(i, 1) & 1) == (ndup__slot_hash(i, 2) & 1);
    }
    assert_in_range(same, MANY / 3, 2 * MANY / 3);
}

TEST_MAIN(cmocka_unit_test(test_slot_key__differs_from_process_to_process),
          cmocka_unit_test(test_slot_key__is_one_for_all_threads),
          cmocka_unit_test(test_slot_hash__spreads_hashes_that_share_bits),
          cmocka_unit_test(test_slot_hash__depends_on_the_key))
