/* SPDX-License-Identifier: MIT */
/* Wall time for progress and timings; never for decisions. */
#ifndef NDUP__BASE_CLOCK_H
#define NDUP__BASE_CLOCK_H

/* Seconds since some fixed moment, by a clock that only goes forward. */
double ndup__clock_seconds(void);

#endif
