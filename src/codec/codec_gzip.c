/* SPDX-License-Identifier: MIT */
/* gzip (RFC 1952): members one after the other, decoded through inflate.h, encoded through zlib. */
#include "codec/codec.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/inflate.h"

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
    ndup__inflater *inflater;
    position position;
} gzip_decoder;

static ndup_status decoder_open(void **decoder, const ndup_allocator *allocator, ndup_error *error)
{
    gzip_decoder *made;
    *decoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__inflater_open(&made->inflater, NDUP__INFLATE_GZIP, allocator, error);
    if (status != NDUP_STATUS_OK) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return status;
    }
    *decoder = made;
    return NDUP_STATUS_OK;
}

static void decoder_close(void *decoder, const ndup_allocator *allocator)
{
    gzip_decoder *closed = decoder;
    ndup__inflater_close(closed->inflater, allocator);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static ndup_status decode_member(const char **problem, gzip_decoder *decoder,
                                 ndup__codec_buffers *buffers)
{
    bool ended = false;
    ndup_status status = ndup__inflate(&ended, problem, decoder->inflater, buffers);
    if (ended) {
        decoder->position = BEHIND_MEMBER;
    }
    return status;
}

/* Decides by the next byte what follows a member. */
static ndup_status decode_behind(const char **problem, gzip_decoder *decoder,
                                 ndup__codec_buffers *buffers)
{
    if (decoder->position == BEHIND_MEMBER && buffers->input_length > 0 &&
        buffers->input[0] == 0x1F) {
        ndup__inflater_reset(decoder->inflater);
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

static uInt clamp(size_t length)
{
    return length < UINT_MAX ? (uInt)length : UINT_MAX;
}

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
    zlib->next_in = buffers->input;
    zlib->avail_in = clamp(buffers->input_length);
    zlib->next_out = buffers->output;
    zlib->avail_out = clamp(buffers->output_capacity);
    bool is_last = finish && zlib->avail_in == buffers->input_length;
    int result = deflate(zlib, is_last ? Z_FINISH : Z_NO_FLUSH);
    buffers->input_length -= (size_t)(zlib->next_in - buffers->input);
    buffers->input = zlib->next_in;
    buffers->output_capacity -= (size_t)(zlib->next_out - buffers->output);
    buffers->output = zlib->next_out;
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
