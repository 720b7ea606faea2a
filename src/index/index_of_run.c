/* SPDX-License-Identifier: MIT */
/* An index for one run. */
#include <stdio.h>

#include "base/require.h"
#include "index/handle.h"
#include "neardup/index.h"

ndup_status ndup_index_open_temporary(ndup_index **index, const char *folder,
                                      const ndup_index_options *options, const ndup_hooks *hooks,
                                      ndup_error *error)
{
    char path[NDUP__FOLDER_PATH_BYTES + 8];
    ndup__index_temporary *temporary = NULL;
    ndup_status status = NDUP__REQUIRE(error, "index", index, "options", options);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *index = NULL;
    const ndup_index_open_options opening = {.struct_size = sizeof opening,
                                             .sync = NDUP_INDEX_SYNC_NEVER,
                                             .allocator = options->dedup.allocator};
    status = ndup__index_temporary_make(&temporary, folder, opening.allocator, error);
    if (status == NDUP_STATUS_OK) {
        snprintf(path, sizeof path, "%s/index", temporary->path);
        status = ndup_index_create(path, options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_open(index, path, &opening, hooks, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__index_temporary_free(temporary);
        return status;
    }
    (*index)->temporary = temporary;
    return NDUP_STATUS_OK;
}
