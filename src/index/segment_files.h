/* SPDX-License-Identifier: MIT */
/* Names and tiers of segments. */
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

/* "00000001.part", of a file that is there while a segment is made. Errors: LIMIT. */
NDUP_NODISCARD ndup_status ndup__segment_part_path(char path[NDUP__SEGMENT_PATH_BYTES],
                                                   const char *folder, uint32_t first,
                                                   ndup_error *error);

/* Removes a segment's file, if it is there and can be removed: nobody names it any more. */
void ndup__segment_file_remove(const char *folder, uint32_t first, uint32_t last);
void ndup__segment_part_remove(const char *folder, uint32_t first);

/* The tier of a segment that speaks for so many numbers. */
unsigned ndup__segment_tier(uint32_t first, uint32_t last);

#endif
