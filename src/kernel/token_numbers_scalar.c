/* SPDX-License-Identifier: MIT */
/* Hashes of the runs of digits in tokens: the definition. */
#include "kernel/token_numbers.h"

#include <stdbool.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Writes the numbers of the token that begins at `*at` and moves on behind it. Returns how many. */
static size_t take_token(uint64_t *numbers, size_t *at, const char *tokens, size_t length,
                         ndup__word_key key)
{
    size_t runs = 0;
    size_t place = *at;
    while (place < length && tokens[place] != 0) {
        size_t start = place;
        while (place < length && is_digit(tokens[place])) {
            place++;
        }
        if (place > start) {
            numbers[runs++] = ndup__number_hash(tokens + start, place - start, key);
        } else {
            place++;
        }
    }
    *at = place;
    return runs <= NDUP__NUMBERS_MOST ? runs : 1;
}

size_t ndup__token_numbers_scalar(uint64_t *numbers, const char *tokens, size_t length,
                                  ndup__word_key key)
{
    size_t count = 0;
    for (size_t at = 0; at < length; at++) {
        count += take_token(numbers + count, &at, tokens, length, key);
    }
    return count;
}
