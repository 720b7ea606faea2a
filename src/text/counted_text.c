/* SPDX-License-Identifier: MIT */
/* Modes of tokens that are words of a text of which not all counts. */
#include "text/counted_text.h"

#include "base/alloc.h"

ndup_status ndup__tokens_view(ndup__tokens *tokens, ndup__token_mode *mode, const char **text,
                              size_t length, ndup_error *error)
{
    if (*mode != NDUP__TOKEN_CODE && *mode != NDUP__TOKEN_POSTS) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(tokens->allocator, &tokens->counted,
                                       &tokens->counted_capacity, length, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (*mode == NDUP__TOKEN_CODE) {
        ndup__counted_code(tokens->counted, *text, length);
    } else {
        ndup__counted_post(tokens->counted, *text, length);
    }
    *mode = NDUP__TOKEN_WORDS;
    *text = length > 0 ? tokens->counted : *text;
    return NDUP_STATUS_OK;
}
