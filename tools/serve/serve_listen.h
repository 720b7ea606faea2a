/* SPDX-License-Identifier: MIT */
/* Sockets to listen on. */
#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H

#include <stdbool.h>

#include "neardup/status.h"

enum { SERVE_PLACE_BYTES = 300 };

/* A socket that listens. */
typedef struct serve_listening {
    int descriptor;
    bool is_loopback;              /* nobody beyond this machine reaches it */
    char place[SERVE_PLACE_BYTES]; /* "http://127.0.0.1:7450", "unix:PATH" */
} serve_listening;

/* Listens at HOST:PORT, [HOST]:PORT or PORT; port 0 is any that is free. Errors: INVALID for what
 * is no such place; IO. */
ndup_status serve_listen_tcp(serve_listening *listening, const char *place, ndup_error *error);

/* Listens at a path. A socket that nobody listens at any more is replaced. Errors: EXISTS, IO. */
ndup_status serve_listen_unix(serve_listening *listening, const char *path, ndup_error *error);

/* Writes an error; gives its status. */
__attribute__((format(printf, 3, 4))) ndup_status serve_fail(ndup_error *error, ndup_status status,
                                                             const char *format, ...);

#endif
