/* SPDX-License-Identifier: MIT */
/* Names for documents that have none. */
#include "corpus/document_name.h"

#include <stdio.h>
#include <string.h>

#include "text/file_name.h"

#define NUMBER_BYTES 24

ndup_status ndup__name_document(ndup_text *id, const char *path, uint64_t line,
                                ndup__arena *strings, ndup_error *error)
{
    if (id->length > 0 || path == NULL) {
        return NDUP_STATUS_OK;
    }
    void *block;
    char text[NDUP__PATH_TEXT_BYTES];
    const char *shown = ndup__path_text(text, path);
    size_t size = strlen(shown) + NUMBER_BYTES;
    ndup_status status = ndup__arena_take(strings, &block, size, error);
    if (status == NDUP_STATUS_OK) {
        int length = snprintf(block, size, "%s:%llu", shown, (unsigned long long)line);
        *id = (ndup_text){block, (size_t)length};
    }
    return status;
}
