/* SPDX-License-Identifier: MIT */
/* What all variants of token_numbers share: the hash of a run, and the step from masks of 64 bytes
 * to runs. */
#ifndef NDUP__KERNEL_TOKEN_NUMBERS_H
#define NDUP__KERNEL_TOKEN_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "kernel/word_hash.h"

/* The hash of bytes[0..length), length >= 1, as of a token; seven bytes more can be read. */
static inline uint64_t ndup__number_hash(const char *bytes, size_t length)
{
    uint64_t hash = NDUP__WORD_SEED;
    for (; length > 8; length -= 8) {
        hash = ndup__word_step(hash, ndup__load_bytes(bytes));
        bytes += 8;
    }
    uint64_t last = ndup__load_bytes(bytes) & ~(uint64_t)0 >> (64 - 8 * length);
    return ndup__word_end(ndup__word_step(hash, last));
}

/* Where a scan stands. */
typedef struct ndup__number_scan {
    uint64_t open; /* 1 when the last byte is a digit */
    size_t start;  /* of its run */
    size_t count;  /* runs ended so far */
} ndup__number_scan;

/* Takes the 64 bytes from `at` on as a mask of the digits among them. */
static inline void ndup__number_scan_take(ndup__number_scan *scan, uint64_t *numbers,
                                          const char *tokens, size_t at, uint64_t digits)
{
    uint64_t edges = digits ^ (digits << 1 | scan->open); /* starts and ends by turns */
    if (scan->open == 0 && edges != 0) {
        scan->start = at + (size_t)__builtin_ctzll(edges);
        edges &= edges - 1;
    }
    while (edges != 0) {
        size_t end = at + (size_t)__builtin_ctzll(edges);
        edges &= edges - 1;
        numbers[scan->count++] = ndup__number_hash(tokens + scan->start, end - scan->start);
        if (edges == 0) {
            break;
        }
        scan->start = at + (size_t)__builtin_ctzll(edges);
        edges &= edges - 1;
    }
    scan->open = digits >> 63;
}

#endif
