/* SPDX-License-Identifier: MIT */
/* What all variants of token_numbers share: the hash of a run, and the step from masks of 64 bytes
 * to runs. */
#ifndef NDUP__KERNEL_TOKEN_NUMBERS_H
#define NDUP__KERNEL_TOKEN_NUMBERS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "kernel/kernel.h"
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
    size_t end;    /* of the run before */
    size_t
        in_token; /* runs ended so far in the token of that run, 0 when it is known to end there */
    size_t count; /* numbers so far */
} ndup__number_scan;

/* Begins a run. Few runs end within a token; only behind these is the end of it looked for. */
static inline void ndup__number_scan_open(ndup__number_scan *scan, const char *tokens, size_t start)
{
    if (scan->in_token > 0 && memchr(tokens + scan->end, 0, start - scan->end) != NULL) {
        scan->in_token = 0;
    }
    scan->start = start;
}

static inline void ndup__number_scan_close(ndup__number_scan *scan, uint64_t *numbers,
                                           const char *tokens, size_t end)
{
    if (scan->in_token < NDUP__NUMBERS_MOST) {
        numbers[scan->count++] = ndup__number_hash(tokens + scan->start, end - scan->start);
    } else if (scan->in_token == NDUP__NUMBERS_MOST) {
        scan->count -= NDUP__NUMBERS_MOST - 1;
    }
    scan->in_token = tokens[end] != 0 ? scan->in_token + 1 : 0;
    scan->end = end;
}

/* Takes the 64 bytes from `at` on as a mask of the digits among them. */
static inline void ndup__number_scan_take(ndup__number_scan *scan, uint64_t *numbers,
                                          const char *tokens, size_t at, uint64_t digits)
{
    uint64_t edges = digits ^ (digits << 1 | scan->open); /* starts and ends by turns */
    uint64_t is_open = scan->open;
    scan->open = digits >> 63;
    for (; edges != 0; edges &= edges - 1) {
        size_t place = at + (size_t)__builtin_ctzll(edges);
        if (is_open != 0) {
            ndup__number_scan_close(scan, numbers, tokens, place);
        } else {
            ndup__number_scan_open(scan, tokens, place);
        }
        is_open ^= 1;
    }
}

#endif
