/* SPDX-License-Identifier: MIT */
/* libmicrohttpd, loaded when a server starts: it brings ten libraries along, which cost each start
 * of the program 2 ms and 3 MB, whatever the command. */
#ifndef SERVE_LIBRARY_H
#define SERVE_LIBRARY_H

#include <microhttpd.h>

#include "neardup/status.h"

/* X(name) for each of its functions that we call, without MHD_. */
#define SERVE_LIBRARY_FUNCTIONS(X) \
    X(add_response_header)         \
    X(create_response_from_buffer) \
    X(destroy_response)            \
    X(get_connection_info)         \
    X(lookup_connection_value)     \
    X(queue_response)              \
    X(quiesce_daemon)              \
    X(resume_connection)           \
    X(start_daemon)                \
    X(stop_daemon)                 \
    X(suspend_connection)

typedef struct serve_library {
#define SERVE_LIBRARY_MEMBER(name) __typeof__(MHD_##name) *name;
    SERVE_LIBRARY_FUNCTIONS(SERVE_LIBRARY_MEMBER)
#undef SERVE_LIBRARY_MEMBER
} serve_library;

/* Its functions, once serve_library_load has succeeded; they stay until the program ends. */
extern serve_library serve_mhd;

/* Errors: UNSUPPORTED. */
ndup_status serve_library_load(ndup_error *error);

#endif
