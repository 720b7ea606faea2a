/* SPDX-License-Identifier: MIT */
/* Folding: what of a code point counts when texts are compared, and to which kind of token it
 * belongs. */
#ifndef NDUP__TEXT_FOLD_H
#define NDUP__TEXT_FOLD_H

#include <stddef.h>
#include <stdint.h>

/* The part a folded code point plays in a token.
 * BREAK ends a token and is dropped. WORD joins a run (letters, numbers). MARK joins the token
 * before it (a kept combining mark); without one it starts a run. SINGLE is a token of its own
 * (ideographs, kana, base characters of Thai, Lao, Khmer, Myanmar, Tibetan, and U+FFFD, which
 * stands for damage: what could not be read is no absence) to which only following MARKs are added.
 */
typedef enum ndup__token_class {
    NDUP__CLASS_BREAK,
    NDUP__CLASS_WORD,
    NDUP__CLASS_MARK,
    NDUP__CLASS_SINGLE
} ndup__token_class;

/* Longest folding of one code point, in code points (U+FDFA). */
#define NDUP__FOLD_MAX 18

typedef struct ndup__folded {
    uint32_t code_point;
    uint8_t token_class; /* ndup__token_class */
    uint8_t mark_order;  /* canonical combining class if kept (7, 8, 9), else 0 */
} ndup__folded;

/* Writes the folding of a code point: NFKD and full case folding until nothing changes, without
 * combining marks of a combining class other than 0, 7, 8 and 9 (accents, points, overlays) and
 * without default-ignorable code points (soft hyphen, joiners, variation selectors) and those that
 * only stretch a word (tatweel: Join_Causing), which vanish without ending the word. Returns how
 * many were written: 0 when it vanishes, else up to NDUP__FOLD_MAX. Hangul syllables become their
 * jamo. Source: Unicode Standard Annex 15 and chapter 3.13.
 *
 * Beyond Unicode's foldings, what does not decompose goes the way of its kin that do: decimal
 * digits of all scripts become those of ASCII; Latin letters that are named after a letter of ASCII
 * "with" something (a stroke, a hook, a tail) or "dotless" become that letter; alef with wasla or
 * wavy hamza becomes alef, as alef, waw and yeh with hamza or madda do by their decomposition. Left
 * apart are letters that words are told by: bare hamza, teh marbuta and heh, alef maksura and yeh.
 */
size_t ndup__fold(ndup__folded out[NDUP__FOLD_MAX], uint32_t code_point);

#endif
