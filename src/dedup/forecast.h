/* SPDX-License-Identifier: MIT */
/* What a run will take, said while it is still early. */
#ifndef NDUP__DEDUP_FORECAST_H
#define NDUP__DEDUP_FORECAST_H

#include "dedup/run.h"

/* What of a run has been seen in the first pass. */
typedef struct ndup__early_figures {
    uint64_t bytes_total; /* as stored */
    uint64_t bytes_read;
    size_t documents;
    size_t classes;
    size_t id_bytes;
    size_t value_bytes;        /* of keep values, a document */
    double bytes_per_document; /* ndup_bands_bytes_per_document */
    double seconds;
} ndup__early_figures;

/* Reckons on; available_bytes is left at 0. Linear in bytes: documents come as before. */
void ndup__forecast_make(ndup_forecast *forecast, const ndup__early_figures *seen);

/* Tells the caller's hook, once, when enough has been read and the run will be long. Called after
 * every block, with the stored bytes read so far. */
void ndup__forecast_at(ndup__run *run, uint64_t bytes_read);

#endif
