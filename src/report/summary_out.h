/* SPDX-License-Identifier: MIT */
/* The counts of a summary as a table, and their form for readers. */
#ifndef NDUP__REPORT_SUMMARY_OUT_H
#define NDUP__REPORT_SUMMARY_OUT_H

#include "neardup/dedup.h"
#include "report/out.h"
#include "report/source_matrix.h"
#include "report/sources.h"

#define NDUP__HISTOGRAM_BINS (sizeof((ndup_summary *)0)->similarity_histogram / sizeof(uint64_t))

/* One of the members of type uint64_t. */
typedef struct ndup__count_member {
    const char *name;
    const char *label;
    size_t offset;
} ndup__count_member;

const ndup__count_member *ndup__summary_members(size_t *count);
uint64_t ndup__summary_count(const ndup_summary *summary, const ndup__count_member *member);

/* Writes the tables, with the sources in the order of the matrix. */
void ndup__summary_markdown(ndup__out *out, const ndup_result *result, const ndup__sources *sources,
                            const ndup__source_matrix *matrix);

#endif
