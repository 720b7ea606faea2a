/* SPDX-License-Identifier: MIT */
/* Which labelled ids a corpus has. */
#ifndef NDUP__EVAL_GOLD_COVER_H
#define NDUP__EVAL_GOLD_COVER_H

#include "eval/gold.h"
#include "eval/id_index.h"

/* Looks up every labelled id. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__gold_cover(ndup_gold_coverage *coverage, const ndup_gold *gold,
                                            const ndup__id_index *index, ndup_error *error);

#endif
