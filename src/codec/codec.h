/* SPDX-License-Identifier: MIT */
/* The compressed formats: one table of functions each. */
#ifndef NDUP__CODEC_CODEC_H
#define NDUP__CODEC_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Set by the build to 1 for the libraries that it links. */
#ifndef NDUP_HAVE_ZLIB
#define NDUP_HAVE_ZLIB 0
#endif
#ifndef NDUP_HAVE_ZSTD
#define NDUP_HAVE_ZSTD 0
#endif
#ifndef NDUP_HAVE_LZMA
#define NDUP_HAVE_LZMA 0
#endif
#ifndef NDUP_HAVE_BZIP2
#define NDUP_HAVE_BZIP2 0
#endif
#ifndef NDUP_HAVE_LZ4
#define NDUP_HAVE_LZ4 0
#endif

/* Longest of the codecs' first bytes. */
#define NDUP__CODEC_MAGIC_BYTES 6
/* About as much as is worth handing to another thread. */
#define NDUP__CODEC_RUN_BYTES ((size_t)1 << 20)

/* The bytes that one call may use up and the room it may fill; the call moves all four. */
typedef struct ndup__codec_buffers {
    const unsigned char *input;
    size_t input_length;
    unsigned char *output;
    size_t output_capacity;
} ndup__codec_buffers;

/* Decoders and encoders are called until they make no progress. A decoder returns CORRUPT, LIMIT or
 * MEMORY with *problem set to a fixed text, and the bytes it has put out by then are good. An
 * encoder that is told to finish sets *is_finished once its last byte is out. */
typedef struct ndup__codec {
    const char *name;    /* "gzip" */
    const char *suffix;  /* ".gz" */
    const char *package; /* what to install if this build lacks it; NULL if it does not */
    size_t magic_bytes;
    bool (*is_magic)(const unsigned char *bytes);
    /* The length of what stands in bytes[0..length) and can be decoded without the rest: whole
     * frames, at most NDUP__CODEC_RUN_BYTES of them but at least one; 0 if there is none. NULL: the
     * format does not tell. */
    size_t (*find_run)(const unsigned char *bytes, size_t length);

    ndup_status (*decoder_open)(void **decoder, const ndup_allocator *allocator, ndup_error *error);
    void (*decoder_close)(void *decoder, const ndup_allocator *allocator);
    /* Lets it take windows of over 128 MiB; NULL: there are none. */
    void (*decoder_allow_long)(void *decoder);
    ndup_status (*decode)(const char **problem, void *decoder, ndup__codec_buffers *buffers);
    bool (*decoder_is_complete)(const void *decoder); /* the input may end here */

    ndup_status (*encoder_open)(void **encoder, const ndup_allocator *allocator, ndup_error *error);
    void (*encoder_close)(void *encoder, const ndup_allocator *allocator);
    ndup_status (*encode)(bool *is_finished, const char **problem, void *encoder,
                          ndup__codec_buffers *buffers, bool finish);
} ndup__codec;

extern const ndup__codec ndup__codec_bzip2;
extern const ndup__codec ndup__codec_gzip;
extern const ndup__codec ndup__codec_lz4;
extern const ndup__codec ndup__codec_xz;
extern const ndup__codec ndup__codec_zstd;

/* The codec whose data begins with bytes[0..length), or NULL for plain bytes. */
const ndup__codec *ndup__codec_by_magic(const unsigned char *bytes, size_t length);

/* The codec of the name's suffix, in any case, or NULL. */
const ndup__codec *ndup__codec_by_name(const char *name);

/* Whether bytes[0..length) begin something that can be decoded without what stands before. */
static inline bool ndup__codec_can_begin(const ndup__codec *codec, const unsigned char *bytes,
                                         size_t length)
{
    return length >= codec->magic_bytes && codec->is_magic(bytes);
}

/* UNSUPPORTED: "this build cannot <verb> .gz: install zlib1g-dev and build again". */
ndup_status ndup__codec_fail_missing(ndup_error *error, const ndup__codec *codec, const char *verb);

#endif
