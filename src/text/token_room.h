/* SPDX-License-Identifier: MIT */
/* Room for tokens, for the loops that write them one by one. */
#ifndef NDUP__TEXT_TOKEN_ROOM_H
#define NDUP__TEXT_TOKEN_ROOM_H

#include <stddef.h>

#include "neardup/status.h"
#include "text/token_sink.h"
#include "text/tokens.h"

/* Points the sink at arrays of `tokens` with room for `step` more tokens, and for those of `rest`
 * bytes of text, as far as can be guessed; sets room_until for steps of that size. Errors: MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__token_room(ndup__token_sink *sink, ndup__tokens *tokens,
                                            size_t step, size_t rest, ndup_error *error);

#endif
