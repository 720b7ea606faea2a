/* SPDX-License-Identifier: MIT */
/* A thread that looks at the memory of the program every now and then. */
#ifndef NDUP__SPILL_GOVERNOR_H
#define NDUP__SPILL_GOVERNOR_H

#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Threads: single-owner. */
typedef struct ndup__governor ndup__governor;

/* Called on the thread, with the bytes that the program has in memory. Returns how many
 * milliseconds pass until the next look. */
typedef unsigned ndup__governor_look(void *context, uint64_t resident);

/* Errors: MEMORY; LIMIT without a thread. */
NDUP_NODISCARD ndup_status ndup__governor_start(ndup__governor **governor,
                                                ndup__governor_look *look, void *context,
                                                const ndup_allocator *allocator, ndup_error *error);

/* Waits for the thread to end; NULL is allowed. */
void ndup__governor_stop(ndup__governor *governor);

#endif
