/* SPDX-License-Identifier: MIT */
/* Segments from rows of the database, and their names. */
#ifndef NDUP__INDEX_SEGMENT_FILES_H
#define NDUP__INDEX_SEGMENT_FILES_H

#include "index/settings.h"
#include "store/segment.h"

/* Bytes of a segment's path at most. */
#define NDUP__SEGMENT_PATH_BYTES 4096

/* "00000001-00008000.keys" in the folder. Errors: LIMIT. */
NDUP_NODISCARD ndup_status ndup__segment_path(char path[NDUP__SEGMENT_PATH_BYTES],
                                              const char *folder, uint32_t first, uint32_t last,
                                              ndup_error *error);

/* Removes a segment's file, if it is there and can be removed: nobody names it any more. */
void ndup__segment_file_remove(const char *folder, uint32_t first, uint32_t last);

/* Writes the segment of the documents first..last: within a transaction. Longer ones are written in
 * parts of a million, and merged. Memory: 8 bytes a key of a part, and 8 a document. Errors: those
 * of database and segments. */
NDUP_NODISCARD ndup_status ndup__segment_build(const ndup__index_settings *settings,
                                               ndup__database *database, const char *folder,
                                               uint32_t first, uint32_t last,
                                               const ndup_allocator *allocator, ndup_error *error);

/* The tier of a segment that speaks for so many numbers. */
unsigned ndup__segment_tier(uint32_t first, uint32_t last);

#endif
