/* SPDX-License-Identifier: MIT */
/* Changes that wait while another is brought to the disk are made together by the next thread: so
 * eight threads wait for one flush and not for eight. */
#include "base/error.h"
#include "index/handle.h"
#include "index/writer_lock.h"

#define LOCK_SECONDS 10

/* Opens the writer's session when it is first needed. */
static ndup_status need_writer(ndup_index *index, ndup_error *error)
{
    ndup__database *database;
    if (index->writer != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__database_open(&database, index->database_path, NDUP__DATABASE_WRITE,
                                             (ndup__database_sync)index->options.sync, error);
    return status == NDUP_STATUS_OK
               ? ndup__session_new(&index->writer, &index->settings, &index->view, database,
                                   index->allocator, error)
               : status;
}

/* Takes the right to write for this thread, and the lock for this process. */
static ndup_status begin_alone(ndup_index *index, int *lock, ndup_error *error)
{
    double seconds =
        index->options.lock_timeout > 0 ? index->options.lock_timeout : (double)LOCK_SECONDS;
    *lock = -1;
    ndup_status status = ndup__writer_lock_take(lock, index->lock_path, seconds, error);
    return status == NDUP_STATUS_OK ? need_writer(index, error) : status;
}

/* Applies the changes in the order in which they came. */
static ndup_status apply_all(ndup_index *index, ndup__change *changes, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (ndup__change *change = changes; change != NULL && status == NDUP_STATUS_OK;
         change = change->next) {
        status = change->apply(change->context, index->writer, error);
    }
    return status;
}

static ndup_status commit_all(ndup_index *index, ndup__change *changes, ndup_error *error)
{
    ndup__session *writer = index->writer;
    bool is_broken;
    ndup_status status = ndup__session_begin(writer, true, &is_broken, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t last = ndup__key_view_last(&index->view);
    status = apply_all(index, changes, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_commit(writer->database, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__database_rollback(writer->database);
        ndup__key_view_take_back(&index->view, last);
    }
    return status;
}

/* What was added is safe: a segment that cannot be written is tried again with the next change. */
static void flush(ndup_index *index)
{
    ndup_error failure = {0};
    const ndup_hooks *hooks = &index->hooks;
    ndup_status status = ndup__key_view_flush(&index->view, index->writer->database, &failure);
    if (status != NDUP_STATUS_OK) {
        index->writer->version = -1; /* a segment may be named that the view has not */
    }
    if (status != NDUP_STATUS_OK && hooks->problem != NULL) {
        const ndup_problem problem = {
            .status = status, .path = index->segment_folder, .message = failure.message};
        hooks->problem(hooks->context, &problem);
    }
}

static ndup_status work_off(ndup_index *index, ndup__change *changes, ndup_error *error)
{
    int lock;
    ndup_status status = begin_alone(index, &lock, error);
    if (status == NDUP_STATUS_OK) {
        status = commit_all(index, changes, error);
    }
    if (status == NDUP_STATUS_OK) {
        flush(index);
    }
    ndup__writer_lock_give(lock);
    return status;
}

/* The changes that wait, oldest first. */
static ndup__change *take_waiting(ndup_index *index)
{
    ndup__change *oldest = NULL;
    while (index->waiting != NULL) {
        ndup__change *change = index->waiting;
        index->waiting = change->next;
        change->next = oldest;
        oldest = change;
    }
    return oldest;
}

static void finish(ndup__change *changes, ndup_status status, const ndup_error *error)
{
    while (changes != NULL) {
        ndup__change *next = changes->next;
        changes->status = status;
        changes->error = *error;
        changes->is_done = true;
        changes = next;
    }
}

static ndup_status require_writable(const ndup_index *index, ndup_error *error)
{
    return index->options.read_only
               ? ndup__fail(error, NDUP_STATUS_INVALID,
                            "%s: the index is opened for reading and cannot be changed",
                            index->database_path)
               : NDUP_STATUS_OK;
}

ndup_status ndup__index_change(ndup_index *index, ndup__change *change, ndup_error *error)
{
    ndup_status status = require_writable(index, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pthread_mutex_lock(&index->change_lock);
    change->next = index->waiting;
    index->waiting = change;
    while (!change->is_done && index->is_changing) {
        pthread_cond_wait(&index->change_done, &index->change_lock);
    }
    if (!change->is_done) {
        ndup__change *changes = take_waiting(index);
        ndup_error failure = {0};
        index->is_changing = true;
        pthread_mutex_unlock(&index->change_lock);
        status = work_off(index, changes, &failure);
        pthread_mutex_lock(&index->change_lock);
        index->is_changing = false;
        finish(changes, status, &failure);
        pthread_cond_broadcast(&index->change_done);
    }
    pthread_mutex_unlock(&index->change_lock);
    if (change->status != NDUP_STATUS_OK && error != NULL) {
        *error = change->error;
    }
    return change->status;
}

ndup_status ndup__index_alone(ndup_index *index,
                              ndup_status (*work)(ndup_index *index, void *context,
                                                  ndup_error *error),
                              void *context, ndup_error *error)
{
    int lock;
    ndup_status status = require_writable(index, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pthread_mutex_lock(&index->change_lock);
    while (index->is_changing) {
        pthread_cond_wait(&index->change_done, &index->change_lock);
    }
    index->is_changing = true;
    pthread_mutex_unlock(&index->change_lock);
    status = begin_alone(index, &lock, error);
    if (status == NDUP_STATUS_OK) {
        status = work(index, context, error);
    }
    ndup__writer_lock_give(lock);
    pthread_mutex_lock(&index->change_lock);
    index->is_changing = false;
    pthread_cond_broadcast(&index->change_done);
    pthread_mutex_unlock(&index->change_lock);
    return status;
}
