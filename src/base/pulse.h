/* SPDX-License-Identifier: MIT */
/* Asking, from the midst of long loops on many threads, whether to go on. */
#ifndef NDUP__BASE_PULSE_H
#define NDUP__BASE_PULSE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "neardup/status.h"

/* Zero-initialise, set beat and context. Threads: any number; beat is called by one at a time. */
typedef struct ndup__pulse {
    bool (*beat)(void *context); /* whether to go on; NULL = yes */
    void *context;
    atomic_bool is_asking;
    atomic_bool has_stopped;
} ndup__pulse;

/* Whether to go on; false for ever once it was. A NULL pulse goes on. Cost: that of beat, or
 * nothing while another thread asks. */
bool ndup__pulse_goes_on(ndup__pulse *pulse);

/* The same as a status. Errors: CANCELLED. */
NDUP_NODISCARD ndup_status ndup__pulse_check(ndup__pulse *pulse, ndup_error *error);

#endif
