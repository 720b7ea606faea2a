/* SPDX-License-Identifier: MIT */
/* Growing the arrays of tokens. */
#include "text/token_room.h"

#include <string.h>

#include "base/alloc.h"

/* Starts and ends share one block, so that one failed allocation cannot leave them of different
 * sizes. */
static ndup_status reserve_offsets(ndup__tokens *tokens, size_t wanted, ndup_error *error)
{
    size_t old = tokens->offset_capacity;
    size_t grown = old;
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->starts, &grown, wanted,
                                       2 * sizeof *tokens->starts, error);
    if (status == NDUP_STATUS_OK && grown != old) {
        tokens->ends = tokens->starts + grown;
        memmove(tokens->ends, tokens->starts + old, old * sizeof *tokens->ends);
        tokens->offset_capacity = grown;
    }
    return status;
}

ndup_status ndup__token_room(ndup__token_sink *sink, ndup__tokens *tokens, size_t step, size_t rest,
                             ndup_error *error)
{
    /* A token of eight bytes, gap included, is a low guess: few texts need much more. */
    size_t wanted = sink->count + step + rest / 8;
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->hashes, &tokens->capacity,
                                       wanted, sizeof *tokens->hashes, error);
    size_t room = tokens->capacity;
    if (status == NDUP_STATUS_OK && tokens->wants_offsets) {
        status = reserve_offsets(tokens, wanted, error);
        room = room < tokens->offset_capacity ? room : tokens->offset_capacity;
        sink->starts = tokens->starts;
        sink->ends = tokens->ends;
    }
    sink->hashes = tokens->hashes;
    sink->room_until = room - step;
    return status;
}
