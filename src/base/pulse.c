/* SPDX-License-Identifier: MIT */
/* Whoever comes first asks, the others take the last answer. */
#include "base/pulse.h"

#include <stddef.h>

#include "base/error.h"

bool ndup__pulse_goes_on(ndup__pulse *pulse)
{
    if (pulse == NULL || pulse->beat == NULL) {
        return true;
    }
    if (!atomic_load_explicit(&pulse->has_stopped, memory_order_relaxed) &&
        !atomic_exchange(&pulse->is_asking, true)) {
        if (!pulse->beat(pulse->context)) {
            atomic_store(&pulse->has_stopped, true);
        }
        atomic_store(&pulse->is_asking, false);
    }
    return !atomic_load_explicit(&pulse->has_stopped, memory_order_relaxed);
}

ndup_status ndup__pulse_check(ndup__pulse *pulse, ndup_error *error)
{
    return ndup__pulse_goes_on(pulse) ? NDUP_STATUS_OK
                                      : ndup__fail(error, NDUP_STATUS_CANCELLED, "cancelled");
}
