/* SPDX-License-Identifier: MIT */
/* A connection to the database with all the work space that one question takes. */
#ifndef NDUP__INDEX_SESSION_H
#define NDUP__INDEX_SESSION_H

#include "dedup/matcher.h"
#include "index/key_view.h"
#include "index/prepared.h"
#include "index/stored_set.h"

/* A document that shares keys with the one asked about. */
typedef struct ndup__index_candidate {
    uint32_t number;
    uint32_t shared;    /* bands */
    uint32_t agreement; /* slots of the sketch */
} ndup__index_candidate;

/* A document that the one asked about is like. */
typedef struct ndup__index_found {
    uint32_t number;
    ndup_kind kind;
    bool is_estimated;
    double similarity, low, high;
    double containment, other_containment; /* -1: unknown */
} ndup__index_found;

/* Threads: single-owner. */
typedef struct ndup__session {
    const ndup__index_settings *settings;
    ndup__key_view *view;
    ndup__database *database;
    int64_t version; /* of the database, that the view has taken in through this session */
    ndup__preparer preparer;
    ndup__prepared prepared;
    ndup__number_list ids, classes, bands;
    ndup__index_candidate *candidates; /* [candidate_count] */
    size_t candidate_count, candidate_capacity;
    ndup__frequencies frequencies; /* of the document asked about and its look-alikes */
    ndup__matcher matcher;
    ndup__stored_set asked, other;
    ndup__row_keys row_keys;
    ndup__index_found *found; /* [found_count] best first */
    size_t found_count, found_capacity;
    bool is_capped;
    struct ndup__session *next; /* in the list of idle ones */
} ndup__session;

/* Takes over the database, also on failure. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__session_new(ndup__session **session,
                                             const ndup__index_settings *settings,
                                             ndup__key_view *view, ndup__database *database,
                                             const ndup_allocator *allocator, ndup_error *error);
void ndup__session_free(ndup__session *session);

/* Begins a transaction and takes in what others have committed. *is_broken: see
 * ndup__key_view_refresh. Errors: those of the database. */
NDUP_NODISCARD ndup_status ndup__session_begin(ndup__session *session, bool writes, bool *is_broken,
                                               ndup_error *error);

#endif
