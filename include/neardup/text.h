/* SPDX-License-Identifier: MIT */
/* One text at a time: what a run would read in it, and what it would clean. For those who keep
 * their texts in tables of their own. */
#ifndef NEARDUP_TEXT_H
#define NEARDUP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup/dedup.h"
#include "neardup/document.h"
#include "neardup/flag.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a fingerprint. */
#define NDUP_FINGERPRINT_BYTES 16

/* What was read in a text. */
typedef struct ndup_read_text {
    ndup_reading reading;
    uint64_t tokens;
    /* Two texts have the same one if a run under these options would call them IDENTICAL or
     * NORMALIZED: it is of the sequence of tokens or, where a text has no words, of its bytes.
     * Different texts have different ones but for chance: none of 100 million (10^-23). Depends on
     * the tokens and the seed of the options, and on ndup_unicode_version. */
    uint8_t fingerprint[NDUP_FINGERPRINT_BYTES];
    /* The state of the text's shingles as ndup_sketch_make makes it, [ndup_text_reader_slots];
     * borrowed until the reader's next text. NULL where none was asked for. */
    const uint32_t *sketch;
} ndup_read_text;

/* Reads texts, with work space that is used again. Threads: single-owner. */
typedef struct ndup_text_reader ndup_text_reader;

/* Options NULL = the default preset. Of them are used: matching.tokens and shingle_size, sketch,
 * slots (0 = the kind's default), seed, allocator. Without `sketches` a text costs a third less.
 * Errors: INVALID and NOT_FOUND (name the option), MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_text_reader_new(ndup_text_reader **reader,
                                                         const ndup_dedup_options *options,
                                                         bool sketches, ndup_error *error);
/* A NULL reader is allowed. */
NDUP_API void ndup_text_reader_free(ndup_text_reader *reader);

/* What makes the sketches, for their estimates; NULL where none are made. Borrowed. */
NDUP_API const ndup_sketcher *ndup_text_reader_sketcher(const ndup_text_reader *reader);

/* Reads a text. Empty: no words, no tokens, a sketch that is similar to nothing. Cost: linear; once
 * the space is there nothing is allocated. Errors: INVALID, MEMORY, LIMIT for 4 GiB or more. */
NDUP_API NDUP_NODISCARD ndup_status ndup_text_read(ndup_read_text *read, ndup_text_reader *reader,
                                                   ndup_text text, ndup_error *error);

/* The Jaccard similarity of the shingles of two texts, as ndup_explain has it, in a twentieth of
 * the time. Errors: as ndup_text_read. */
NDUP_API NDUP_NODISCARD ndup_status ndup_text_similarity(double *similarity,
                                                         ndup_text_reader *reader, ndup_text a,
                                                         ndup_text b, ndup_error *error);

/* Leaves out what a text has twice. Threads: single-owner. */
typedef struct ndup_text_cleaner ndup_text_cleaner;

/* Options NULL = the defaults. Of them threshold and allocator are used. Errors: INVALID, MEMORY.
 */
NDUP_API NDUP_NODISCARD ndup_status ndup_text_cleaner_new(ndup_text_cleaner **cleaner,
                                                          const ndup_flag_options *options,
                                                          ndup_error *error);
/* A NULL cleaner is allowed. */
NDUP_API void ndup_text_cleaner_free(ndup_text_cleaner *cleaner);

/* The text as the output "cleaned" of ndup_flag has it: without the repeats, and the white space
 * that parted them. Result: *cleaned is borrowed from the cleaner until its next text, or is `text`
 * itself where nothing is left out. Cost: near-linear. Errors: INVALID, MEMORY, LIMIT for 4 GiB or
 * more. */
NDUP_API NDUP_NODISCARD ndup_status ndup_text_clean(ndup_text *cleaned, ndup_text_cleaner *cleaner,
                                                    ndup_text text, ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
