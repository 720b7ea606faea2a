/* SPDX-License-Identifier: MIT */
/* In how many texts of a corpus a shingle stands, counted share by share and put together: what
 * tells forms that many texts fill (ndup_templates) where a run sees only a part of the corpus. */
#ifndef NEARDUP_CORPUS_FREQUENCIES_H
#define NEARDUP_CORPUS_FREQUENCIES_H

#include "neardup/allocator.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Counts of shingles by their hash, up to 200, over some of the texts that are counted. In which
 * order shares are put together makes no difference. Threads: single-owner; immutable while a run
 * uses it. */
typedef struct ndup_corpus_frequencies ndup_corpus_frequencies;

/* Reads what ndup_corpus_frequencies_save wrote. Errors: CORRUPT, VERSION, IO, NOT_FOUND, MEMORY.
 */
NDUP_API NDUP_NODISCARD ndup_status
ndup_corpus_frequencies_open(ndup_corpus_frequencies **frequencies, const char *path,
                             const ndup_allocator *allocator, ndup_error *error);

/* Adds the counts of other shares. Errors: INVALID, naming the share, when they are of another
 * corpus, of other shares, or there already; the counts are as before then. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_frequencies_merge(
    ndup_corpus_frequencies *frequencies, const ndup_corpus_frequencies *others, ndup_error *error);

/* Writes the counts to a file, which has its name only when it is complete. Units: 2 bytes a
 * counter, of which there are 65,536 to 134,217,728. Errors: IO, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_frequencies_save(
    const ndup_corpus_frequencies *frequencies, const char *path, ndup_error *error);

/* NULL is allowed. */
NDUP_API void ndup_corpus_frequencies_free(ndup_corpus_frequencies *frequencies);

#ifdef __cplusplus
}
#endif
#endif
