/* SPDX-License-Identifier: MIT */
/* Decoding deflate data through zlib, where there is no ISA-L. */
#include "codec/inflate.h"

#if NDUP_HAVE_ZLIB && !NDUP_HAVE_ISAL

#include <limits.h>

#include "base/alloc.h"
#include "base/error.h"

#define ZLIB_CONST
#include <zlib.h>

#define WINDOW_BITS 15

struct ndup__inflater {
    z_stream zlib;
};

ndup_status ndup__inflater_open(ndup__inflater **inflater, ndup__inflate_wrapper wrapper,
                                const ndup_allocator *allocator, ndup_error *error)
{
    static const int window_bits[] = {[NDUP__INFLATE_GZIP] = WINDOW_BITS + 16,
                                      [NDUP__INFLATE_ZLIB] = WINDOW_BITS,
                                      [NDUP__INFLATE_RAW] = -WINDOW_BITS};
    ndup__inflater *made;
    *inflater = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (inflateInit2(&made->zlib, window_bits[wrapper]) != Z_OK) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the deflate decoder");
    }
    *inflater = made;
    return NDUP_STATUS_OK;
}

void ndup__inflater_close(ndup__inflater *inflater, const ndup_allocator *allocator)
{
    if (inflater != NULL) {
        inflateEnd(&inflater->zlib);
        ndup__free(allocator, &inflater, 1, sizeof *inflater);
    }
}

void ndup__inflater_reset(ndup__inflater *inflater)
{
    inflateReset(&inflater->zlib);
}

static uInt clamp(size_t length)
{
    return length < UINT_MAX ? (uInt)length : UINT_MAX;
}

ndup_status ndup__inflate(bool *ended, const char **problem, ndup__inflater *inflater,
                          ndup__codec_buffers *buffers)
{
    z_stream *zlib = &inflater->zlib;
    zlib->next_in = buffers->input;
    zlib->avail_in = clamp(buffers->input_length);
    zlib->next_out = buffers->output;
    zlib->avail_out = clamp(buffers->output_capacity);
    int result = inflate(zlib, Z_NO_FLUSH);
    buffers->input_length -= (size_t)(zlib->next_in - buffers->input);
    buffers->input = zlib->next_in;
    buffers->output_capacity -= (size_t)(zlib->next_out - buffers->output);
    buffers->output = zlib->next_out;
    *ended = result == Z_STREAM_END;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
    case Z_STREAM_END:
        return NDUP_STATUS_OK;
    case Z_MEM_ERROR:
        *problem = "out of memory";
        return NDUP_STATUS_MEMORY;
    default:
        *problem = zlib->msg != NULL ? zlib->msg : "invalid data";
        return NDUP_STATUS_CORRUPT;
    }
}

#endif
