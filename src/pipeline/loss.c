/* SPDX-License-Identifier: MIT */
/* When so much could not be read that what was read says nothing. */
#include "pipeline/loss.h"

#include <inttypes.h>

#include "base/error.h"

ndup_status ndup__loss_check(uint64_t documents, uint64_t skipped, ndup_error *error)
{
    if (skipped <= documents) {
        return NDUP_STATUS_OK;
    }
    if (documents == 0) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT,
                          "nothing could be read: %" PRIu64 " files or records were skipped",
                          skipped);
    }
    return ndup__fail(error, NDUP_STATUS_CORRUPT,
                      "more than half could not be read: %" PRIu64 " of %" PRIu64
                      " files and records were skipped",
                      skipped, documents + skipped);
}
