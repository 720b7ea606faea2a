/* SPDX-License-Identifier: MIT */
/* The variants of each operation, best first, and the choice among them. */
#include <stdatomic.h>

#include "kernel/kernel.h"

#if NDUP__CPU_X86
#define AVX512(op) {"avx512", NDUP__CPU_AVX512, ndup__##op##_avx512},
#define AVX2(op) {"avx2", NDUP__CPU_AVX2, ndup__##op##_avx2},
#else
#define AVX512(op)
#define AVX2(op)
#endif
#define SCALAR(op) {"scalar", 0, ndup__##op##_scalar},

/* Defines the table of an operation and the choice: the first variant whose features are there.
 * Threads that meet in it choose the same. Choosing is apart, so that a call that finds it done
 * costs a load and a jump. */
#define TABLE(op, variants)                                                                    \
    const ndup__##op##_variant ndup__##op##_variants[] = {variants{NULL, 0, NULL}};            \
    static _Atomic(ndup__##op##_function *) chosen_##op;                                       \
    __attribute__((noinline, cold)) static ndup__##op##_function *find_##op(void)              \
    {                                                                                          \
        const ndup__##op##_variant *variant = ndup__##op##_variants;                           \
        while ((variant->needs & ~ndup__cpu_features()) != 0) {                                \
            variant++;                                                                         \
        }                                                                                      \
        atomic_store_explicit(&chosen_##op, variant->run, memory_order_relaxed);               \
        return variant->run;                                                                   \
    }                                                                                          \
    static inline ndup__##op##_function *choose_##op(void)                                     \
    {                                                                                          \
        ndup__##op##_function *run = atomic_load_explicit(&chosen_##op, memory_order_relaxed); \
        return run != NULL ? run : find_##op();                                                \
    }

TABLE(bin_minima, AVX512(bin_minima) AVX2(bin_minima) SCALAR(bin_minima))
TABLE(minhash_fill, AVX512(minhash_fill) AVX2(minhash_fill) SCALAR(minhash_fill))
TABLE(bit_votes, AVX512(bit_votes) AVX2(bit_votes) SCALAR(bit_votes))
TABLE(cells_equal, AVX512(cells_equal) AVX2(cells_equal) SCALAR(cells_equal))
TABLE(cells_pack, AVX512(cells_pack) AVX2(cells_pack) SCALAR(cells_pack))
TABLE(set_intersection, AVX512(set_intersection) AVX2(set_intersection) SCALAR(set_intersection))
TABLE(shingle_windows, AVX512(shingle_windows) AVX2(shingle_windows) SCALAR(shingle_windows))
TABLE(string_pass, AVX512(string_pass) AVX2(string_pass) SCALAR(string_pass))
TABLE(string_unescape, AVX512(string_unescape) AVX2(string_unescape) SCALAR(string_unescape))
TABLE(token_fold, AVX512(token_fold) AVX2(token_fold) SCALAR(token_fold))
TABLE(token_hash, AVX512(token_hash) AVX2(token_hash) SCALAR(token_hash))
TABLE(token_numbers, AVX512(token_numbers) AVX2(token_numbers) SCALAR(token_numbers))

bool ndup__bin_minima(uint32_t *state, size_t slots, const uint64_t *hashes, size_t count)
{
    return choose_bin_minima()(state, slots, hashes, count);
}

void ndup__minhash_fill(uint32_t *state, size_t slots, const uint32_t *multipliers,
                        const uint64_t *hashes, size_t count)
{
    choose_minhash_fill()(state, slots, multipliers, hashes, count);
}

void ndup__bit_votes(uint32_t *ones, const uint64_t *hashes, size_t count, uint64_t seed)
{
    choose_bit_votes()(ones, hashes, count, seed);
}

size_t ndup__cells_equal(const uint8_t *a, const uint8_t *b, size_t count)
{
    return choose_cells_equal()(a, b, count);
}

void ndup__cells_pack(uint8_t *cells, const uint32_t *state, size_t count, unsigned shift)
{
    choose_cells_pack()(cells, state, count, shift);
}

size_t ndup__set_intersection(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                              size_t least)
{
    return choose_set_intersection()(a, a_count, b, b_count, least);
}

void ndup__shingle_windows(uint64_t *shingles, const uint64_t *tokens, size_t count, unsigned size)
{
    choose_shingle_windows()(shingles, tokens, count, size);
}

size_t ndup__token_fold(ndup__token_stream *stream, const ndup__token_table *table,
                        const char *text, size_t length)
{
    return choose_token_fold()(stream, table, text, length);
}

size_t ndup__token_hash(uint64_t *hashes, const char *tokens, size_t length, ndup__word_key key)
{
    return choose_token_hash()(hashes, tokens, length, key);
}

size_t ndup__token_numbers(uint64_t *numbers, const char *tokens, size_t length, ndup__word_key key)
{
    return choose_token_numbers()(numbers, tokens, length, key);
}

size_t ndup__string_pass(uint32_t *escaped, const char *bytes, size_t length)
{
    return choose_string_pass()(escaped, bytes, length);
}

size_t ndup__string_unescape(char *out, size_t *taken, const char *bytes, size_t length)
{
    return choose_string_unescape()(out, taken, bytes, length);
}
