/* SPDX-License-Identifier: MIT */
/* How long work talks to its caller: progress, cancellation, problems of single inputs, notices. */
#ifndef NEARDUP_HOOKS_H
#define NEARDUP_HOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The stages of a run, in the order in which they are passed through. */
typedef enum ndup_stage {
    NDUP_STAGE_READ,   /* read, tokenise, sketch every document */
    NDUP_STAGE_BUCKET, /* group the sketches by band */
    NDUP_STAGE_VERIFY, /* compare candidates exactly and decide */
    NDUP_STAGE_AUDIT,  /* measure recall on a sample */
    NDUP_STAGE_WRITE   /* write the outputs */
} ndup_stage;
#define NDUP_STAGE_COUNT 5

/* Short English name of a stage: "read". Threads: immutable. */
NDUP_API const char *ndup_stage_name(ndup_stage stage);

/* Where a run stands. total is 0 when unknown (standard input).
 * Units: done and total are bytes in READ, AUDIT and WRITE, bands in BUCKET, documents in VERIFY.
 */
typedef struct ndup_progress {
    ndup_stage stage;
    uint64_t done;
    uint64_t total;
    uint64_t documents; /* documents seen (READ, AUDIT, WRITE) or judged (VERIFY) in this stage */
} ndup_progress;

/* Something wrong with one input that did not stop the run. Of the message, the part in front of
 * "; " is the same for all problems of one cause; what follows is about this one.
 * Units: line from 1, offset in bytes; 0 where unknown. */
typedef struct ndup_problem {
    ndup_status status;
    bool skipped;     /* the document or file is not part of the run */
    const char *path; /* NULL for documents from a caller */
    uint64_t line;
    uint64_t offset;
    const char *message;
} ndup_problem;

/* What a long run will take, reckoned from its first blocks.
 * Units: bytes; seconds from the start of the run until its verdicts are known, without writing. */
typedef struct ndup_forecast {
    uint64_t documents;
    uint64_t memory_bytes;    /* at the peak */
    uint64_t available_bytes; /* memory that can still be had; 0 = unknown */
    double seconds;
} ndup_forecast;

/* Every member may be NULL. The functions are called from one thread at a time but not always the
 * same one, in an order that does not depend on the number of threads (progress excepted). They
 * must not call back into the run. */
typedef struct ndup_hooks {
    size_t struct_size; /* sizeof(ndup_hooks) */
    void *context;
    /* Called some times a second at most. Returning false cancels: the run ends with
     * NDUP_STATUS_CANCELLED. */
    bool (*progress)(void *context, const ndup_progress *progress);
    void (*problem)(void *context, const ndup_problem *problem);
    /* One line for a person: slots raised, a giant bucket split. */
    void (*notice)(void *context, const char *message);
    /* Called once in runs that will take more than some seconds, or more than half of the memory,
     * where the size of the input is known. */
    void (*forecast)(void *context, const ndup_forecast *forecast);
} ndup_hooks;

#ifdef __cplusplus
}
#endif
#endif
