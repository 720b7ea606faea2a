/* SPDX-License-Identifier: MIT */
/* Listing and making folders. */
#ifndef NDUP__BASE_FOLDER_H
#define NDUP__BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Longest path that the functions on whole trees handle; longer ones are IO errors. */
#define NDUP__FOLDER_PATH_BYTES 4096

/* The names in a folder, without "." and "..", in byte order. names and strings live in `arena`.
 * Errors: NOT_FOUND, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__folder_list(char ***names, size_t *count, const char *path,
                                             ndup__arena *arena, ndup_error *error);

/* Makes one folder; that it exists already is no error. */
NDUP_NODISCARD ndup_status ndup__folder_make(const char *path, ndup_error *error);

/* Makes a folder that must not exist yet. Errors: EXISTS, NOT_FOUND without a parent, IO. */
NDUP_NODISCARD ndup_status ndup__folder_make_new(const char *path, ndup_error *error);

/* Makes the folders that the file `path` stands in, where they are missing. Errors: EXISTS when
 * something else has the name of one, IO. */
NDUP_NODISCARD ndup_status ndup__folder_make_parents(const char *path, ndup_error *error);

/* Removes an empty folder. */
NDUP_NODISCARD ndup_status ndup__folder_remove(const char *path, ndup_error *error);

/* Removes a folder with all that is in it; links are removed, not followed. Takes no memory of an
 * allocator. On failure what could not be removed stays. */
NDUP_NODISCARD ndup_status ndup__folder_remove_tree(const char *path, ndup_error *error);

/* Removes the temporary files and folders in the folder that dead processes left: those with a
 * temporary name that nobody holds. Those with another host name, as containers leave them, only
 * after a week, and on file systems that are not shared over a network. What cannot be removed
 * stays. */
void ndup__folder_tidy(const char *path);

/* Gives the folder `from` the name `to`. Errors: EXISTS if anything has that name, IO. */
NDUP_NODISCARD ndup_status ndup__folder_rename_new(const char *from, const char *to,
                                                   ndup_error *error);

/* Whether a folder, or a file, can be put there: IO when a folder meets a link or a file, or a
 * file a folder. What is reached through links is never written to. */
NDUP_NODISCARD ndup_status ndup__folder_check_place(const char *path, bool for_folder,
                                                    ndup_error *error);

/* Brings everything that was written to the file system of `path` to the disk, where the system
 * has a call for that. */
NDUP_NODISCARD ndup_status ndup__folder_sync_all(const char *path, ndup_error *error);

#endif
