/* SPDX-License-Identifier: MIT */
/* An open index: what its functions share. */
#ifndef NDUP__INDEX_HANDLE_H
#define NDUP__INDEX_HANDLE_H

#include "index/answers.h"
#include "index/index_temporary.h"

/* Bytes of a path in an index. */
#define NDUP__INDEX_PATH_BYTES 4000

/* A call that changes the index, waiting for its turn. */
typedef struct ndup__change {
    /* Does the work within a transaction. */
    ndup_status (*apply)(void *context, ndup__session *session, ndup_error *error);
    void *context;
    ndup_status status;
    ndup_error error;
    bool is_done;
    struct ndup__change *next;
} ndup__change;

struct ndup_index {
    const ndup_allocator *allocator;
    ndup__index_settings settings;
    ndup_index_open_options options;
    ndup_hooks hooks;
    char database_path[NDUP__INDEX_PATH_BYTES + 32];
    char segment_folder[NDUP__INDEX_PATH_BYTES + 32];
    char lock_path[NDUP__INDEX_PATH_BYTES + 32];
    ndup__key_view view;
    pthread_mutex_t idle_lock; /* guards idle */
    ndup__session *idle;
    pthread_mutex_t change_lock; /* guards what follows, but the writer's work */
    pthread_cond_t change_done;
    ndup__change *waiting;            /* newest first */
    bool is_changing;                 /* a thread works off changes */
    ndup__session *writer;            /* of that thread */
    ndup__index_temporary *temporary; /* NULL: it stays */
};

/* A session for reading, and back. Errors: those of opening the database. */
NDUP_NODISCARD ndup_status ndup__index_take_session(ndup_index *index, ndup__session **session,
                                                    ndup_error *error);
void ndup__index_give_session(ndup_index *index, ndup__session *session);

/* Makes a change, together with those that other threads wait with, in one transaction. Errors:
 * those of the changes; LIMIT when another process has the lock for too long; IO for an index that
 * is opened for reading. */
NDUP_NODISCARD ndup_status ndup__index_change(ndup_index *index, ndup__change *change,
                                              ndup_error *error);

/* Does work on segments and database outside of a transaction, as the only one who writes. */
NDUP_NODISCARD ndup_status ndup__index_alone(ndup_index *index,
                                             ndup_status (*work)(ndup_index *index, void *context,
                                                                 ndup_error *error),
                                             void *context, ndup_error *error);

/* What is to be done when a page of a segment turns out to be damaged: all of them are read and
 * made anew; in an index that is opened for reading the damaged ones are done without. */
NDUP_NODISCARD ndup_status ndup__index_mend(ndup_index *index, bool reads_all, ndup_error *error);

#endif
