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
#include <time.h>
#if defined(__linux__)
#include <sys/vfs.h>
#endif
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/name_lock.h"
#include "base/retry.h"
#include "base/temporary_name.h"

#define SHOWN_BYTES 120
#define OLD_SECONDS (7 * 24 * 3600)

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

static DIR *open_folder(const char *path)
{
    DIR *folder;
    do {
        folder = opendir(path);
    } while (folder == NULL && errno == EINTR);
    return folder;
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
    DIR *folder = open_folder(path);
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
    int result;
    ndup__name_lock_enter();
    NDUP__RETRY(result, mkdir(path, 0777));
    int failure = result == 0 ? 0 : errno;
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
    int result;
    NDUP__RETRY(result, rmdir(path));
    return result == 0 ? NDUP_STATUS_OK : fail_folder(error, errno, "remove", path);
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

ndup_status ndup__folder_make_parents(const char *path, ndup_error *error)
{
    long_path made;
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
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
    DIR *folder = open_folder(path->bytes);
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

/* Whether the folder is on a disk or in memory of this machine: then all processes that reach it
 * see each other's locks, in whatever containers they run. */
static bool is_of_this_machine(const char *path)
{
#if defined(__linux__)
    static const uint32_t local[] = {
        0xEF53,     /* ext2, 3, 4 */
        0x58465342, /* XFS */
        0x9123683E, /* Btrfs */
        0x2FC12FC1, /* ZFS */
        0xF2F52010, /* F2FS */
        0x794C7630, /* overlays, as containers have them */
        0x01021994, /* tmpfs */
    };
    struct statfs info;
    int result;
    NDUP__RETRY(result, statfs(path, &info));
    for (size_t i = 0; result == 0 && i < sizeof local / sizeof *local; i++) {
        if ((uint32_t)info.f_type == local[i]) {
            return true;
        }
    }
#else
    (void)path;
#endif
    return false;
}

/* Whether the lock on it tells if the one who gave the name is alive. A server sees no locks of its
 * clients on what it exports, so what was made elsewhere must be old, too. */
static bool is_judged(const char *folder, const char *name, const char *path)
{
    struct stat info;
    switch (ndup__temporary_made_by(name)) {
    case NDUP__MADE_HERE:
        return true;
    case NDUP__MADE_ELSEWHERE:
        return is_of_this_machine(folder) && lstat(path, &info) == 0 &&
               difftime(time(NULL), info.st_mtime) > OLD_SECONDS;
    default:
        return false;
    }
}

void ndup__folder_tidy(const char *path)
{
    DIR *folder = open_folder(path);
    if (folder == NULL) {
        return;
    }
    long_path place;
    bool has_room = set_path(&place, path, strlen(path), NULL) == NDUP_STATUS_OK;
    size_t length = place.length;
    const char *name;
    while (has_room && (name = next_name(folder)) != NULL) {
        if (go_down(&place, name, NULL) == NDUP_STATUS_OK && is_judged(path, name, place.bytes)) {
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

ndup_status ndup__folder_check_place(const char *path, bool for_folder, ndup_error *error)
{
    struct stat info;
    char shown[SHOWN_BYTES];
    if (lstat(path, &info) != 0) {
        return errno == ENOENT ? NDUP_STATUS_OK : fail_folder(error, errno, "reach", path);
    }
    bool is_there = S_ISDIR(info.st_mode);
    if (for_folder == is_there) {
        return NDUP_STATUS_OK;
    }
    const char *what = !for_folder ? "a folder" : S_ISLNK(info.st_mode) ? "a link" : "a file";
    return ndup__fail(error, NDUP_STATUS_IO,
                      "cannot write %s: %s stands there; remove it, or write elsewhere",
                      ndup__shorten_path(shown, sizeof shown, path), what);
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
    NDUP__RETRY(result, syncfs(descriptor));
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
