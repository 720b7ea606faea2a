/* SPDX-License-Identifier: MIT */
/* Threads parked on a condition variable between jobs; ranges by an atomic counter, streams by two
 * locks. */
#define _GNU_SOURCE /* sched_getaffinity; falls back to sysconf elsewhere */
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

typedef void (*job_function)(void *job, unsigned worker);

typedef struct helper {
    ndup__pool *pool;
    pthread_t thread;
    unsigned worker;
} helper;

struct ndup__pool {
    const ndup_allocator *allocator;
    unsigned workers;
    unsigned started; /* helper threads that exist: workers - 1 once complete */
    helper *helpers;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_cond_t idle;
    uint64_t generation; /* number of the current job */
    unsigned running;
    bool closing;
    job_function function;
    void *job;
};

unsigned ndup__processor_count(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        int count = CPU_COUNT(&set);
        return count > 0 ? (unsigned)count : 1;
    }
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

static void *helper_main(void *argument)
{
    helper *self = argument;
    ndup__pool *pool = self->pool;
    uint64_t seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->generation == seen && !pool->closing) {
            pthread_cond_wait(&pool->wake, &pool->lock);
        }
        if (pool->closing) {
            break;
        }
        seen = pool->generation;
        pthread_mutex_unlock(&pool->lock);
        pool->function(pool->job, self->worker);
        pthread_mutex_lock(&pool->lock);
        if (--pool->running == 0) {
            pthread_cond_signal(&pool->idle);
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static ndup_status start_helpers(ndup__pool *pool, ndup_error *error)
{
    for (unsigned i = 0; i + 1 < pool->workers; i++) {
        pool->helpers[i] = (helper){.pool = pool, .worker = i + 1};
        int failed = pthread_create(&pool->helpers[i].thread, NULL, helper_main, &pool->helpers[i]);
        if (failed != 0) {
            return ndup__fail_errno(error, NDUP_STATUS_LIMIT, failed,
                                    "cannot start thread %u of %u", i + 2, pool->workers);
        }
        pool->started++;
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__pool_new(ndup__pool **out, unsigned workers, const ndup_allocator *allocator,
                           ndup_error *error)
{
    *out = NULL;
    ndup__pool *pool;
    ndup_status status = ndup__allocate_zeroed(allocator, &pool, 1, sizeof *pool, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pool->allocator = allocator;
    pool->workers = workers;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->idle, NULL);
    status =
        ndup__allocate_zeroed(allocator, &pool->helpers, workers, sizeof *pool->helpers, error);
    if (status == NDUP_STATUS_OK) {
        status = start_helpers(pool, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__pool_free(pool);
        return status;
    }
    *out = pool;
    return NDUP_STATUS_OK;
}

void ndup__pool_free(ndup__pool *pool)
{
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->started; i++) {
        pthread_join(pool->helpers[i].thread, NULL);
    }
    pthread_cond_destroy(&pool->idle);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    ndup__free(pool->allocator, &pool->helpers, pool->workers, sizeof *pool->helpers);
    ndup__free(pool->allocator, &pool, 1, sizeof *pool);
}

unsigned ndup__pool_workers(const ndup__pool *pool)
{
    return pool->workers;
}

/* Runs function(job, worker) once on every worker, the caller being worker 0, and waits for all. */
static void run_on_all(ndup__pool *pool, job_function function, void *job)
{
    if (pool->workers == 1) {
        function(job, 0);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->function = function;
    pool->job = job;
    pool->running = pool->workers - 1;
    pool->generation++;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    function(job, 0);
    pthread_mutex_lock(&pool->lock);
    while (pool->running != 0) {
        pthread_cond_wait(&pool->idle, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
}

typedef struct range_job {
    ndup__range_work work;
    void *context;
    size_t end;
    size_t grain;
    atomic_size_t next;
    atomic_bool failed;
    pthread_mutex_t lock; /* guards what follows */
    size_t failed_begin;
    ndup_status status;
    ndup_error error;
} range_job;

/* Keeps the failure of the lowest range, so that the message does not depend on timing more than it
 * must. */
static void note_range_failure(range_job *job, size_t begin, ndup_status status,
                               const ndup_error *error)
{
    pthread_mutex_lock(&job->lock);
    if (job->status == NDUP_STATUS_OK || begin < job->failed_begin) {
        job->status = status;
        job->error = *error;
        job->failed_begin = begin;
    }
    pthread_mutex_unlock(&job->lock);
    atomic_store(&job->failed, true);
}

static void work_ranges(void *argument, unsigned worker)
{
    range_job *job = argument;
    while (!atomic_load(&job->failed)) {
        size_t begin = atomic_fetch_add(&job->next, job->grain);
        if (begin >= job->end) {
            return;
        }
        size_t end = job->end - begin < job->grain ? job->end : begin + job->grain;
        ndup_error error = {0};
        ndup_status status = job->work(job->context, begin, end, worker, &error);
        if (status != NDUP_STATUS_OK) {
            note_range_failure(job, begin, status, &error);
        }
    }
}

ndup_status ndup__pool_ranges(ndup__pool *pool, size_t begin, size_t end, size_t grain,
                              ndup__range_work work, void *context, ndup_error *error)
{
    range_job job = {.work = work, .context = context, .end = end, .grain = grain, .next = begin};
    if (end - begin <= grain || pool->workers == 1) {
        return end > begin ? work(context, begin, end, 0, error) : NDUP_STATUS_OK;
    }
    pthread_mutex_init(&job.lock, NULL);
    run_on_all(pool, work_ranges, &job);
    pthread_mutex_destroy(&job.lock);
    if (job.status != NDUP_STATUS_OK && error != NULL) {
        *error = job.error;
    }
    return job.status;
}

typedef struct stream_job {
    const ndup__stream_work *stream;
    void **items;
    pthread_mutex_t take_lock;
    uint64_t taken; /* guarded by take_lock */
    bool ended;     /* guarded by take_lock */
    pthread_mutex_t commit_lock;
    pthread_cond_t turn;
    uint64_t committed; /* guarded by commit_lock, as is what follows */
    ndup_status status;
    ndup_error error;
} stream_job;

/* Takes the next item; false when there is none. A failure to take is reported at its place in the
 * order. */
static bool take_item(stream_job *job, void *item, uint64_t *place, ndup_status *status,
                      ndup_error *error)
{
    bool more = false;
    pthread_mutex_lock(&job->take_lock);
    if (!job->ended) {
        more = true;
        *status = job->stream->take(job->stream->context, item, &more, error);
        *place = job->taken;
        if (*status != NDUP_STATUS_OK) {
            more = true;
            job->ended = true;
        }
        if (more) {
            job->taken++;
        } else {
            job->ended = true;
        }
    }
    pthread_mutex_unlock(&job->take_lock);
    return more;
}

/* Waits for the item's turn and commits it, or passes on the failure that stands there. */
static void commit_item(stream_job *job, void *item, uint64_t place, ndup_status status,
                        ndup_error *error)
{
    pthread_mutex_lock(&job->commit_lock);
    while (job->committed != place) {
        pthread_cond_wait(&job->turn, &job->commit_lock);
    }
    if (job->status == NDUP_STATUS_OK) {
        if (status == NDUP_STATUS_OK) {
            status = job->stream->commit(job->stream->context, item, error);
        }
        if (status != NDUP_STATUS_OK) {
            job->status = status;
            job->error = *error;
        }
    }
    bool stop = job->status != NDUP_STATUS_OK;
    job->committed++;
    pthread_cond_broadcast(&job->turn);
    pthread_mutex_unlock(&job->commit_lock);
    if (stop) {
        pthread_mutex_lock(&job->take_lock);
        job->ended = true;
        pthread_mutex_unlock(&job->take_lock);
    }
}

static void work_stream(void *argument, unsigned worker)
{
    stream_job *job = argument;
    void *item = job->items[worker];
    uint64_t place = 0;
    ndup_error error = {0};
    ndup_status status = NDUP_STATUS_OK;
    while (take_item(job, item, &place, &status, &error)) {
        if (status == NDUP_STATUS_OK) {
            status = job->stream->work(job->stream->context, item, worker, &error);
        }
        commit_item(job, item, place, status, &error);
    }
}

ndup_status ndup__pool_stream(ndup__pool *pool, const ndup__stream_work *stream, void **items,
                              ndup_error *error)
{
    stream_job job = {.stream = stream, .items = items};
    pthread_mutex_init(&job.take_lock, NULL);
    pthread_mutex_init(&job.commit_lock, NULL);
    pthread_cond_init(&job.turn, NULL);
    run_on_all(pool, work_stream, &job);
    pthread_cond_destroy(&job.turn);
    pthread_mutex_destroy(&job.commit_lock);
    pthread_mutex_destroy(&job.take_lock);
    if (job.status != NDUP_STATUS_OK && error != NULL) {
        *error = job.error;
    }
    return job.status;
}
