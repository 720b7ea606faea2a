/* SPDX-License-Identifier: MIT */
/* Folder system calls. */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

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

bool ndup__folder_is_link(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

ndup_status ndup__folder_make_new(const char *path, ndup_error *error)
{
    if (mkdir(path, 0777) == 0) {
        return NDUP_STATUS_OK;
    }
    char shown[120];
    return ndup__fail_errno(error, errno == EEXIST ? NDUP_STATUS_EXISTS : NDUP_STATUS_IO, errno,
                            "cannot make folder %s", ndup__shorten_path(shown, sizeof shown, path));
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
    char shown[120];
    return ndup__fail_errno(error, NDUP_STATUS_IO, errno, "cannot remove folder %s",
                            ndup__shorten_path(shown, sizeof shown, path));
}
