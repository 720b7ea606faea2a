/* SPDX-License-Identifier: MIT */
/* Whether an index is sound: the database, every row, and that every key of it is found. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "index/handle.h"
#include "index/row_keys.h"

/* Documents between two words of progress. */
#define PROGRESS_EVERY 4096

typedef struct checking {
    ndup_index *index;
    ndup__session *session;
    const ndup_hooks *hooks;
    ndup__row_keys keys;
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

static ndup_status require_key(checking *now, uint32_t table, uint32_t key, uint32_t number,
                               ndup_error *error)
{
    bool has;
    ndup_status status = ndup__key_view_has(&now->index->view, &has, table, key, number, error);
    return status == NDUP_STATUS_OK && !has
               ? ndup__fail(error, NDUP_STATUS_CORRUPT,
                            "document %u is not found by its key %08x of table %u", number, key,
                            table)
               : status;
}

static ndup_status verify_tokens(checking *now, const ndup__stored_document *document,
                                 ndup_text tokens, ndup_error *error)
{
    ndup__token_list *list = &now->session->other.list;
    if (now->index->settings.options.store == NDUP_INDEX_SKETCHES) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__token_list_read(list, tokens, error);
    return status == NDUP_STATUS_OK && list->count != document->tokens
               ? ndup__fail(error, NDUP_STATUS_CORRUPT, "document %u has %zu tokens, must be %llu",
                            document->number, list->count, (unsigned long long)document->tokens)
               : status;
}

/* What is kept of a family beside its documents: reading it compares it with its seals. */
static ndup_status verify_family(checking *now, uint32_t family, ndup_error *error)
{
    ndup__database *database = now->session->database;
    uint64_t members;
    ndup_text tokens;
    bool found = true;
    ndup_status status = ndup__database_members(database, family, &members, error);
    for (uint32_t i = 0; found && status == NDUP_STATUS_OK; i++) {
        status = ndup__database_witness(database, family, i, &tokens, &found, error);
    }
    return status;
}

static ndup_status verify_row(checking *now, const ndup__stored_document *document,
                              const ndup__stored_sketch *sketch, ndup_error *error)
{
    ndup__document_keys keys;
    uint32_t number = document->number;
    ndup_status status = ndup__row_keys_make(&now->keys, &keys, document, sketch, error);
    for (uint32_t i = 0; status == NDUP_STATUS_OK && i < keys.key_count; i++) {
        status = require_key(now, i, keys.keys[i], number, error);
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < keys.gram_count; i++) {
        status = require_key(now, now->index->settings.key_count, keys.grams[i], number, error);
    }
    if (status == NDUP_STATUS_OK && document->stands) {
        status = verify_family(now, number, error);
    }
    return status == NDUP_STATUS_OK ? verify_tokens(now, document, sketch->tokens, error) : status;
}

static ndup_status verify_rows(checking *now, ndup_error *error)
{
    ndup__stored_document document = {.number = 0};
    ndup__stored_sketch sketch;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    while (found && status == NDUP_STATUS_OK) {
        status = ndup__database_next(now->session->database, document.number + 1, &document,
                                     &sketch, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = verify_row(now, &document, &sketch, error);
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
    status = ndup__index_take_session(index, &now.session, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__row_keys_init(&now.keys, &index->settings, index->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__session_begin(now.session, false, &is_broken, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = verify(&now, error);
    }
    ndup__database_rollback(now.session->database);
    ndup__index_give_session(index, now.session);
    ndup__row_keys_deinit(&now.keys);
    return status;
}
