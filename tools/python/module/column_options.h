/* SPDX-License-Identifier: MIT */
/* Options of functions over columns. */
#ifndef NEARDUP_PYTHON_COLUMN_OPTIONS_H
#define NEARDUP_PYTHON_COLUMN_OPTIONS_H

#include "neardup.h"

typedef struct column_options {
    ndup_dedup_options reading;
    ndup_flag_options cleaning;
    char sketch[32]; /* what reading.sketch points to */
} column_options;

/* From a pickled dict with the members preset, shingle_size, tokens, sketch, slots, seed,
 * threshold, recall; those that are None or missing are the preset's. *options must stay where it
 * is while it is used. Errors: INVALID, NOT_FOUND. */
NDUP_NODISCARD ndup_status column_options_read(column_options *options, const uint8_t *pickle,
                                               size_t length, ndup_error *error);

#endif
