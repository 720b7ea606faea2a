/* SPDX-License-Identifier: MIT */
/* Threads for requests that take long: those that wait for the disk, and batches. */
#ifndef SERVE_WORKERS_H
#define SERVE_WORKERS_H

#include <pthread.h>
#include <stdbool.h>

/* Changes that wait for the disk are made together, as many as there are workers. */
enum { SERVE_WORKERS = 8 };

/* Work to be done; part of what it is about. */
typedef struct serve_work {
    void (*run)(struct serve_work *work);
    struct serve_work *next;
} serve_work;

/* Zero-initialise. Threads: locked. */
typedef struct serve_workers {
    pthread_t threads[SERVE_WORKERS];
    unsigned count;
    pthread_mutex_t lock;
    pthread_cond_t is_awaited;
    serve_work *first;
    serve_work *last;
    bool is_over;
} serve_workers;

/* False where no thread can be had. */
bool serve_workers_start(serve_workers *workers);

/* Ends them, after what they have to do is done. */
void serve_workers_stop(serve_workers *workers);

/* Has work done, in the order of the calls. */
void serve_workers_give(serve_workers *workers, serve_work *work);

#endif
