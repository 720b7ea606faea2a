/* SPDX-License-Identifier: MIT */
/* Sources with what each took from which other, as JSON lines or as one table. */
#ifndef NDUP__REPORT_SOURCE_TABLE_H
#define NDUP__REPORT_SOURCE_TABLE_H

#include "report/out.h"
#include "report/source_pairs.h"

/* How a kind of output names what it counts. */
typedef struct ndup__source_names {
    const char *kept;     /* documents of a source that are its own */
    const char *dropped;  /* its other documents */
    const char *repeated; /* documents, of any source, that were taken from it */
    const char *pairs;    /* of whom it took */
    bool has_tokens;      /* tokens that were taken are counted, too */
} ndup__source_names;

/* Writes a line or row a source, those that took and gave most first. Dropped and repeated of all
 * sources have been counted, and the pairs joined. Errors: MEMORY, those of the output. */
NDUP_NODISCARD ndup_status ndup__source_table_write(ndup__out *out, const ndup__sources *sources,
                                                    const ndup__source_pairs *pairs,
                                                    const ndup__source_names *names, bool is_csv,
                                                    ndup_error *error);

#endif
