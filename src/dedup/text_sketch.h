/* SPDX-License-Identifier: MIT */
/* What the first pass wants of a text: its class, its reading and its sketch. */
#ifndef NDUP__DEDUP_TEXT_SKETCH_H
#define NDUP__DEDUP_TEXT_SKETCH_H

#include "base/hash.h"
#include "base/stopwatch.h"
#include "neardup/dedup.h"
#include "pipeline/options.h"
#include "sketch/kind.h"
#include "text/tokens.h"

/* Longer texts are taken in slices. */
#define NDUP__LONG_TEXT_BYTES ((size_t)1 << 20)

/* Work space of one worker, and what was found in its last text. Long texts are taken slice by
 * slice, so that their tokens are never in memory together; what is found is the same. Threads:
 * single-owner. */
typedef struct ndup__text_sketch {
    const ndup_allocator *allocator;
    const ndup_sketcher *sketcher; /* NULL where no sketch is wanted */
    ndup__shingling shingling;
    bool keeps_tokens;      /* take long texts whole, so that `tokens` are all of them */
    ndup__stopwatch *watch; /* laps TOKENIZE, HASH and SKETCH; started by the caller */
    uint64_t token_count;
    uint64_t replaced; /* damaged UTF-8 sequences */
    ndup_reading reading;
    ndup__hash128 tokens_hash; /* of the sequence of tokens */

    ndup__tokens tokens; /* of the text or slice */
    uint64_t *window;    /* the last tokens before the slice, then its own */
    uint64_t *shingles;
    uint64_t *scratch; /* for sketches that want sets */
    size_t window_capacity, shingle_capacity, scratch_capacity;
    uint32_t *state; /* [slots] */
    uint32_t *part;  /* [slots] of a slice */
} ndup__text_sketch;

/* Whether texts of the run are taken in slices when they are long: not where gaps are tokens, since
 * a slice's end would be one. */
static inline bool ndup__takes_slices(const ndup__shingling *shingling, size_t length)
{
    return length > NDUP__LONG_TEXT_BYTES && shingling->mode <= NDUP__TOKEN_EXACT &&
           shingling->mode != NDUP__TOKEN_CHARACTERS;
}

/* Where the slice that begins at `at` ends: some 512 KiB on, where no token is cut. */
size_t ndup__slice_end(ndup_text text, size_t at);

/* Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__text_sketch_init(ndup__text_sketch *sketch,
                                                  const ndup__shingling *shingling,
                                                  const ndup_sketcher *sketcher,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__text_sketch_deinit(ndup__text_sketch *sketch);

/* Reads the text and leaves what was found in *sketch; `state` is its sketch. Cost: linear. Errors:
 * MEMORY; LIMIT for 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__text_sketch_make(ndup__text_sketch *sketch, ndup_text text,
                                                  ndup_error *error);

/* What tells the text from others: the sequence of its tokens, or, where they say nothing, the
 * bytes that are stored of it. */
ndup__hash128 ndup__text_sketch_class(const ndup__text_sketch *sketch, ndup_text stored);

#endif
