/* SPDX-License-Identifier: MIT */
/* The open connections, and how long each may take for what it is at. */
#ifndef SERVE_CONNECTIONS_H
#define SERVE_CONNECTIONS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Seconds that the library waits longer than we do: so whoever stops in the middle of a request is
 * told so. */
#define SERVE_SILENCE 1

/* What a connection is at. */
typedef enum serve_phase {
    SERVE_PHASE_IDLE,   /* nothing of a request is known yet */
    SERVE_PHASE_HEAD,   /* its first line has come */
    SERVE_PHASE_BODY,   /* its head has come */
    SERVE_PHASE_ANSWER, /* all of it has come */
    SERVE_PHASE_OVER    /* given up: it is being closed */
} serve_phase;

typedef struct serve_connection {
    int descriptor;
    serve_phase phase;
    unsigned refused; /* the status with which it was given up; else 0 */
    double since;     /* seconds of the monotonic clock */
    struct serve_connection *next;
    struct serve_connection *before;
} serve_connection;

/* Zero-initialise, then serve_connections_init. Threads: locked. */
typedef struct serve_connections {
    pthread_mutex_t lock;
    serve_connection *first;
    size_t count;
    double seconds; /* that a request may take to come */
} serve_connections;

void serve_connections_init(serve_connections *all, double seconds);
void serve_connections_deinit(serve_connections *all);

/* A new connection, and its end, before its descriptor is closed. NULL where memory is missing. */
serve_connection *serve_connection_open(serve_connections *all, int descriptor);
void serve_connection_close(serve_connections *all, serve_connection *one);

/* Goes on to a phase; false when the connection was given up meanwhile. */
bool serve_connection_enter(serve_connections *all, serve_connection *one, serve_phase phase);

/* Gives a connection up with an answer of its own, unless it is given up. Not for one that is being
 * answered. */
void serve_connection_refuse(serve_connections *all, serve_connection *one, unsigned status,
                             const char *message);

/* The status with which a connection was given up; 0 when it was not. */
unsigned serve_connection_refused(serve_connections *all, const serve_connection *one);

/* Gives up those that take too long (408), and gives their number. */
size_t serve_connections_sweep(serve_connections *all);

size_t serve_connections_count(serve_connections *all);

/* Seconds of the monotonic clock. */
double serve_now(void);

#endif
