/* SPDX-License-Identifier: MIT */
/* Whether two texts are near-duplicates, by their exact sets: what runs and indexes ask alike. */
#ifndef NDUP__DEDUP_MATCHER_H
#define NDUP__DEDUP_MATCHER_H

#include "dedup/form_pair.h"
#include "similarity/figures.h"

/* How two classes compare. a is the one asked about, b the other. */
typedef struct ndup__match {
    uint32_t other; /* class number of b */
    double similarity;
    double containment;       /* of a in b */
    double other_containment; /* of b in a */
    uint32_t span_tokens;     /* longest shared run; 0 = not looked for */
    uint32_t span_offset;     /* where it stands in a's text */
    uint32_t span_bytes;
    bool is_form; /* alike enough, but the two fill one form with contents of their own */
} ndup__match;

/* The matching, and work space. Sets without bytes of tokens are compared by hashes alone. Threads:
 * single-owner. */
typedef struct ndup__matcher {
    const ndup_dedup_options *options;
    const ndup__frequencies *frequencies;
    ndup__shingling shingling;
    ndup__figure_room room;
    ndup__form_room form_room;
    ndup__token_places places[2]; /* of a pair's tokens */
} ndup__matcher;

void ndup__matcher_init(ndup__matcher *matcher, const ndup_dedup_options *options,
                        const ndup__frequencies *frequencies, const ndup_allocator *allocator);
void ndup__matcher_deinit(ndup__matcher *matcher);

/* Whether the two are near-duplicates under the matching; forms are, where the options drop them.
 * Similarities below 0.9 of the threshold may be left at 0. `reader` holds or takes the index of b;
 * where the two were found alike, it has met a's shingles. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__matcher_similar(ndup__matcher *matcher, ndup__match *match,
                                                 bool *similar, const ndup__set *a,
                                                 const ndup__set *b, ndup__set_reader *reader,
                                                 ndup_error *error);

/* Whether the share of a's shingles that the options ask for stands in b, which has no fewer; false
 * for two that fill one form, unless the options drop forms. Otherwise as above. */
NDUP_NODISCARD ndup_status ndup__matcher_contained(ndup__matcher *matcher, ndup__match *match,
                                                   bool *contained, const ndup__set *a,
                                                   const ndup__set *b, ndup__set_reader *reader,
                                                   ndup_error *error);

/* Measures a pair whatever comes of it. Otherwise as above. */
NDUP_NODISCARD ndup_status ndup__matcher_measure(ndup__matcher *matcher, ndup__match *match,
                                                 const ndup__set *a, const ndup__set *b,
                                                 ndup__set_reader *reader, ndup_error *error);

#endif
