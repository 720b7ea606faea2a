/* SPDX-License-Identifier: MIT */
/* A file of keys is named by the numbers that it speaks for. */
#include "index/segment_files.h"

#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "index/key_view.h"

static ndup_status check_length(int length, ndup_error *error)
{
    return length < NDUP__SEGMENT_PATH_BYTES
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_LIMIT, "the path of the index is too long");
}

ndup_status ndup__segment_path(char path[NDUP__SEGMENT_PATH_BYTES], const char *folder,
                               uint32_t first, uint32_t last, ndup_error *error)
{
    return check_length(
        snprintf(path, NDUP__SEGMENT_PATH_BYTES, "%s/%08x-%08x.keys", folder, first, last), error);
}

ndup_status ndup__segment_part_path(char path[NDUP__SEGMENT_PATH_BYTES], const char *folder,
                                    uint32_t first, ndup_error *error)
{
    return check_length(snprintf(path, NDUP__SEGMENT_PATH_BYTES, "%s/%08x.part", folder, first),
                        error);
}

unsigned ndup__segment_tier(uint32_t first, uint32_t last)
{
    unsigned tier = 0;
    for (uint64_t count = (uint64_t)last - first + 1;
         count >= (uint64_t)NDUP__FRESH_MOST * NDUP__TIER_SEGMENTS; count /= NDUP__TIER_SEGMENTS) {
        tier++;
    }
    return tier;
}

void ndup__segment_file_remove(const char *folder, uint32_t first, uint32_t last)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    ndup_status status = ndup__segment_path(path, folder, first, last, NULL);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_remove(path, NULL); /* what stays is a stray, and found later */
    }
    (void)status;
}

void ndup__segment_part_remove(const char *folder, uint32_t first)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    ndup_status status = ndup__segment_part_path(path, folder, first, NULL);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_remove(path, NULL);
    }
    (void)status;
}
