/* SPDX-License-Identifier: MIT */
/* A file that appears under its name only when it is complete and on the disk. */
#ifndef NDUP__BASE_NEW_FILE_H
#define NDUP__BASE_NEW_FILE_H

#include <stddef.h>

#include "base/unfinished.h"
#include "neardup/allocator.h"
#include "neardup/status.h"

/* Open, write to the descriptor, commit, and close in every case. Must not move while open; zeroed
 * it may be closed. Threads: single-owner. */
typedef struct ndup__new_file {
    const ndup_allocator *allocator;
    int descriptor; /* for reading and writing */
    char *path;
    char *temporary; /* in the same folder */
    size_t path_bytes;
    size_t temporary_bytes;
    ndup__unfinished unfinished; /* listed: there is something to remove */
} ndup__new_file;

/* Errors: NOT_FOUND without the folder, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__new_file_open(ndup__new_file *file, const char *path,
                                               const ndup_allocator *allocator, ndup_error *error);

/* Brings the file to the disk and gives it its name, in place of what had that. On failure nothing
 * new has the name, unless only bringing the name itself to the disk failed. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__new_file_commit(ndup__new_file *file, ndup_error *error);

/* Removes a file that has no name yet. */
void ndup__new_file_close(ndup__new_file *file);

#endif
