/* SPDX-License-Identifier: MIT */
/* Folder system calls. */
#if defined(__linux__)
#define _GNU_SOURCE /* syncfs */
#endif
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/name_lock.h"
#include "base/temporary_name.h"

#define SHOWN_BYTES 120

static ndup_status fail_folder(ndup_error *error, int system_errno, const char *verb,
                               const char *path)
{
    char shown[SHOWN_BYTES];
    ndup_status status = NDUP_STATUS_IO;
    if (system_errno == EEXIST || system_errno == ENOTEMPTY) {
        status = NDUP_STATUS_EXISTS;
    } else if (system_errno == ENOENT) {
        status = NDUP_STATUS_NOT_FOUND;
    }
    return ndup__fail_errno(error, status, system_errno, "cannot %s folder %s", verb,
                            ndup__shorten_path(shown, sizeof shown, path));
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static ndup_status read_names(DIR *folder, char ***list, size_t *count, size_t *capacity,
                              const char *path, ndup__arena *arena, ndup_error *error)
{
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            char shown[120];
            return errno == 0 ? NDUP_STATUS_OK
                              : ndup__fail_errno(error, NDUP_STATUS_IO, errno, "cannot list %s",
                                                 ndup__shorten_path(shown, sizeof shown, path));
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        ndup_status status =
            ndup__reserve(arena->allocator, list, capacity, *count + 1, sizeof **list, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__arena_copy(arena, &(*list)[*count], entry->d_name, strlen(entry->d_name),
                                      error);
        }
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        (*count)++;
    }
}

ndup_status ndup__folder_list(char ***names, size_t *count, const char *path, ndup__arena *arena,
                              ndup_error *error)
{
    *names = NULL;
    *count = 0;
    DIR *folder = opendir(path);
    if (folder == NULL) {
        char shown[120];
        return ndup__fail_errno(error, errno == ENOENT ? NDUP_STATUS_NOT_FOUND : NDUP_STATUS_IO,
                                errno, "cannot open folder %s",
                                ndup__shorten_path(shown, sizeof shown, path));
    }
    char **list = NULL;
    size_t capacity = 0;
    ndup_status status = read_names(folder, &list, count, &capacity, path, arena, error);
    closedir(folder);
    void *kept = NULL;
    if (status == NDUP_STATUS_OK && *count > 0) {
        status = ndup__arena_take(arena, &kept, *count * sizeof *list, error);
    }
    if (status == NDUP_STATUS_OK && *count > 0) {
        qsort(list, *count, sizeof *list, by_bytes);
        memcpy(kept, list, *count * sizeof *list);
        *names = kept;
    }
    ndup__free(arena->allocator, &list, capacity, sizeof *list);
    return status;
}

ndup_status ndup__folder_make_new(const char *path, ndup_error *error)
{
    ndup__name_lock_enter();
    int failure = mkdir(path, 0777) == 0 ? 0 : errno;
    ndup__name_lock_leave();
    return failure == 0 ? NDUP_STATUS_OK : fail_folder(error, failure, "make", path);
}

ndup_status ndup__folder_make(const char *path, ndup_error *error)
{
    ndup_status status = ndup__folder_make_new(path, error);
    struct stat info;
    if (status == NDUP_STATUS_EXISTS && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return NDUP_STATUS_OK;
    }
    return status;
}

ndup_status ndup__folder_remove(const char *path, ndup_error *error)
{
    if (rmdir(path) == 0) {
        return NDUP_STATUS_OK;
    }
    return fail_folder(error, errno, "remove", path);
}

/* A path that grows on the way down a tree and shrinks on the way up. */
typedef struct long_path {
    char bytes[NDUP__FOLDER_PATH_BYTES];
    size_t length;
} long_path;

static ndup_status set_path(long_path *path, const char *text, size_t length, ndup_error *error)
{
    if (length >= sizeof path->bytes) {
        return fail_folder(error, ENAMETOOLONG, "reach", text);
    }
    memcpy(path->bytes, text, length);
    path->bytes[length] = '\0';
    path->length = length;
    return NDUP_STATUS_OK;
}

static ndup_status go_down(long_path *path, const char *name, ndup_error *error)
{
    size_t room = sizeof path->bytes - path->length;
    int added = snprintf(path->bytes + path->length, room, "/%s", name);
    if (added < 0 || (size_t)added >= room) {
        path->bytes[path->length] = '\0';
        return fail_folder(error, ENAMETOOLONG, "reach", path->bytes);
    }
    path->length += (size_t)added;
    return NDUP_STATUS_OK;
}

static void go_up(long_path *path, size_t length)
{
    path->length = length;
    path->bytes[length] = '\0';
}

ndup_status ndup__folder_make_parents(const char *path, size_t known, ndup_error *error)
{
    long_path made;
    for (const char *slash = strchr(path + known, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        if (slash == path) {
            continue;
        }
        ndup_status status = set_path(&made, path, (size_t)(slash - path), error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__folder_make(made.bytes, error);
        }
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    return NDUP_STATUS_OK;
}

/* The next name in an open folder, without "." and ".."; NULL at the end. */
static const char *next_name(DIR *folder)
{
    struct dirent *entry;
    do {
        entry = readdir(folder);
    } while (entry != NULL &&
             (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry != NULL ? entry->d_name : NULL;
}

/* True for a folder itself, not for a link to one. */
static bool is_folder(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static ndup_status remove_below(long_path *path, ndup_error *error)
{
    DIR *folder = opendir(path->bytes);
    if (folder == NULL) {
        return fail_folder(error, errno, "open", path->bytes);
    }
    size_t length = path->length;
    ndup_status status = NDUP_STATUS_OK;
    const char *name;
    while (status == NDUP_STATUS_OK && (name = next_name(folder)) != NULL) {
        status = go_down(path, name, error);
        if (status == NDUP_STATUS_OK) {
            status = is_folder(path->bytes) ? remove_below(path, error)
                                            : ndup__file_remove(path->bytes, error);
        }
        go_up(path, length);
    }
    closedir(folder);
    return status == NDUP_STATUS_OK ? ndup__folder_remove(path->bytes, error) : status;
}

ndup_status ndup__folder_remove_tree(const char *path, ndup_error *error)
{
    long_path place;
    ndup_status status = set_path(&place, path, strlen(path), error);
    return status == NDUP_STATUS_OK ? remove_below(&place, error) : status;
}

static void remove_left(const char *path)
{
    int descriptor;
    if (!ndup__file_hold_left(&descriptor, path)) {
        return;
    }
    ndup_status ignored =
        is_folder(path) ? ndup__folder_remove_tree(path, NULL) : ndup__file_remove(path, NULL);
    (void)ignored;
    ndup__file_close_quietly(descriptor);
}

void ndup__folder_tidy(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return;
    }
    long_path place;
    bool has_room = set_path(&place, path, strlen(path), NULL) == NDUP_STATUS_OK;
    size_t length = place.length;
    const char *name;
    while (has_room && (name = next_name(folder)) != NULL) {
        if (ndup__temporary_is_local(name) && go_down(&place, name, NULL) == NDUP_STATUS_OK) {
            remove_left(place.bytes);
        }
        go_up(&place, length);
    }
    closedir(folder);
}

ndup_status ndup__folder_rename_new(const char *from, const char *to, ndup_error *error)
{
    struct stat info;
    if (lstat(to, &info) == 0) {
        return fail_folder(error, EEXIST, "make", to);
    }
    return ndup__file_rename(from, to, error);
}

/* Walks `from`, and along with it `to`, below which everything has the same place. */
typedef struct merge {
    long_path from;
    long_path to;
    bool only_checks;
    bool moved; /* something has been */
} merge;

static ndup_status fail_in_the_way(const char *path, const char *what, ndup_error *error)
{
    char shown[SHOWN_BYTES];
    return ndup__fail(error, NDUP_STATUS_IO,
                      "cannot write %s: %s stands there; remove it, or write elsewhere",
                      ndup__shorten_path(shown, sizeof shown, path), what);
}

/* A folder that is to be merged must be one, or not be there; the top may be a link, since it was
 * named. */
static ndup_status check_folder(const merge *self, bool is_top, ndup_error *error)
{
    struct stat info;
    if (is_top || lstat(self->to.bytes, &info) != 0 || S_ISDIR(info.st_mode)) {
        return NDUP_STATUS_OK;
    }
    return fail_in_the_way(self->to.bytes, S_ISLNK(info.st_mode) ? "a link" : "a file", error);
}

static ndup_status put_file(merge *self, ndup_error *error)
{
    if (is_folder(self->to.bytes)) {
        return fail_in_the_way(self->to.bytes, "a folder", error);
    }
    if (self->only_checks) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__file_rename(self->from.bytes, self->to.bytes, error);
    self->moved |= status == NDUP_STATUS_OK;
    return status;
}

static ndup_status begin_folder(merge *self, bool is_top, ndup_error *error)
{
    ndup_status status = check_folder(self, is_top, error);
    return status == NDUP_STATUS_OK && !self->only_checks ? ndup__folder_make(self->to.bytes, error)
                                                          : status;
}

static ndup_status merge_below(merge *self, bool is_top, ndup_error *error)
{
    DIR *folder = opendir(self->from.bytes);
    if (folder == NULL) {
        return fail_folder(error, errno, "open", self->from.bytes);
    }
    size_t from_length = self->from.length;
    size_t to_length = self->to.length;
    ndup_status status = begin_folder(self, is_top, error);
    const char *name;
    while (status == NDUP_STATUS_OK && (name = next_name(folder)) != NULL) {
        status = go_down(&self->from, name, error);
        if (status == NDUP_STATUS_OK) {
            status = go_down(&self->to, name, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = is_folder(self->from.bytes) ? merge_below(self, false, error)
                                                 : put_file(self, error);
        }
        go_up(&self->from, from_length);
        go_up(&self->to, to_length);
    }
    closedir(folder);
    return status == NDUP_STATUS_OK && !self->only_checks
               ? ndup__folder_remove(self->from.bytes, error)
               : status;
}

static ndup_status run_merge(merge *self, const char *from, const char *to, ndup_error *error)
{
    ndup_status status = set_path(&self->from, from, strlen(from), error);
    if (status == NDUP_STATUS_OK) {
        status = set_path(&self->to, to, strlen(to), error);
    }
    return status == NDUP_STATUS_OK ? merge_below(self, true, error) : status;
}

ndup_status ndup__folder_check_merge(const char *from, const char *to, ndup_error *error)
{
    merge self = {.only_checks = true};
    return run_merge(&self, from, to, error);
}

ndup_status ndup__folder_merge(bool *moved, const char *from, const char *to, ndup_error *error)
{
    merge self = {.only_checks = false};
    ndup_status status = run_merge(&self, from, to, error);
    *moved |= self.moved;
    return status;
}

/* One call for a whole tree: a sync of each of a million small files would take minutes. */
ndup_status ndup__folder_sync_all(const char *path, ndup_error *error)
{
#if defined(__linux__)
    int descriptor;
    ndup_status status = ndup__file_open_read(&descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    int result;
    do {
        result = syncfs(descriptor);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        status = fail_folder(error, errno, "sync", path);
    }
    ndup__file_close_quietly(descriptor);
    return status;
#else
    (void)path;
    (void)error;
    sync();
    return NDUP_STATUS_OK;
#endif
}
