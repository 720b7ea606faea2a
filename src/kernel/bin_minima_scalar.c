/* SPDX-License-Identifier: MIT */
/* The least value in each bin: the definition. */
#include "kernel/bin_minima.h"

bool ndup__bin_minima_scalar(uint32_t *state, size_t slots, const uint64_t *hashes, size_t count)
{
    ndup__offer_all(state, slots, hashes, count);
    return ndup__greatest(state, slots) == UINT32_MAX;
}
