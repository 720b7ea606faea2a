/* SPDX-License-Identifier: MIT */
/* What a report shows of one run, collected while the documents pass by. */
#ifndef NDUP__PAGE_REPORT_RUN_H
#define NDUP__PAGE_REPORT_RUN_H

#include "page/document_store.h"
#include "report/group_order.h"
#include "report/out.h"
#include "report/source_matrix.h"
#include "report/sources.h"

/* Largest families of one form that are shown, and members of each. */
#define NDUP__FORMS_SHOWN ((size_t)50)
#define NDUP__FORM_MEMBERS_SHOWN ((size_t)12)

/* How much is shown. */
typedef struct ndup__report_limits {
    size_t groups;     /* largest groups that are shown; SIZE_MAX = all */
    size_t members;    /* of a group */
    size_t texts;      /* members of a group that are compared word by word */
    size_t text_bytes; /* of one text */
    size_t bytes;      /* of all groups as JSON, more or less; SIZE_MAX = no limit */
    size_t folded; /* bytes of passages folded away; where bytes has a limit: of both together */
    size_t form_bytes; /* of all families of one form as JSON, more or less */
    size_t sources;    /* rows of the table and of the matrix of sources */
} ndup__report_limits;

/* Zero-initialise, set the allocator and the limits. Memory: 4 bytes a document, 16 a document in a
 * group, and the names of the sources; texts are put aside in a file. */
typedef struct ndup__report_run {
    const ndup_allocator *allocator;
    ndup__report_limits limits;
    const ndup_result *result; /* borrowed */
    ndup__grouping grouping;
    ndup__ranked_groups groups;
    ndup__grouping form_grouping;
    ndup__ranked_groups forms;
    uint64_t *shown; /* [shown_count] documents to store, rising; lowest bit: with the text */
    size_t shown_count;
    size_t shown_capacity;
    size_t next_shown;
    ndup__sources sources;
    ndup__source_matrix matrix;
    ndup__document_store *store;
    uint64_t corpus_hash; /* of all texts in order: names the corpus in decisions */
} ndup__report_run;

NDUP_NODISCARD ndup_status ndup__report_run_begin(ndup__report_run *run, const ndup_result *result,
                                                  ndup_error *error);

/* Takes every document, in corpus order. */
NDUP_NODISCARD ndup_status ndup__report_run_add(ndup__report_run *run, const ndup_verdict *verdict,
                                                const ndup_document *document, ndup_error *error);

/* After the last document. */
NDUP_NODISCARD ndup_status ndup__report_run_end(ndup__report_run *run, ndup_error *error);

void ndup__report_run_deinit(ndup__report_run *run);

/* Writes the members of an open object that every page needs: the corpus, the inputs, the rule. */
void ndup__report_identity_json(ndup__out *out, const ndup__report_run *run);

/* Writes the members of an open object that tell of the whole run. */
void ndup__report_overview_json(ndup__out *out, const ndup__report_run *run);

/* Writes the members "form_count" and "forms", an array of the largest families of one form. */
NDUP_NODISCARD ndup_status ndup__report_forms_json(ndup__out *out, ndup__report_run *run,
                                                   ndup_error *error);

/* Writes the member "groups": an array of the groups first <= i < first + count of run->groups;
 * those behind the limit of bytes are left out. Then "folded", the passages folded away in them. */
NDUP_NODISCARD ndup_status ndup__report_groups_json(ndup__out *out, ndup__report_run *run,
                                                    size_t first, size_t count, ndup_error *error);

#endif
