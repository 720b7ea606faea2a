/* SPDX-License-Identifier: MIT */
/* What was made in a folder, in order, so that it can be moved or removed without being listed. */
#ifndef NDUP__BASE_MADE_NAMES_H
#define NDUP__BASE_MADE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/status.h"

/* More than the longest record. */
#define NDUP__MADE_BYTES 8192

/* The names stand in a temporary file: a tree may have millions. Moving and removing takes no
 * memory, opens nothing and lists no folder, so that it works when all of that fails. Threads:
 * single-owner. */
typedef struct ndup__made_names {
    int descriptor; /* -1: closed */
    uint64_t bytes; /* in the file; more are held */
    size_t held;
    const char *folder; /* borrowed; for messages, too */
    char buffer[NDUP__MADE_BYTES];
} ndup__made_names;

/* Begins an empty list of what is made in the folder, which must exist. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__made_names_open(ndup__made_names *self, const char *folder,
                                                 ndup_error *error);
/* Forgets the list; also a closed one. */
void ndup__made_names_close(ndup__made_names *self);

/* Makes the folders that the file `relative` stands in where they are missing, and notes them and
 * the file, which is made afterwards. Errors: EXISTS when a file has the name of a folder, IO. */
NDUP_NODISCARD ndup_status ndup__made_names_add(ndup__made_names *self, const char *relative,
                                                ndup_error *error);

/* Whether ndup__made_names_move finds its way: IO when a folder meets a link or a file in `to`, or
 * a file a folder. */
NDUP_NODISCARD ndup_status ndup__made_names_check_move(ndup__made_names *self, const char *to,
                                                       ndup_error *error);

/* Moves every file to the same place in the folder `to`, in place of files that are there. Both in
 * one file system. A failure in the middle leaves what has been moved; *moved, which is never
 * unset, tells of it. */
NDUP_NODISCARD ndup_status ndup__made_names_move(bool *moved, ndup__made_names *self,
                                                 const char *to, ndup_error *error);

/* Removes what is still there of the files and folders, and closes the list. */
void ndup__made_names_remove(ndup__made_names *self);

#endif
