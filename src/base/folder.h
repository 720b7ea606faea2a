/* SPDX-License-Identifier: MIT */
/* Listing and making folders. */
#ifndef NDUP__BASE_FOLDER_H
#define NDUP__BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The names in a folder, without "." and "..", in byte order. names and strings live in `arena`.
 * Errors: NOT_FOUND, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__folder_list(char ***names, size_t *count, const char *path,
                                             ndup__arena *arena, ndup_error *error);

/* Whether the path itself is a symbolic link. */
bool ndup__folder_is_link(const char *path);

/* Makes one folder; that it exists already is no error. */
NDUP_NODISCARD ndup_status ndup__folder_make(const char *path, ndup_error *error);

/* Makes a folder that must not exist yet. Errors: EXISTS, IO. */
NDUP_NODISCARD ndup_status ndup__folder_make_new(const char *path, ndup_error *error);

/* Removes an empty folder. */
NDUP_NODISCARD ndup_status ndup__folder_remove(const char *path, ndup_error *error);

#endif
