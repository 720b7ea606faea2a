/* SPDX-License-Identifier: MIT */
/* SARIF 2.1.0 (OASIS, 2020), as far as findings about texts need it. */
#ifndef NDUP__REPORT_SARIF_OUT_H
#define NDUP__REPORT_SARIF_OUT_H

#include "report/out.h"

/* One kind of finding. */
typedef struct ndup__sarif_rule {
    const char *id;
    const char *summary; /* a sentence without full stop */
} ndup__sarif_rule;

/* Where a text stands. */
typedef struct ndup__sarif_place {
    ndup_text path;      /* as given: relative, or absolute; empty = nowhere */
    uint64_t first_line; /* from 1; 0 = the whole file */
    uint64_t last_line;
} ndup__sarif_place;

/* Everything up to the results. */
void ndup__sarif_begin(ndup__out *out, const ndup__sarif_rule *rules, size_t rule_count);

/* Parts a result from the one before. */
void ndup__sarif_next_result(ndup__out *out);

/* The beginning of a result: rule, level, message, place. The caller adds members. */
void ndup__sarif_open_result(ndup__out *out, const ndup__sarif_rule *rules, size_t rule,
                             ndup_text message, const ndup__sarif_place *place);

/* The end of a result, with its baselineState: "new", "unchanged", or NULL without a baseline. */
void ndup__sarif_close_result(ndup__out *out, const char *state);

/* The member "relatedLocations" with one place. */
void ndup__sarif_related(ndup__out *out, const ndup__sarif_place *place, const char *message);

/* The member "partialFingerprints": a hash of the name and one of the contents. */
void ndup__sarif_fingerprints(ndup__out *out, uint64_t id_hash, uint64_t text_hash);

/* Everything behind the results. */
void ndup__sarif_end(ndup__out *out);

/* Keys of the fingerprints. */
#define NDUP__SARIF_ID_KEY "neardupId/v1"
#define NDUP__SARIF_TEXT_KEY "neardupText/v1"

#endif
