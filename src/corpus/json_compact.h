/* SPDX-License-Identifier: MIT */
/* Records over many lines, written on one. */
#ifndef NDUP__CORPUS_JSON_COMPACT_H
#define NDUP__CORPUS_JSON_COMPACT_H

#include "base/arena.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* If the record, which is known to be valid, holds line ends, it becomes a copy in the arena
 * without the white space outside of its strings; otherwise it stays. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_compact(ndup_text *record, ndup__arena *arena,
                                              ndup_error *error);

#endif
