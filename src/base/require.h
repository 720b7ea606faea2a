/* SPDX-License-Identifier: MIT */
/* Checks at the public edge: what a caller left out or half filled. */
#ifndef NDUP__BASE_REQUIRE_H
#define NDUP__BASE_REQUIRE_H

#include <stddef.h>

#include "neardup/document.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

/* Names and pointers in turn: NDUP__REQUIRE(error, "corpus", corpus, "ids", ids). Errors: INVALID,
 * naming the first pointer that is NULL. */
#define NDUP__REQUIRE(error, ...) ndup__require(error, __VA_ARGS__, (const char *)NULL)
NDUP_NODISCARD ndup_status ndup__require(ndup_error *error, ...);

/* Whether a structure is as long as this library's. Errors: INVALID, naming it. */
NDUP_NODISCARD ndup_status ndup__require_size(size_t given, size_t needed, const char *name,
                                              ndup_error *error);

/* Whether a text has bytes where it has a length. Errors: INVALID. */
NDUP_NODISCARD ndup_status ndup__require_text(ndup_text text, ndup_error *error);

/* Whether hooks, which may be NULL, are filled. Errors: INVALID. */
NDUP_NODISCARD ndup_status ndup__require_hooks(const ndup_hooks *hooks, ndup_error *error);

#endif
