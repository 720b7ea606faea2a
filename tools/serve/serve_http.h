/* SPDX-License-Identifier: MIT */
/* The socket layer: libmicrohttpd in front, the request layer behind. */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include <stdatomic.h>
#include <stdbool.h>

#include "serve_connections.h"
#include "serve_log.h"
#include "serve_request.h"
#include "serve_workers.h"

struct MHD_Daemon;

/* What a server may take. */
typedef struct serve_limits {
    size_t connections; /* further ones are told to come later (503) */
    double seconds;     /* that a request may take to come (408) */
    unsigned threads;   /* that read requests and answer quick ones */
    uint64_t bodies;    /* bytes of all bodies together (503) */
} serve_limits;

/* A server that listens. Zero-initialise; the service stands when serve_http_start is called. */
typedef struct serve_http {
    serve_service service;
    serve_limits limits;
    serve_log log;
    serve_connections connections;
    serve_workers workers;
    struct MHD_Daemon *daemon;
    int listening;
    atomic_size_t under_way; /* requests whose first line has come and whose answer is not sent */
    atomic_bool is_stopping; /* connections are closed after the next answer */
} serve_http;

/* Starts to answer what comes to a listening socket, which is then the server's. */
bool serve_http_start(serve_http *http, int listening);

/* No more connections; what is under way goes on. */
void serve_http_quiesce(serve_http *http);

/* Closes all connections and ends all threads. Only when nothing is under way. */
void serve_http_stop(serve_http *http);

#endif
