/* SPDX-License-Identifier: MIT */
/* Calibration of the tick counter against the monotonic clock. */
#include "base/stopwatch.h"

#include "base/clock.h"

ndup__tick_scale ndup__tick_scale_begin(void)
{
    return (ndup__tick_scale){.seconds = ndup__clock_seconds(), .ticks = ndup__ticks()};
}

double ndup__tick_seconds(const ndup__tick_scale *scale)
{
    uint64_t ticks = ndup__ticks() - scale->ticks;
    return ticks > 0 ? (ndup__clock_seconds() - scale->seconds) / (double)ticks : 0;
}
