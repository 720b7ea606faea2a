/* SPDX-License-Identifier: MIT */
/* Time for progress and timings, and the date of today; never for other decisions. */
#ifndef NDUP__BASE_CLOCK_H
#define NDUP__BASE_CLOCK_H

#include <stdint.h>

/* Seconds since some fixed moment, by a clock that only goes forward. */
double ndup__clock_seconds(void);

/* Milliseconds since 1970 by the system's clock: to tell dates that cannot be true. */
int64_t ndup__clock_today(void);

#endif
