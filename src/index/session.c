/* SPDX-License-Identifier: MIT */
/* Making sessions, and keeping the view up to date through them. */
#include "index/session.h"

#include "base/alloc.h"

static void init_lists(ndup__session *session, const ndup_allocator *allocator)
{
    session->prepared.allocator = allocator;
    session->ids.allocator = allocator;
    session->classes.allocator = allocator;
    session->bands.allocator = allocator;
    session->frequencies.allocator = allocator;
    ndup__stored_set_init(&session->asked, allocator);
    ndup__stored_set_init(&session->other, allocator);
    ndup__matcher_init(&session->matcher, &session->settings->options.dedup, &session->frequencies,
                       allocator);
}

ndup_status ndup__session_new(ndup__session **out, const ndup__index_settings *settings,
                              ndup__key_view *view, ndup__database *database,
                              const ndup_allocator *allocator, ndup_error *error)
{
    ndup__session *session;
    ndup_status status = ndup__allocate_zeroed(allocator, &session, 1, sizeof *session, error);
    *out = session;
    if (status != NDUP_STATUS_OK) {
        ndup__database_close(database);
        return status;
    }
    session->settings = settings;
    session->view = view;
    session->database = database;
    session->version = -1;
    init_lists(session, allocator);
    status = ndup__preparer_init(&session->preparer, settings, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__row_keys_init(&session->row_keys, settings, allocator, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__session_free(session);
        *out = NULL;
    }
    return status;
}

void ndup__session_free(ndup__session *session)
{
    if (session == NULL) {
        return;
    }
    const ndup_allocator *allocator = session->prepared.allocator;
    ndup__preparer_deinit(&session->preparer);
    ndup__row_keys_deinit(&session->row_keys);
    ndup__prepared_deinit(&session->prepared);
    ndup__number_list_deinit(&session->ids);
    ndup__number_list_deinit(&session->classes);
    ndup__number_list_deinit(&session->bands);
    ndup__free(allocator, &session->candidates, session->candidate_capacity,
               sizeof *session->candidates);
    ndup__frequencies_deinit(&session->frequencies);
    ndup__matcher_deinit(&session->matcher);
    ndup__stored_set_deinit(&session->asked);
    ndup__stored_set_deinit(&session->other);
    ndup__free(allocator, &session->found, session->found_capacity, sizeof *session->found);
    ndup__database_close(session->database);
    ndup__free(allocator, &session, 1, sizeof *session);
}

/* The writer has the newest state from the beginning of its transaction on; a reader has to take it
 * while nobody else changes the view. */
static ndup_status take_in(ndup__session *session, bool writes, int64_t *version, bool *is_broken,
                           ndup_error *error)
{
    if (writes) {
        return ndup__key_view_refresh(session->view, session->database, is_broken, error);
    }
    ndup__database_rollback(session->database);
    return ndup__key_view_begin(session->view, session->database, version, is_broken, error);
}

ndup_status ndup__session_begin(ndup__session *session, bool writes, bool *is_broken,
                                ndup_error *error)
{
    int64_t version = 0;
    *is_broken = false;
    ndup_status status = ndup__database_begin(session->database, writes, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__database_version(session->database, &version, error);
    if (status == NDUP_STATUS_OK && version != session->version) {
        status = take_in(session, writes, &version, is_broken, error);
    }
    if (status == NDUP_STATUS_OK) {
        session->version = version;
    } else {
        ndup__database_rollback(session->database);
    }
    return status;
}
