/* SPDX-License-Identifier: MIT */
/* Tokens of the text as it stands, code point by code point. */
#include "text/tokenize_exact.h"

#include "text/fold_record.h"
#include "text/token_room.h"
#include "text/token_sink.h"
#include "text/utf8.h"

/* More than a code point and the end of the text can complete. */
#define TOKENS_PER_STEP 2

/* Separators (general categories Zs, Zl, Zp) and control characters. */
static bool is_white_space(uint32_t c)
{
    if (c < 0x1680) {
        return c <= 0x20 || (c >= 0x7F && c <= 0xA0);
    }
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

ndup__token_class ndup__exact_class(uint32_t code_point)
{
    uint32_t record = ndup__fold_record(code_point);
    uint32_t token_class = ndup__folded_class(record);
    if (is_white_space(code_point)) {
        return NDUP__CLASS_BREAK;
    }
    if (ndup__fold_kind(record) == NDUP__FOLD_KIND_MANY) {
        uint32_t count;
        const uint32_t *elements = ndup__fold_many(&count, record);
        token_class = count > 0 ? ndup__folded_class(elements[0]) : NDUP__CLASS_MARK;
    }
    return token_class != NDUP__CLASS_BREAK ? (ndup__token_class)token_class : NDUP__CLASS_SINGLE;
}

ndup_status ndup__tokenize_exact(ndup__tokens *tokens, const char *text, size_t length,
                                 ndup_error *error)
{
    ndup__token_sink sink = {.count = tokens->count};
    ndup__open_token token = {.key = ndup__word_key_of(tokens->seed),
                              .token_class = NDUP__CLASS_BREAK};
    size_t at = 0;
    ndup_status status = ndup__token_room(&sink, tokens, TOKENS_PER_STEP, length, error);
    while (status == NDUP_STATUS_OK && at < length) {
        if (sink.count > sink.room_until) {
            status = ndup__token_room(&sink, tokens, TOKENS_PER_STEP, length - at, error);
            continue;
        }
        uint32_t c;
        size_t end = at + ndup__utf8_read(&c, text + at, length - at, &tokens->replaced);
        tokens->damaged += c == NDUP__REPLACEMENT;
        uint32_t element = c | (uint32_t)ndup__exact_class(c) << NDUP__FOLD_CLASS_SHIFT;
        ndup__token_take(&sink, &token, false, element, at, end);
        at = end;
    }
    if (status == NDUP_STATUS_OK) {
        ndup__token_close(&sink, &token);
        tokens->count = sink.count;
    }
    return status;
}
