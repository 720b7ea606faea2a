/* SPDX-License-Identifier: MIT */
/* Measuring the recall of a run on a sample, against the exact answer. */
#ifndef NDUP__DEDUP_AUDIT_H
#define NDUP__DEDUP_AUDIT_H

#include "dedup/groups.h"

/* Reads the corpus once more and counts, for options.audit sampled classes, the pairs with
 * similarity >= threshold and those of them that the bands (and the sift by sketch) would propose.
 * Fills the audit figures of the summary. */
NDUP_NODISCARD ndup_status ndup__audit(ndup__judge *judge, const ndup__groups *groups,
                                       ndup_error *error);

#endif
