/* SPDX-License-Identifier: MIT */
/* One queue for all threads. */
#include "serve_workers.h"

#include <stddef.h>

/* The next work; NULL when there is none and none will come. */
static serve_work *take(serve_workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    while (workers->first == NULL && !workers->is_over) {
        pthread_cond_wait(&workers->is_awaited, &workers->lock);
    }
    serve_work *work = workers->first;
    if (work != NULL) {
        workers->first = work->next;
        workers->last = workers->first != NULL ? workers->last : NULL;
    }
    pthread_mutex_unlock(&workers->lock);
    return work;
}

static void *run(void *context)
{
    serve_workers *workers = context;
    for (serve_work *work = take(workers); work != NULL; work = take(workers)) {
        work->run(work);
    }
    return NULL;
}

bool serve_workers_start(serve_workers *workers)
{
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->is_awaited, NULL);
    while (workers->count < SERVE_WORKERS &&
           pthread_create(&workers->threads[workers->count], NULL, run, workers) == 0) {
        workers->count++;
    }
    return workers->count > 0;
}

void serve_workers_stop(serve_workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    workers->is_over = true;
    pthread_cond_broadcast(&workers->is_awaited);
    pthread_mutex_unlock(&workers->lock);
    for (unsigned i = 0; i < workers->count; i++) {
        pthread_join(workers->threads[i], NULL);
    }
    pthread_cond_destroy(&workers->is_awaited);
    pthread_mutex_destroy(&workers->lock);
}

void serve_workers_give(serve_workers *workers, serve_work *work)
{
    work->next = NULL;
    pthread_mutex_lock(&workers->lock);
    if (workers->last != NULL) {
        workers->last->next = work;
    } else {
        workers->first = work;
    }
    workers->last = work;
    pthread_cond_signal(&workers->is_awaited);
    pthread_mutex_unlock(&workers->lock);
}
