/* SPDX-License-Identifier: MIT */
/* What remembers how far a run is, so that another process can go on there; a run without one asks
 * nothing of it. */
#ifndef NDUP__DEDUP_KEEPER_H
#define NDUP__DEDUP_KEEPER_H

#include "corpus/reader.h"
#include "dedup/asked.h"
#include "dedup/journal.h"
#include "dedup/run.h"

/* Where the first pass stands behind a block: all that it knows beside the table and the run's
 * summary. */
typedef struct ndup__pass_state {
    ndup__place next; /* where the block behind it begins */
    uint64_t stored;  /* bytes of input before it */
    ndup__line_counter lines;
    ndup__passed_over passed_over; /* records without text */
    unsigned given;                /* fields that some record had */
    ndup__asked asked;
} ndup__pass_state;

/* Threads: its functions are called by one at a time. */
typedef struct ndup__keeper {
    void *context;
    /* Before the first block: fills the empty table, the state, and the summary with what there is
     * of an earlier process, and makes the corpus go on there (corpus/seek.h). */
    ndup_status (*resume)(void *context, ndup__run *run, ndup__pass_state *state,
                          ndup_error *error);
    /* Behind a block, with the table not sealed. Where another cannot go on it is not called. */
    ndup_status (*note)(void *context, const ndup__run *run, const ndup__pass_state *state,
                        ndup_error *error);
    /* Behind the last block. */
    ndup_status (*finish)(void *context, const ndup__run *run, const ndup__pass_state *state,
                          ndup_error *error);
    /* Before the classes of the ranked table are judged one after another: *journal is where
     * decisions are noted, or NULL. */
    ndup_status (*judge)(void *context, const ndup__run *run, ndup__journal **journal,
                         ndup_error *error);
} ndup__keeper;

/* ndup_dedup with a keeper, which may be NULL. */
NDUP_NODISCARD ndup_status ndup__dedup_kept(ndup_result **result, ndup_corpus *corpus,
                                            const ndup_dedup_options *options,
                                            const ndup_hooks *hooks, ndup__keeper *keeper,
                                            ndup_error *error);

#endif
