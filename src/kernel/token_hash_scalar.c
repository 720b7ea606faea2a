/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens between zero bytes: the definition. */
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

size_t ndup__token_hash_scalar(uint64_t *hashes, const char *tokens, size_t length,
                               ndup__word_key key)
{
    size_t count = 0;
    size_t at = 0;
    while (at < length) {
        uint64_t hash = key.start;
        uint64_t chunk = 0;
        size_t start = at;
        for (; at < length && tokens[at] != 0; at++) {
            size_t i = (at - start) % 8;
            chunk |= (uint64_t)(unsigned char)tokens[at] << (8 * i);
            if (i == 7) {
                hash = ndup__word_step(hash, chunk, key);
                chunk = 0;
            }
        }
        hash = chunk != 0 ? ndup__word_step(hash, chunk, key) : hash;
        hashes[count] = ndup__word_end(hash);
        count += at > start;
        at++;
    }
    return count;
}
