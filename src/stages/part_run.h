/* SPDX-License-Identifier: MIT */
/* A run whose table is not read from the inputs but from parts. */
#ifndef NDUP__STAGES_PART_RUN_H
#define NDUP__STAGES_PART_RUN_H

#include "dedup/run.h"
#include "neardup/decide.h"
#include "stages/part_set.h"

/* Open, take, use run, close. Zeroed it may be closed. Must not move. Threads: single-owner. */
typedef struct ndup__part_run {
    ndup__part_set set;
    ndup_dedup_options options;
    ndup__run run;
    uint32_t *numbers; /* [run.table.count] of the run's documents among all; NULL: the same */
} ndup__part_run;

/* Opens the parts. Errors: those of ndup__part_set_open; UNSUPPORTED for options that shards cannot
 * have. */
NDUP_NODISCARD ndup_status ndup__part_run_open(ndup__part_run *parts,
                                               const ndup_shard_options *options,
                                               const ndup_hooks *hooks, ndup_error *error);

/* Starts the run, with a corpus to fetch the texts of those documents whose bits are set in
 * `fetched` and a table of those of `wanted` (NULL: all), their classes joined and not yet checked.
 * Errors: CHANGED, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__part_run_take(ndup__part_run *parts, const uint8_t *wanted,
                                               const uint8_t *fetched, ndup_error *error);

static inline uint32_t ndup__part_run_number(const ndup__part_run *parts, uint32_t document)
{
    return parts->numbers != NULL ? parts->numbers[document] : document;
}

void ndup__part_run_close(ndup__part_run *parts);

#endif
