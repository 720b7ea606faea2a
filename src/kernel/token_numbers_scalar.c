/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens with a digit: the definition. */
#include "kernel/token_numbers.h"

#include "kernel/kernel.h"

static bool is_foreign(unsigned char byte)
{
    static const unsigned char leads[] = {NDUP__DIGIT_LEADS};
    bool found = false;
    for (size_t i = 0; i < sizeof leads; i++) {
        found |= byte == leads[i];
    }
    return found;
}

size_t ndup__token_numbers_scalar(uint64_t *numbers, const uint64_t *hashes, const char *tokens,
                                  size_t length)
{
    size_t count = 0;
    size_t token = 0;
    for (size_t at = 0; at < length; at++) {
        bool is_number = false;
        size_t start = at;
        for (; at < length && tokens[at] != 0; at++) {
            unsigned char byte = (unsigned char)tokens[at];
            if (byte >= 0x80 && is_foreign(byte)) {
                return NDUP__NUMBERS_UNKNOWN;
            }
            is_number |= byte >= '0' && byte <= '9';
        }
        if (is_number) {
            numbers[count++] = hashes[token];
        }
        token += at > start;
    }
    return count;
}
