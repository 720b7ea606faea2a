/* SPDX-License-Identifier: MIT */
/* One thread, woken to end. */
#include "spill/governor.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/memory.h"

struct ndup__governor {
    const ndup_allocator *allocator;
    ndup__governor_look *look;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock; /* guards is_ending */
    pthread_cond_t wake;
    bool is_ending;
};

/* With the lock held. */
static void pause_for(ndup__governor *governor, unsigned milliseconds)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until); /* set back, it waits longer once */
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000L;
    until.tv_sec += (time_t)(milliseconds / 1000) + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&governor->wake, &governor->lock, &until);
}

static void *governor_main(void *argument)
{
    ndup__governor *governor = argument;
    pthread_mutex_lock(&governor->lock);
    while (!governor->is_ending) {
        pthread_mutex_unlock(&governor->lock);
        unsigned pause = governor->look(governor->context, ndup__memory_resident());
        pthread_mutex_lock(&governor->lock);
        if (!governor->is_ending) {
            pause_for(governor, pause);
        }
    }
    pthread_mutex_unlock(&governor->lock);
    return NULL;
}

/* Signals are for the threads of the program. */
static int start_thread(ndup__governor *governor)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&governor->thread, NULL, governor_main, governor);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

ndup_status ndup__governor_start(ndup__governor **out, ndup__governor_look *look, void *context,
                                 const ndup_allocator *allocator, ndup_error *error)
{
    ndup__governor *governor;
    ndup_status status = ndup__allocate_zeroed(allocator, &governor, 1, sizeof *governor, error);
    *out = NULL;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    governor->allocator = allocator;
    governor->look = look;
    governor->context = context;
    pthread_mutex_init(&governor->lock, NULL);
    pthread_cond_init(&governor->wake, NULL);
    int failed = start_thread(governor);
    if (failed != 0) {
        ndup__free(allocator, &governor, 1, sizeof *governor);
        return ndup__fail_errno(error, NDUP_STATUS_LIMIT, failed, "cannot start a thread");
    }
    *out = governor;
    return NDUP_STATUS_OK;
}

void ndup__governor_stop(ndup__governor *governor)
{
    if (governor == NULL) {
        return;
    }
    pthread_mutex_lock(&governor->lock);
    governor->is_ending = true;
    pthread_cond_signal(&governor->wake);
    pthread_mutex_unlock(&governor->lock);
    (void)pthread_join(governor->thread, NULL);
    pthread_cond_destroy(&governor->wake);
    pthread_mutex_destroy(&governor->lock);
    const ndup_allocator *allocator = governor->allocator;
    ndup__free(allocator, &governor, 1, sizeof *governor);
}
