/* SPDX-License-Identifier: MIT */
/* One random round of the default sketch: the definition. */
#include "kernel/sketch_round.h"

size_t ndup__sketch_round_scalar(uint32_t *state, size_t slots, const uint64_t *hashes,
                                 size_t count, unsigned round, uint64_t multiplier)
{
    ndup__offer_all(state, slots, hashes, count, round, multiplier);
    return ndup__count_empty(state, slots);
}
