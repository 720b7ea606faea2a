/* SPDX-License-Identifier: MIT */
/* .xz files through liblzma: streams one after the other, with padding between and behind them. */
#include "codec/codec.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static bool is_magic(const unsigned char *bytes)
{
    static const unsigned char magic[] = {0xFD, '7', 'z', 'X', 'Z', 0x00};
    return memcmp(bytes, magic, sizeof magic) == 0;
}

#if NDUP_HAVE_LZMA

#include <lzma.h>

/* With 17 MiB of memory for each file that is being written; 6, the program's own, takes 94. */
#define LEVEL 2
/* `xz -9` asks for 65 MiB; what was written for more than this is refused. */
#define MEMORY_MOST ((uint64_t)512 << 20)

typedef struct xz_decoder {
    lzma_stream lzma;
    bool is_between; /* the last stream is complete */
} xz_decoder;

static bool begin_stream(xz_decoder *xz)
{
    xz->is_between = false;
    return lzma_stream_decoder(&xz->lzma, MEMORY_MOST, 0) == LZMA_OK;
}

static ndup_status decoder_open(void **decoder, const ndup_allocator *allocator, ndup_error *error)
{
    xz_decoder *made;
    *decoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (!begin_stream(made)) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the xz decoder");
    }
    *decoder = made;
    return NDUP_STATUS_OK;
}

static void decoder_close(void *decoder, const ndup_allocator *allocator)
{
    xz_decoder *closed = decoder;
    lzma_end(&closed->lzma);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

/* Calls liblzma and moves the buffers. */
static lzma_ret step(lzma_stream *lzma, ndup__codec_buffers *buffers, lzma_action action)
{
    lzma->next_in = buffers->input;
    lzma->avail_in = buffers->input_length;
    lzma->next_out = buffers->output;
    lzma->avail_out = buffers->output_capacity;
    lzma_ret result = lzma_code(lzma, action);
    *buffers =
        (ndup__codec_buffers){lzma->next_in, lzma->avail_in, lzma->next_out, lzma->avail_out};
    return result;
}

/* LZMA_BUF_ERROR: no progress, which the caller sees. */
static ndup_status check(const char **problem, lzma_ret result)
{
    switch (result) {
    case LZMA_OK:
    case LZMA_STREAM_END:
    case LZMA_BUF_ERROR:
        return NDUP_STATUS_OK;
    case LZMA_MEM_ERROR:
        *problem = "out of memory";
        return NDUP_STATUS_MEMORY;
    case LZMA_MEMLIMIT_ERROR:
        *problem = "it asks for more than 512 MiB of memory";
        return NDUP_STATUS_CORRUPT;
    case LZMA_OPTIONS_ERROR:
        *problem = "options that liblzma does not know";
        return NDUP_STATUS_CORRUPT;
    default:
        *problem = "damaged data";
        return NDUP_STATUS_CORRUPT;
    }
}

/* Passes over the zeros behind a stream; the next byte but those must begin another one. */
static ndup_status decode_behind(const char **problem, xz_decoder *xz, ndup__codec_buffers *buffers)
{
    while (buffers->input_length > 0 && buffers->input[0] == 0) {
        buffers->input++;
        buffers->input_length--;
    }
    if (buffers->input_length == 0) {
        return NDUP_STATUS_OK;
    }
    if (buffers->input[0] != 0xFD) {
        *problem = "other bytes behind the end";
        return NDUP_STATUS_CORRUPT;
    }
    if (!begin_stream(xz)) {
        *problem = "out of memory";
        return NDUP_STATUS_MEMORY;
    }
    return NDUP_STATUS_OK;
}

static ndup_status decode(const char **problem, void *decoder, ndup__codec_buffers *buffers)
{
    xz_decoder *xz = decoder;
    if (xz->is_between) {
        ndup_status status = decode_behind(problem, xz, buffers);
        if (status != NDUP_STATUS_OK || xz->is_between) {
            return status;
        }
    }
    lzma_ret result = step(&xz->lzma, buffers, LZMA_RUN);
    xz->is_between = result == LZMA_STREAM_END;
    return check(problem, result);
}

static bool decoder_is_complete(const void *decoder)
{
    return ((const xz_decoder *)decoder)->is_between;
}

static ndup_status encoder_open(void **encoder, const ndup_allocator *allocator, ndup_error *error)
{
    lzma_stream *made;
    *encoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (lzma_easy_encoder(made, LEVEL, LZMA_CHECK_CRC64) != LZMA_OK) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the xz encoder");
    }
    *encoder = made;
    return NDUP_STATUS_OK;
}

static void encoder_close(void *encoder, const ndup_allocator *allocator)
{
    lzma_stream *closed = encoder;
    lzma_end(closed);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static ndup_status encode(bool *is_finished, const char **problem, void *encoder,
                          ndup__codec_buffers *buffers, bool finish)
{
    lzma_ret result = step(encoder, buffers, finish ? LZMA_FINISH : LZMA_RUN);
    *is_finished = result == LZMA_STREAM_END;
    return check(problem, result);
}

const ndup__codec ndup__codec_xz = {
    .name = "xz",
    .suffix = ".xz",
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

const ndup__codec ndup__codec_xz = {.name = "xz",
                                    .suffix = ".xz",
                                    .package = "liblzma-dev",
                                    .magic_bytes = 6,
                                    .is_magic = is_magic};

#endif
