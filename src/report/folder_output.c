/* SPDX-License-Identifier: MIT */
/* Temporary folders, and the moves that put them in place. */
#include "report/folder_output.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/name_lock.h"
#include "base/temporary_name.h"

#define SHOWN_BYTES 80
#define TEMPORARY_ATTEMPTS 100

ndup_status ndup__folder_output_fail_long(const char *path, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail(error, NDUP_STATUS_IO, "path of more than %d bytes: %s",
                      NDUP__FOLDER_PATH_BYTES - 1, ndup__shorten_path(shown, sizeof shown, path));
}

/* Writes the name of a new temporary folder. */
static ndup_status name_temporary(ndup__folder_output *folder, ndup_error *error)
{
    char name[NDUP__TEMPORARY_NAME_BYTES];
    const char *path = folder->base.path;
    const char *slash = strrchr(path, '/');
    size_t parent = slash != NULL ? (size_t)(slash + 1 - path) : 0;
    size_t room = sizeof folder->temporary;
    ndup__temporary_name(name, path + parent);
    int length = folder->replaces
                     ? snprintf(folder->temporary, room, "%s/%s", path, name)
                     : snprintf(folder->temporary, room, "%.*s%s", (int)parent, path, name);
    if (length < 0 || (size_t)length >= room) {
        return ndup__folder_output_fail_long(path, error);
    }
    folder->temporary_length = (size_t)length;
    return NDUP_STATUS_OK;
}

/* Holds the folder that was made; EXISTS, so that another name is tried, when that fails. */
static ndup_status hold_temporary(ndup__folder_output *folder)
{
    ndup_status status = ndup__file_open_read(&folder->holder, folder->temporary, NULL);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_hold(folder->holder, folder->temporary, NULL);
        if (status != NDUP_STATUS_OK) {
            ndup__file_close_quietly(folder->holder);
        }
    }
    if (status != NDUP_STATUS_OK) {
        ndup_status ignored = ndup__folder_remove(folder->temporary, NULL);
        (void)ignored;
        ndup__unfinished_remove(&folder->unfinished);
    }
    return status == NDUP_STATUS_OK ? status : NDUP_STATUS_EXISTS;
}

static void let_go(ndup__folder_output *folder)
{
    if (folder->is_made) {
        ndup__made_names_close(&folder->made);
        ndup__file_close_quietly(folder->holder);
        folder->is_made = false;
    }
}

/* Makes the folder of that name, listed from its first moment on. */
static ndup_status make_listed(ndup__folder_output *folder, ndup_error *error)
{
    ndup__name_lock_enter();
    ndup_status status = ndup__folder_make_new(folder->temporary, error);
    if (status == NDUP_STATUS_OK) {
        ndup__unfinished_add(&folder->unfinished, folder->temporary, true);
    }
    ndup__name_lock_leave();
    return status;
}

static ndup_status make_temporary(ndup__folder_output *folder, ndup_error *error)
{
    ndup_error cause = {.status = NDUP_STATUS_OK};
    ndup_status status = NDUP_STATUS_EXISTS;
    for (int i = 0; i < TEMPORARY_ATTEMPTS && status == NDUP_STATUS_EXISTS; i++) {
        status = name_temporary(folder, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        status = make_listed(folder, &cause);
        if (status == NDUP_STATUS_NOT_FOUND && !folder->replaces) {
            status = ndup__folder_make_parents(folder->temporary, error);
            if (status != NDUP_STATUS_OK) {
                return status;
            }
            status = make_listed(folder, &cause);
        }
        status = status == NDUP_STATUS_OK ? hold_temporary(folder) : status;
    }
    folder->is_made = status == NDUP_STATUS_OK;
    if (folder->is_made) {
        return ndup__made_names_open(&folder->made, folder->temporary, error);
    }
    char shown[SHOWN_BYTES];
    return ndup__fail_errno(error, status, cause.system_errno, "cannot make folder %s",
                            ndup__shorten_path(shown, sizeof shown, folder->base.path));
}

static ndup_status check_target(bool *is_there, const char *path, bool overwrite, ndup_error *error)
{
    ndup__file_info info;
    char shown[SHOWN_BYTES];
    ndup_status status = ndup__file_get_info(&info, path, error);
    *is_there = status == NDUP_STATUS_OK;
    if (status == NDUP_STATUS_NOT_FOUND) {
        return NDUP_STATUS_OK;
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__shorten_path(shown, sizeof shown, path);
    if (info.kind != NDUP__FILE_DIRECTORY) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "cannot make folder %s: it is a file", shown);
    }
    return overwrite ? NDUP_STATUS_OK
                     : ndup__fail(error, NDUP_STATUS_EXISTS,
                                  "cannot make folder %s: it exists already", shown);
}

ndup_status ndup__folder_output_begin(ndup__folder_output *folder, const char *const *inputs,
                                      size_t input_count, ndup_error *error)
{
    ndup_status status =
        check_target(&folder->replaces, folder->base.path, folder->base.overwrite, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__refuse_input(inputs, input_count, folder->base.path, NDUP__TRACE_READ, error);
    }
    return status == NDUP_STATUS_OK ? make_temporary(folder, error) : status;
}

ndup_status ndup__folder_output_place(char place[NDUP__FOLDER_PATH_BYTES],
                                      ndup__folder_output *folder, const char *relative,
                                      ndup_error *error)
{
    int length = snprintf(place, NDUP__FOLDER_PATH_BYTES, "%s/%s", folder->temporary, relative);
    return length < 0 || length >= NDUP__FOLDER_PATH_BYTES
               ? ndup__folder_output_fail_long(relative, error)
               : ndup__made_names_add(&folder->made, relative, error);
}

ndup_status ndup__folder_output_finish(ndup__folder_output *folder, ndup_error *error)
{
    if (folder->replaces) {
        ndup_status status = ndup__made_names_check_move(&folder->made, folder->base.path, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    return ndup__folder_sync_all(folder->temporary, error);
}

/* Removes the temporary folder and what is in it. */
static ndup_status remove_temporary(ndup__folder_output *folder, ndup_error *error)
{
    ndup__made_names_remove(&folder->made);
    ndup_status status = ndup__folder_remove(folder->temporary, NULL);
    if (status != NDUP_STATUS_OK) { /* there is more in it, or something could not be removed */
        status = ndup__folder_remove_tree(folder->temporary, error);
    }
    let_go(folder);
    return status;
}

/* Moves the files into the folder that is there. */
static ndup_status merge(ndup__folder_output *folder, ndup_error *error)
{
    bool *committed = &folder->base.sink.committed;
    ndup_status status = ndup__made_names_move(committed, &folder->made, folder->base.path, error);
    return status == NDUP_STATUS_OK ? remove_temporary(folder, error) : status;
}

ndup_status ndup__folder_output_commit(ndup__folder_output *folder, ndup_error *error)
{
    ndup__name_lock_enter();
    ndup_status status = folder->replaces
                             ? merge(folder, error)
                             : ndup__folder_rename_new(folder->temporary, folder->base.path, error);
    if (status == NDUP_STATUS_OK) {
        ndup__unfinished_remove(&folder->unfinished);
        let_go(folder);
        folder->base.sink.committed = true;
    }
    ndup__name_lock_leave();
    return status == NDUP_STATUS_OK ? ndup__folder_sync_all(folder->base.path, error) : status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    return ndup__folder_output_commit(context, error);
}

const char *ndup__output_folder(const ndup_sink *sink)
{
    return sink->commit == commit ? ((const ndup__output *)sink->context)->path : NULL;
}

void ndup__folder_output_give_up(ndup__folder_output *folder)
{
    if (folder->is_made) {
        /* What cannot be removed stays under its temporary name: nothing more can be done. */
        ndup_status ignored = remove_temporary(folder, NULL);
        (void)ignored;
        ndup__unfinished_remove(&folder->unfinished);
    }
}

ndup_status ndup__folder_output_open(ndup__output **output, size_t bytes, const char *path,
                                     const ndup_output_options *options, ndup_error *error)
{
    bool is_there;
    ndup__output *made;
    *output = NULL;
    if (strcmp(path, "-") == 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "this output is a folder: standard output cannot be one");
    }
    ndup_status status =
        check_target(&is_there, path, options != NULL && options->overwrite, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__output_new(&made, bytes, path, options, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t length = strlen(made->path); length > 1 && made->path[length - 1] == '/';) {
        made->path[--length] = '\0';
    }
    made->sink.commit = commit;
    if (options != NULL) {
        status = ndup__refuse_input(options->inputs, options->input_count, made->path,
                                    NDUP__TRACE_READ, error);
        if (status == NDUP_STATUS_OK) {
            status =
                ndup__refuse_read(options->also_read, options->also_read_count, made->path, error);
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__output_try(made->path, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__output_free(made);
        return status;
    }
    *output = made;
    return NDUP_STATUS_OK;
}
