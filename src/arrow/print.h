/* SPDX-License-Identifier: MIT */
/* Single values as they are written: numbers, dates, times. */
#ifndef NDUP__ARROW_PRINT_H
#define NDUP__ARROW_PRINT_H

#include "arrow/array.h"

/* Room for every value that is printed. */
#define NDUP__ARROW_PRINTED 128

typedef enum ndup__arrow_form {
    NDUP__ARROW_AS_NOTHING, /* null, and numbers that are none */
    NDUP__ARROW_AS_WORD,    /* a number, true or false: stands in JSON as it is */
    NDUP__ARROW_AS_STRING,  /* a date, time or span of time: stands in quotes; no escapes */
    NDUP__ARROW_AS_BYTES,   /* not printed: ndup__arrow_bytes has it */
    NDUP__ARROW_AS_LIST,
    NDUP__ARROW_AS_STRUCT
} ndup__arrow_form;

/* How a value that was resolved is written. Floats are as short as reads back the same, moments
 * are ISO 8601, in UTC ("...Z") where the column has a zone; spans likewise ("PT1.5S"). *length is
 * 0 for what is not printed. */
ndup__arrow_form ndup__arrow_print(char out[NDUP__ARROW_PRINTED], size_t *length,
                                   ndup__arrow_cell cell);

#endif
