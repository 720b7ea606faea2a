/* SPDX-License-Identifier: MIT */
/* What every stage that works on a shard opens first, and checks. */
#ifndef NDUP__STAGES_SHARD_INPUT_H
#define NDUP__STAGES_SHARD_INPUT_H

#include "stages/components.h"
#include "stages/part_run.h"

/* Parts and the components of their documents. Zeroed it may be closed. Must not move. Threads:
 * single-owner. */
typedef struct ndup__shard_input {
    ndup__part_run parts;
    ndup__components components;
} ndup__shard_input;

/* Errors: INVALID for what is left out, for components of other parts, and for a shard that there
 * is not; those of opening. */
NDUP_NODISCARD ndup_status ndup__shard_input_open(ndup__shard_input *input,
                                                  const ndup_shard_options *options,
                                                  const ndup_hooks *hooks, ndup_error *error);
void ndup__shard_input_close(ndup__shard_input *input);

/* Refuses texts that were made to have one hash: classes that fell apart have more of them than
 * before. */
NDUP_NODISCARD ndup_status ndup__shard_refuse_parted(const ndup__run *run, size_t classes_before,
                                                     ndup_error *error);

#endif
