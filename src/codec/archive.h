/* SPDX-License-Identifier: MIT */
/* Archives of files (tar, zip), read from front to back. */
#ifndef NDUP__CODEC_ARCHIVE_H
#define NDUP__CODEC_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "codec/decompress.h"
#include "neardup/allocator.h"
#include "neardup/status.h"

/* Threads: single-owner. libarchive's own state comes from the C library's heap. */
typedef struct ndup__archive ndup__archive;

typedef struct ndup__member {
    const char *name; /* as the archive has it, until the next member; NULL if it cannot be told */
    bool is_file;     /* neither a folder nor a link nor a device */
    bool is_encrypted;
    bool is_sparse; /* mostly zeros that are not in the archive */
} ndup__member;

/* Whether this build can read archives (it was built with libarchive). */
bool ndup__archive_is_available(void);

/* Whether the bytes, the first of a file, are certainly those of a zip or tar. */
bool ndup__archive_begins(const char *bytes, size_t length);

/* Opens a zip or tar; a tar may be compressed in any way that streams are. *stream is open on the
 * path; it is taken, even if this fails. Errors: UNSUPPORTED in a build without libarchive; IO,
 * CORRUPT, MEMORY. */
NDUP_NODISCARD ndup_status ndup__archive_open(ndup__archive **archive, const char *path,
                                              ndup__stream **stream,
                                              const ndup_allocator *allocator, ndup_error *error);
void ndup__archive_close(ndup__archive *archive);

/* The next member; *more is false at the end. Errors: CORRUPT for damage that ends the archive. */
NDUP_NODISCARD ndup_status ndup__archive_next(ndup__member *member, bool *more,
                                              ndup__archive *archive, ndup_error *error);

/* Fills buffer[0..capacity) with the member's next bytes; *got is 0 at its end. Errors: CORRUPT. */
NDUP_NODISCARD ndup_status ndup__archive_read(ndup__archive *archive, void *buffer, size_t capacity,
                                              size_t *got, ndup_error *error);

#endif
