/* SPDX-License-Identifier: MIT */
/* A document of an index that keeps texts. */
#ifndef CLI_INDEXED_TEXT_H
#define CLI_INDEXED_TEXT_H

#include "neardup.h"

typedef struct cli_indexed_text {
    ndup_document document; /* its text, and who it is */
    char *bytes;            /* of the text */
} cli_indexed_text;

/* Reads a document. Errors: NOT_FOUND; INVALID for an index that keeps no texts; those of the
 * index. */
ndup_status cli_indexed_text_read(cli_indexed_text *text, ndup_index *index, const char *id,
                                  ndup_error *error);
void cli_indexed_text_free(cli_indexed_text *text);

#endif
