/* SPDX-License-Identifier: MIT */
/* The request layer: what a request asks, and the answer to it. It knows nothing of sockets, so
 * tests hand it requests as they like.
 *
 * A request goes through three calls: serve_request_begin when its head is there, which may be the
 * whole answer already; then its body; then serve_request_answer. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/index.h"
#include "serve_metrics.h"
#include "serve_route.h"
#include "serve_text.h"

struct serve_readers;

/* Who may ask, and how much. */
typedef struct serve_rules {
    const char *token; /* that requests must bear; NULL = none needed */
    bool is_loopback;  /* nobody else can reach us: names of other hosts are refused */
    bool is_read_only;
    uint64_t body_most;    /* bytes */
    size_t documents_most; /* in a batch */
} serve_rules;

/* What all requests share. Zero-initialise; serve_service_init fills it. Threads: locked. */
typedef struct serve_service {
    ndup_index *index; /* borrowed */
    serve_rules rules;
    serve_metrics metrics;
    struct serve_readers *readers;
} serve_service;

ndup_status serve_service_init(serve_service *service, ndup_index *index, const serve_rules *rules,
                               ndup_error *error);
void serve_service_deinit(serve_service *service);

/* The head of a request; what it does not have is empty. */
typedef struct serve_head {
    ndup_text method;
    ndup_text target; /* as it was sent: path and query */
    ndup_text content_type;
    ndup_text content_encoding;
    ndup_text authorization;
    ndup_text host;
    ndup_text origin;
    bool has_body;
    uint64_t body_bytes; /* 0 where the head does not tell */
} serve_head;

/* An answer. */
typedef struct serve_answer {
    unsigned status;
    const char *content_type;
    const char *policy; /* Content-Security-Policy, of pages; else NULL */
    const char *fixed;  /* a body that is always there; else NULL, and `body` is it */
    size_t fixed_length;
    serve_text body;
    char allow[40];       /* of 405 */
    bool asks_for_token;  /* 401 */
    unsigned retry_after; /* seconds, of 503; 0 = not said */
    bool closes;          /* the connection is of no use afterwards: a body was not read */
} serve_answer;

void serve_answer_free(serve_answer *answer);

/* A request on its way. */
typedef struct serve_request {
    serve_service *service;
    const serve_route *route; /* NULL before it is known, and for paths that there are not */
    serve_target target;
    serve_type type;    /* of the body */
    char *content_type; /* owned, zero-terminated */
    serve_answer answer;
} serve_request;

/* Reads the head, which need not outlive the call. False: it is refused, the answer is made. */
bool serve_request_begin(serve_request *request, serve_service *service, const serve_head *head);

/* Whether the answer takes so little time that nobody else needs to be let in meanwhile. */
bool serve_request_is_quick(const serve_request *request, size_t body_length);

/* Makes the answer. It never fails: what goes wrong is an answer, too. */
void serve_request_answer(serve_request *request, ndup_text body);

/* Notes in the metrics that the answer was given, or that the request ended with a status that was
 * not ours to answer. */
void serve_request_count(serve_request *request, unsigned status, double seconds);

void serve_request_end(serve_request *request);

/* Makes the answer an error in words. */
__attribute__((format(printf, 3, 4))) void serve_refuse(serve_answer *answer, unsigned status,
                                                        const char *format, ...);

/* Makes the answer what an error of the library means to a client. */
void serve_refuse_for(serve_answer *answer, const ndup_error *error, bool is_about_record);

#endif
