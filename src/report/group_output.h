/* SPDX-License-Identifier: MIT */
/* What the ready-made outputs of groups have in common, and the list of them. */
#ifndef NDUP__REPORT_GROUP_OUTPUT_H
#define NDUP__REPORT_GROUP_OUTPUT_H

#include "neardup/group.h"
#include "report/file_target.h"
#include "report/folder_output.h"

typedef struct ndup__group_output ndup__group_output;

/* One format, a file or a folder. To add one: write group_<name>.c with one of these, declare it
 * below, list it in pipeline/group_outputs.c and SCHEMA.md. Every function may be NULL; a failure
 * of output->target.out need not be looked for in them. */
typedef struct ndup__group_kind {
    ndup_output_info info;
    bool is_folder;  /* has a folder, and no target */
    bool has_header; /* known by its first bytes: see ndup__is_own_output */
    ndup_status (*begin)(ndup__group_output *output, ndup_error *error);
    ndup_status (*document)(ndup__group_output *output, const ndup_grouping *grouping,
                            const ndup_document *document, ndup_error *error);
    ndup_status (*version)(ndup__group_output *output, const ndup_text_version *version,
                           ndup_error *error);
    ndup_status (*story)(ndup__group_output *output, const ndup_story *story, ndup_error *error);
    ndup_status (*finish)(ndup__group_output *output, const ndup_group_summary *summary,
                          ndup_error *error);
    /* For formats that keep more than an ndup__group_output, with which their structure begins: its
     * size, and what frees its contents. */
    size_t own_bytes;
    void (*release)(ndup__group_output *output);
} ndup__group_kind;

struct ndup__group_output {
    ndup_group_sink sink; /* first: this is what callers hold */
    ndup__file_target target;
    ndup__folder_output *folder;
    const ndup__group_kind *kind;
    const ndup_group_run *run; /* from begin on */
    size_t own_bytes;          /* size of the whole structure */
};

/* Makes an output of this format. Errors: those of ndup__file_target_open, or of
 * ndup__folder_output_open. */
NDUP_NODISCARD ndup_status ndup__group_output_open(ndup_group_sink **sink,
                                                   const ndup__group_kind *kind, const char *path,
                                                   const ndup_output_options *options,
                                                   ndup_error *error);

extern const ndup__group_kind ndup__group_jsonl;
extern const ndup__group_kind ndup__group_csv;
extern const ndup__group_kind ndup__group_stories_out;
extern const ndup__group_kind ndup__group_versions;
extern const ndup__group_kind ndup__group_sources;
extern const ndup__group_kind ndup__group_summary;
extern const ndup__group_kind ndup__group_html;
extern const ndup__group_kind ndup__group_pages;

#endif
