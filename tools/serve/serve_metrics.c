/* SPDX-License-Identifier: MIT */
/* Counting requests, and the counts as Prometheus reads them. */
#include "serve_metrics.h"

#include "neardup/version.h"

/* The last one stands for all others. */
static const unsigned statuses[SERVE_STATUSES] = {200, 400, 401, 403, 404, 405, 408,
                                                  413, 415, 421, 500, 501, 503, 0};

static const double bounds[SERVE_LATENCIES - 1] = {.0005, .001, .0025, .005, .01, .025, .05,
                                                   .1,    .25,  .5,    1,    2.5, 10};

static size_t status_index(unsigned status)
{
    size_t i = 0;
    while (i < SERVE_STATUSES - 1 && statuses[i] != status) {
        i++;
    }
    return i;
}

static size_t latency_index(double seconds)
{
    size_t i = 0;
    while (i < SERVE_LATENCIES - 1 && seconds > bounds[i]) {
        i++;
    }
    return i;
}

void serve_metrics_count(serve_metrics *metrics, const serve_route *route, unsigned status,
                         double seconds)
{
    size_t i = serve_route_index(route);
    atomic_fetch_add(&metrics->requests[i][status_index(status)], 1);
    atomic_fetch_add(&metrics->latencies[i][latency_index(seconds)], 1);
    atomic_fetch_add(&metrics->microseconds[i], (unsigned long long)(seconds * 1e6));
}

static void write_requests(serve_text *text, serve_metrics *metrics)
{
    serve_text_print(text, "# HELP neardup_requests_total Requests answered.\n"
                           "# TYPE neardup_requests_total counter\n");
    for (size_t i = 0; i < SERVE_ROUTES; i++) {
        for (size_t k = 0; k < SERVE_STATUSES; k++) {
            unsigned long long count = atomic_load(&metrics->requests[i][k]);
            if (count > 0) {
                serve_text_print(text, "neardup_requests_total{route=\"%s\",status=\"%u\"} %llu\n",
                                 serve_route_get(i)->name, statuses[k], count);
            }
        }
    }
}

static void write_latencies(serve_text *text, serve_metrics *metrics)
{
    serve_text_print(text, "# HELP neardup_request_seconds From the head of a request to the end "
                           "of its answer.\n"
                           "# TYPE neardup_request_seconds histogram\n");
    for (size_t i = 0; i < SERVE_ROUTES; i++) {
        const char *name = serve_route_get(i)->name;
        unsigned long long sum = 0;
        for (size_t k = 0; k < SERVE_LATENCIES - 1; k++) {
            sum += atomic_load(&metrics->latencies[i][k]);
            serve_text_print(text, "neardup_request_seconds_bucket{route=\"%s\",le=\"%g\"} %llu\n",
                             name, bounds[k], sum);
        }
        sum += atomic_load(&metrics->latencies[i][SERVE_LATENCIES - 1]);
        serve_text_print(text,
                         "neardup_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n"
                         "neardup_request_seconds_sum{route=\"%s\"} %.6f\n"
                         "neardup_request_seconds_count{route=\"%s\"} %llu\n",
                         name, sum, name, (double)atomic_load(&metrics->microseconds[i]) / 1e6,
                         name, sum);
    }
}

static void write_one(serve_text *text, const char *name, const char *kind, const char *help,
                      unsigned long long value)
{
    serve_text_print(text, "# HELP neardup_%s %s\n# TYPE neardup_%s %s\nneardup_%s %llu\n", name,
                     help, name, kind, name, value);
}

void serve_metrics_write(serve_text *text, serve_metrics *metrics)
{
    write_requests(text, metrics);
    write_latencies(text, metrics);
    write_one(text, "documents_asked_total", "counter", "Documents that were asked about.",
              atomic_load(&metrics->documents_asked));
    write_one(text, "documents_added_total", "counter", "Documents that were added.",
              atomic_load(&metrics->documents_added));
    write_one(text, "connections", "gauge", "Open connections.",
              atomic_load(&metrics->connections));
    write_one(text, "body_bytes", "gauge", "Bytes of requests in memory.",
              atomic_load(&metrics->body_bytes));
    serve_text_print(text,
                     "# HELP neardup_info The version.\n# TYPE neardup_info gauge\n"
                     "neardup_info{version=\"%s\"} 1\n",
                     ndup_version());
}
