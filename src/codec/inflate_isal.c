/* SPDX-License-Identifier: MIT */
/* Decoding deflate data through ISA-L, which takes less than half of zlib's time. */
#include "codec/inflate.h"

#if NDUP_HAVE_ZLIB && NDUP_HAVE_ISAL

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

/* What is decoded at once. Where ISA-L finds damage depends on the room that it is given, so the
 * room must not depend on the caller. */
#define CHUNK_BYTES ((size_t)64 << 10)
/* Farthest match of deflate: ISA-L copies from in front of the first byte before it sees that there
 * is nothing, so something must be there. */
#define WINDOW_BYTES ((size_t)32 << 10)
/* Longest match: what a call may have put out of a match that is invalid. */
#define MATCH_MOST 258

struct ndup__inflater {
    unsigned char before[WINDOW_BYTES];
    struct inflate_state state;
    unsigned char chunk[CHUNK_BYTES];
    size_t start; /* chunk[start..end) waits to be handed out */
    size_t end;
    int result; /* of the last call */
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
    inflater->start = 0;
    inflater->end = 0;
    inflater->result = ISAL_DECOMP_OK;
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

/* Decodes the next chunk to chunk[0..CHUNK_BYTES); returns how many bytes it has. */
static size_t decode_chunk(ndup__inflater *inflater, unsigned char *chunk,
                           ndup__codec_buffers *buffers)
{
    struct inflate_state *state = &inflater->state;
    size_t given = buffers->input_length < UINT32_MAX ? buffers->input_length : UINT32_MAX;
    /* ISA-L does not write to its input. */
    state->next_in = (uint8_t *)(uintptr_t)buffers->input;
    state->avail_in = (uint32_t)given;
    state->next_out = chunk;
    state->avail_out = CHUNK_BYTES;
    inflater->result = isal_inflate(state);
    buffers->input_length -= (size_t)(state->next_in - buffers->input);
    buffers->input = state->next_in;
    size_t count = CHUNK_BYTES - state->avail_out;
    if (inflater->result == ISAL_INVALID_LOOKBACK) {
        count -= count < MATCH_MOST ? count : MATCH_MOST;
    }
    return count;
}

static bool is_damaged(const ndup__inflater *inflater)
{
    return inflater->result < 0 || inflater->result == ISAL_NEED_DICT;
}

static void put_out(ndup__codec_buffers *buffers, size_t count)
{
    buffers->output += count;
    buffers->output_capacity -= count;
}

/* A chunk goes straight to the caller if there is room for a whole one. */
ndup_status ndup__inflate(bool *ended, const char **problem, ndup__inflater *inflater,
                          ndup__codec_buffers *buffers)
{
    bool is_new = inflater->start == inflater->end && !is_damaged(inflater);
    if (is_new && buffers->output_capacity >= CHUNK_BYTES) {
        put_out(buffers, decode_chunk(inflater, buffers->output, buffers));
    } else if (is_new) {
        inflater->start = 0;
        inflater->end = decode_chunk(inflater, inflater->chunk, buffers);
    }
    size_t held = inflater->end - inflater->start;
    size_t moved = held < buffers->output_capacity ? held : buffers->output_capacity;
    if (moved > 0) {
        memcpy(buffers->output, inflater->chunk + inflater->start, moved);
        inflater->start += moved;
        put_out(buffers, moved);
    }
    bool is_empty = inflater->start == inflater->end;
    *ended = is_empty && !is_damaged(inflater) && inflater->state.block_state == ISAL_BLOCK_FINISH;
    if (is_empty && is_damaged(inflater)) {
        *problem = problem_text(inflater->result);
        return NDUP_STATUS_CORRUPT;
    }
    return NDUP_STATUS_OK;
}

#endif
