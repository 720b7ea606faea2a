/* SPDX-License-Identifier: MIT */
/* The thresholds of a sweep: LOW:HIGH:STEP. */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

enum { CLI_SWEEP_MOST = 1000 };

typedef struct cli_sweep {
    double thresholds[CLI_SWEEP_MOST + 1]; /* rising */
    size_t count;
} cli_sweep;

/* Reads "LOW:HIGH:STEP", or "none" for no thresholds. Gives NULL, or what is wrong in words. */
const char *cli_sweep_read(cli_sweep *sweep, const char *text);

/* Puts a threshold in its place, unless it is there; gives its position. */
size_t cli_sweep_add(cli_sweep *sweep, double threshold);

#endif
