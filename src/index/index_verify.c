/* SPDX-License-Identifier: MIT */
/* Whether an index is sound: the database, every row, and that every key of it is found. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "index/handle.h"

/* Documents between two words of progress. */
#define PROGRESS_EVERY 4096

typedef struct checking {
    ndup_index *index;
    ndup__session *session;
    const ndup_hooks *hooks;
    uint32_t *keys; /* [tables] */
    uint64_t documents, done;
} checking;

static ndup_status check_cancelled(const checking *now, ndup_error *error)
{
    const ndup_hooks *hooks = now->hooks;
    if (hooks == NULL || hooks->progress == NULL || now->done % PROGRESS_EVERY != 0) {
        return NDUP_STATUS_OK;
    }
    const ndup_progress progress = {.stage = NDUP_STAGE_VERIFY,
                                    .done = now->done,
                                    .total = now->documents,
                                    .documents = now->done};
    return hooks->progress(hooks->context, &progress)
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_CANCELLED, "cancelled");
}

static ndup_status verify_segments(const checking *now, ndup_error *error)
{
    ndup__key_view *view = &now->index->view;
    ndup_status status = NDUP_STATUS_OK;
    pthread_rwlock_rdlock(&view->lock);
    for (size_t i = 0; i < view->segment_count && status == NDUP_STATUS_OK; i++) {
        if (view->segments[i].segment != NULL) {
            status = ndup__segment_verify(view->segments[i].segment, NULL, NULL, error);
        }
    }
    pthread_rwlock_unlock(&view->lock);
    return status;
}

static ndup_status require_key(checking *now, uint32_t table, uint32_t number, ndup_error *error)
{
    bool has;
    ndup_status status =
        ndup__key_view_has(&now->index->view, &has, table, now->keys[table], number, error);
    return status == NDUP_STATUS_OK && !has
               ? ndup__fail(error, NDUP_STATUS_CORRUPT,
                            "document %u is not found by its key %08x of table %u", number,
                            now->keys[table], table)
               : status;
}

static ndup_status verify_tokens(checking *now, uint32_t number, uint64_t tokens, ndup_error *error)
{
    ndup__stored_sketch sketch;
    ndup__token_list *list = &now->session->other.list;
    bool found;
    ndup_status status =
        ndup__database_sketch(now->session->database, number, &sketch, &found, error);
    if (status != NDUP_STATUS_OK || !found ||
        now->index->settings.options.store == NDUP_INDEX_SKETCHES) {
        return status;
    }
    status = ndup__token_list_read(list, sketch.tokens, error);
    return status == NDUP_STATUS_OK && list->count != tokens
               ? ndup__fail(error, NDUP_STATUS_CORRUPT, "document %u has %zu tokens, must be %llu",
                            number, list->count, (unsigned long long)tokens)
               : status;
}

static ndup_status verify_row(checking *now, const ndup__stored_document *document, ndup_text row,
                              ndup_error *error)
{
    const ndup__index_settings *settings = &now->index->settings;
    bool has_bands;
    ndup_status status =
        ndup__settings_row_keys(settings, now->keys, &has_bands, document, row, error);
    uint32_t tables = has_bands ? settings->tables : NDUP__TABLE_BANDS;
    for (uint32_t i = 0; i < tables && status == NDUP_STATUS_OK; i++) {
        status = require_key(now, i, document->number, error);
    }
    return status == NDUP_STATUS_OK ? verify_tokens(now, document->number, document->tokens, error)
                                    : status;
}

static ndup_status verify_rows(checking *now, ndup_error *error)
{
    ndup__stored_document document = {.number = 0};
    ndup_text row;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    while (found && status == NDUP_STATUS_OK) {
        status = ndup__database_next(now->session->database, document.number + 1, &document, &row,
                                     &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = verify_row(now, &document, row, error);
            now->done++;
        }
        if (status == NDUP_STATUS_OK) {
            status = check_cancelled(now, error);
        }
    }
    return status;
}

static ndup_status verify(checking *now, ndup_error *error)
{
    ndup__database_counts counts;
    ndup_status status = ndup__database_verify(now->session->database, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_count(now->session->database, &counts, error);
    }
    if (status == NDUP_STATUS_OK) {
        now->documents = counts.documents;
        status = verify_segments(now, error);
    }
    return status == NDUP_STATUS_OK ? verify_rows(now, error) : status;
}

ndup_status ndup_index_verify(ndup_index *index, const ndup_hooks *hooks, ndup_error *error)
{
    bool is_broken;
    ndup_status status = NDUP__REQUIRE(error, "index", index);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    checking now = {.index = index, .hooks = hooks};
    uint32_t tables = index->settings.tables;
    status = ndup__index_take_session(index, &now.session, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__resize(index->allocator, &now.keys, 0, tables, sizeof *now.keys, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__session_begin(now.session, false, &is_broken, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = verify(&now, error);
    }
    ndup__database_rollback(now.session->database);
    ndup__index_give_session(index, now.session);
    ndup__free(index->allocator, &now.keys, now.keys != NULL ? tables : 0, sizeof *now.keys);
    return status;
}
