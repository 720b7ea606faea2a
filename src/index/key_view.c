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
                             .fresh = {.allocator = allocator},
                             .fresh_most = NDUP__FRESH_MOST};
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

/* The handle of a segment that the view has already; NULL if it has not. */
static ndup__segment *find_known(const ndup__key_view *view, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < view->segment_count; i++) {
        const ndup__viewed_segment *known = &view->segments[i];
        if (known->first == first && known->last == last) {
            return known->segment;
        }
    }
    return NULL;
}

/* What a file of keys that cannot be used says, as opposed to a machine that has no memory. */
static bool is_fault_of_file(ndup_status status)
{
    return status != NDUP_STATUS_OK && status != NDUP_STATUS_MEMORY;
}

static ndup_status open_stored(const ndup__key_view *view, ndup__viewed_segment *viewed,
                               const ndup__stored_segment *stored, ndup_error *error)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    *viewed = (ndup__viewed_segment){find_known(view, stored->first, stored->last), stored->first,
                                     stored->last, stored->tier};
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

/* The segments that the database has, with the handles of those that `known` has; those that cannot
 * be used have none. */
static ndup_status load_segments(ndup__key_view *view, const ndup__key_view *known,
                                 ndup__database *database, ndup_error *error)
{
    ndup__stored_segment stored = {.last = 0};
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    while (found && status == NDUP_STATUS_OK) {
        size_t count = view->segment_count;
        status = ndup__database_next_segment(database, stored.last + 1, &stored, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = ndup__reserve(view->allocator, &view->segments, &view->segment_capacity,
                                   count + 1, sizeof *view->segments, error);
        }
        if (status == NDUP_STATUS_OK && found) {
            status = open_stored(known, &view->segments[count], &stored, error);
            view->segment_count++;
        }
    }
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

/* Takes from `known` what stands behind the segments. */
static ndup_status keep_newer(ndup__key_view *view, const ndup__key_view *known, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < known->fresh.count && status == NDUP_STATUS_OK; i++) {
        const ndup__fresh_key *key = &known->fresh.keys[i];
        if (key->number > view->covered) {
            status = ndup__fresh_keys_add(&view->fresh, key->table, key->key, key->number, error);
        }
    }
    view->last = known->last > view->covered ? known->last : view->covered;
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
    view->last = last;
    return status;
}

/* Closes the segments of a view that `other` does not have. */
static void close_others(ndup__key_view *view, const ndup__key_view *other)
{
    for (size_t i = 0; i < view->segment_count; i++) {
        ndup__viewed_segment *viewed = &view->segments[i];
        if (viewed->segment != find_known(other, viewed->first, viewed->last)) {
            ndup__segment_close(viewed->segment);
        }
    }
    ndup__free(view->allocator, &view->segments, view->segment_capacity, sizeof *view->segments);
    view->segment_count = view->segment_capacity = 0;
    ndup__fresh_keys_deinit(&view->fresh);
}

/* Makes the view anew beside the old one, of which `known` is what can be used still: when that
 * fails, the old one stays. */
static ndup_status reload(ndup__key_view *view, const ndup__key_view *known,
                          ndup__database *database, bool *is_broken, ndup_error *error)
{
    ndup__key_view next = {.settings = view->settings,
                           .allocator = view->allocator,
                           .folder = view->folder,
                           .fresh = {.allocator = view->allocator}};
    ndup_status status = load_segments(&next, known, database, error);
    size_t count = next.segment_count;
    next.covered = count > 0 ? next.segments[count - 1].last : 0;
    if (status == NDUP_STATUS_OK) {
        status = keep_newer(&next, known, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_broken(&next, database, is_broken, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_fresh(&next, database, next.last + 1, NDUP__NUMBER_MOST, error);
    }
    if (status != NDUP_STATUS_OK) {
        close_others(&next, known);
        return status;
    }
    close_others(view, &next);
    view->segments = next.segments;
    view->segment_count = next.segment_count;
    view->segment_capacity = next.segment_capacity;
    view->fresh = next.fresh;
    view->covered = next.covered;
    view->last = next.last;
    return NDUP_STATUS_OK;
}

static ndup_status refresh(ndup__key_view *view, ndup__database *database, bool *is_broken,
                           ndup_error *error)
{
    bool agree;
    *is_broken = false;
    ndup_status status = lists_agree(view, database, &agree, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return agree ? read_fresh(view, database, view->last + 1, NDUP__NUMBER_MOST, error)
                 : reload(view, view, database, is_broken, error);
}

ndup_status ndup__key_view_refresh(ndup__key_view *view, ndup__database *database, bool *is_broken,
                                   ndup_error *error)
{
    pthread_rwlock_wrlock(&view->lock);
    ndup_status status = refresh(view, database, is_broken, error);
    pthread_rwlock_unlock(&view->lock);
    return status;
}

ndup_status ndup__key_view_reload(ndup__key_view *view, ndup__database *database, ndup_error *error)
{
    bool is_broken;
    const ndup__key_view nothing = {
        .settings = view->settings, .allocator = view->allocator, .folder = view->folder};
    pthread_rwlock_wrlock(&view->lock);
    ndup_status status = reload(view, &nothing, database, &is_broken, error);
    pthread_rwlock_unlock(&view->lock);
    return status;
}

/* Who began with an older state and refreshed later would take keys away that others need. */
ndup_status ndup__key_view_begin(ndup__key_view *view, ndup__database *database, int64_t *version,
                                 bool *is_broken, ndup_error *error)
{
    pthread_rwlock_wrlock(&view->lock);
    ndup_status status = ndup__database_begin(database, false, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_version(database, version, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = refresh(view, database, is_broken, error);
    }
    pthread_rwlock_unlock(&view->lock);
    if (status != NDUP_STATUS_OK) {
        ndup__database_rollback(database);
    }
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

uint32_t ndup__key_view_last(ndup__key_view *view)
{
    pthread_rwlock_rdlock(&view->lock);
    uint32_t last = view->last;
    pthread_rwlock_unlock(&view->lock);
    return last;
}

void ndup__key_view_take_back(ndup__key_view *view, uint32_t last)
{
    pthread_rwlock_wrlock(&view->lock);
    size_t count = view->fresh.count;
    while (count > 0 && view->fresh.keys[count - 1].number > last) {
        count--;
    }
    ndup__fresh_keys_take_back(&view->fresh, count);
    view->last = last;
    pthread_rwlock_unlock(&view->lock);
}
