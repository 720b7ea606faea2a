/* SPDX-License-Identifier: MIT */
/* zstd (RFC 8878) through libzstd. */
#include "codec/codec.h"

#include "base/alloc.h"
#include "base/error.h"

/* A frame, or a skippable frame: 0x50 to 0x5F, 2A 4D 18. */
static bool is_magic(const unsigned char *bytes)
{
    return (bytes[0] == 0x28 && bytes[1] == 0xB5 && bytes[2] == 0x2F && bytes[3] == 0xFD) ||
           ((bytes[0] & 0xF0) == 0x50 && bytes[1] == 0x2A && bytes[2] == 0x4D && bytes[3] == 0x18);
}

#if NDUP_HAVE_ZSTD

#include <zstd.h>
#include <zstd_errors.h>

#define LEVEL 3
/* A window is memory that the data ask for: more than this only if somebody allows it, as with the
 * zstd tool. */
#define WINDOW_LOG 27
/* Windows of `zstd --long=31`; systems with 32-bit addresses allow less. */
#define LONG_WINDOW_LOG 31

/* The magic number and the byte that tells how long the frame's header is. */
#define FRAME_START_BYTES 5
#define BLOCK_HEADER_BYTES 3

typedef struct zstd_decoder {
    ZSTD_DCtx *context;
    size_t wanted;   /* bytes that libzstd asks for next: often a block and the next header */
    bool has_output; /* the last call filled its room, so there may be more */
    bool is_between; /* the last frame is complete */
} zstd_decoder;

static void decoder_allow_long(void *decoder)
{
    ZSTD_bounds bounds = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
    bool is_less = !ZSTD_isError(bounds.error) && bounds.upperBound < LONG_WINDOW_LOG;
    ZSTD_DCtx_setParameter(((zstd_decoder *)decoder)->context, ZSTD_d_windowLogMax,
                           is_less ? bounds.upperBound : LONG_WINDOW_LOG);
}

static ndup_status decoder_open(void **decoder, const ndup_allocator *allocator, ndup_error *error)
{
    zstd_decoder *made;
    *decoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->context = ZSTD_createDCtx();
    if (made->context == NULL) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the zstd decoder");
    }
    ZSTD_DCtx_setParameter(made->context, ZSTD_d_windowLogMax, WINDOW_LOG);
    made->wanted = FRAME_START_BYTES;
    *decoder = made;
    return NDUP_STATUS_OK;
}

static void decoder_close(void *decoder, const ndup_allocator *allocator)
{
    zstd_decoder *closed = decoder;
    ZSTD_freeDCtx(closed->context);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

static ndup_status fail_decoding(const char **problem, size_t result)
{
    ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
    *problem = ZSTD_getErrorName(result);
    if (code == ZSTD_error_frameParameter_windowTooLarge) {
        *problem = "its window is over 128 MiB: --zstd-long allows it";
        return NDUP_STATUS_LIMIT;
    }
    return code == ZSTD_error_memory_allocation ? NDUP_STATUS_MEMORY : NDUP_STATUS_CORRUPT;
}

static ndup_status decode_step(const char **problem, zstd_decoder *zstd,
                               ndup__codec_buffers *buffers, size_t given)
{
    ZSTD_inBuffer input = {buffers->input, given, 0};
    ZSTD_outBuffer output = {buffers->output, buffers->output_capacity, 0};
    size_t result = ZSTD_decompressStream(zstd->context, &output, &input);
    if (ZSTD_isError(result)) {
        return fail_decoding(problem, result);
    }
    buffers->input += input.pos;
    buffers->input_length -= input.pos;
    buffers->output += output.pos;
    buffers->output_capacity -= output.pos;
    zstd->is_between = result == 0;
    zstd->has_output = result != 0 && buffers->output_capacity == 0;
    zstd->wanted = result != 0 ? result : FRAME_START_BYTES;
    return NDUP_STATUS_OK;
}

/* A call that fails keeps back what it has decoded until then. So a call gets either room for old
 * output or new input, and the input ends where a block ends: then the block in front of damage has
 * been put out, and the position is where the damaged one begins. A call without input between two
 * frames would begin a frame that is not there. */
static ndup_status decode(const char **problem, void *decoder, ndup__codec_buffers *buffers)
{
    zstd_decoder *zstd = decoder;
    if (zstd->has_output) {
        size_t room = buffers->output_capacity;
        ndup_status status = decode_step(problem, zstd, buffers, 0);
        if (status != NDUP_STATUS_OK || buffers->output_capacity != room) {
            return status;
        }
    }
    if (zstd->is_between && buffers->input_length == 0) {
        return NDUP_STATUS_OK;
    }
    size_t given = zstd->wanted;
    if (given > BLOCK_HEADER_BYTES) {
        given -= BLOCK_HEADER_BYTES;
    }
    if (given > buffers->input_length) {
        given = buffers->input_length;
    }
    return decode_step(problem, zstd, buffers, given);
}

static bool decoder_is_complete(const void *decoder)
{
    return ((const zstd_decoder *)decoder)->is_between;
}

#define SINGLE_SEGMENT 0x20

/* Whether the frame declares a window that several threads should not have at once: it is left to
 * the reader. A frame of one segment has none, and is all in memory. */
static bool has_long_window(const unsigned char *bytes, size_t frame)
{
    bool is_single = (bytes[4] & SINGLE_SEGMENT) != 0;
    bool is_long = is_single ? ZSTD_getFrameContentSize(bytes, frame) >> WINDOW_LOG != 0
                             : 10 + (bytes[5] >> 3) > WINDOW_LOG;
    return bytes[0] == 0x28 && is_long;
}

static size_t find_run(const unsigned char *bytes, size_t length)
{
    size_t run = 0;
    while (run < NDUP__CODEC_RUN_BYTES) {
        size_t frame = ZSTD_findFrameCompressedSize(bytes + run, length - run);
        bool is_usable = !ZSTD_isError(frame) && frame >= 6 && !has_long_window(bytes + run, frame);
        if (!is_usable || (run > 0 && run + frame > NDUP__CODEC_RUN_BYTES)) {
            break;
        }
        run += frame;
    }
    return run;
}

/* Frames of so many plain bytes, so that readers can decode them side by side. */
#define FRAME_BYTES ((size_t)4 << 20)

typedef struct zstd_encoder {
    ZSTD_CCtx *context;
    size_t frame_bytes; /* plain bytes in the frame that is open */
    bool has_frame;     /* one has been completed */
} zstd_encoder;

static ndup_status encoder_open(void **encoder, const ndup_allocator *allocator, ndup_error *error)
{
    zstd_encoder *made;
    *encoder = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->context = ZSTD_createCCtx();
    if (made->context == NULL) {
        ndup__free(allocator, &made, 1, sizeof *made);
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the zstd encoder");
    }
    ZSTD_CCtx_setParameter(made->context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(made->context, ZSTD_c_checksumFlag, 1);
    *encoder = made;
    return NDUP_STATUS_OK;
}

static void encoder_close(void *encoder, const ndup_allocator *allocator)
{
    zstd_encoder *closed = encoder;
    ZSTD_freeCCtx(closed->context);
    ndup__free(allocator, &closed, 1, sizeof *closed);
}

/* A frame ends when it is full and at the end of everything, which may be empty but for a frame. */
static ndup_status encode(bool *is_finished, const char **problem, void *encoder,
                          ndup__codec_buffers *buffers, bool finish)
{
    zstd_encoder *zstd = encoder;
    size_t room = FRAME_BYTES - zstd->frame_bytes;
    size_t given = buffers->input_length < room ? buffers->input_length : room;
    bool is_last = finish && given == buffers->input_length;
    *is_finished = is_last && given == 0 && zstd->frame_bytes == 0 && zstd->has_frame;
    if (*is_finished) {
        return NDUP_STATUS_OK;
    }
    ZSTD_EndDirective directive = is_last || given == room ? ZSTD_e_end : ZSTD_e_continue;
    ZSTD_inBuffer input = {buffers->input, given, 0};
    ZSTD_outBuffer output = {buffers->output, buffers->output_capacity, 0};
    size_t left = ZSTD_compressStream2(zstd->context, &output, &input, directive);
    if (ZSTD_isError(left)) {
        *problem = ZSTD_getErrorName(left);
        return ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation ? NDUP_STATUS_MEMORY
                                                                       : NDUP_STATUS_IO;
    }
    buffers->input += input.pos;
    buffers->input_length -= input.pos;
    buffers->output += output.pos;
    buffers->output_capacity -= output.pos;
    zstd->frame_bytes += input.pos;
    if (directive == ZSTD_e_end && left == 0) {
        zstd->frame_bytes = 0;
        zstd->has_frame = true;
        *is_finished = is_last;
    }
    return NDUP_STATUS_OK;
}

const ndup__codec ndup__codec_zstd = {
    .name = "zstd",
    .suffix = ".zst",
    .magic_bytes = 4,
    .is_magic = is_magic,
    .find_run = find_run,
    .decoder_open = decoder_open,
    .decoder_close = decoder_close,
    .decoder_allow_long = decoder_allow_long,
    .decode = decode,
    .decoder_is_complete = decoder_is_complete,
    .encoder_open = encoder_open,
    .encoder_close = encoder_close,
    .encode = encode,
};

#else

const ndup__codec ndup__codec_zstd = {.name = "zstd",
                                      .suffix = ".zst",
                                      .package = "libzstd-dev",
                                      .magic_bytes = 4,
                                      .is_magic = is_magic};

#endif
