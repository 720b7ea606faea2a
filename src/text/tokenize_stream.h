/* SPDX-License-Identifier: MIT */
/* Text to hashes of words by way of a stream of folded tokens: what vector units are good at. */
#ifndef NDUP__TEXT_TOKENIZE_STREAM_H
#define NDUP__TEXT_TOKENIZE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"
#include "neardup/status.h"
#include "text/tokens.h"

/* Does what ndup__tokenize does in WORDS mode, but without offsets. Clears *is_done
 * instead, and leaves hashes and numbers that mean nothing, when a token is longer than the
 * stream's buffer. `tokens` must be empty. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__tokenize_stream(bool *is_done, ndup__tokens *tokens,
                                                 const char *text, size_t length,
                                                 ndup_error *error);

/* The same for ndup__tokenize_units. Clears *is_done, too, when a token cannot be told from the
 * separator of units by its hash. */
NDUP_NODISCARD ndup_status ndup__tokenize_stream_units(bool *is_done, ndup__tokens *tokens,
                                                       ndup__unit_end *ends, const char *text,
                                                       const ndup_unit *units, size_t count,
                                                       ndup_error *error);

/* The table of token_fold, made by the first call. Threads: any. */
const ndup__token_table *ndup__token_table_get(void);

#endif
