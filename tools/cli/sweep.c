/* SPDX-License-Identifier: MIT */
/* The thresholds of a sweep. */
#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "value.h"

/* Thresholds closer than this are one. */
#define CLOSENESS 1e-9

/* Reads the three numbers. */
static bool read_parts(double parts[3], const char *text)
{
    char copy[100];
    if (strlen(text) >= sizeof copy) {
        return false;
    }
    strcpy(copy, text);
    char *part = copy;
    for (int i = 0; i < 3; i++) {
        char *colon = strchr(part, ':');
        if ((colon == NULL) != (i == 2)) {
            return false;
        }
        if (colon != NULL) {
            *colon = '\0';
        }
        if (!cli_value_number(&parts[i], part)) {
            return false;
        }
        part = colon != NULL ? colon + 1 : part;
    }
    return true;
}

const char *cli_sweep_read(cli_sweep *sweep, const char *text)
{
    sweep->count = 0;
    if (strcmp(text, "none") == 0) {
        return NULL;
    }
    double parts[3];
    if (!read_parts(parts, text)) {
        return "is not LOW:HIGH:STEP, such as 0.3:0.95:0.05, or none";
    }
    double low = parts[0], high = parts[1], step = parts[2];
    if (!(low > 0 && low <= high && high <= 1)) {
        return "is out of range: LOW and HIGH must be above 0 and at most 1, LOW first";
    }
    if (!(step > 0) || (high - low) / step > CLI_SWEEP_MOST - 1) {
        return "is out of range: STEP must be above 0 and give at most 1000 thresholds";
    }
    size_t count = (size_t)((high - low) / step + CLOSENESS) + 1;
    for (size_t i = 0; i < count; i++) {
        /* Rounded, so that 0.3 + 6 * 0.05 is the 0.6 that people type. */
        sweep->thresholds[i] = round((low + (double)i * step) * 1e9) / 1e9;
    }
    sweep->count = count;
    return NULL;
}

size_t cli_sweep_add(cli_sweep *sweep, double threshold)
{
    size_t at = 0;
    while (at < sweep->count && sweep->thresholds[at] < threshold - CLOSENESS) {
        at++;
    }
    if (at == sweep->count || sweep->thresholds[at] > threshold + CLOSENESS) {
        memmove(&sweep->thresholds[at + 1], &sweep->thresholds[at],
                (sweep->count - at) * sizeof *sweep->thresholds);
        sweep->count++;
    }
    sweep->thresholds[at] = threshold;
    return at;
}
