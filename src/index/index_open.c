/* SPDX-License-Identifier: MIT */
/* Making, opening and closing an index; questions. */
#include "neardup/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/hash.h"
#include "base/require.h"
#include "index/handle.h"
#include "index/index_names.h"
#include "index/update.h"

#define SEGMENT_FOLDER_NAME "keys"
#define LOCK_NAME "writer"

static ndup_status make_path(char *path, size_t bytes, const char *folder, const char *name,
                             ndup_error *error)
{
    int length = snprintf(path, bytes, "%s/%s", folder, name);
    return length > 0 && (size_t)length < bytes
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_LIMIT, "the path of the index is too long");
}

/* The folders of a new index; what is there must be empty. Of several who make one at once, one
 * makes the inner folder. */
static ndup_status make_folders(const char *path, const char *segments, ndup_error *error)
{
    ndup__arena arena = {.allocator = NULL};
    char **names;
    size_t count = 0;
    ndup_status status = ndup__folder_make(path, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__folder_list(&names, &count, path, &arena, error);
    }
    if (status == NDUP_STATUS_OK && count > 0) {
        status = ndup__fail(error, NDUP_STATUS_EXISTS,
                            "%s: is there and not empty; an index needs a folder of its own", path);
    }
    ndup__arena_deinit(&arena);
    return status == NDUP_STATUS_OK ? ndup__folder_make_new(segments, error) : status;
}

/* What the index's segments are told by; nobody else's have the same but by chance. */
static uint64_t new_identity(const char *path)
{
    return ndup__mix64(ndup__slot_key() ^ ndup__hash_bytes(path, strlen(path), 2)) | 1;
}

static ndup_status write_new(const char *database_path, const ndup__index_settings *settings,
                             ndup_text secret, ndup_error *error)
{
    ndup__database *database;
    ndup_status status = ndup__database_open(&database, database_path, NDUP__DATABASE_CREATE,
                                             NDUP__SYNC_ALWAYS, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__database_begin(database, true, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__settings_write(settings, secret, database, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_commit(database, error);
    }
    ndup__database_close(database);
    return status;
}

/* What there is of an index that could not be made; the folder stays. */
static void remove_new(const char *database_path, const char *segments)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char path[NDUP__INDEX_PATH_BYTES + 16];
    ndup_status ignored = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(path, sizeof path, "%s%s", database_path, suffixes[i]);
        ignored = ndup__file_remove(path, NULL);
    }
    ignored = ndup__folder_remove(segments, NULL);
    (void)ignored;
}

ndup_status ndup_index_create(const char *path, const ndup_index_options *options,
                              ndup_error *error)
{
    char database_path[NDUP__INDEX_PATH_BYTES];
    char segments[NDUP__INDEX_PATH_BYTES];
    ndup__index_settings settings = {.sketcher = NULL};
    ndup_status status = NDUP__REQUIRE(error, "path", path, "options", options);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_size(options->struct_size, sizeof *options, "index options", error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            make_path(database_path, sizeof database_path, path, NDUP__INDEX_DATABASE_NAME, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = make_path(segments, sizeof segments, path, SEGMENT_FOLDER_NAME, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__settings_make(&settings, options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = make_folders(path, segments, error);
    }
    if (status == NDUP_STATUS_OK) {
        settings.identity = new_identity(path);
        status = write_new(database_path, &settings, options->secret, error);
        if (status != NDUP_STATUS_OK) {
            remove_new(database_path, segments);
        }
    }
    ndup__settings_deinit(&settings);
    return status;
}

static ndup_status make_paths(ndup_index *index, const char *path, ndup_error *error)
{
    ndup_status status = make_path(index->database_path, sizeof index->database_path, path,
                                   NDUP__INDEX_DATABASE_NAME, error);
    if (status == NDUP_STATUS_OK) {
        status = make_path(index->segment_folder, sizeof index->segment_folder, path,
                           SEGMENT_FOLDER_NAME, error);
    }
    return status == NDUP_STATUS_OK
               ? make_path(index->lock_path, sizeof index->lock_path, path, LOCK_NAME, error)
               : status;
}

static ndup_status open_database(const ndup_index *index, ndup__database **database,
                                 ndup_error *error)
{
    return ndup__database_open(database, index->database_path, NDUP__DATABASE_READ,
                               NDUP__SYNC_ALWAYS, error);
}

ndup_status ndup__index_take_session(ndup_index *index, ndup__session **session, ndup_error *error)
{
    pthread_mutex_lock(&index->idle_lock);
    *session = index->idle;
    index->idle = *session != NULL ? (*session)->next : NULL;
    pthread_mutex_unlock(&index->idle_lock);
    if (*session != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup__database *database;
    ndup_status status = open_database(index, &database, error);
    return status == NDUP_STATUS_OK ? ndup__session_new(session, &index->settings, &index->view,
                                                        database, index->allocator, error)
                                    : status;
}

void ndup__index_give_session(ndup_index *index, ndup__session *session)
{
    pthread_mutex_lock(&index->idle_lock);
    session->next = index->idle;
    index->idle = session;
    pthread_mutex_unlock(&index->idle_lock);
}

/* Reads the settings, then takes in all keys. */
static ndup_status load(ndup_index *index, bool *is_broken, ndup_error *error)
{
    ndup__database *database;
    ndup__session *session = NULL;
    ndup_status status = open_database(index, &database, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__settings_read(&index->settings, database, index->allocator, error);
    if (status != NDUP_STATUS_OK) {
        ndup__database_close(database);
        return status;
    }
    status = ndup__session_new(&session, &index->settings, &index->view, database, index->allocator,
                               error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__session_begin(session, false, is_broken, error);
        ndup__database_rollback(session->database);
        ndup__index_give_session(index, session);
    }
    return status;
}

static ndup_status mend(ndup_index *index, void *context, ndup_error *error)
{
    const bool *reads_all = context;
    return ndup__key_view_mend(&index->view, index->writer->database, *reads_all, &index->hooks,
                               error);
}

ndup_status ndup__index_mend(ndup_index *index, bool reads_all, ndup_error *error)
{
    return ndup__index_alone(index, mend, &reads_all, error);
}

/* What could not be mended is in memory, so that questions are answered all the same. */
static ndup_status mend_at_open(ndup_index *index, ndup_error *error)
{
    ndup_error failure = {0};
    ndup_status status = ndup__index_mend(index, false, &failure);
    if (status == NDUP_STATUS_MEMORY || status == NDUP_STATUS_CORRUPT) {
        if (error != NULL) {
            *error = failure;
        }
        return status;
    }
    if (status != NDUP_STATUS_OK && index->hooks.problem != NULL) {
        const ndup_problem problem = {
            .status = status, .path = index->segment_folder, .message = failure.message};
        index->hooks.problem(index->hooks.context, &problem);
    }
    return NDUP_STATUS_OK;
}

static ndup_status init_locks(ndup_index *index, ndup_error *error)
{
    bool failed = pthread_mutex_init(&index->idle_lock, NULL) != 0 ||
                  pthread_mutex_init(&index->change_lock, NULL) != 0 ||
                  pthread_cond_init(&index->change_done, NULL) != 0;
    return failed ? ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: locks") : NDUP_STATUS_OK;
}

static ndup_status open_parts(ndup_index *index, const char *path, ndup_error *error)
{
    bool is_broken = false;
    ndup_status status = make_paths(index, path, error);
    if (status == NDUP_STATUS_OK) {
        status = init_locks(index, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__key_view_init(&index->view, &index->settings, index->segment_folder,
                                     index->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = load(index, &is_broken, error);
    }
    if (status == NDUP_STATUS_OK && is_broken && !index->options.read_only) {
        status = mend_at_open(index, error);
    }
    return status;
}

ndup_status ndup_index_open(ndup_index **out, const char *path,
                            const ndup_index_open_options *options, const ndup_hooks *hooks,
                            ndup_error *error)
{
    ndup_index *index;
    ndup_status status = NDUP__REQUIRE(error, "index", out, "path", path, "options", options);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_size(options->struct_size, sizeof *options, "open options", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *out = NULL;
    status = ndup__allocate_zeroed(options->allocator, &index, 1, sizeof *index, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    index->allocator = options->allocator;
    index->options = *options;
    index->hooks = hooks != NULL ? *hooks : (ndup_hooks){.struct_size = sizeof index->hooks};
    status = open_parts(index, path, error);
    if (status != NDUP_STATUS_OK) {
        ndup_index_close(index);
        index = NULL;
    }
    *out = index;
    return status;
}

void ndup_index_close(ndup_index *index)
{
    if (index == NULL) {
        return;
    }
    const ndup_allocator *allocator = index->allocator;
    while (index->idle != NULL) {
        ndup__session *session = index->idle;
        index->idle = session->next;
        ndup__session_free(session);
    }
    ndup__session_free(index->writer);
    if (index->view.settings != NULL) {
        ndup__key_view_deinit(&index->view);
    }
    ndup__settings_deinit(&index->settings);
    pthread_mutex_destroy(&index->idle_lock);
    pthread_mutex_destroy(&index->change_lock);
    pthread_cond_destroy(&index->change_done);
    ndup__index_temporary_free(index->temporary);
    ndup__free(allocator, &index, 1, sizeof *index);
}

const ndup_index_options *ndup_index_get_options(const ndup_index *index)
{
    return index != NULL ? &index->settings.options : NULL;
}

bool ndup_index_has_secret(const ndup_index *index)
{
    return index != NULL && index->settings.secret != 0;
}
