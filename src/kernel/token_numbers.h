/* SPDX-License-Identifier: MIT */
/* What all variants of token_numbers share: the hash of a run, and the step from masks of 64 bytes
 * to runs. */
#ifndef NDUP__KERNEL_TOKEN_NUMBERS_H
#define NDUP__KERNEL_TOKEN_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

/* The hash of bytes[0..length), length >= 1, as of a token; seven bytes more can be read. */
static inline uint64_t ndup__number_hash(const char *bytes, size_t length, ndup__word_key key)
{
    uint64_t hash = key.start;
    for (; length > 8; length -= 8) {
        hash = ndup__word_step(hash, ndup__load_bytes(bytes), key);
        bytes += 8;
    }
    uint64_t last = ndup__load_bytes(bytes) & ~(uint64_t)0 >> (64 - 8 * length);
    return ndup__word_end(ndup__word_step(hash, last, key));
}

/* Where a scan stands. */
typedef struct ndup__number_scan {
    ndup__word_key key;
    uint64_t open;   /* 1 when the last byte is a digit */
    size_t start;    /* of its run */
    size_t end;      /* of the run before */
    size_t in_token; /* runs so far in the token of that run, 0 when that token ends there */
    size_t count;    /* numbers so far */
} ndup__number_scan;

/* Takes a run. Few runs begin or end within a token. */
static inline void ndup__number_scan_run(ndup__number_scan *scan, uint64_t *numbers,
                                         const char *tokens, size_t start, size_t end)
{
    numbers[scan->count++] = ndup__number_hash(tokens + start, end - start, scan->key);
    if ((scan->in_token | (unsigned char)tokens[end]) == 0) {
        return;
    }
    bool is_same = scan->in_token > 0 && memchr(tokens + scan->end, 0, start - scan->end) == NULL;
    size_t before = is_same ? scan->in_token : 0;
    if (before >= NDUP__NUMBERS_MOST) {
        scan->count -= before == NDUP__NUMBERS_MOST ? NDUP__NUMBERS_MOST : 1;
    }
    scan->in_token = tokens[end] != 0 ? before + 1 : 0;
    scan->end = end;
}

/* Takes the 64 bytes from `at` on as a mask of the digits among them. */
static inline void ndup__number_scan_take(ndup__number_scan *scan, uint64_t *numbers,
                                          const char *tokens, size_t at, uint64_t digits)
{
    uint64_t behind = digits << 1 | scan->open;
    uint64_t starts = digits & ~behind;
    for (uint64_t ends = ~digits & behind; ends != 0; ends &= ends - 1) {
        size_t end = at + (size_t)__builtin_ctzll(ends);
        size_t start = scan->start;
        if (scan->open == 0) {
            start = at + (size_t)__builtin_ctzll(starts);
            starts &= starts - 1;
        }
        scan->open = 0;
        ndup__number_scan_run(scan, numbers, tokens, start, end);
    }
    scan->open = digits >> 63;
    if (starts != 0) { /* one that goes on behind them */
        scan->start = at + (size_t)__builtin_ctzll(starts);
    }
}

#endif
