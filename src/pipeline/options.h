/* SPDX-License-Identifier: MIT */
/* Checking the options of a run, and what its parts need of them. */
#ifndef NDUP__PIPELINE_OPTIONS_H
#define NDUP__PIPELINE_OPTIONS_H

#include "neardup/dedup.h"
#include "text/tokenize.h"

/* How texts become shingles; the part of the options that the text layer needs. */
typedef struct ndup__shingling {
    ndup__token_mode mode;
    unsigned size;
    uint64_t seed;
} ndup__shingling;

/* Checks every option. Errors: INVALID or NOT_FOUND, naming the option, its value and what it must
 * be. */
NDUP_NODISCARD ndup_status ndup__options_check(const ndup_dedup_options *options,
                                               ndup_error *error);

/* The chain that ranks documents, and the share of shingles that a container has: as given, or what
 * the rule makes of nothing. */
const char *ndup__options_keep(const ndup_dedup_options *options);
double ndup__options_containment(const ndup_dedup_options *options);

ndup__shingling ndup__options_shingling(const ndup_dedup_options *options);

/* The run's sketch kind, cut into bands: *sketcher has as many slots as the bands need. */
NDUP_NODISCARD ndup_status ndup__options_sketcher(ndup_sketcher **sketcher, ndup_bands *bands,
                                                  const ndup_dedup_options *options,
                                                  ndup_error *error);

#endif
