/* SPDX-License-Identifier: MIT */
/* Reads a stream of text in any encoding as UTF-8. */
#ifndef NDUP__CORPUS_TRANSCODE_H
#define NDUP__CORPUS_TRANSCODE_H

#include "codec/decompress.h"
#include "corpus/encoding.h"

/* Stands between a stream and its reader. UTF-8 passes through as it is, damaged or not; what other
 * encodings say comes out as valid UTF-8, without the byte order mark. Threads: single-owner. */
typedef struct ndup__transcoder ndup__transcoder;

/* Reads as much of the stream as tells its encoding; the stream stays the caller's. Errors: those
 * of reading it, MEMORY. */
NDUP_NODISCARD ndup_status ndup__transcoder_open(ndup__transcoder **transcoder,
                                                 ndup__stream *stream,
                                                 const ndup__encoding *encoding,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);

/* Like ndup__stream_read. */
NDUP_NODISCARD ndup_status ndup__transcoder_read(ndup__transcoder *transcoder, void *buffer,
                                                 size_t capacity, size_t *got, ndup_error *error);

/* The encoding, and the length of the mark that tells it. */
const ndup__charset *ndup__transcoder_charset(const ndup__transcoder *transcoder, size_t *mark);

/* Damaged sequences so far that became U+FFFD here; always 0 for UTF-8. */
uint64_t ndup__transcoder_replaced(const ndup__transcoder *transcoder);

/* NULL is allowed. */
void ndup__transcoder_close(ndup__transcoder *transcoder);

#endif
