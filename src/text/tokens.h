/* SPDX-License-Identifier: MIT */
/* The tokens of a text, as the ways of finding them leave them. */
#ifndef NDUP__TEXT_TOKENS_H
#define NDUP__TEXT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/word_hash.h"
#include "neardup/allocator.h"
#include "neardup/unit.h"

/* The tokens of one text. Reused from text to text: zero-initialise, set allocator and wants, free
 * at the end. Threads: single-owner. */
typedef struct ndup__tokens {
    const ndup_allocator *allocator;
    bool wants_offsets; /* fill starts and ends */
    bool wants_numbers; /* fill numbers */
    bool wants_bytes;   /* fill bytes, if they come as a stream; see token_bytes.h */
    uint64_t seed;      /* of the hashes of tokens and numbers */

    uint64_t *hashes; /* [count], in text order */
    size_t count;
    size_t capacity;
    uint32_t
        *starts; /* [count] byte offset in the text of the token's first byte; texts are < 4 GiB */
    uint32_t *ends; /* [count] byte offset behind the token's last byte */
    size_t offset_capacity;
    uint64_t *numbers; /* [number_count] hashes of runs of digits (text_numbers.h), in text order */
    size_t number_count;
    size_t number_capacity;
    /* The tokens themselves, folded, between one or more zero bytes; one in front of all, nine
     * behind. */
    char *bytes;
    size_t byte_count;
    size_t byte_capacity;
    char *counted; /* the text that the tokens are of, where not all counts; see counted_text.h */
    size_t counted_capacity;
    uint64_t replaced; /* damaged UTF-8 sequences of this text */
    /* Of the tokens, those of U+FFFD: one for each damaged sequence and one for each U+FFFD that
     * stands in the text itself, as decoders leave it where bytes were damaged before. Over all
     * units for ndup__tokenize_units. damaged / count is the share of a text that nobody could
     * read (in CHARACTERS mode gaps are among the tokens). */
    uint64_t damaged;
} ndup__tokens;

/* Where the tokens of a unit end among those of all units, and a hash of their sequence. */
typedef struct ndup__unit_end {
    uint64_t hash;
    size_t end;
} ndup__unit_end;

#define NDUP__SEQUENCE_STEP 0x9FB21C651E98DF25u

/* The hash of one token more: one multiplication is all that waits for the token before. */
static inline uint64_t ndup__sequence_step(uint64_t hash, uint64_t token)
{
    return hash * NDUP__SEQUENCE_STEP + token;
}

#endif
