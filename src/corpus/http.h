/* SPDX-License-Identifier: MIT */
/* HTTP responses as web archives keep them. */
#ifndef NDUP__CORPUS_HTTP_H
#define NDUP__CORPUS_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/json_line.h"
#include "neardup/document.h"

/* Most encodings that one header names. */
#define NDUP__HTTP_CODINGS 4

/* "gzip, br", in the order in which they were applied. */
typedef struct ndup__http_codings {
    ndup_text names[NDUP__HTTP_CODINGS];
    unsigned count;
} ndup__http_codings;

/* What a response says. Values are without spaces around them; absent ones are empty. */
typedef struct ndup__http_response {
    unsigned status; /* 200 */
    ndup_text content_type;
    ndup__http_codings content;  /* Content-Encoding */
    ndup__http_codings transfer; /* Transfer-Encoding, but for "chunked" */
    bool is_chunked;
    ndup_text body; /* as it was sent */
} ndup__http_response;

/* Splits a response into header and body. Read as it is met: the status line in any case, version
 * and number of blanks, without a reason, or of a server of streams ("ICY 200 OK"); empty lines
 * before it; lines that end in LF alone, folded lines, lines that are no field. An interim response
 * (100 Continue), or that of a proxy, is passed over. False if it is no response, or its header has
 * no end. */
bool ndup__http_read(ndup__http_response *response, const char *bytes, size_t length);

/* Decodes the body: chunks (RFC 9112, 7.1) are joined; gzip, deflate, zstd and br (Brotli), one on
 * top of the other, decoded. What is not as the header says was decoded by the archive's writer and
 * is taken as it is; what is compressed though the header does not say so is decoded, too; names
 * that are no encodings (none, UTF-8) mean nothing where the body begins like text. Where a body is
 * damaged or cut off, what comes before counts, and *is_damaged is set. *body lies in the response
 * or in `rooms`, buffers to be used again. Errors: UNSUPPORTED for an unknown encoding of what is
 * no text; LIMIT for more than `most` bytes in any layer, of which no more than that is ever
 * decoded; MEMORY. */
NDUP_NODISCARD ndup_status ndup__http_decode(ndup_text *body, bool *is_damaged,
                                             const ndup__http_response *response, uint64_t most,
                                             ndup__json_line rooms[2], ndup_error *error);

#endif
