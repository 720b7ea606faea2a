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
    ndup__stopwatch *watches; /* [workers], may be NULL; with the part that ranges belong to */
    unsigned part;
    const ndup__breath *breath; /* may be NULL */
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
                                    "cannot start thread %u of %u, for lack of memory or of "
                                    "processes; one thread needs none",
                                    i + 2, pool->workers);
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

void ndup__pool_watch(ndup__pool *pool, ndup__stopwatch *watches, unsigned part)
{
    pool->watches = watches;
    pool->part = part;
}

void ndup__pool_set_breath(ndup__pool *pool, const ndup__breath *breath)
{
    pool->breath = breath;
}

const ndup__breath *ndup__pool_breath(const ndup__pool *pool)
{
    return pool->breath;
}

typedef struct range_job {
    const ndup__pool *pool;
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

static ndup_status work_range(const ndup__pool *pool, ndup__range_work work, void *context,
                              size_t begin, size_t end, unsigned worker, ndup_error *error)
{
    ndup__stopwatch *watch = pool->watches != NULL ? &pool->watches[worker] : NULL;
    if (watch != NULL) {
        ndup__stopwatch_start(watch);
    }
    ndup_status status = work(context, begin, end, worker, error);
    ndup__breathe(pool->breath);
    if (watch != NULL) {
        ndup__stopwatch_lap(watch, pool->part);
    }
    return status;
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
        ndup_status status =
            work_range(job->pool, job->work, job->context, begin, end, worker, &error);
        if (status != NDUP_STATUS_OK) {
            note_range_failure(job, begin, status, &error);
        }
    }
}

/* All ranges, without a thread: at once where nobody breathes between them. */
static ndup_status work_alone(const range_job *job, size_t begin, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t grain = job->pool->breath != NULL ? job->grain : job->end - begin;
    while (begin < job->end && status == NDUP_STATUS_OK) {
        size_t end = job->end - begin < grain ? job->end : begin + grain;
        status = work_range(job->pool, job->work, job->context, begin, end, 0, error);
        begin = end;
    }
    return status;
}

ndup_status ndup__pool_ranges(ndup__pool *pool, size_t begin, size_t end, size_t grain,
                              ndup__range_work work, void *context, ndup_error *error)
{
    range_job job = {
        .pool = pool, .work = work, .context = context, .end = end, .grain = grain, .next = begin};
    if (end - begin <= grain || pool->workers == 1) {
        return work_alone(&job, begin, error);
    }
    pthread_mutex_init(&job.lock, NULL);
    run_on_all(pool, work_ranges, &job);
    pthread_mutex_destroy(&job.lock);
    if (job.status != NDUP_STATUS_OK && error != NULL) {
        *error = job.error;
    }
    return job.status;
}

/* Where an item is on its way. */
typedef enum slot_state { SLOT_FREE, SLOT_BUSY, SLOT_WAITING } slot_state;

typedef struct stream_slot {
    slot_state state;
    uint64_t place; /* in the order of taking */
    ndup_status status;
    ndup_error error;
} stream_slot;

typedef struct stream_job {
    const ndup__breath *breath;
    const ndup__stream_work *stream;
    char *items;
    size_t item_bytes;
    size_t count;
    pthread_mutex_t take_lock;
    uint64_t taken;       /* guarded by take_lock */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t freed;
    stream_slot *slots; /* [count] */
    bool ended;
    bool committing;
    uint64_t committed;
    ndup_status status;
    ndup_error error;
} stream_job;

/* A free item, waited for; false when the stream has ended. */
static bool acquire_item(stream_job *job, size_t *number)
{
    bool found = false;
    pthread_mutex_lock(&job->lock);
    while (!job->ended && !found) {
        for (size_t i = 0; i < job->count && !found; i++) {
            found = job->slots[i].state == SLOT_FREE;
            *number = i;
        }
        if (!found) {
            pthread_cond_wait(&job->freed, &job->lock);
        }
    }
    if (found) {
        job->slots[*number].state = SLOT_BUSY;
    }
    pthread_mutex_unlock(&job->lock);
    return found;
}

static void end_stream(stream_job *job)
{
    pthread_mutex_lock(&job->lock);
    job->ended = true;
    pthread_cond_broadcast(&job->freed);
    pthread_mutex_unlock(&job->lock);
}

/* Takes the next item; false when there is none. A failure to take is reported at its place in the
 * order. */
static bool take_item(stream_job *job, void *item, stream_slot *slot, unsigned worker)
{
    pthread_mutex_lock(&job->take_lock);
    pthread_mutex_lock(&job->lock);
    bool more = !job->ended;
    pthread_mutex_unlock(&job->lock);
    slot->status = NDUP_STATUS_OK;
    if (more) {
        slot->status = job->stream->take(job->stream->context, item, worker, &more, &slot->error);
        slot->place = job->taken;
        if (slot->status != NDUP_STATUS_OK || !more) {
            end_stream(job);
        }
        more |= slot->status != NDUP_STATUS_OK;
        job->taken += more;
    }
    pthread_mutex_unlock(&job->take_lock);
    return more;
}

/* The item whose turn it is, if its work is done. */
static stream_slot *find_turn(const stream_job *job)
{
    for (size_t i = 0; i < job->count; i++) {
        stream_slot *slot = &job->slots[i];
        if (slot->state == SLOT_WAITING && slot->place == job->committed) {
            return slot;
        }
    }
    return NULL;
}

/* Commits one item, or passes on the failure that stands there. The lock is held, but not while
 * committing. */
static void commit_item(stream_job *job, stream_slot *slot, unsigned worker)
{
    void *item = job->items + (size_t)(slot - job->slots) * job->item_bytes;
    if (job->status == NDUP_STATUS_OK) {
        if (slot->status == NDUP_STATUS_OK) {
            pthread_mutex_unlock(&job->lock);
            slot->status = job->stream->commit(job->stream->context, item, worker, &slot->error);
            pthread_mutex_lock(&job->lock);
        }
        if (slot->status != NDUP_STATUS_OK) {
            job->status = slot->status;
            job->error = slot->error;
            job->ended = true;
        }
    }
    job->committed++;
    slot->state = SLOT_FREE;
    pthread_cond_broadcast(&job->freed);
}

/* Leaves a finished item, and commits all whose turn has come unless another worker is at it: that
 * one will see this item, too. */
static void leave_item(stream_job *job, stream_slot *slot, unsigned worker)
{
    pthread_mutex_lock(&job->lock);
    slot->state = SLOT_WAITING;
    if (!job->committing) {
        job->committing = true;
        for (stream_slot *next; (next = find_turn(job)) != NULL;) {
            commit_item(job, next, worker);
        }
        job->committing = false;
    }
    pthread_mutex_unlock(&job->lock);
}

static void work_stream(void *argument, unsigned worker)
{
    stream_job *job = argument;
    size_t number;
    while (acquire_item(job, &number)) {
        stream_slot *slot = &job->slots[number];
        void *item = job->items + number * job->item_bytes;
        if (!take_item(job, item, slot, worker)) {
            return;
        }
        if (slot->status == NDUP_STATUS_OK) {
            slot->status = job->stream->work(job->stream->context, item, worker, &slot->error);
        }
        leave_item(job, slot, worker);
        ndup__breathe(job->breath);
    }
}

size_t ndup__pool_items(const ndup__pool *pool)
{
    return pool->workers > 1 ? pool->workers + ((size_t)pool->workers + 3) / 4 : 1;
}

ndup_status ndup__pool_stream(ndup__pool *pool, const ndup__stream_work *stream, void *items,
                              size_t item_bytes, size_t count, ndup_error *error)
{
    stream_job job = {.breath = pool->breath,
                      .stream = stream,
                      .items = items,
                      .item_bytes = item_bytes,
                      .count = count};
    ndup_status status =
        ndup__allocate_zeroed(pool->allocator, &job.slots, count, sizeof *job.slots, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pthread_mutex_init(&job.take_lock, NULL);
    pthread_mutex_init(&job.lock, NULL);
    pthread_cond_init(&job.freed, NULL);
    run_on_all(pool, work_stream, &job);
    pthread_cond_destroy(&job.freed);
    pthread_mutex_destroy(&job.lock);
    pthread_mutex_destroy(&job.take_lock);
    ndup__free(pool->allocator, &job.slots, count, sizeof *job.slots);
    if (job.status != NDUP_STATUS_OK && error != NULL) {
        *error = job.error;
    }
    return job.status;
}
