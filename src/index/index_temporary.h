/* SPDX-License-Identifier: MIT */
/* The folder of an index that goes away when it is closed. */
#ifndef NDUP__INDEX_INDEX_TEMPORARY_H
#define NDUP__INDEX_INDEX_TEMPORARY_H

#include "base/folder.h"
#include "base/unfinished.h"

typedef struct ndup__index_temporary {
    const ndup_allocator *allocator;
    char path[NDUP__FOLDER_PATH_BYTES];
    int holder; /* by which others see that it is in use */
    bool is_held;
    ndup__unfinished unfinished;
} ndup__index_temporary;

/* Makes a folder in `folder` (NULL: TMPDIR or /tmp), for this user only. On failure too it has to
 * be freed. Errors: IO, NOT_FOUND, MEMORY. */
NDUP_NODISCARD ndup_status ndup__index_temporary_make(ndup__index_temporary **temporary,
                                                      const char *folder,
                                                      const ndup_allocator *allocator,
                                                      ndup_error *error);

/* Removes the folder; NULL is allowed. */
void ndup__index_temporary_free(ndup__index_temporary *temporary);

#endif
