/* SPDX-License-Identifier: MIT */
/* A request on a connection, from its first line to the end of its answer. */
#ifndef SERVE_CALL_H
#define SERVE_CALL_H

#include "serve_http.h"
#include "serve_library.h"

typedef struct serve_call {
    serve_work work; /* first member: how workers know it */
    serve_http *http;
    struct MHD_Connection *connection;
    serve_connection *peer;
    char *target; /* as it was sent; owned */
    char method[24];
    serve_request request;
    bool has_begun;  /* the head was read */
    bool is_refused; /* by it; the body is passed over */
    bool is_answered;
    serve_text body;
    uint64_t body_bytes;
    uint64_t answer_bytes;
    double start;
} serve_call;

/* NULL where memory is missing. */
serve_call *serve_call_new(serve_http *http, struct MHD_Connection *connection, const char *target);

/* Ends it: counts and logs it, and frees it. */
void serve_call_end(serve_call *call);

/* The head is there. */
enum MHD_Result serve_call_begin(serve_call *call, const char *method);

/* A piece of the body. */
enum MHD_Result serve_call_take(serve_call *call, const char *bytes, size_t length);

/* All of it is there: answers it, or hands it to a worker. Called again when that is done. */
enum MHD_Result serve_call_answer(serve_call *call);

#endif
