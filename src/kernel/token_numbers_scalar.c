/* SPDX-License-Identifier: MIT */
/* Hashes of the runs of digits in tokens: the definition. */
#include "kernel/token_numbers.h"

#include <stdbool.h>

#include "kernel/kernel.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

size_t ndup__token_numbers_scalar(uint64_t *numbers, const char *tokens, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at < length; at++) {
        size_t start = at;
        while (at < length && is_digit(tokens[at])) {
            at++;
        }
        if (at > start) {
            numbers[count++] = ndup__number_hash(tokens + start, at - start);
        }
    }
    return count;
}
