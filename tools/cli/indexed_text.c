/* SPDX-License-Identifier: MIT */
/* What an index has of a document is gone when it was visited: its text is copied. */
#include "indexed_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"

static ndup_status copy_text(void *context, const ndup_index_document *document, ndup_error *error)
{
    (void)error;
    cli_indexed_text *copy = context;
    copy->bytes = cli_resize(NULL, document->text.length + 1);
    if (document->text.length > 0) {
        memcpy(copy->bytes, document->text.bytes, document->text.length);
    }
    copy->document.text = (ndup_text){copy->bytes, document->text.length};
    return NDUP_STATUS_OK;
}

ndup_status cli_indexed_text_read(cli_indexed_text *text, ndup_index *index, const char *id,
                                  ndup_error *error)
{
    *text = (cli_indexed_text){.document = {.id = {id, strlen(id)}}};
    if (ndup_index_get_options(index)->store != NDUP_INDEX_TEXTS) {
        *error = (ndup_error){.status = NDUP_STATUS_INVALID};
        snprintf(error->message, sizeof error->message,
                 "the index keeps %s and no texts, which 'neardup index create --store texts' is "
                 "for; name the corpus with --in instead",
                 ndup_index_store_name(ndup_index_get_options(index)->store));
        return NDUP_STATUS_INVALID;
    }
    return ndup_index_get(index, text->document.id, copy_text, text, error);
}

void cli_indexed_text_free(cli_indexed_text *text)
{
    free(text->bytes);
    text->bytes = NULL;
}
