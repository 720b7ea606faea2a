/* SPDX-License-Identifier: MIT */
/* From the stored passages of a run to its sinks. */
#ifndef NDUP__REUSE_REUSE_EMIT_H
#define NDUP__REUSE_REUSE_EMIT_H

#include "reuse/reuse_reader.h"

/* Makes families and hands all passages, then all families, to the sinks. Errors: MEMORY, LIMIT,
 * CANCELLED; those of reading and of the sinks. */
NDUP_NODISCARD ndup_status ndup__reuse_emit(ndup__reuse_run *run, ndup__reuse_reader *reader,
                                            ndup_passage_sink *const *sinks, size_t sink_count,
                                            ndup_error *error);

#endif
