/* SPDX-License-Identifier: MIT */
/* The comparison of two texts, for people and as JSON. */
#ifndef CLI_EXPLAIN_PRINT_H
#define CLI_EXPLAIN_PRINT_H

#include "excerpt.h"
#include "neardup.h"

/* One side of the comparison. */
typedef struct cli_side {
    const char *name;       /* path or id */
    ndup_document document; /* its text, and what it was read from */
} cli_side;

/* All of it is borrowed. */
typedef struct cli_comparison {
    cli_side a, b;
    const ndup_explanation *explanation;
    const ndup_form_explanation *form; /* NULL: no corpus was asked */
    const ndup_dedup_options *options;
    size_t spans_wanted;
    const char
        *story; /* what stories say of the two, as it is printed; NULL: they were not asked */
} cli_comparison;

/* For people; excerpts of the texts are indented by 5, as the style is to say. */
void cli_explain_print(const cli_comparison *comparison, const cli_excerpt_style *style);

/* On standard output. */
void cli_explain_print_json(const cli_comparison *comparison);

#endif
