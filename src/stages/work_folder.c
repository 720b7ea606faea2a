/* SPDX-License-Identifier: MIT */
/* The folder of a run: who holds it, what is in it, and what is removed. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/require.h"
#include "stages/work_keeper.h"

#define LOCK_NAME "lock"

/* What a folder holds. */
typedef struct folder_names {
    ndup__arena arena;
    char **names;
    size_t count;
    size_t ours; /* of them */
    bool has_lock;
} folder_names;

static ndup_status list_names(folder_names *list, const char *folder,
                              const ndup_allocator *allocator, ndup_error *error)
{
    *list = (folder_names){.arena = {.allocator = allocator}};
    ndup_status status = ndup__folder_list(&list->names, &list->count, folder, &list->arena, error);
    for (size_t i = 0; i < list->count && status == NDUP_STATUS_OK; i++) {
        list->ours += ndup__work_owns(list->names[i]);
        list->has_lock |= strcmp(list->names[i], LOCK_NAME) == 0;
    }
    return status;
}

/* The lock is the last file that would go, and stays: a folder without it was never one of ours. */
static ndup_status check_folder(const folder_names *list, const char *folder, ndup_error *error)
{
    char shown[100];
    return list->count == 0 || list->has_lock
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "%s holds other files, such as %.40s: a work folder is a new or an "
                            "empty one",
                            ndup__shorten_path(shown, sizeof shown, folder), list->names[0]);
}

static ndup_status take_lock(ndup_work *work, ndup_error *error)
{
    char path[NDUP__WORK_PATH_BYTES];
    char shown[100];
    int made;
    ndup_status status = ndup__work_path(path, work->folder, LOCK_NAME, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_open_kept(&made, path, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__file_close_quietly(made);
    return ndup__file_hold_left(&work->lock, path)
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_LIMIT,
                            "%s is used by another run, or its file system has no locks",
                            ndup__shorten_path(shown, sizeof shown, work->folder));
}

static ndup_status remove_name(const char *folder, const char *name, ndup_error *error)
{
    char path[NDUP__WORK_PATH_BYTES];
    ndup_status status = ndup__work_path(path, folder, name, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_remove(path, error);
    }
    return status == NDUP_STATUS_NOT_FOUND ? NDUP_STATUS_OK : status;
}

/* Removes what is ours. The state goes first, so that who dies meanwhile leaves a beginning. */
static ndup_status clear(const ndup_work *work, bool keeps_state, ndup_error *error)
{
    folder_names list;
    ndup_status status = keeps_state ? NDUP_STATUS_OK : remove_name(work->folder, "state", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = list_names(&list, work->folder, work->allocator, error);
    for (size_t i = 0; i < list.count && status == NDUP_STATUS_OK; i++) {
        bool stays = keeps_state && strcmp(list.names[i], "state") == 0;
        if (ndup__work_owns(list.names[i]) && !stays) {
            status = remove_name(work->folder, list.names[i], error);
        }
    }
    ndup__arena_deinit(&list.arena);
    return status;
}

/* What there is when the lock is held: of a run that is done nothing is needed, and without the
 * description of a run its state is of no use. */
static ndup_status prepare(ndup_work *work, bool restart, ndup_error *error)
{
    ndup__work_state state = {.is_done = 0};
    folder_names list;
    ndup__folder_tidy(work->folder);
    ndup_status status = restart
                             ? NDUP_STATUS_OK
                             : ndup__work_state_read(&state, work->folder, work->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return ndup__work_advise(status, error);
    }
    bool has_run = false;
    status = list_names(&list, work->folder, work->allocator, error);
    for (size_t i = 0; i < list.count && status == NDUP_STATUS_OK; i++) {
        has_run |= strcmp(list.names[i], "run") == 0;
    }
    bool is_left = list.ours > 0;
    ndup__arena_deinit(&list.arena);
    return status == NDUP_STATUS_OK && is_left && (restart || state.is_done != 0 || !has_run)
               ? clear(work, false, error)
               : status;
}

static ndup_status open_folder(ndup_work *work, const char *folder, bool restart, ndup_error *error)
{
    folder_names list;
    ndup_status status = ndup__work_path(work->folder, folder, "", error);
    work->folder[strlen(work->folder) - (status == NDUP_STATUS_OK)] = '\0';
    if (status == NDUP_STATUS_OK) {
        status = ndup__work_path(work->journal_path, folder, "decisions", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__folder_make(folder, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = list_names(&list, folder, work->allocator, error);
        if (status == NDUP_STATUS_OK) {
            status = check_folder(&list, folder, error);
        }
        ndup__arena_deinit(&list.arena);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_lock(work, error);
    }
    return status == NDUP_STATUS_OK ? prepare(work, restart, error) : status;
}

ndup_status ndup_work_open(ndup_work **out, const char *folder, bool restart,
                           const ndup_allocator *allocator, ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status status = NDUP__REQUIRE(error, "work", out, "folder", folder);
    ndup_work *work = NULL;
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &work, 1, sizeof *work, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    work->allocator = work->settings.allocator = work->inputs.allocator = allocator;
    work->lock = -1;
    ndup__work_keeper_init(work);
    status = open_folder(work, folder, restart, error);
    if (status == NDUP_STATUS_OK) {
        *out = work;
    } else {
        ndup_work_close(work);
    }
    return status;
}

void ndup_work_close(ndup_work *work)
{
    if (work != NULL) {
        const ndup_allocator *allocator = work->allocator;
        ndup__journal_close(&work->journal);
        ndup__free(allocator, &work->parts, work->part_capacity, sizeof *work->parts);
        ndup__json_line_deinit(&work->settings);
        ndup__json_line_deinit(&work->inputs);
        if (work->lock >= 0) {
            ndup__file_close_quietly(work->lock);
        }
        ndup__free(allocator, &work, 1, sizeof *work);
    }
}

ndup_status ndup_work_finish(ndup_work *work, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "work", work);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__journal_close(&work->journal);
    work->state.is_done = 1;
    status = ndup__work_state_write(work, NULL, NULL, error);
    return status == NDUP_STATUS_OK ? clear(work, true, error) : status;
}

static uint64_t bytes_of(const char *folder, const folder_names *list)
{
    char path[NDUP__WORK_PATH_BYTES];
    ndup__file_info info;
    uint64_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (ndup__work_path(path, folder, list->names[i], NULL) == NDUP_STATUS_OK &&
            ndup__file_get_info(&info, path, NULL) == NDUP_STATUS_OK) {
            bytes += info.size;
        }
    }
    return bytes;
}

static bool is_held(const char *folder)
{
    char path[NDUP__WORK_PATH_BYTES];
    int descriptor;
    if (ndup__work_path(path, folder, LOCK_NAME, NULL) != NDUP_STATUS_OK) {
        return false;
    }
    bool is_free = ndup__file_hold_left(&descriptor, path);
    if (is_free) {
        ndup__file_close_quietly(descriptor);
    }
    return !is_free;
}

static void look_at_state(ndup_work_progress *progress, const char *folder,
                          const ndup__work_state *state)
{
    char path[NDUP__WORK_PATH_BYTES];
    progress->parts = state->parts;
    progress->documents = state->documents;
    progress->read_bytes = state->read_bytes;
    progress->total_bytes = state->total_bytes;
    if (ndup__work_path(path, folder, "decisions", NULL) == NDUP_STATUS_OK) {
        progress->decided = ndup__journal_reached(&progress->classes, path, state->identity);
    }
    bool is_decided = progress->classes > 0 && progress->decided == progress->classes;
    progress->stage = state->is_done != 0   ? NDUP_WORK_DONE
                      : state->is_read != 0 ? is_decided ? NDUP_WORK_WRITING : NDUP_WORK_JUDGING
                      : state->parts > 0    ? NDUP_WORK_READING
                                            : NDUP_WORK_NONE;
}

ndup_status ndup_work_look(ndup_work_progress *progress, const char *folder, ndup_error *error)
{
    ndup__work_state state;
    folder_names list;
    ndup_status status = NDUP__REQUIRE(error, "progress", progress, "folder", folder);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_size(progress->struct_size, sizeof *progress, "progress", error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *progress = (ndup_work_progress){.struct_size = progress->struct_size};
    status = list_names(&list, folder, NULL, error);
    if (status == NDUP_STATUS_OK && !list.has_lock) {
        status =
            ndup__fail(error, NDUP_STATUS_INVALID, "%.100s is no work folder of a run", folder);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__work_state_read(&state, folder, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        progress->disk_bytes = bytes_of(folder, &list);
        progress->is_running = is_held(folder);
        look_at_state(progress, folder, &state);
    }
    ndup__arena_deinit(&list.arena);
    return status;
}

const char *ndup_work_stage_name(ndup_work_stage stage)
{
    static const char *const names[] = {"none", "reading", "judging", "writing", "done"};
    return (unsigned)stage < sizeof names / sizeof names[0] ? names[stage] : "?";
}
