/* SPDX-License-Identifier: MIT */
/* Writes plain, gzip and zstd files that appear under their name only when they are complete. */
#ifndef NDUP__CODEC_COMPRESS_H
#define NDUP__CODEC_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* An output file. The bytes go to a temporary file in the same folder, which `commit` gives its
 * name. The name's suffix chooses the format: .gz (level 6), .zst (level 3, with checksum),
 * anything else plain; the same input gives the same bytes. "-" is standard output, plain; a path
 * that is there and is not a regular file (a device, a named pipe) is written to directly. The use
 * is
 *
 *     open, write..., commit, close
 *
 * with close at the end in every case. Threads: single-owner. */
typedef struct ndup__writer ndup__writer;

/* Errors: EXISTS if a file is there and `overwrite` is false, NOT_FOUND if the folder is missing,
 * UNSUPPORTED for a format that this build was made without, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__writer_open(ndup__writer **writer, const char *path,
                                             bool overwrite, const ndup_allocator *allocator,
                                             ndup_error *error);

/* Adds bytes; they may be held back until commit. After a failure every later call gives the same
 * error. Errors: IO with the path, MEMORY. */
NDUP_NODISCARD ndup_status ndup__writer_write(ndup__writer *writer, const void *bytes,
                                              size_t length, ndup_error *error);

/* Completes the file and brings it to the disk under its temporary name: everything that a full
 * disk can spoil. Optional; nothing may be written afterwards. Errors: as for write. */
NDUP_NODISCARD ndup_status ndup__writer_finish(ndup__writer *writer, ndup_error *error);

/* Finishes the file if that was not done, and gives it its name; nothing may be written
 * afterwards. On failure nothing stands under the name that was not there before (a failure to
 * bring the finished name itself to the disk is the exception). Errors: as for write, and EXISTS if
 * a file has appeared meanwhile and `overwrite` is false. */
NDUP_NODISCARD ndup_status ndup__writer_commit(ndup__writer *writer, ndup_error *error);

/* Whether the file has its name, also when what came behind that failed. */
bool ndup__writer_is_committed(const ndup__writer *writer);

/* Gives the file up and removes the temporary one. Without effect after a commit that worked. */
void ndup__writer_abort(ndup__writer *writer);

/* Frees the writer (which may be NULL), after an abort if it was not committed. */
void ndup__writer_close(ndup__writer *writer);

/* Bytes taken by write so far, before compression. */
uint64_t ndup__writer_bytes(const ndup__writer *writer);

#endif
