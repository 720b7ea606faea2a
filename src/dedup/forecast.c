/* SPDX-License-Identifier: MIT */
/* Documents, memory and time, reckoned from the first blocks. */
#include "dedup/forecast.h"

#include <stddef.h>

#include "base/memory.h"

/* Less tells little. */
#define BYTES_LEAST ((uint64_t)32 << 20)
#define SECONDS_LEAST 0.5
/* Shorter runs are not worth a line. */
#define SECONDS_WORTH 20
/* After reading: buckets and decisions, of processor time a document. */
#define SECONDS_AFTER 1e-6
/* Shingle sets kept while judging, buffers of the workers, the program. */
#define BYTES_AFTER 16
#define BYTES_FIXED ((double)(32 << 20))
/* An id as ndup_bands_bytes_per_document counts it, and what of that figure a document takes
 * that repeats a text. */
#define ID_BYTES_COUNTED 9
#define COPY_BYTES 46

void ndup__forecast_make(ndup_forecast *forecast, const ndup__early_figures *seen)
{
    double grows = (double)seen->bytes_total / (double)seen->bytes_read;
    double documents = (double)seen->documents * grows;
    double classes = (double)seen->classes * grows;
    double others = COPY_BYTES - ID_BYTES_COUNTED + (double)seen->value_bytes + BYTES_AFTER;
    double memory = classes * (seen->bytes_per_document - COPY_BYTES) + documents * others +
                    (double)seen->id_bytes * grows + BYTES_FIXED;
    *forecast = (ndup_forecast){
        .documents = (uint64_t)documents,
        .memory_bytes = (uint64_t)memory,
        .seconds = seen->seconds * grows + documents * SECONDS_AFTER,
    };
}

static bool has_hook(const ndup_hooks *hooks)
{
    return hooks != NULL &&
           hooks->struct_size >= offsetof(ndup_hooks, forecast) + sizeof hooks->forecast &&
           hooks->forecast != NULL;
}

void ndup__forecast_at(ndup__run *run, uint64_t bytes_read)
{
    const ndup_hooks *hooks = run->reporter.hooks;
    const ndup__table *table = &run->table;
    double seconds = ndup__reporter_seconds(&run->reporter);
    if (run->forecast_told || bytes_read < BYTES_LEAST || seconds < SECONDS_LEAST ||
        run->reporter.now.total <= bytes_read || !has_hook(hooks)) {
        return;
    }
    run->forecast_told = true;
    ndup__early_figures seen = {
        .bytes_total = run->reporter.now.total,
        .bytes_read = bytes_read,
        .documents = table->count,
        .classes = table->class_count,
        .id_bytes = table->id_length + table->titles.byte_capacity + 8 * table->titles.capacity,
        .value_bytes = run->policy.input_order ? 0 : run->policy.count * sizeof *table->keep_values,
        .bytes_per_document =
            ndup_bands_bytes_per_document(&run->bands, ndup_sketcher_info(run->sketcher)),
        .seconds = seconds,
    };
    ndup_forecast forecast;
    ndup__forecast_make(&forecast, &seen);
    forecast.available_bytes = ndup__memory_available();
    bool is_large =
        forecast.available_bytes > 0 && forecast.memory_bytes > forecast.available_bytes / 2;
    if (is_large || forecast.seconds >= SECONDS_WORTH) {
        hooks->forecast(hooks->context, &forecast);
    }
}
