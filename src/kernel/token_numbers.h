/* SPDX-License-Identifier: MIT */
/* What all variants of token_numbers share: the digits beyond ASCII, and the step from masks of 64
 * bytes to tokens. */
#ifndef NDUP__KERNEL_TOKEN_NUMBERS_H
#define NDUP__KERNEL_TOKEN_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether folded digits (general category Nd) beyond ASCII begin with this byte: those of Arabic,
 * N'Ko, India and its neighbours, Mongolia, Vai and the like, and all beyond U+FFFF. */
#define NDUP__DIGIT_LEADS 0xD9, 0xDB, 0xDF, 0xE0, 0xE1, 0xEA, 0xF0

/* Where a scan stands. */
typedef struct ndup__number_scan {
    uint64_t open;      /* 1 when the last byte belongs to a token */
    uint64_t is_number; /* 1 when that token holds a digit already */
    size_t tokens;      /* ended so far */
    size_t count;       /* of them copied */
} ndup__number_scan;

/* Takes 64 bytes as masks: those of tokens, and the digits among them. A digit added to the bytes
 * of its token carries to the byte behind the token, whatever other digits there are. */
static inline void ndup__number_scan_take(ndup__number_scan *scan, uint64_t *numbers,
                                          const uint64_t *hashes, uint64_t bytes, uint64_t digits)
{
    uint64_t sum;
    uint64_t carry = __builtin_add_overflow(bytes, digits | scan->is_number, &sum);
    uint64_t ends = ~bytes & (bytes << 1 | scan->open);
    for (uint64_t found = sum & ends; found != 0; found &= found - 1) {
        uint64_t below = ends & (found ^ (found - 1)) >> 1;
        numbers[scan->count++] = hashes[scan->tokens + (size_t)__builtin_popcountll(below)];
    }
    scan->tokens += (size_t)__builtin_popcountll(ends);
    scan->open = bytes >> 63;
    scan->is_number = carry;
}

#endif
