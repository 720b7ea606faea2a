/* SPDX-License-Identifier: MIT */
/* A few readers are kept, so that their memory is used again; those that come on top go. */
#include "serve_readers.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEPT_MOST = 16 };

struct serve_readers {
    pthread_mutex_t lock;
    ndup_record_reader *idle[KEPT_MOST];
    size_t idle_count;
};

ndup_status serve_readers_new(serve_readers **readers, ndup_error *error)
{
    serve_readers *made = calloc(1, sizeof *made);
    *readers = made;
    if (made == NULL) {
        error->status = NDUP_STATUS_MEMORY;
        snprintf(error->message, sizeof error->message, "out of memory");
        return NDUP_STATUS_MEMORY;
    }
    pthread_mutex_init(&made->lock, NULL);
    return NDUP_STATUS_OK;
}

void serve_readers_free(serve_readers *readers)
{
    if (readers != NULL) {
        while (readers->idle_count > 0) {
            ndup_record_reader_free(readers->idle[--readers->idle_count]);
        }
        pthread_mutex_destroy(&readers->lock);
        free(readers);
    }
}

ndup_status serve_readers_take(ndup_record_reader **reader, serve_readers *readers,
                               ndup_error *error)
{
    *reader = NULL;
    pthread_mutex_lock(&readers->lock);
    if (readers->idle_count > 0) {
        *reader = readers->idle[--readers->idle_count];
    }
    pthread_mutex_unlock(&readers->lock);
    return *reader != NULL ? NDUP_STATUS_OK : ndup_record_reader_new(reader, NULL, error);
}

void serve_readers_give(serve_readers *readers, ndup_record_reader *reader)
{
    ndup_record_reader_reset(reader);
    pthread_mutex_lock(&readers->lock);
    bool is_kept = readers->idle_count < KEPT_MOST;
    if (is_kept) {
        readers->idle[readers->idle_count++] = reader;
    }
    pthread_mutex_unlock(&readers->lock);
    if (!is_kept) {
        ndup_record_reader_free(reader);
    }
}
