/* SPDX-License-Identifier: MIT */
/* .bz2 files through libbz2: streams one after the other, as parallel compressors write them. */
#include "codec/codec.h"

#include <limits.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/error.h"

/* "BZh", the size of blocks, and the first bytes of a block or of the end: text may begin with the
 * first four. */
static bool is_magic(const unsigned char *bytes)
{
    bool is_header =
        bytes[0] == 'B' && bytes[1] == 'Z' && bytes[2] == 'h' && bytes[3] >= '1' && bytes[3] <= '9';
    return is_header &&
           ((bytes[4] == 0x31 && bytes[5] == 0x41) || (bytes[4] == 0x17 && bytes[5] == 0x72));
}

#if NDUP_HAVE_BZIP2

#include <bzlib.h>

/* Blocks of 900,000 bytes. */
#define LEVEL 9

typedef struct bzip2_decoder {
    bz_stream bzip2;
    bool is_between; /* the last stream is complete, and closed */
} bzip2_decoder;

static ndup_status decoder_open(void **decoder, const ndup_allocator *allocator, ndup_error *error)
{
    bzip2_decoder *made;
    *decoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (BZ2_bzDecompressInit(&made->bzip2, 0, 0) != BZ_OK) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the bzip2 decoder");
    }
    *decoder = made;
    return NDUP_STATUS_OK;
}

static void decoder_close(void *decoder, const ndup_allocator *allocator)
{
    bzip2_decoder *closed = decoder;
    if (!closed->is_between) {
        BZ2_bzDecompressEnd(&closed->bzip2);
    }
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static unsigned clamp(size_t length)
{
    return length < UINT_MAX ? (unsigned)length : UINT_MAX;
}

static void lend(bz_stream *bzip2, const ndup__codec_buffers *buffers)
{
    bzip2->next_in = (char *)(uintptr_t)buffers->input; /* which libbz2 only reads */
    bzip2->avail_in = clamp(buffers->input_length);
    bzip2->next_out = (char *)buffers->output;
    bzip2->avail_out = clamp(buffers->output_capacity);
}

static void take_back(ndup__codec_buffers *buffers, const bz_stream *bzip2)
{
    const unsigned char *input = (const unsigned char *)bzip2->next_in;
    unsigned char *output = (unsigned char *)bzip2->next_out;
    buffers->input_length -= (size_t)(input - buffers->input);
    buffers->output_capacity -= (size_t)(output - buffers->output);
    buffers->input = input;
    buffers->output = output;
}

static ndup_status check(const char **problem, int result)
{
    if (result == BZ_MEM_ERROR) {
        *problem = "out of memory";
        return NDUP_STATUS_MEMORY;
    }
    *problem = "damaged data";
    return result < 0 ? NDUP_STATUS_CORRUPT : NDUP_STATUS_OK;
}

/* What follows a stream is another one or nothing. */
static ndup_status begin_stream(const char **problem, bzip2_decoder *decoder,
                                const ndup__codec_buffers *buffers)
{
    if (buffers->input[0] != 'B') {
        *problem = "other bytes behind the end";
        return NDUP_STATUS_CORRUPT;
    }
    decoder->bzip2 = (bz_stream){.next_in = NULL};
    int result = BZ2_bzDecompressInit(&decoder->bzip2, 0, 0);
    decoder->is_between = result != BZ_OK;
    return check(problem, result);
}

static ndup_status decode(const char **problem, void *decoder, ndup__codec_buffers *buffers)
{
    bzip2_decoder *bzip2 = decoder;
    ndup_status status = NDUP_STATUS_OK;
    if (bzip2->is_between) {
        status = buffers->input_length > 0 ? begin_stream(problem, bzip2, buffers) : status;
    }
    if (status != NDUP_STATUS_OK || bzip2->is_between) {
        return status;
    }
    lend(&bzip2->bzip2, buffers);
    int result = BZ2_bzDecompress(&bzip2->bzip2);
    take_back(buffers, &bzip2->bzip2);
    bzip2->is_between = result == BZ_STREAM_END;
    if (bzip2->is_between) {
        BZ2_bzDecompressEnd(&bzip2->bzip2);
    }
    return check(problem, result);
}

static bool decoder_is_complete(const void *decoder)
{
    return ((const bzip2_decoder *)decoder)->is_between;
}

static ndup_status encoder_open(void **encoder, const ndup_allocator *allocator, ndup_error *error)
{
    bz_stream *made;
    *encoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (BZ2_bzCompressInit(made, LEVEL, 0, 0) != BZ_OK) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the bzip2 encoder");
    }
    *encoder = made;
    return NDUP_STATUS_OK;
}

static void encoder_close(void *encoder, const ndup_allocator *allocator)
{
    bz_stream *closed = encoder;
    BZ2_bzCompressEnd(closed);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

/* libbz2 takes a call without input for a fault unless it is to finish. */
static ndup_status encode(bool *is_finished, const char **problem, void *encoder,
                          ndup__codec_buffers *buffers, bool finish)
{
    bz_stream *bzip2 = encoder;
    *is_finished = false;
    if (!finish && buffers->input_length == 0) {
        return NDUP_STATUS_OK;
    }
    lend(bzip2, buffers);
    bool is_last = finish && bzip2->avail_in == buffers->input_length;
    int result = BZ2_bzCompress(bzip2, is_last ? BZ_FINISH : BZ_RUN);
    take_back(buffers, bzip2);
    *is_finished = result == BZ_STREAM_END;
    *problem = "the bzip2 encoder is in disorder";
    return result < 0 ? NDUP_STATUS_IO : NDUP_STATUS_OK;
}

const ndup__codec ndup__codec_bzip2 = {
    .name = "bzip2",
    .suffix = ".bz2",
    .magic_bytes = 6,
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

const ndup__codec ndup__codec_bzip2 = {.name = "bzip2",
                                       .suffix = ".bz2",
                                       .package = "libbz2-dev",
                                       .magic_bytes = 6,
                                       .is_magic = is_magic};

#endif
