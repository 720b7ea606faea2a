/* SPDX-License-Identifier: MIT */
/* Text to token hashes. */
#ifndef NDUP__TEXT_TOKENIZE_H
#define NDUP__TEXT_TOKENIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/word_hash.h"
#include "neardup/allocator.h"
#include "neardup/status.h"
#include "neardup/unit.h"

typedef enum ndup__token_mode {
    NDUP__TOKEN_WORDS,     /* fold.h: runs of letters and numbers, single ideographs and the like */
    NDUP__TOKEN_CHARACTERS /* every folded base character with its marks is a token; one space
                              between words */
} ndup__token_mode;

/* The tokens of one text. Reused from text to text: zero-initialise, set allocator and wants, free
 * at the end. Threads: single-owner. */
typedef struct ndup__tokens {
    const ndup_allocator *allocator;
    bool wants_offsets; /* fill starts and ends */
    bool wants_numbers; /* fill numbers */

    uint64_t *hashes; /* [count], in text order */
    size_t count;
    size_t capacity;
    uint32_t
        *starts; /* [count] byte offset in the text of the token's first byte; texts are < 4 GiB */
    uint32_t *ends; /* [count] byte offset behind the token's last byte */
    size_t offset_capacity;
    uint64_t
        *numbers; /* [number_count] hashes of the tokens that hold a decimal digit, in text order */
    size_t number_count;
    size_t number_capacity;
    uint64_t replaced; /* damaged UTF-8 sequences of this text */
} ndup__tokens;

/* Replaces the contents of `tokens` by the tokens of text[0..length). In WORDS mode the numbers are
 * tokens of class WORD with a digit. In CHARACTERS mode the token for the gap between two words is
 * the character U+0020 and `numbers` still holds the hashes of whole words. Cost: linear; no
 * allocation once the arrays have grown. Errors: MEMORY; LIMIT for a text of 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__tokenize(ndup__tokens *tokens, ndup__token_mode mode,
                                          const char *text, size_t length, ndup_error *error);

/* Where the tokens of a unit end among those of all units, and a hash of their sequence. */
typedef struct ndup__unit_end {
    uint64_t hash;
    size_t end;
} ndup__unit_end;

/* The hash of one token more: one multiplication is all that waits for the token before. */
static inline uint64_t ndup__sequence_step(uint64_t hash, uint64_t token)
{
    return hash * NDUP__WORD_STEP + token;
}

/* Replaces the contents of `tokens` by the tokens in WORDS mode of each unit of the text, one unit
 * after the other. Faster than unit by unit; without offsets and numbers. Shapes: ends[count].
 * Errors: MEMORY; LIMIT for units of 4 GiB or more in all. */
NDUP_NODISCARD ndup_status ndup__tokenize_units(ndup__tokens *tokens, ndup__unit_end *ends,
                                                const char *text, const ndup_unit *units,
                                                size_t count, ndup_error *error);

void ndup__tokens_deinit(ndup__tokens *tokens);

#endif
