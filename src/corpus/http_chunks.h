/* SPDX-License-Identifier: MIT */
/* The chunks in which HTTP/1.1 sends bodies. */
#ifndef NDUP__CORPUS_HTTP_CHUNKS_H
#define NDUP__CORPUS_HTTP_CHUNKS_H

#include <stdbool.h>

#include "corpus/json_line.h"
#include "neardup/document.h"

/* Joins the chunks of *body (RFC 9112, 7.1) in `room`, where it then lies. A body that does not
 * begin with a chunk is left as it is. *is_damaged is set where the last chunk is missing. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__http_chunks_join(ndup_text *body, bool *is_damaged,
                                                  ndup__json_line *room, ndup_error *error);

/* Whether a body whose chunks nobody declared is made of them: they are whole to the last, and the
 * first one begins with markup, or as gzip data do. */
bool ndup__http_chunks_are_certain(ndup_text body);

#endif
