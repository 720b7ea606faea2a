/* SPDX-License-Identifier: MIT */
/* Comparing a result with an earlier one, so that a check can be about new duplicates only. */
#ifndef NEARDUP_BASELINE_H
#define NEARDUP_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/dedup.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The duplicates of an earlier run. Threads: single-owner. */
typedef struct ndup_baseline ndup_baseline;

/* Reads what an earlier run wrote: a plan (JSONL) or a SARIF file, compressed or not; of SARIF
 * files the results with our fingerprints count, however the file was laid out since. Errors:
 * CORRUPT, VERSION, NOT_FOUND, IO, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_baseline_open(ndup_baseline **baseline, const char *path,
                                                       const ndup_allocator *allocator,
                                                       ndup_error *error);
NDUP_API void ndup_baseline_close(ndup_baseline *baseline);

/* Number of duplicates in the baseline. */
NDUP_API size_t ndup_baseline_count(const ndup_baseline *baseline);

/* Sets `known` of the result's verdicts: each dropped document is paired with one duplicate of the
 * baseline, if there is one left with the same id and text, else with the same text (it was moved),
 * else with the same id (it was edited). So a document that moves to another line or file stays
 * known, and one more copy of a known text is new. Cost: linear. Errors: MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_result_compare(ndup_result *result,
                                                        const ndup_baseline *baseline,
                                                        ndup_error *error);

/* Whether the result was compared, and how many dropped documents are known. */
NDUP_API bool ndup_result_has_baseline(const ndup_result *result);
NDUP_API uint64_t ndup_result_known(const ndup_result *result);

#ifdef __cplusplus
}
#endif
#endif
