/* SPDX-License-Identifier: MIT */
/* Options as Polars hands them to a plugin: a pickled dict, read without Python. */
#ifndef NEARDUP_PYTHON_PICKLED_H
#define NEARDUP_PYTHON_PICKLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup.h"

typedef enum pickled_kind {
    PICKLED_NONE,
    PICKLED_BOOL,
    PICKLED_COUNT, /* a whole number from 0 on */
    PICKLED_REAL,  /* any other number */
    PICKLED_TEXT,
    PICKLED_DICT /* only as the whole */
} pickled_kind;

/* A value. Texts are borrowed from the pickle, and not ended by a zero. */
typedef struct pickled {
    pickled_kind kind;
    uint64_t count; /* of BOOL and COUNT */
    double real;    /* of COUNT and REAL */
    ndup_text text;
} pickled;

typedef bool (*pickled_visitor)(void *context, ndup_text name, const pickled *value);

/* Visits the members of a dict of scalars, as pickle.dumps(dict, protocol=5) makes it, until the
 * visitor returns false. Nothing at all is an empty dict. Result: false for other pickles, and when
 * the visitor returned false. */
bool pickled_read(const uint8_t *bytes, size_t length, pickled_visitor visit, void *context);

#endif
