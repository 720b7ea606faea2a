/* SPDX-License-Identifier: MIT */
/* Addresses: which there are, and what stands in one. */
#ifndef SERVE_ROUTE_H
#define SERVE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/document.h"

struct serve_request;

/* What a body may be. */
typedef enum serve_type {
    SERVE_TYPE_NONE = 0,
    SERVE_TYPE_JSON,
    SERVE_TYPE_JSON_LINES,
    SERVE_TYPE_TEXT,
    SERVE_TYPE_PAGE,
    SERVE_TYPE_UNKNOWN
} serve_type;

/* The type that a Content-Type names. Threads: immutable. */
serve_type serve_type_of(ndup_text content_type);

/* One thing that can be asked. */
typedef struct serve_route {
    const char *name; /* in metrics */
    const char *method;
    const char *path;
    bool has_operand; /* what follows the path is one */
    bool takes_body;
    bool is_public; /* needs no token */
    bool changes;   /* the index */
    void (*answer)(struct serve_request *request, ndup_text body);
} serve_route;

enum { SERVE_ROUTES = 11, SERVE_PARAMETERS = 8 };

/* In the order of the list; the last one has no method and stands for all other paths. */
const serve_route *serve_route_get(size_t i);
size_t serve_route_index(const serve_route *route); /* NULL is the last one */

/* A parameter of a query, as it was written: name=value, percent signs read. */
typedef struct serve_parameter {
    ndup_text name;
    ndup_text value;
} serve_parameter;

/* A path and its query, read. Its texts lie in `room`. */
typedef struct serve_target {
    char *room; /* owned */
    ndup_text path;
    ndup_text operand;
    serve_parameter parameters[SERVE_PARAMETERS];
    size_t parameter_count;
} serve_target;

/* Why a target cannot be read. */
typedef enum serve_target_fault {
    SERVE_TARGET_OK = 0,
    SERVE_TARGET_MEMORY,
    SERVE_TARGET_PERCENT,   /* a percent sign without two hex digits */
    SERVE_TARGET_PARAMETERS /* too many of them */
} serve_target_fault;

serve_target_fault serve_target_read(serve_target *target, ndup_text written);
void serve_target_free(serve_target *target);

/* The route of a method and a target, which gets its operand; NULL where there is none. If the path
 * is there for other methods, these stand in `allow` then. */
const serve_route *serve_route_find(serve_target *target, ndup_text method, char allow[40]);

/* Whether two texts are the same, without regard to the case of ASCII letters. */
bool serve_same_word(ndup_text text, const char *word);

#endif
