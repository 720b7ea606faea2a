/* SPDX-License-Identifier: MIT */
/* A text as passages see it: tokens, and how much each of them counts. */
#ifndef NDUP__PASSAGE_PASSAGE_TEXT_H
#define NDUP__PASSAGE_PASSAGE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup/document.h"
#include "neardup/status.h"
#include "text/tokenize.h"

/* What a word counts. An ideograph or kana counts half of that, a letter of a script that writes no
 * spaces (Thai, Lao, Khmer, Myanmar, Tibetan) a quarter: about as many of them make a word. */
#define NDUP__WORD_WEIGHT 4

/* What a token counts that begins with this character. */
uint32_t ndup__script_weight(uint32_t code_point);

/* Reused from text to text: zero-initialise, set tokens.allocator, tokens.seed and
 * tokens.wants_bytes, free at the end. Threads: single-owner. */
typedef struct ndup__passage_text {
    ndup__token_mode mode; /* in others than WORDS every token counts as a word */
    ndup__tokens tokens;
    bool is_words;    /* every token counts NDUP__WORD_WEIGHT */
    bool is_readable; /* false: damaged throughout, without tokens */
    uint32_t *before; /* [tokens.count + 1] unless is_words: what the tokens before each one count,
                         modulo 2^32 */
    size_t capacity;
} ndup__passage_text;

/* What the tokens before token `i` <= count count. */
static inline uint32_t ndup__weight_before(const ndup__passage_text *text, size_t i)
{
    return text->is_words ? (uint32_t)i * NDUP__WORD_WEIGHT : text->before[i];
}

/* What tokens [begin, end) count. */
static inline uint32_t ndup__weight_of(const ndup__passage_text *text, size_t begin, size_t end)
{
    return ndup__weight_before(text, end) - ndup__weight_before(text, begin);
}

/* Errors: MEMORY; LIMIT for texts of 4 GiB or more. Cost: linear. */
NDUP_NODISCARD ndup_status ndup__passage_text_read(ndup__passage_text *text, ndup_text from,
                                                   ndup_error *error);
void ndup__passage_text_deinit(ndup__passage_text *text);

#endif
