/* SPDX-License-Identifier: MIT */
/* A server over an index, from its start to the signal that ends it. */
#ifndef SERVE_H
#define SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/index.h"

typedef struct serve_options {
    const char *index_path;
    ndup_index_open_options opening;
    const char *listen;    /* HOST:PORT; NULL with a unix_path */
    const char *unix_path; /* or NULL */
    const char *token;     /* or NULL */
    bool is_open;          /* may listen beyond this machine without a token */
    uint64_t body_most;    /* bytes */
    size_t connections_most;
    double seconds;                   /* that a request may take to come */
    unsigned threads;                 /* 0 = as many as processors */
    const char *access_log;           /* path, "-", or NULL */
    void (*say)(const char *message); /* for the person who started it */
} serve_options;

/* Listens until SIGINT, SIGTERM or SIGHUP comes, then answers what is under way. A second signal
 * ends the program at once. Gives the error that kept it from starting. */
ndup_status serve_run(const serve_options *options, ndup_error *error);

#endif
