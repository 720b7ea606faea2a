/* SPDX-License-Identifier: MIT */
/* What the ready-made outputs of flag runs have in common, and the list of them. */
#ifndef NDUP__REPORT_FLAG_OUTPUT_H
#define NDUP__REPORT_FLAG_OUTPUT_H

#include "corpus/fields.h"
#include "neardup/flag.h"
#include "report/cleaned_text.h"
#include "report/folder_output.h"
#include "report/out.h"

typedef struct ndup__flag_output ndup__flag_output;

/* One format, which is one file. To add one: write flag_<name>.c with one of these, declare it
 * below, list it in pipeline/flag_outputs.c and SCHEMA.md. Every function but document may be NULL;
 * a failure of output->out need not be looked for in them. */
typedef struct ndup__flag_kind {
    ndup_output_info info;
    bool is_folder;  /* has a folder, and no out */
    bool has_header; /* known by its first bytes: see ndup__is_own_output */
    ndup_status (*begin)(ndup__flag_output *output, ndup_error *error);
    ndup_status (*document)(ndup__flag_output *output, const ndup_flagged *flagged,
                            ndup_error *error);
    ndup_status (*finish)(ndup__flag_output *output, const ndup_flag_summary *summary,
                          ndup_error *error);
    void (*end)(ndup__flag_output *output); /* frees what begin made */
} ndup__flag_kind;

/* An output: a file, compressed by its suffix, or a folder. */
struct ndup__flag_output {
    ndup_flag_sink sink; /* first: this is what callers hold */
    ndup_allocator allocator;
    char *path;
    size_t path_bytes;
    bool overwrite;
    const ndup__flag_kind *kind;
    const ndup_flag_run *run; /* from begin on */
    ndup__writer *writer;     /* from begin to close */
    ndup__out out;
    ndup__folder_output *folder;
    ndup__fields fields; /* for formats that change records */
    ndup__cleaner cleaner;
    void *state; /* the format's own */
};

/* Makes an output of this format. Errors: EXISTS, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__flag_output_open(ndup_flag_sink **sink,
                                                  const ndup__flag_kind *kind, const char *path,
                                                  const ndup_output_options *options,
                                                  ndup_error *error);

/* The file or folder that a ready-made output is to become; NULL for other sinks. */
const char *ndup__flag_output_file(const ndup_flag_sink *sink);

extern const ndup__flag_kind ndup__flag_jsonl;
extern const ndup__flag_kind ndup__flag_cleaned;
extern const ndup__flag_kind ndup__flag_annotated;
extern const ndup__flag_kind ndup__flag_summary;
extern const ndup__flag_kind ndup__flag_html;
extern const ndup__flag_kind ndup__flag_pages;
extern const ndup__flag_kind ndup__flag_sarif;

/* Members of an open object: what a repeat is and where it stands. */
void ndup__json_repeat(ndup__out *out, const ndup_flagged *flagged, const ndup_repeat *repeat);

#endif
