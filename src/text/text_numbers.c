/* SPDX-License-Identifier: MIT */
/* Runs of digits, code point by code point, but for ASCII without any. Tokens are those of WORDS
 * mode (tokenize.h), of which it is enough to know where they end. */
#include "text/text_numbers.h"

#include "base/alloc.h"
#include "kernel/kernel.h"
#include "text/ascii_chunk.h"
#include "text/fold.h"
#include "text/fold_record.h"
#include "text/token_sink.h"
#include "text/utf8.h"

/* A run of digits is like a token, and the numbers are where it goes. */
typedef struct number_walk {
    ndup__token_sink sink;
    ndup__open_token run;
    size_t in_token; /* runs closed so far in the token */
} number_walk;

static void close_run(number_walk *walk)
{
    if (walk->run.token_class == NDUP__CLASS_BREAK) {
        return;
    }
    if (walk->in_token < NDUP__NUMBERS_MOST) {
        ndup__token_close(&walk->sink, &walk->run);
    } else if (walk->in_token == NDUP__NUMBERS_MOST) {
        walk->sink.count -= NDUP__NUMBERS_MOST - 1;
    }
    walk->run.token_class = NDUP__CLASS_BREAK;
    walk->in_token++;
}

static void close_token(number_walk *walk)
{
    close_run(walk);
    walk->in_token = 0;
}

static void take_folded(number_walk *walk, uint32_t code_point, uint32_t token_class)
{
    if (code_point >= '0' && code_point <= '9') {
        uint32_t element = code_point | token_class << NDUP__FOLD_CLASS_SHIFT;
        ndup__token_take(&walk->sink, &walk->run, false, element, 0, 0);
    } else if (token_class == NDUP__CLASS_WORD || token_class == NDUP__CLASS_MARK) {
        close_run(walk);
    } else {
        close_token(walk);
    }
}

/* Takes a character of ASCII, or eight if there is no digit among them. */
static size_t take_ascii(number_walk *walk, const char *text, size_t length)
{
    uint64_t bytes = length >= 8 ? ndup__chunk_load(text) : NDUP__FLAGS;
    if (((ndup__chunk_digits(bytes) | bytes) & NDUP__FLAGS) == 0) {
        close_run(walk);
        walk->in_token = ndup__chunk_letters(bytes) == NDUP__FLAGS ? walk->in_token : 0;
        return 8;
    }
    uint32_t c = (unsigned char)text[0];
    take_folded(walk, c, ndup__folded_class(ndup__fold_record(c)));
    return 1;
}

static size_t take_code_point(number_walk *walk, const char *text, size_t length)
{
    ndup__folded folded[NDUP__FOLD_MAX];
    uint32_t code_point;
    uint64_t replaced = 0;
    size_t taken = ndup__utf8_read(&code_point, text, length, &replaced);
    size_t count = ndup__fold(folded, code_point);
    for (size_t i = 0; i < count; i++) {
        take_folded(walk, folded[i].code_point, folded[i].token_class);
    }
    return taken;
}

/* Takes one code point or more. Returns how many bytes were taken. */
static size_t take_some(number_walk *walk, const char *text, size_t length)
{
    return (unsigned char)text[0] < 0x80 ? take_ascii(walk, text, length)
                                         : take_code_point(walk, text, length);
}

ndup_status ndup__text_numbers(ndup__tokens *tokens, const char *text, size_t length,
                               ndup_error *error)
{
    number_walk walk = {.run = {.key = ndup__word_key_of(tokens->seed)}};
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
        close_token(&walk);
        tokens->number_count = walk.sink.count;
    }
    return status;
}
