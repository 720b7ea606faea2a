/* SPDX-License-Identifier: MIT */
/* Decoding deflate data, through ISA-L where the build has it and through zlib elsewhere. */
#ifndef NDUP__CODEC_INFLATE_H
#define NDUP__CODEC_INFLATE_H

#include "codec/codec.h"

/* Set by the build to 1 when it links ISA-L; zlib is there too then. */
#ifndef NDUP_HAVE_ISAL
#define NDUP_HAVE_ISAL 0
#endif

/* What stands around the deflate data (RFC 1951). Headers and checksums are verified. */
typedef enum ndup__inflate_wrapper {
    NDUP__INFLATE_GZIP, /* RFC 1952 */
    NDUP__INFLATE_ZLIB, /* RFC 1950 */
    NDUP__INFLATE_RAW
} ndup__inflate_wrapper;

#if NDUP_HAVE_ZLIB

/* Threads: single-owner. */
typedef struct ndup__inflater ndup__inflater;

/* Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__inflater_open(ndup__inflater **inflater,
                                               ndup__inflate_wrapper wrapper,
                                               const ndup_allocator *allocator, ndup_error *error);
void ndup__inflater_close(ndup__inflater *inflater, const ndup_allocator *allocator);

/* Begins new data in the same kind of wrapper; the memory stays. */
void ndup__inflater_reset(ndup__inflater *inflater);

/* One step, as a codec's decode. *ended is set to true once the data and its checksum have been
 * read; the input stands behind gzip data then, and up to 8 bytes further behind other data.
 * Errors: CORRUPT, MEMORY. */
NDUP_NODISCARD ndup_status ndup__inflate(bool *ended, const char **problem,
                                         ndup__inflater *inflater, ndup__codec_buffers *buffers);

#endif
#endif
