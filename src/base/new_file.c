/* SPDX-License-Identifier: MIT */
/* The file has a temporary name until it is committed. */
#include "base/new_file.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/name_lock.h"
#include "base/temporary_name.h"

#define ATTEMPTS 100
#define MESSAGE_NAME_BYTES 100

/* Length of the folder part of a path, with its slash; 0 if there is none. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash + 1 - path) : 0;
}

static ndup_status copy_names(ndup__new_file *file, const char *path, ndup_error *error)
{
    size_t bytes = strlen(path) + 1;
    size_t folder = folder_length(path);
    ndup_status status = ndup__resize(file->allocator, &file->path, 0, bytes, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    file->path_bytes = bytes;
    memcpy(file->path, path, bytes);
    bytes = folder + NDUP__TEMPORARY_NAME_BYTES;
    status = ndup__resize(file->allocator, &file->temporary, 0, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        file->temporary_bytes = bytes;
        memcpy(file->temporary, path, folder);
    }
    return status;
}

/* EXISTS also when somebody who tidied up took the file before it was held. */
static ndup_status try_name(ndup__new_file *file, ndup_error *cause)
{
    size_t folder = folder_length(file->path);
    ndup__temporary_name(file->temporary + folder, file->path + folder);
    ndup_status status = ndup__file_create(&file->descriptor, file->temporary, cause);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__file_hold(file->descriptor, file->temporary, NULL);
    if (status != NDUP_STATUS_OK) {
        ndup__file_close_quietly(file->descriptor);
        file->descriptor = -1;
        return NDUP_STATUS_EXISTS;
    }
    ndup__unfinished_add(&file->unfinished, file->temporary, false);
    return NDUP_STATUS_OK;
}

/* A name that is taken was left by a process with the same number. */
static ndup_status create(ndup__new_file *file, ndup_error *error)
{
    ndup_error cause = {0};
    ndup_status status = NDUP_STATUS_EXISTS;
    for (int i = 0; i < ATTEMPTS && status == NDUP_STATUS_EXISTS; i++) {
        ndup__name_lock_enter();
        status = try_name(file, &cause);
        ndup__name_lock_leave();
    }
    char name[MESSAGE_NAME_BYTES];
    return status == NDUP_STATUS_OK
               ? status
               : ndup__fail_errno(error, status, cause.system_errno, "cannot create %s",
                                  ndup__shorten_path(name, sizeof name, file->path));
}

ndup_status ndup__new_file_open(ndup__new_file *file, const char *path,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *file = (ndup__new_file){.allocator = allocator, .descriptor = -1};
    ndup_status status = copy_names(file, path, error);
    if (status == NDUP_STATUS_OK) {
        status = create(file, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__new_file_close(file);
    }
    return status;
}

static ndup_status sync_folder(ndup__new_file *file, ndup_error *error)
{
    size_t folder = folder_length(file->path);
    if (folder == 0) {
        return ndup__file_sync_directory(".", error);
    }
    char behind = file->path[folder];
    file->path[folder] = '\0';
    ndup_status status = ndup__file_sync_directory(file->path, error);
    file->path[folder] = behind;
    return status;
}

ndup_status ndup__new_file_commit(ndup__new_file *file, ndup_error *error)
{
    ndup_status status = ndup__file_sync(file->descriptor, file->path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__name_lock_enter();
    status = ndup__file_rename(file->temporary, file->path, error);
    if (status == NDUP_STATUS_OK) {
        ndup__unfinished_remove(&file->unfinished);
    }
    ndup__name_lock_leave();
    return status == NDUP_STATUS_OK ? sync_folder(file, error) : status;
}

static void remove_unfinished(ndup__new_file *file)
{
    ndup__name_lock_enter();
    if (file->unfinished.path != NULL) {
        ndup_status ignored = ndup__file_remove(file->temporary, NULL);
        (void)ignored; /* what cannot be removed is left over, and tidied up one day */
        ndup__unfinished_remove(&file->unfinished);
    }
    ndup__name_lock_leave();
}

void ndup__new_file_close(ndup__new_file *file)
{
    if (file->path == NULL) {
        return;
    }
    remove_unfinished(file);
    if (file->descriptor >= 0) {
        ndup__file_close_quietly(file->descriptor);
    }
    ndup__free(file->allocator, &file->temporary, file->temporary_bytes, 1);
    ndup__free(file->allocator, &file->path, file->path_bytes, 1);
}
