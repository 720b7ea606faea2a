/* SPDX-License-Identifier: MIT */
/* Runs of digits, code point by code point, but for ASCII without any. */
#include "text/text_numbers.h"

#include "base/alloc.h"
#include "text/ascii_chunk.h"
#include "text/fold.h"
#include "text/token_sink.h"
#include "text/utf8.h"

/* A run of digits is like a token, and the numbers are where it goes. */
typedef struct number_walk {
    ndup__token_sink sink;
    ndup__open_token run;
} number_walk;

static void take_folded(number_walk *walk, uint32_t code_point)
{
    if (code_point < '0' || code_point > '9') {
        ndup__token_close(&walk->sink, &walk->run);
        return;
    }
    uint32_t element = code_point | (uint32_t)NDUP__CLASS_WORD << NDUP__FOLD_CLASS_SHIFT;
    ndup__token_take(&walk->sink, &walk->run, false, element, 0, 0);
}

/* Takes a code point, or eight of ASCII without a digit among them. Returns how many bytes were
 * taken. */
static size_t take_some(number_walk *walk, const char *text, size_t length)
{
    if (length >= 8) {
        uint64_t bytes = ndup__chunk_load(text);
        if (((ndup__chunk_digits(bytes) | bytes) & NDUP__FLAGS) == 0) {
            ndup__token_close(&walk->sink, &walk->run);
            return 8;
        }
    }
    if ((unsigned char)text[0] < 0x80) {
        take_folded(walk, (unsigned char)text[0]);
        return 1;
    }
    ndup__folded folded[NDUP__FOLD_MAX];
    uint32_t code_point;
    uint64_t replaced = 0;
    size_t taken = ndup__utf8_read(&code_point, text, length, &replaced);
    size_t count = ndup__fold(folded, code_point);
    for (size_t i = 0; i < count; i++) {
        take_folded(walk, folded[i].code_point);
    }
    return taken;
}

ndup_status ndup__text_numbers(ndup__tokens *tokens, const char *text, size_t length,
                               ndup_error *error)
{
    number_walk walk = {.sink = {.count = 0}};
    ndup_status status = NDUP_STATUS_OK;
    tokens->number_count = 0;
    for (size_t at = 0; status == NDUP_STATUS_OK && at < length;) {
        /* More than the runs of one code point, and one that is left open. */
        status = ndup__reserve(tokens->allocator, &tokens->numbers, &tokens->number_capacity,
                               walk.sink.count + NDUP__FOLD_MAX, sizeof *tokens->numbers, error);
        walk.sink.hashes = tokens->numbers;
        at += status == NDUP_STATUS_OK ? take_some(&walk, text + at, length - at) : 0;
    }
    if (status == NDUP_STATUS_OK) {
        ndup__token_close(&walk.sink, &walk.run);
        tokens->number_count = walk.sink.count;
    }
    return status;
}
