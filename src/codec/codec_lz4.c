/* SPDX-License-Identifier: MIT */
/* .lz4 files through liblz4: frames one after the other. */
#include "codec/codec.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* A frame, or one of the old format, which is then refused. Skippable frames look like zstd's. */
static bool is_magic(const unsigned char *bytes)
{
    return (bytes[0] == 0x04 && bytes[1] == 0x22 && bytes[2] == 0x4D && bytes[3] == 0x18) ||
           (bytes[0] == 0x02 && bytes[1] == 0x21 && bytes[2] == 0x4C && bytes[3] == 0x18);
}

#if NDUP_HAVE_LZ4

#include <lz4frame.h>

/* The smallest header of a frame, and what stands before each block. */
#define FRAME_START_BYTES 7
#define BLOCK_HEADER_BYTES 4

typedef struct lz4_decoder {
    LZ4F_dctx *context;
    size_t wanted;   /* bytes that liblz4 asks for next: often a block and the next header */
    bool has_output; /* the last call filled its room, so there may be more */
    bool is_between; /* the last frame is complete */
} lz4_decoder;

static ndup_status decoder_open(void **decoder, const ndup_allocator *allocator, ndup_error *error)
{
    lz4_decoder *made;
    *decoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (LZ4F_isError(LZ4F_createDecompressionContext(&made->context, LZ4F_VERSION))) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the lz4 decoder");
    }
    made->wanted = FRAME_START_BYTES;
    *decoder = made;
    return NDUP_STATUS_OK;
}

static void decoder_close(void *decoder, const ndup_allocator *allocator)
{
    lz4_decoder *closed = decoder;
    LZ4F_freeDecompressionContext(closed->context);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static ndup_status check(const char **problem, size_t result)
{
    if (!LZ4F_isError(result)) {
        return NDUP_STATUS_OK;
    }
    *problem = LZ4F_getErrorName(result);
    return strstr(*problem, "alloc") != NULL ? NDUP_STATUS_MEMORY : NDUP_STATUS_CORRUPT;
}

static ndup_status decode_step(const char **problem, lz4_decoder *lz4, ndup__codec_buffers *buffers,
                               size_t given)
{
    size_t put = buffers->output_capacity;
    size_t result =
        LZ4F_decompress(lz4->context, buffers->output, &put, buffers->input, &given, NULL);
    ndup_status status = check(problem, result);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    buffers->input += given;
    buffers->input_length -= given;
    buffers->output += put;
    buffers->output_capacity -= put;
    lz4->is_between = result == 0;
    lz4->has_output = result != 0 && buffers->output_capacity == 0;
    lz4->wanted = result != 0 ? result : FRAME_START_BYTES;
    return NDUP_STATUS_OK;
}

/* As for zstd: a call that fails keeps back what it has decoded until then, so the input of a call
 * ends where a block ends. */
static ndup_status decode(const char **problem, void *decoder, ndup__codec_buffers *buffers)
{
    lz4_decoder *lz4 = decoder;
    if (lz4->has_output) {
        size_t room = buffers->output_capacity;
        ndup_status status = decode_step(problem, lz4, buffers, 0);
        if (status != NDUP_STATUS_OK || buffers->output_capacity != room) {
            return status;
        }
    }
    if (lz4->is_between && buffers->input_length == 0) {
        return NDUP_STATUS_OK;
    }
    size_t given = lz4->wanted;
    if (given > BLOCK_HEADER_BYTES) {
        given -= BLOCK_HEADER_BYTES;
    }
    if (given > buffers->input_length) {
        given = buffers->input_length;
    }
    return decode_step(problem, lz4, buffers, given);
}

static bool decoder_is_complete(const void *decoder)
{
    return ((const lz4_decoder *)decoder)->is_between;
}

/* So many plain bytes are handed over at a time. */
#define PIECE_BYTES ((size_t)64 << 10)
#define HEADER_BYTES 19 /* LZ4F_HEADER_SIZE_MAX */

/* liblz4 wants room for the worst case, so what it writes waits in `bytes`. */
typedef struct lz4_encoder {
    LZ4F_cctx *context;
    unsigned char *bytes;
    size_t capacity;
    size_t start; /* bytes[start..end) waits */
    size_t end;
    bool has_begun;
    bool has_ended;
} lz4_encoder;

static const LZ4F_preferences_t preferences = {
    .frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};

static void encoder_close(void *encoder, const ndup_allocator *allocator)
{
    lz4_encoder *closed = encoder;
    LZ4F_freeCompressionContext(closed->context);
    ndup__free(allocator, &closed->bytes, closed->capacity, 1);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static ndup_status encoder_open(void **encoder, const ndup_allocator *allocator, ndup_error *error)
{
    lz4_encoder *made;
    *encoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t capacity = LZ4F_compressBound(PIECE_BYTES, &preferences) + HEADER_BYTES;
    status = ndup__resize(allocator, &made->bytes, 0, capacity, 1, error);
    made->capacity = status == NDUP_STATUS_OK ? capacity : 0;
    if (status == NDUP_STATUS_OK &&
        LZ4F_isError(LZ4F_createCompressionContext(&made->context, LZ4F_VERSION))) {
        status = ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the lz4 encoder");
    }
    if (status != NDUP_STATUS_OK) {
        encoder_close(made, allocator);
        return status;
    }
    *encoder = made;
    return NDUP_STATUS_OK;
}

/* Puts the next piece of the frame into `bytes`, which are empty. */
static size_t encode_piece(lz4_encoder *lz4, ndup__codec_buffers *buffers, bool finish)
{
    size_t given = buffers->input_length < PIECE_BYTES ? buffers->input_length : PIECE_BYTES;
    if (!lz4->has_begun) {
        lz4->has_begun = true;
        return LZ4F_compressBegin(lz4->context, lz4->bytes, lz4->capacity, &preferences);
    }
    if (given > 0) {
        const unsigned char *input = buffers->input;
        buffers->input += given;
        buffers->input_length -= given;
        return LZ4F_compressUpdate(lz4->context, lz4->bytes, lz4->capacity, input, given, NULL);
    }
    lz4->has_ended = finish;
    return finish ? LZ4F_compressEnd(lz4->context, lz4->bytes, lz4->capacity, NULL) : 0;
}

static ndup_status encode(bool *is_finished, const char **problem, void *encoder,
                          ndup__codec_buffers *buffers, bool finish)
{
    lz4_encoder *lz4 = encoder;
    if (lz4->start == lz4->end && !lz4->has_ended) {
        size_t result = encode_piece(lz4, buffers, finish);
        if (LZ4F_isError(result)) {
            ndup_status status = check(problem, result);
            return status == NDUP_STATUS_MEMORY ? status : NDUP_STATUS_IO;
        }
        lz4->start = 0;
        lz4->end = result;
    }
    size_t waiting = lz4->end - lz4->start;
    size_t moved = waiting < buffers->output_capacity ? waiting : buffers->output_capacity;
    memcpy(buffers->output, lz4->bytes + lz4->start, moved);
    lz4->start += moved;
    buffers->output += moved;
    buffers->output_capacity -= moved;
    *is_finished = lz4->has_ended && lz4->start == lz4->end;
    return NDUP_STATUS_OK;
}

const ndup__codec ndup__codec_lz4 = {
    .name = "lz4",
    .suffix = ".lz4",
    .magic_bytes = 4,
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

const ndup__codec ndup__codec_lz4 = {.name = "lz4",
                                     .suffix = ".lz4",
                                     .package = "liblz4-dev",
                                     .magic_bytes = 4,
                                     .is_magic = is_magic};

#endif
