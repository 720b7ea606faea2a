/* SPDX-License-Identifier: MIT */
/* Bands and rows: how sketches are cut into keys so that similar documents meet. */
#ifndef NEARDUP_LSH_H
#define NEARDUP_LSH_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/sketch.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A cut of a sketch: `bands` keys of `rows` slots each. */
typedef struct ndup_bands {
    unsigned bands;
    unsigned rows;
    unsigned slots;    /* slots of the sketch, >= bands * rows */
    double recall;     /* probability that a pair exactly at the threshold shares a band */
    int slots_raised;  /* nonzero when `slots` had to be more than was asked for */
    int recall_missed; /* nonzero when the kind cannot reach the recall that was asked for */
} ndup_bands;

/* Fewest rows of slots that make a key: fewer bring together most texts of one language. Kinds with
 * slots of one bit need 12. */
#define NDUP_ROWS_MIN 3

/* Chooses the most rows for which some number of bands reaches `recall` at `threshold` within
 * `slots`, then the fewest such bands. Where even NDUP_ROWS_MIN rows do not reach it, slots are
 * raised (up to the kind's most). `slots` 0 = the kind's default; of these, only what the bands use
 * and what the estimate before verification needs is kept. Source: the curve 1-(1-p^r)^b of
 * Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4; unlike the customary choice
 * (least area under both error curves), recall at the threshold is fixed, since every candidate is
 * verified. Errors: INVALID for threshold outside (0,1] or recall outside (0,1). */
NDUP_API NDUP_NODISCARD ndup_status ndup_bands_choose(ndup_bands *bands,
                                                      const ndup_sketch_info *kind,
                                                      double threshold, double recall,
                                                      unsigned slots, ndup_error *error);

/* Probability that two documents of this similarity become candidates. */
NDUP_API double ndup_bands_curve(const ndup_bands *bands, const ndup_sketch_info *kind,
                                 double similarity);

/* What a run over `documents` documents is expected to take.
 * Units: bytes of memory while bucketing, per document and beyond fixed buffers. */
NDUP_API double ndup_bands_bytes_per_document(const ndup_bands *bands,
                                              const ndup_sketch_info *kind);

#ifdef __cplusplus
}
#endif
#endif
