/* SPDX-License-Identifier: MIT */
/* Where the time of a run went: wall time of its stages, and what the workers did in them. */
#ifndef NEARDUP_PROFILE_H
#define NEARDUP_PROFILE_H

#include "neardup/hooks.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What workers do, in the order in which it is done. Work that the fastest path does in one go is
 * counted where the comment says. */
typedef enum ndup_part {
    NDUP_PART_READ,       /* take blocks of the inputs, decompress, spool */
    NDUP_PART_SCAN,       /* find records and fields */
    NDUP_PART_TOKENIZE,   /* fold the text, find its tokens, hash them */
    NDUP_PART_HASH,       /* hash text, token sequence and shingles */
    NDUP_PART_SKETCH,     /* sketch the shingles */
    NDUP_PART_ENTER,      /* enter documents in the table, in order; rank them */
    NDUP_PART_BANDS,      /* make band keys of the sketches */
    NDUP_PART_BUCKETS,    /* group equal band keys */
    NDUP_PART_CANDIDATES, /* gather candidates and sift them by their sketches */
    NDUP_PART_VERIFY,     /* compare exactly: read texts again, make and intersect shingle sets */
    NDUP_PART_DECIDE,     /* keep or drop, in keep order */
    NDUP_PART_WRITE       /* read again for the outputs, and write them */
} ndup_part;
#define NDUP_PART_COUNT 12

/* "read", "scan", ... and the stage that a part belongs to. Threads: immutable. */
NDUP_API const char *ndup_part_name(ndup_part part);
NDUP_API ndup_stage ndup_part_stage(ndup_part part);

/* Units: seconds. What is missing in busy to the wall time of a stage was spent on waiting for
 * other workers or for the single-threaded part of the stage. */
typedef struct ndup_profile {
    unsigned workers;
    double wall[NDUP_STAGE_COUNT]; /* by ndup_stage */
    double *busy;                  /* [workers][NDUP_PART_COUNT] */
} ndup_profile;

#ifdef __cplusplus
}
#endif
#endif
