/* SPDX-License-Identifier: MIT */
/* What the ready-made outputs of passages have in common, and the list of them. */
#ifndef NDUP__REPORT_PASSAGE_OUTPUT_H
#define NDUP__REPORT_PASSAGE_OUTPUT_H

#include "neardup/passage.h"
#include "report/file_target.h"
#include "report/folder_output.h"

typedef struct ndup__passage_output ndup__passage_output;

/* One format, which is one file or a folder. To add one: write passage_<name>.c with one of these,
 * declare it below, list it in pipeline/passage_outputs.c and SCHEMA.md. Every function may be
 * NULL; a failure of output->target.out need not be looked for in them. */
typedef struct ndup__passage_kind {
    ndup_output_info info;
    bool is_folder;  /* has a folder, and no target but for its allocator */
    bool has_header; /* known by its first bytes: see ndup__is_own_output */
    ndup_status (*begin)(ndup__passage_output *output, ndup_error *error);
    void (*passage)(ndup__passage_output *output, const ndup_passage *passage);
    ndup_status (*family)(ndup__passage_output *output, const ndup_passage_family *family,
                          ndup_error *error);
    ndup_status (*finish)(ndup__passage_output *output, const ndup_passage_summary *summary,
                          ndup_error *error);
    void (*end)(ndup__passage_output *output); /* frees what begin made */
} ndup__passage_kind;

struct ndup__passage_output {
    ndup_passage_sink sink; /* first: this is what callers hold */
    ndup__file_target target;
    ndup__folder_output *folder;
    const ndup__passage_kind *kind;
    const ndup_passage_run *run; /* from begin on */
    void *state;                 /* the format's own */
};

/* Makes an output of this format. Errors: those of ndup__file_target_open and
 * ndup__folder_output_open. */
NDUP_NODISCARD ndup_status ndup__passage_output_open(ndup_passage_sink **sink,
                                                     const ndup__passage_kind *kind,
                                                     const char *path,
                                                     const ndup_output_options *options,
                                                     ndup_error *error);

/* Members of an open object: the inputs and options of a run, and the counts of its summary. */
void ndup__json_passage_run(ndup__out *out, const ndup_passage_run *run);
void ndup__json_passage_counts(ndup__out *out, const ndup_passage_summary *summary);

extern const ndup__passage_kind ndup__passage_jsonl;
extern const ndup__passage_kind ndup__passage_csv;
extern const ndup__passage_kind ndup__passage_families;
extern const ndup__passage_kind ndup__passage_passim;
extern const ndup__passage_kind ndup__passage_summary;
extern const ndup__passage_kind ndup__passage_html;
extern const ndup__passage_kind ndup__passage_pages;

#endif
