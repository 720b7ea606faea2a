/* SPDX-License-Identifier: MIT */
/* Loops that decide the speed, each in several variants with the same result, bit for bit.
 *
 * <op>_scalar.c is the definition, <op>_avx2.c and <op>_avx512.c are faster ways to it. dispatch.c
 * holds a table of the variants of each operation, best first, and takes the first that the
 * processor can run. To add a variant: write its file, list it in dispatch.c and in
 * src/CMakeLists.txt. To add an operation: declare it here as well.
 *
 * Threads: any. Inputs may have any alignment that their type allows; nothing outside of them is
 * read. */
#ifndef NDUP__KERNEL_KERNEL_H
#define NDUP__KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cpu.h"
#include "kernel/word_hash.h"

/* Declares ndup__<op>, its variants and ndup__<op>_variants[], a table that ends with run NULL. */
#define NDUP__KERNEL(op, result, ...)                          \
    typedef result ndup__##op##_function(__VA_ARGS__);         \
    typedef struct ndup__##op##_variant {                      \
        const char *name;                                      \
        unsigned needs; /* features of base/cpu.h */           \
        ndup__##op##_function *run;                            \
    } ndup__##op##_variant;                                    \
    extern const ndup__##op##_variant ndup__##op##_variants[]; \
    ndup__##op##_function ndup__##op, ndup__##op##_scalar, ndup__##op##_avx2, ndup__##op##_avx512

/* State words of MinHash sketches: NDUP__SKETCH_VALUE_BITS bits of value; above them
 * NDUP__SKETCH_FILLED where minhash_fill found it. All ones while the slot is empty. */
#define NDUP__SKETCH_VALUE_BITS 30
#define NDUP__SKETCH_FILLED ((uint32_t)2 << NDUP__SKETCH_VALUE_BITS)

/* The least value in each bin: a hash falls into the slot that its high 32 bits say, scaled to
 * `slots`, and offers its low bits; each slot keeps the least word. Shapes: state[slots], all of it
 * empty; 1 <= slots <= 2^31. Result: whether a slot is still empty. */
NDUP__KERNEL(bin_minima, bool, uint32_t *state, size_t slots, const uint64_t *hashes, size_t count);

/* Ordinary MinHash in each slot i that is empty: the high bits of the least multipliers[i] * hash
 * over all hashes (modulo 2^32), FILLED. Shapes: state, multipliers [slots]; count >= 1. */
NDUP__KERNEL(minhash_fill, void, uint32_t *state, size_t slots, const uint32_t *multipliers,
             const uint64_t *hashes, size_t count);

/* Adds to ones[b] the number of hashes whose mix64(hash ^ seed) has bit b. Shapes: ones[64]. */
NDUP__KERNEL(bit_votes, void, uint32_t *ones, const uint64_t *hashes, size_t count, uint64_t seed);

/* How many of `count` cells are equal in a and b. */
NDUP__KERNEL(cells_equal, size_t, const uint8_t *a, const uint8_t *b, size_t count);

/* Cells of state words: minima of many hashes are small numbers, so a multiplication spreads their
 * low bits, and a byte of the product is the cell: the one from bit `shift` on, at most 24.
 * Shapes: cells, state [count]. */
NDUP__KERNEL(cells_pack, void, uint8_t *cells, const uint32_t *state, size_t count, unsigned shift);

/* Number of common elements of two ascending sets without repeats. As soon as fewer than `least`
 * can be reached, some number below `least` is returned instead: this is the one operation whose
 * variants may differ, and only there. */
NDUP__KERNEL(set_intersection, size_t, const uint64_t *a, size_t a_count, const uint64_t *b,
             size_t b_count, size_t least);

/* How many bytes of the inside of a JSON string can be passed: up to a quote, a control character,
 * an escape that is none, or the end. Sets *escaped to 1 when a backslash is among them, and leaves
 * it otherwise. */
NDUP__KERNEL(string_pass, size_t, uint32_t *escaped, const char *bytes, size_t length);

/* Copies the inside of a JSON string and resolves the escapes of two bytes. Stops in front of a
 * quote, a control character, a \u or an escape that is none, and at the end. Returns how many
 * bytes were written and, through *taken, how many were read. Shapes: out[length +
 * NDUP__STRING_SLACK], all of which may be written. */
#define NDUP__STRING_SLACK 64
NDUP__KERNEL(string_unescape, size_t, char *out, size_t *taken, const char *bytes, size_t length);

/* Folded text on its way to token_hash: tokens between zero bytes, one or more. */
typedef struct ndup__token_stream {
    char *bytes;           /* with room for NDUP__TOKEN_SLACK bytes behind limit */
    size_t used;           /* of them */
    size_t limit;          /* nothing is begun from here on */
    uint32_t after_single; /* 1 while the last token is a single: a letter begins the next */
} ndup__token_stream;

#define NDUP__TOKEN_SLACK 256

/* What a code point below 0x10000 folds to. Bits 0 to 23: up to three bytes, zero for a break; 24
 * and 25: how many; then what it is. A mark, and a character that vanishes (no bytes), leave the
 * state as it is. */
#define NDUP__TOKEN_LENGTH_SHIFT 24
#define NDUP__TOKEN_ENDS_ORDERED (1u << 26)
#define NDUP__TOKEN_EXPANDS (1u << 27)
#define NDUP__TOKEN_MARK (1u << 28)
#define NDUP__TOKEN_WORD (1u << 29)
#define NDUP__TOKEN_SINGLE (1u << 30)
#define NDUP__TOKEN_SPECIAL (1u << 31) /* Hangul, what expands, and what is left to the caller */

/* What expands to two or three code points has, in bits 0 to 15, their number in `expansions`: an
 * entry for each, 0 for none. Where the last is a mark with an order (kana with a voicing mark), it
 * ENDS_ORDERED: a mark behind it may have to go before it, and then both are left to the caller. */
#define NDUP__TOKEN_PARTS 3
#define NDUP__TOKEN_EXPANSIONS 4096

/* What short sequences fold to, for lookups of 256 bytes. pairs: the code points of two bytes,
 * U+0080 on, to none, one or two bytes (the second is 0 where there is none). letters: U+1E00 to
 * U+1EFF, Latin and Greek with accents, to one byte. punctuation: U+2000 to U+203F, to none or one.
 * A first byte of 0 is a break; NDUP__TOKEN_OTHER: anything else, see the entries. */
#define NDUP__TOKEN_PAIRS 0x800
#define NDUP__TOKEN_OTHER 0xFF
#define NDUP__TOKEN_VANISHES 0xFE

typedef struct ndup__token_table {
    uint32_t entries[0x10000]; /* ASCII in it as in Unicode */
    uint32_t expansions[NDUP__TOKEN_PARTS][NDUP__TOKEN_EXPANSIONS];
    uint8_t pair_firsts[NDUP__TOKEN_PAIRS]; /* by code point, from U+0080 on */
    uint8_t pair_seconds[NDUP__TOKEN_PAIRS];
    uint16_t shorts[0x800]; /* ASCII and pairs: the first byte and, above it, the second; OTHER,
                               too, for what vanishes */
    uint8_t letters[256];
    uint8_t punctuation[64];
} ndup__token_table;

/* Folds text up to the end, to the limit of the stream, or to something that is left to the caller:
 * a code point of 0x10000 or more, one that the table says is special, damaged UTF-8. Returns how
 * many bytes of text it took; may write anywhere behind stream->used. */
NDUP__KERNEL(token_fold, size_t, ndup__token_stream *stream, const ndup__token_table *table,
             const char *text, size_t length);

/* The hash (word_hash.h) of each token. `tokens` begins with one or with a zero byte, and
 * NDUP__TOKEN_PADDING zero bytes can be read behind tokens[length). Result: how many; hashes has
 * room for (length + 1) / 2 + NDUP__TOKEN_PADDING / 2 of them, and all of it may be written.
 * Shapes: length < 2^32. */
#define NDUP__TOKEN_PADDING 128
NDUP__KERNEL(token_hash, size_t, uint64_t *hashes, const char *tokens, size_t length,
             ndup__word_key key);

/* The hash (word_hash.h) of each longest run of digits in the tokens, as if it were a token, in
 * order. A token with more than NDUP__NUMBERS_MOST runs is a code (a checksum, an id), which would
 * outnumber all figures of its text: it has only its first. Result: how many. `tokens` as above;
 * numbers has room for (length + 1) / 2. */
#define NDUP__NUMBERS_MOST 3
NDUP__KERNEL(token_numbers, size_t, uint64_t *numbers, const char *tokens, size_t length,
             ndup__word_key key);

/* The hash (word_hash.h) of each `size` tokens in a row. Shapes: shingles[count],
 * tokens[count + size - 1]; they do not overlap; size >= 1. */
NDUP__KERNEL(shingle_windows, void, uint64_t *shingles, const uint64_t *tokens, size_t count,
             unsigned size);

#endif
