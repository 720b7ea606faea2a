/* SPDX-License-Identifier: MIT */
/* Segments as the database lists them, and the keys of what came behind them. */
#include "index/key_view.h"

#include "base/alloc.h"
#include "base/error.h"
#include "index/segment_files.h"

ndup_status ndup__key_view_init(ndup__key_view *view, const ndup__index_settings *settings,
                                const char *folder, const ndup_allocator *allocator,
                                ndup_error *error)
{
    *view = (ndup__key_view){.settings = settings,
                             .allocator = allocator,
                             .folder = folder,
                             .fresh = {.allocator = allocator}};
    return pthread_rwlock_init(&view->lock, NULL) == 0
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: a lock");
}

static void close_segments(ndup__key_view *view)
{
    for (size_t i = 0; i < view->segment_count; i++) {
        ndup__segment_close(view->segments[i].segment);
    }
    view->segment_count = 0;
}

void ndup__key_view_deinit(ndup__key_view *view)
{
    close_segments(view);
    ndup__free(view->allocator, &view->segments, view->segment_capacity, sizeof *view->segments);
    ndup__fresh_keys_deinit(&view->fresh);
    pthread_rwlock_destroy(&view->lock);
}

/* Whether the view has the segments that the database lists. */
static ndup_status lists_agree(const ndup__key_view *view, ndup__database *database, bool *agree,
                               ndup_error *error)
{
    ndup__stored_segment stored = {.last = 0};
    bool found = true;
    *agree = true;
    ndup_status status = NDUP_STATUS_OK;
    size_t i = 0;
    while (found && *agree && status == NDUP_STATUS_OK) {
        status = ndup__database_next_segment(database, stored.last + 1, &stored, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            *agree = i < view->segment_count && view->segments[i].first == stored.first &&
                     view->segments[i].last == stored.last;
            i++;
        }
    }
    *agree &= i == view->segment_count;
    return status;
}

/* Moves the handle of a segment that the view has already; NULL if it has not. */
static ndup__segment *take_known(ndup__key_view *view, const ndup__stored_segment *stored)
{
    for (size_t i = 0; i < view->segment_count; i++) {
        ndup__viewed_segment *known = &view->segments[i];
        if (known->first == stored->first && known->last == stored->last) {
            ndup__segment *segment = known->segment;
            known->segment = NULL;
            return segment;
        }
    }
    return NULL;
}

/* What a file of keys that cannot be used says, as opposed to a machine that has no memory. */
static bool is_fault_of_file(ndup_status status)
{
    return status != NDUP_STATUS_OK && status != NDUP_STATUS_MEMORY;
}

static ndup_status open_stored(ndup__key_view *view, ndup__viewed_segment *viewed,
                               const ndup__stored_segment *stored, ndup_error *error)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    *viewed =
        (ndup__viewed_segment){take_known(view, stored), stored->first, stored->last, stored->tier};
    if (viewed->segment != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__segment_path(path, view->folder, stored->first, stored->last, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_open(&viewed->segment, path, view->settings->identity,
                                    view->allocator, error);
    }
    return is_fault_of_file(status) ? NDUP_STATUS_OK : status;
}

/* A list with what the database has; segments that cannot be used have no handle. */
static ndup_status load_segments(ndup__key_view *view, ndup__database *database, ndup_error *error)
{
    ndup__viewed_segment *loaded = NULL;
    size_t count = 0;
    size_t capacity = 0;
    ndup__stored_segment stored = {.last = 0};
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    while (found && status == NDUP_STATUS_OK) {
        status = ndup__database_next_segment(database, stored.last + 1, &stored, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = ndup__reserve(view->allocator, &loaded, &capacity, count + 1, sizeof *loaded,
                                   error);
        }
        if (status == NDUP_STATUS_OK && found) {
            status = open_stored(view, &loaded[count], &stored, error);
            count++;
        }
    }
    close_segments(view);
    ndup__free(view->allocator, &view->segments, view->segment_capacity, sizeof *view->segments);
    view->segments = loaded;
    view->segment_capacity = capacity;
    view->segment_count = count;
    return status;
}

static ndup_status add_keys(ndup__key_view *view, uint32_t number, const ndup__document_keys *keys,
                            ndup_error *error)
{
    ndup__fresh_keys *fresh = &view->fresh;
    size_t before = fresh->count;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < keys->key_count && status == NDUP_STATUS_OK; i++) {
        status = ndup__fresh_keys_add(fresh, i, keys->keys[i], number, error);
    }
    for (size_t i = 0; i < keys->gram_count && status == NDUP_STATUS_OK; i++) {
        status =
            ndup__fresh_keys_add(fresh, view->settings->key_count, keys->grams[i], number, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__fresh_keys_take_back(fresh, before);
    } else if (number > view->last) {
        view->last = number;
    }
    return status;
}

static ndup_status read_rows(ndup__key_view *view, ndup__database *database, ndup__row_keys *room,
                             uint32_t first, uint32_t last, ndup_error *error)
{
    ndup__stored_document document = {.number = 0};
    ndup__stored_sketch sketch;
    ndup__document_keys keys;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t from = first; from <= last && found && status == NDUP_STATUS_OK;
         from = (uint64_t)document.number + 1) {
        status = ndup__database_next(database, (uint32_t)from, &document, &sketch, &found, error);
        found = found && document.number <= last;
        if (status == NDUP_STATUS_OK && found) {
            status = ndup__row_keys_make(room, &keys, &document, &sketch, error);
        }
        if (status == NDUP_STATUS_OK && found) {
            status = add_keys(view, document.number, &keys, error);
        }
    }
    return status;
}

/* Reads the keys of documents first..last into memory. */
static ndup_status read_fresh(ndup__key_view *view, ndup__database *database, uint32_t first,
                              uint32_t last, ndup_error *error)
{
    ndup__row_keys room;
    ndup_status status = ndup__row_keys_init(&room, view->settings, view->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_rows(view, database, &room, first, last, error);
    }
    ndup__row_keys_deinit(&room);
    return status;
}

/* Leaves in memory what stands behind the segments. */
static ndup_status keep_newer(ndup__key_view *view, ndup_error *error)
{
    ndup__fresh_keys newer = {.allocator = view->allocator};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < view->fresh.count && status == NDUP_STATUS_OK; i++) {
        const ndup__fresh_key *key = &view->fresh.keys[i];
        if (key->number > view->covered) {
            status = ndup__fresh_keys_add(&newer, key->table, key->key, key->number, error);
        }
    }
    ndup__fresh_keys_deinit(&view->fresh);
    view->fresh = newer;
    return status;
}

/* Reads what the segments speak for that cannot be used. */
static ndup_status read_broken(ndup__key_view *view, ndup__database *database, bool *is_broken,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    uint32_t last = view->last;
    for (size_t i = 0; i < view->segment_count && status == NDUP_STATUS_OK; i++) {
        const ndup__viewed_segment *viewed = &view->segments[i];
        if (viewed->segment == NULL) {
            *is_broken = true;
            status = read_fresh(view, database, viewed->first, viewed->last, error);
        }
    }
    view->last = last > view->covered ? last : view->covered;
    return status;
}

static ndup_status reload(ndup__key_view *view, ndup__database *database, bool *is_broken,
                          ndup_error *error)
{
    ndup_status status = load_segments(view, database, error);
    size_t count = view->segment_count;
    view->covered = count > 0 ? view->segments[count - 1].last : 0;
    if (status == NDUP_STATUS_OK) {
        status = keep_newer(view, error);
    }
    return status == NDUP_STATUS_OK ? read_broken(view, database, is_broken, error) : status;
}

static void forget(ndup__key_view *view)
{
    close_segments(view);
    ndup__fresh_keys_deinit(&view->fresh);
    view->covered = view->last = 0;
}

void ndup__key_view_forget(ndup__key_view *view)
{
    pthread_rwlock_wrlock(&view->lock);
    forget(view);
    pthread_rwlock_unlock(&view->lock);
}

static ndup_status refresh(ndup__key_view *view, ndup__database *database, bool *is_broken,
                           ndup_error *error)
{
    bool agree;
    ndup_status status = lists_agree(view, database, &agree, error);
    if (status == NDUP_STATUS_OK && !agree) {
        status = reload(view, database, is_broken, error);
    }
    return status == NDUP_STATUS_OK
               ? read_fresh(view, database, view->last + 1, NDUP__NUMBER_MOST, error)
               : status;
}

ndup_status ndup__key_view_refresh(ndup__key_view *view, ndup__database *database, bool *is_broken,
                                   ndup_error *error)
{
    *is_broken = false;
    pthread_rwlock_wrlock(&view->lock);
    ndup_status status = refresh(view, database, is_broken, error);
    if (status != NDUP_STATUS_OK) {
        forget(view);
    }
    pthread_rwlock_unlock(&view->lock);
    return status;
}

ndup_status ndup__key_view_add(ndup__key_view *view, uint32_t number,
                               const ndup__document_keys *keys, ndup_error *error)
{
    pthread_rwlock_wrlock(&view->lock);
    ndup_status status = add_keys(view, number, keys, error);
    pthread_rwlock_unlock(&view->lock);
    return status;
}

ndup__view_mark ndup__key_view_mark(ndup__key_view *view)
{
    return (ndup__view_mark){view->fresh.count, view->last};
}

void ndup__key_view_take_back(ndup__key_view *view, ndup__view_mark mark)
{
    pthread_rwlock_wrlock(&view->lock);
    ndup__fresh_keys_take_back(&view->fresh, mark.keys);
    view->last = mark.last;
    pthread_rwlock_unlock(&view->lock);
}
