/* SPDX-License-Identifier: MIT */
/* What counts as a near-duplicate, and named choices for people who do not want to choose
 * thresholds. */
#ifndef NEARDUP_PRESET_H
#define NEARDUP_PRESET_H

#include <stddef.h>

#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a token is.
 * WORDS: runs of letters and numbers; an ideograph, a kana, or a base character of Thai, Lao,
 * Khmer, Myanmar, Tibetan with its marks is a token of its own, and so is each damaged sequence of
 * bytes. Case, accents, strokes, stretching (tatweel) and the script of digits are folded;
 * punctuation and signs part words and do not count. CHARACTERS: every folded character with its
 * marks, and one space between words: for text with damaged letters (OCR). EXACT: words and single
 * characters as they stand, and each mark of punctuation, sign or picture: nothing is folded,
 * composed and decomposed letters are two, and only white space does not count. For code, formulas
 * and names of products: C++ and C#, -5 and 5. CODE: the words of source code without its comments,
 * where every name in small letters that is no keyword, not called and no member of something is
 * the same word: renamed copies are copies. POSTS: the words of a post without links, handles, RT
 * in front of a handle, and tags at its end. */
typedef enum ndup_token_mode {
    NDUP_TOKEN_WORDS = 0,
    NDUP_TOKEN_CHARACTERS = 1,
    NDUP_TOKEN_EXACT = 2,
    NDUP_TOKEN_CODE = 3,
    NDUP_TOKEN_POSTS = 4
} ndup_token_mode;

/* "words", "characters", "exact", "code", "posts". Threads: immutable. */
NDUP_API const char *ndup_token_mode_name(ndup_token_mode mode);

/* The rule of comparison: two documents are near-duplicates when the Jaccard similarity of their
 * sets of shingles is >= threshold and their numbers agree, as far as that is asked for. Source: A.
 * Broder, "On the resemblance and containment of documents", 1997. */
typedef struct ndup_matching {
    double threshold;      /* in (0,1] */
    unsigned shingle_size; /* tokens a shingle, 1..64 */
    ndup_token_mode tokens;
    /* Least Jaccard similarity, in [0,1], of the multisets of numbers (the longest runs of decimal
     * digits, alone or in a word; of a code with more than three only the first), asked of two
     * documents in both of which there are at least NDUP_NUMBER_SHARE as many numbers as tokens and
     * which differ in at least as many numbers as other words; 0 = numbers are like other words.
     * Tells reports that fill one form with other figures from edited copies. Where numbers are
     * rare they are dates and clause numbers, which copies do change. */
    double number_agreement;
} ndup_matching;

/* Numbers by tokens from which on number_agreement is asked for. */
#define NDUP_NUMBER_SHARE 0.05

/* Of two texts of which one has fewer tokens, the shorter must stand in the longer, word for word
 * but for slips of one letter; not in CHARACTERS and CODE mode. A sentence and its opposite share
 * most of their shingles. */
#define NDUP_SHORT_TOKENS 40

typedef struct ndup_preset {
    const char *name;
    const char *purpose; /* one line */
    ndup_matching matching;
    /* Which files of folders it is about, for ndup_corpus_options.include; NULL = those of texts
     * and records, as without a preset. */
    const char *const *include;
    size_t include_count;
} ndup_preset;

/* Number of presets, and preset i (0 is the default). NULL past the end. Threads: immutable. */
NDUP_API size_t ndup_preset_count(void);
NDUP_API const ndup_preset *ndup_preset_get(size_t i);

/* The preset of that name; NULL when there is none. Threads: immutable. */
NDUP_API const ndup_preset *ndup_preset_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
