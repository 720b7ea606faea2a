/* SPDX-License-Identifier: MIT */
/* The token that requests must bear. */
#ifndef SERVE_TOKEN_H
#define SERVE_TOKEN_H

#include <stdbool.h>

#include "neardup/document.h"

/* Whether an Authorization header bears the token. How long it takes depends on the length of what
 * was sent only, not on how much of it is right. */
bool serve_token_holds(const char *token, ndup_text authorization);

/* Whether the Host of a request is a name by which only this machine is meant: localhost or a
 * loopback address. Pages of the web can make a browser ask any address, but not under such a name.
 */
bool serve_host_is_loopback(ndup_text host);

/* Whether a page of another site sent the request. */
bool serve_origin_is_foreign(ndup_text origin, ndup_text host);

#endif
