/* SPDX-License-Identifier: MIT */
/* HTTP responses as web archives keep them. */
#ifndef NDUP__CORPUS_HTTP_H
#define NDUP__CORPUS_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/json_line.h"
#include "neardup/document.h"

/* What a response says. Values are without spaces around them; absent ones are empty. */
typedef struct ndup__http_response {
    unsigned status; /* 200 */
    ndup_text content_type;
    ndup_text content_encoding;
    bool is_chunked;
    ndup_text body; /* as it was sent */
} ndup__http_response;

/* Splits a response into header and body. False if it is none, or its header has no end. */
bool ndup__http_read(ndup__http_response *response, const char *bytes, size_t length);

/* Decodes the body: chunks (RFC 9112, 7.1) are joined, and gzip, deflate, zstd and br (Brotli)
 * decoded. A body that is not what the header says, since the archive's writer decoded it, is taken
 * as it is. Where a body is damaged or cut off, what comes before counts, and *is_damaged is set.
 * *body lies in the response or in `room`, a buffer to be used again. Errors: UNSUPPORTED for
 * another encoding; LIMIT for more than `most` bytes, of which no more than that is ever decoded;
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__http_decode(ndup_text *body, bool *is_damaged,
                                             const ndup__http_response *response, uint64_t most,
                                             ndup__json_line room[2], ndup_error *error);

#endif
