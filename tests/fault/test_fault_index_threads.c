/* SPDX-License-Identifier: MIT */
/* Many threads change and ask one index: nobody misses what was acknowledged before the question,
 * and in the end everything is there. NEARDUP_THREAD_SECONDS sets how long. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "index/handle.h"
#include "neardup/index.h"
#include "support/index_texts.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { WRITERS = 8, READERS = 8, IDS_MOST = 20000, FRESH_MOST = 60, BATCH = 5 };

/* The documents of one writer; 0 .. acknowledged-1 are in the index. */
typedef struct writer {
    struct shared *shared;
    unsigned number;
    atomic_uint acknowledged;
} writer;

typedef struct shared {
    ndup_index *index;
    writer writers[WRITERS];
    atomic_bool is_over;
    atomic_uint failed; /* asserts are for the main thread */
    atomic_uint asked;
} shared;

static void note(shared *self, ndup_status status, const ndup_error *error, const char *doing)
{
    if (status != NDUP_STATUS_OK) {
        printf("%s: %s\n", doing, error->message);
        atomic_fetch_add(&self->failed, 1);
    }
}

static void make(index_text *made, unsigned number, unsigned i)
{
    char id[INDEX_ID_BYTES];
    snprintf(id, sizeof id, "w%u-%u", number, i);
    index_text_make(made, id, 1);
}

/* A writer adds some, sometimes one that it removes again, and compacts now and then. */
static void *write_some(void *context)
{
    writer *self = context;
    shared *all = self->shared;
    ndup_error error = {0};
    for (unsigned i = 0; !atomic_load(&all->is_over) && i + BATCH < IDS_MOST;) {
        index_text texts[BATCH];
        ndup_document documents[BATCH];
        unsigned count = i % 7 == 0 ? BATCH : 1;
        for (unsigned k = 0; k < count; k++) {
            make(&texts[k], self->number, i + k);
            documents[k] = texts[k].document;
        }
        note(all, ndup_index_add(all->index, NULL, documents, count, &error), &error, "add");
        i += count;
        atomic_store(&self->acknowledged, i);
        if (i % 11 == 0) {
            index_text gone;
            make(&gone, self->number + WRITERS, i);
            note(all, ndup_index_add(all->index, NULL, &gone.document, 1, &error), &error, "add");
            note(all, ndup_index_remove(all->index, NULL, &gone.document.id, 1, &error), &error,
                 "remove");
        }
        if (i % 100 == 0) {
            note(all, ndup_index_compact(all->index, &error), &error, "compact");
        }
    }
    return NULL;
}

static void ask(shared *all, unsigned number, unsigned i, bool is_there)
{
    index_text made;
    ndup_index_answers *answers;
    ndup_error error = {0};
    make(&made, number, i);
    ndup_status status = ndup_index_check(all->index, &answers, &made.document, 1, NULL, &error);
    note(all, status, &error, "check");
    if (status == NDUP_STATUS_OK) {
        const ndup_index_answer *answer = ndup_index_answers_get(answers, 0);
        if (answer->is_known != is_there || answer->is_same_id != is_there) {
            printf("%s: known %d, has its id %d\n", made.id, answer->is_known, answer->is_same_id);
            atomic_fetch_add(&all->failed, 1);
        }
        ndup_index_answers_free(answers);
        atomic_fetch_add(&all->asked, 1);
    }
}

static void *read_some(void *context)
{
    shared *all = context;
    test_random random;
    test_random_init(&random, 1);
    while (!atomic_load(&all->is_over)) {
        unsigned number = (unsigned)test_random_below(&random, WRITERS);
        unsigned there = atomic_load(&all->writers[number].acknowledged);
        if (there > 0) {
            bool is_newest = test_random_below(&random, 2) == 0;
            ask(all, number, is_newest ? there - 1 : (unsigned)test_random_below(&random, there),
                true);
        }
        ask(all, number, IDS_MOST, false);
    }
    return NULL;
}

static void run_threads(shared *all, double seconds)
{
    pthread_t threads[WRITERS + READERS];
    for (unsigned i = 0; i < WRITERS + READERS; i++) {
        void *context = i < WRITERS ? (void *)&all->writers[i] : all;
        assert_int_equal(
            pthread_create(&threads[i], NULL, i < WRITERS ? write_some : read_some, context), 0);
    }
    for (double end = ndup__clock_seconds() + seconds; ndup__clock_seconds() < end;) {
        const struct timespec nap = {0, 20000000};
        (void)nanosleep(&nap, NULL);
    }
    atomic_store(&all->is_over, true);
    for (unsigned i = 0; i < WRITERS + READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
}

static void require_all(shared *all)
{
    uint64_t count = 0;
    ndup_index_statistics found;
    ndup_error error = {0};
    for (unsigned i = 0; i < WRITERS; i++) {
        unsigned there = atomic_load(&all->writers[i].acknowledged);
        count += there;
        for (unsigned k = 0; k < there; k++) {
            ask(all, i, k, true);
        }
    }
    assert_int_equal(atomic_load(&all->failed), 0);
    assert_ok(ndup_index_stat(all->index, &found, &error), &error);
    assert_u64_equal(found.documents, count);
    assert_ok(ndup_index_verify(all->index, NULL, &error), &error);
}

static void test_fault_index__many_threads(void **state)
{
    const char *asked = getenv("NEARDUP_THREAD_SECONDS");
    const ndup_index_open_options options = {
        .struct_size = sizeof options, .sync = NDUP_INDEX_SYNC_BATCH, .lock_timeout = 60};
    shared *all = calloc(1, sizeof *all);
    temp_dir folder;
    char path[512];
    ndup_index_options made;
    ndup_error error = {0};
    (void)state;
    assert_non_null(all);
    temp_dir_init(&folder);
    temp_dir_path(&folder, "index", path, sizeof path);
    assert_ok(ndup_index_options_init(&made, NULL, &error), &error);
    assert_ok(ndup_index_create(path, &made, &error), &error);
    assert_ok(ndup_index_open(&all->index, path, &options, NULL, &error), &error);
    all->index->view.fresh_most = FRESH_MOST;
    for (unsigned i = 0; i < WRITERS; i++) {
        all->writers[i].shared = all;
        all->writers[i].number = i;
    }
    run_threads(all, asked != NULL ? atof(asked) : 3);
    require_all(all);
    printf("%u questions\n", atomic_load(&all->asked));
    ndup_index_close(all->index);
    assert_ok(ndup_index_open(&all->index, path, &options, NULL, &error), &error);
    require_all(all);
    ndup_index_close(all->index);
    temp_dir_deinit(&folder);
    free(all);
}

TEST_MAIN(cmocka_unit_test(test_fault_index__many_threads))
