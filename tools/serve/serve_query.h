/* SPDX-License-Identifier: MIT */
/* Parameters of an address: how to ask, and what a text or page does not say of itself. */
#ifndef SERVE_QUERY_H
#define SERVE_QUERY_H

#include <stdbool.h>

#include "neardup/index.h"

struct serve_request;

/* What the parameters say. */
typedef struct serve_query {
    ndup_index_query how;
    ndup_document about; /* id, url, source, date, title; the others are empty */
} serve_query;

/* False: a parameter is wrong, the answer says which. */
bool serve_query_read(serve_query *query, struct serve_request *request);

/* Gives a document what the parameters say of it. What its page says itself yields, but for the
 * address, which ndup_record_read_page has weighed. */
void serve_query_fill(ndup_document *document, const serve_query *query);

#endif
