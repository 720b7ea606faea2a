/* SPDX-License-Identifier: MIT */
/* gzip (RFC 1952) through zlib. */
#include "corpus/codec.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static bool is_magic(const unsigned char *bytes)
{
    return bytes[0] == 0x1F && bytes[1] == 0x8B;
}

#if NDUP_HAVE_ZLIB

#define ZLIB_CONST
#include <zlib.h>

/* Window bits of 15, and 16 for a gzip header in place of zlib's own. */
#define GZIP_WINDOW (15 + 16)
#define LEVEL 6
#define MEMORY_LEVEL 8
#define SYSTEM_UNKNOWN 255

typedef enum position {
    IN_MEMBER,
    BEHIND_MEMBER, /* another member, padding or the end may follow */
    IN_PADDING     /* only zeros and the end may follow */
} position;

typedef struct gzip_decoder {
    z_stream zlib;
    position position;
} gzip_decoder;

static uInt clamp(size_t length)
{
    return length < UINT_MAX ? (uInt)length : UINT_MAX;
}

static void set_buffers(z_stream *zlib, const ndup__codec_buffers *buffers)
{
    zlib->next_in = buffers->input;
    zlib->avail_in = clamp(buffers->input_length);
    zlib->next_out = buffers->output;
    zlib->avail_out = clamp(buffers->output_capacity);
}

static void move_buffers(ndup__codec_buffers *buffers, const z_stream *zlib)
{
    buffers->input_length -= (size_t)(zlib->next_in - buffers->input);
    buffers->input = zlib->next_in;
    buffers->output_capacity -= (size_t)(zlib->next_out - buffers->output);
    buffers->output = zlib->next_out;
}

static ndup_status decoder_open(void **decoder, const ndup_allocator *allocator, ndup_error *error)
{
    gzip_decoder *made;
    *decoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (inflateInit2(&made->zlib, GZIP_WINDOW) != Z_OK) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the gzip decoder");
    }
    *decoder = made;
    return NDUP_STATUS_OK;
}

static void decoder_close(void *decoder, const ndup_allocator *allocator)
{
    gzip_decoder *closed = decoder;
    inflateEnd(&closed->zlib);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static ndup_status decode_member(const char **problem, gzip_decoder *decoder,
                                 ndup__codec_buffers *buffers)
{
    z_stream *zlib = &decoder->zlib;
    set_buffers(zlib, buffers);
    int result = inflate(zlib, Z_NO_FLUSH);
    move_buffers(buffers, zlib);
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
        return NDUP_STATUS_OK;
    case Z_STREAM_END:
        decoder->position = BEHIND_MEMBER;
        return NDUP_STATUS_OK;
    case Z_MEM_ERROR:
        *problem = "out of memory";
        return NDUP_STATUS_MEMORY;
    default:
        *problem = zlib->msg != NULL ? zlib->msg : "not gzip data";
        return NDUP_STATUS_CORRUPT;
    }
}

/* Decides by the next byte what follows a member. */
static ndup_status decode_behind(const char **problem, gzip_decoder *decoder,
                                 ndup__codec_buffers *buffers)
{
    if (decoder->position == BEHIND_MEMBER && buffers->input_length > 0 &&
        buffers->input[0] == 0x1F) {
        inflateReset(&decoder->zlib);
        decoder->position = IN_MEMBER;
        return decode_member(problem, decoder, buffers);
    }
    while (buffers->input_length > 0) {
        if (buffers->input[0] != 0) {
            *problem = "other bytes behind the end";
            return NDUP_STATUS_CORRUPT;
        }
        decoder->position = IN_PADDING;
        buffers->input++;
        buffers->input_length--;
    }
    return NDUP_STATUS_OK;
}

static ndup_status decode(const char **problem, void *decoder, ndup__codec_buffers *buffers)
{
    gzip_decoder *gzip = decoder;
    return gzip->position == IN_MEMBER ? decode_member(problem, gzip, buffers)
                                       : decode_behind(problem, gzip, buffers);
}

static bool decoder_is_complete(const void *decoder)
{
    return ((const gzip_decoder *)decoder)->position != IN_MEMBER;
}

typedef struct gzip_encoder {
    z_stream zlib;
    gz_header header; /* zlib keeps its address */
} gzip_encoder;

/* The header says neither time nor system, so that the same bytes come out everywhere. */
static ndup_status encoder_open(void **encoder, const ndup_allocator *allocator, ndup_error *error)
{
    gzip_encoder *made;
    *encoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (deflateInit2(&made->zlib, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the gzip encoder");
    }
    made->header.os = SYSTEM_UNKNOWN;
    deflateSetHeader(&made->zlib, &made->header);
    *encoder = made;
    return NDUP_STATUS_OK;
}

static void encoder_close(void *encoder, const ndup_allocator *allocator)
{
    gzip_encoder *closed = encoder;
    deflateEnd(&closed->zlib);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static ndup_status encode(bool *is_finished, const char **problem, void *encoder,
                          ndup__codec_buffers *buffers, bool finish)
{
    z_stream *zlib = &((gzip_encoder *)encoder)->zlib;
    set_buffers(zlib, buffers);
    bool is_last = finish && zlib->avail_in == buffers->input_length;
    int result = deflate(zlib, is_last ? Z_FINISH : Z_NO_FLUSH);
    move_buffers(buffers, zlib);
    *is_finished = result == Z_STREAM_END;
    if (result == Z_STREAM_ERROR) {
        *problem = "the gzip encoder is in disorder";
        return NDUP_STATUS_IO;
    }
    return NDUP_STATUS_OK;
}

const ndup__codec ndup__codec_gzip = {
    .name = "gzip",
    .suffix = ".gz",
    .magic_bytes = 2,
    .is_magic = is_magic,
    .decoder_open = decoder_open,
    .decoder_close = decoder_close,
    .decode = decode,
    .decoder_is_complete = decoder_is_complete,
    .encoder_open = encoder_open,
    .encoder_close = encoder_close,
    .encode = encode,
};

#else

const ndup__codec ndup__codec_gzip = {.name = "gzip",
                                      .suffix = ".gz",
                                      .package = "zlib1g-dev",
                                      .magic_bytes = 2,
                                      .is_magic = is_magic};

#endif
