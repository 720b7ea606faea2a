/* SPDX-License-Identifier: MIT */
/* Looking up the packed folding of a code point (fold_tables.h), for loops that cannot afford
 * ndup__fold. */
#ifndef NDUP__TEXT_FOLD_RECORD_H
#define NDUP__TEXT_FOLD_RECORD_H

#include <stdint.h>

#include "text/fold_tables.h"

#define NDUP__HANGUL_FIRST 0xAC00u
#define NDUP__HANGUL_LEADING 0x1100u
#define NDUP__HANGUL_VOWEL 0x1161u
#define NDUP__HANGUL_TRAILING 0x11A7u /* one before the first, as 0 means none */
#define NDUP__HANGUL_VOWELS 21u
#define NDUP__HANGUL_TRAILINGS 28u

static inline uint32_t ndup__fold_record(uint32_t code_point)
{
    if (code_point < NDUP__FOLD_LIMIT) {
        uint32_t block = ndup__fold_index[code_point >> NDUP__FOLD_BLOCK_BITS];
        uint32_t low = code_point & ((1u << NDUP__FOLD_BLOCK_BITS) - 1);
        return ndup__fold_records[ndup__fold_blocks[(block << NDUP__FOLD_BLOCK_BITS) + low]];
    }
    if (code_point >= NDUP__FOLD_VANISH_FIRST && code_point <= NDUP__FOLD_VANISH_LAST) {
        return NDUP__FOLD_RECORD_VANISH;
    }
    return NDUP__FOLD_RECORD_BREAK;
}

static inline uint32_t ndup__fold_kind(uint32_t record)
{
    return record >> NDUP__FOLD_KIND_SHIFT;
}

/* The pool element that a record of KIND_ONE stands for. */
static inline uint32_t ndup__fold_one(uint32_t record, uint32_t code_point)
{
    return (record & ~NDUP__FOLD_CODE_POINT_MASK) |
           ((record + code_point) & NDUP__FOLD_CODE_POINT_MASK);
}

/* The pool elements of a record of KIND_MANY, and how many. */
static inline const uint32_t *ndup__fold_many(uint32_t *length, uint32_t record)
{
    *length = (record >> NDUP__FOLD_LENGTH_SHIFT) & NDUP__FOLD_LENGTH_MASK;
    return ndup__fold_pool + (record & NDUP__FOLD_OFFSET_MASK);
}

/* Parts of a pool element. */
static inline uint32_t ndup__folded_code_point(uint32_t element)
{
    return element & NDUP__FOLD_CODE_POINT_MASK;
}

static inline uint32_t ndup__folded_class(uint32_t element)
{
    return (element >> NDUP__FOLD_CLASS_SHIFT) & NDUP__FOLD_CLASS_MASK;
}

static inline uint32_t ndup__folded_order(uint32_t element)
{
    return (element >> NDUP__FOLD_ORDER_SHIFT) & NDUP__FOLD_ORDER_MASK;
}

/* Writes the 2 or 3 jamo of a Hangul syllable as pool elements of class WORD and returns how many.
 * Source: Unicode Standard 15.0, 3.12. */
static inline uint32_t ndup__fold_syllable(uint32_t out[3], uint32_t record, uint32_t syllable)
{
    uint32_t attributes = record & (NDUP__FOLD_CLASS_MASK << NDUP__FOLD_CLASS_SHIFT);
    uint32_t position = syllable - NDUP__HANGUL_FIRST;
    uint32_t trailing = position % NDUP__HANGUL_TRAILINGS;
    position /= NDUP__HANGUL_TRAILINGS;
    out[0] = attributes | (NDUP__HANGUL_LEADING + position / NDUP__HANGUL_VOWELS);
    out[1] = attributes | (NDUP__HANGUL_VOWEL + position % NDUP__HANGUL_VOWELS);
    out[2] = attributes | (NDUP__HANGUL_TRAILING + trailing);
    return trailing == 0 ? 2 : 3;
}

#endif
