/* SPDX-License-Identifier: MIT */
/* A token's script shows in the first character of its folded bytes. */
#include "passage/passage_text.h"

#include "base/alloc.h"
#include "text/damage.h"
#include "text/token_bytes.h"

/* Bytes that begin characters from U+0800 on: all scripts without word spaces are there. */
#define LEAD_OF_THREE 0xE0
#define LEAD_OF_FOUR 0xF0

static bool is_between(uint32_t code_point, uint32_t first, uint32_t last)
{
    return code_point >= first && code_point <= last;
}

uint32_t ndup__script_weight(uint32_t code_point)
{
    if (is_between(code_point, 0x0E00, 0x109F) || is_between(code_point, 0x1780, 0x17FF)) {
        return NDUP__WORD_WEIGHT / 4;
    }
    bool is_half =
        is_between(code_point, 0x3040, 0x30FF) || is_between(code_point, 0x3400, 0x9FFF) ||
        is_between(code_point, 0xF900, 0xFAFF) || is_between(code_point, 0x20000, 0x3FFFF);
    return is_half ? NDUP__WORD_WEIGHT / 2 : NDUP__WORD_WEIGHT;
}

/* The weight of the token at `bytes`, which are folded and so valid UTF-8. Decoded here, since
 * texts are read again for every pair: calls would be half of the time of such runs. */
static unsigned weight_at(const unsigned char *bytes)
{
    if (bytes[0] < LEAD_OF_THREE) {
        return NDUP__WORD_WEIGHT;
    }
    uint32_t code_point = (bytes[0] & 0xFu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    if (bytes[0] >= LEAD_OF_FOUR) {
        code_point = (bytes[0] & 7u) << 18 | (bytes[1] & 0x3Fu) << 12 | (bytes[2] & 0x3Fu) << 6 |
                     (bytes[3] & 0x3Fu);
    }
    return ndup__script_weight(code_point);
}

static bool has_wide(const char *bytes, size_t length)
{
    unsigned char most = 0;
    for (size_t i = 0; i < length; i++) {
        most = (unsigned char)bytes[i] > most ? (unsigned char)bytes[i] : most;
    }
    return most >= LEAD_OF_THREE;
}

static ndup_status weigh(ndup__passage_text *text, ndup_error *error)
{
    const ndup__tokens *tokens = &text->tokens;
    ndup_status status = ndup__reserve(tokens->allocator, &text->before, &text->capacity,
                                       tokens->count + 1, sizeof *text->before, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const unsigned char *at = (const unsigned char *)tokens->bytes;
    uint32_t sum = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        while (*at == 0) {
            at++;
        }
        text->before[i] = sum;
        sum += weight_at(at);
        while (*at != 0) {
            at++;
        }
    }
    text->before[tokens->count] = sum;
    return NDUP_STATUS_OK;
}

ndup_status ndup__passage_text_read(ndup__passage_text *text, ndup_text from, ndup_error *error)
{
    ndup__tokens *tokens = &text->tokens;
    bool weighs = text->mode == NDUP__TOKEN_WORDS;
    tokens->wants_bytes = weighs;
    ndup_status status =
        weighs ? ndup__tokenize_bytes(tokens, text->mode, from.bytes, from.length, error)
               : ndup__tokenize(tokens, text->mode, from.bytes, from.length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    text->is_readable = !ndup__is_damaged_throughout(tokens);
    if (!text->is_readable) {
        tokens->count = 0;
    }
    text->is_words = !weighs || !has_wide(tokens->bytes, tokens->byte_count);
    return text->is_words ? NDUP_STATUS_OK : weigh(text, error);
}

void ndup__passage_text_deinit(ndup__passage_text *text)
{
    ndup__free(text->tokens.allocator, &text->before, text->capacity, sizeof *text->before);
    ndup__tokens_deinit(&text->tokens);
}
