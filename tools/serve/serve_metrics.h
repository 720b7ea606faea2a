/* SPDX-License-Identifier: MIT */
/* Counts of requests, for Prometheus. */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "serve_route.h"
#include "serve_text.h"

enum { SERVE_STATUSES = 14, SERVE_LATENCIES = 14 };

/* Threads: locked. */
typedef struct serve_metrics {
    atomic_ullong requests[SERVE_ROUTES][SERVE_STATUSES];
    /* How many took at most so long as each bound, the last without one. */
    atomic_ullong latencies[SERVE_ROUTES][SERVE_LATENCIES];
    atomic_ullong microseconds[SERVE_ROUTES];
    atomic_ullong documents_asked;
    atomic_ullong documents_added;
    atomic_ullong body_bytes;  /* in memory now */
    atomic_ullong connections; /* open now */
} serve_metrics;

void serve_metrics_count(serve_metrics *metrics, const serve_route *route, unsigned status,
                         double seconds);

/* Writes what was counted, in the text format 0.0.4. */
void serve_metrics_write(serve_text *text, serve_metrics *metrics);

#endif
