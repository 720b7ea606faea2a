/* SPDX-License-Identifier: MIT */
/* Decoding deflate data through ISA-L, which takes less than half of zlib's time. */
#include "corpus/inflate.h"

#if NDUP_HAVE_ZLIB && NDUP_HAVE_ISAL

#include <isa-l/igzip_lib.h>
#include <stdint.h>

#include "base/alloc.h"

struct ndup__inflater {
    struct inflate_state state; /* with its windows 85 KiB; needs no further memory */
};

ndup_status ndup__inflater_open(ndup__inflater **inflater, ndup__inflate_wrapper wrapper,
                                const ndup_allocator *allocator, ndup_error *error)
{
    static const uint32_t flags[] = {[NDUP__INFLATE_GZIP] = ISAL_GZIP,
                                     [NDUP__INFLATE_ZLIB] = ISAL_ZLIB,
                                     [NDUP__INFLATE_RAW] = ISAL_DEFLATE};
    ndup_status status = ndup__allocate_zeroed(allocator, inflater, 1, sizeof **inflater, error);
    if (status == NDUP_STATUS_OK) {
        isal_inflate_init(&(*inflater)->state);
        (*inflater)->state.crc_flag = flags[wrapper];
    }
    return status;
}

void ndup__inflater_close(ndup__inflater *inflater, const ndup_allocator *allocator)
{
    ndup__free(allocator, &inflater, 1, sizeof *inflater);
}

void ndup__inflater_reset(ndup__inflater *inflater)
{
    isal_inflate_reset(&inflater->state);
}

static uint32_t clamp(size_t length)
{
    return length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
}

static const char *problem_text(int result)
{
    switch (result) {
    case ISAL_INVALID_BLOCK:
        return "invalid block";
    case ISAL_INVALID_SYMBOL:
        return "invalid code";
    case ISAL_INVALID_LOOKBACK:
        return "invalid distance";
    case ISAL_INVALID_WRAPPER:
        return "incorrect header";
    case ISAL_UNSUPPORTED_METHOD:
        return "unknown compression method";
    case ISAL_INCORRECT_CHECKSUM:
        return "incorrect data check";
    case ISAL_NEED_DICT:
        return "a dictionary is needed";
    default:
        return "invalid data";
    }
}

ndup_status ndup__inflate(bool *ended, const char **problem, ndup__inflater *inflater,
                          ndup__codec_buffers *buffers)
{
    struct inflate_state *state = &inflater->state;
    /* ISA-L does not write to its input. */
    state->next_in = (uint8_t *)(uintptr_t)buffers->input;
    state->avail_in = clamp(buffers->input_length);
    state->next_out = buffers->output;
    state->avail_out = clamp(buffers->output_capacity);
    int result = isal_inflate(state);
    buffers->input_length -= (size_t)(state->next_in - buffers->input);
    buffers->input = state->next_in;
    buffers->output_capacity -= (size_t)(state->next_out - buffers->output);
    buffers->output = state->next_out;
    *ended = state->block_state == ISAL_BLOCK_FINISH;
    if (result < 0 || result == ISAL_NEED_DICT) {
        *problem = problem_text(result);
        return NDUP_STATUS_CORRUPT;
    }
    return NDUP_STATUS_OK;
}

#endif
