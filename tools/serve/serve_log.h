/* SPDX-License-Identifier: MIT */
/* The access log: a line of JSON for each request. */
#ifndef SERVE_LOG_H
#define SERVE_LOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "neardup/document.h"

/* Zero-initialise, then serve_log_open. Threads: locked. */
typedef struct serve_log {
    FILE *file; /* NULL: nothing is logged */
    pthread_mutex_t lock;
} serve_log;

/* One request that is over. */
typedef struct serve_log_entry {
    const char *client; /* its address */
    ndup_text method;
    ndup_text target;
    unsigned status;     /* 0: the connection ended, or the library refused it */
    uint64_t body_bytes; /* that came */
    uint64_t answer_bytes;
    double seconds;
} serve_log_entry;

/* Appends to a file; "-" is standard output. False, with errno, where that is not to be had. */
bool serve_log_open(serve_log *log, const char *path);
void serve_log_close(serve_log *log);

void serve_log_write(serve_log *log, const serve_log_entry *entry);

#endif
