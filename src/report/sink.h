/* SPDX-License-Identifier: MIT */
/* What the ready-made outputs have in common, and the list of them. */
#ifndef NDUP__REPORT_SINK_H
#define NDUP__REPORT_SINK_H

#include "base/file.h"
#include "base/folder.h"
#include "neardup/output.h"
#include "report/out.h"

typedef enum ndup__output_style {
    NDUP__STYLE_PLAIN, /* the format's own: JSON or raw lines */
    NDUP__STYLE_CSV,
    NDUP__STYLE_MARKDOWN
} ndup__output_style;

/* The part that every output begins with. */
typedef struct ndup__output {
    ndup_sink sink; /* first: this is what callers hold */
    ndup_allocator allocator;
    char *path;
    size_t path_bytes;
    bool overwrite;
    bool csv_raw;
    ndup_listing listing;
    size_t own_bytes; /* size of the whole structure, for freeing it */
} ndup__output;

typedef struct ndup__file_output ndup__file_output;

/* One format. To add one: write sink_<name>.c with one of these, declare it below, list it in
 * pipeline/outputs.c and SCHEMA.md. Every function may be NULL; a failure of file_output->out need
 * not be looked for in them. */
typedef struct ndup__output_kind {
    ndup_output_info info;
    bool wants_records;
    bool folds; /* as in ndup_sink */
    bool has_csv;
    bool has_markdown;
    bool markdown_wants_records;
    bool takes_runs; /* as in ndup_sink */
    bool has_header; /* its own form is known by its first bytes: see ndup__is_own_output */
    bool in_parts; /* document() looks at nothing but its arguments, and counts kept and dropped */
    ndup_status (*begin)(ndup__file_output *output, ndup_error *error);
    ndup_status (*document)(ndup__file_output *output, const ndup_verdict *verdict,
                            const ndup_document *document, ndup_error *error);
    ndup_status (*rejected)(ndup__file_output *output, const ndup_problem *problem,
                            ndup_text record, ndup_error *error);
    ndup_status (*finish)(ndup__file_output *output, ndup_error *error);
    /* As in ndup_sink. */
    bool (*chooses)(ndup__file_output *output, uint64_t number);
    /* For formats that keep more than an ndup__file_output, with which their structure begins: its
     * size, and what frees its contents. */
    size_t own_bytes;
    void (*release)(ndup__file_output *output);
    /* For what is not one file: makes the whole output, and the functions above are not used. */
    ndup_status (*open)(ndup__output **output, const char *path, const ndup_output_options *options,
                        ndup_error *error);
} ndup__output_kind;

/* An output that is one file, compressed by its suffix. */
struct ndup__file_output {
    ndup__output base;
    const ndup__output_kind *kind;
    ndup__output_style style;
    const ndup_result *result; /* from begin on */
    ndup__writer *writer;      /* from begin to close */
    ndup__out out;
    uint64_t kept; /* for formats that count what they write */
    uint64_t dropped;
};

extern const ndup__output_kind ndup__output_tree;
extern const ndup__output_kind ndup__output_jsonl;
extern const ndup__output_kind ndup__output_parquet;
extern const ndup__output_kind ndup__output_csv;
extern const ndup__output_kind ndup__output_ids;
extern const ndup__output_kind ndup__output_removed;
extern const ndup__output_kind ndup__output_annotated;
extern const ndup__output_kind ndup__output_rejected;
extern const ndup__output_kind ndup__output_uncompared;
extern const ndup__output_kind ndup__output_plan;
extern const ndup__output_kind ndup__output_pairs;
extern const ndup__output_kind ndup__output_clusters;
extern const ndup__output_kind ndup__output_summary;
extern const ndup__output_kind ndup__output_sources;
extern const ndup__output_kind ndup__output_html;
extern const ndup__output_kind ndup__output_pages;
extern const ndup__output_kind ndup__output_sarif;
extern const ndup__output_kind ndup__output_text;

/* A zeroed structure of `bytes` bytes that begins with an ndup__output; the path is copied. */
NDUP_NODISCARD ndup_status ndup__output_new(ndup__output **output, size_t bytes, const char *path,
                                            const ndup_output_options *options, ndup_error *error);
void ndup__output_free(ndup__output *output);

NDUP_NODISCARD ndup_status ndup__file_output_open(ndup__output **output,
                                                  const ndup__output_kind *kind, const char *path,
                                                  const ndup_output_options *options,
                                                  ndup_error *error);

/* The file, or the folder, that a ready-made output is to become; NULL for other sinks. */
const char *ndup__output_file(const ndup_sink *sink);
const char *ndup__output_folder(const ndup_sink *sink);

/* Formatting an output in parts that are put together in order: the output behind the sink, once
 * begun, if it can be written so; else NULL. */
ndup__file_output *ndup__output_in_parts(const ndup_sink *sink);

/* An empty part of the output. Threads: one part single-owner, many at once. */
void ndup__output_part_init(ndup__file_output *part, const ndup__file_output *whole,
                            const ndup_allocator *allocator);
void ndup__output_part_deinit(ndup__file_output *part);

/* Formats a document into the part. */
NDUP_NODISCARD ndup_status ndup__output_part_add(ndup__file_output *part,
                                                 const ndup_verdict *verdict,
                                                 const ndup_document *document, ndup_error *error);

/* Writes the part behind what the output has, and empties it. */
NDUP_NODISCARD ndup_status ndup__output_part_append(ndup__file_output *whole,
                                                    ndup__file_output *part, ndup_error *error);

/* Whether the path ends so, in front of what asks for compression: "a.csv.gz" has ".csv". */
bool ndup__output_has_suffix(const char *path, const char *suffix);

/* Refuses early what the writer would refuse: EXISTS, IO for a folder. */
NDUP_NODISCARD ndup_status ndup__output_check_target(const char *path, bool overwrite,
                                                     ndup_error *error);

/* UNSUPPORTED when the suffix asks for a compression that this build was made without. */
NDUP_NODISCARD ndup_status ndup__output_check_codec(const char *path, ndup_error *error);

/* Makes sure that something can be made under the name, or in the folder that has it, by making a
 * file and removing it; and removes what dead runs left there. A missing folder is tried in the
 * nearest one above it. Errors: NOT_FOUND, IO. */
NDUP_NODISCARD ndup_status ndup__output_try(const char *path, ndup_error *error);

/* The nearest folder (or whatever it is) above the path that is there; false if there is no room.
 */
bool ndup__find_folder_above(char place[NDUP__FOLDER_PATH_BYTES], ndup__file_info *info,
                             const char *path);

/* INVALID when writing to `path` could replace one of these files, or change what is in such a
 * folder. */
NDUP_NODISCARD ndup_status ndup__refuse_read(const char *const *paths, size_t count,
                                             const char *path, ndup_error *error);

/* Whether the existing `path`, which `info` is of, is the folder, or lies below it, by itself or as
 * a link to something that does. */
bool ndup__leads_into(const char *path, const ndup__file_info *info, const ndup__file_info *folder);

/* What an output is to a later run that finds it in its input folder. */
typedef enum ndup__output_trace {
    NDUP__TRACE_NONE,   /* nothing: its suffix is not read */
    NDUP__TRACE_HEADER, /* an output, as its first bytes tell */
    NDUP__TRACE_READ    /* an input */
} ndup__output_trace;

ndup__output_trace ndup__output_trace_of(const char *path, bool has_header);

/* INVALID when writing to the existing file or folder `path` could change an input: when it is,
 * lies in, or holds one; and when a new one would lie in an input folder and be read from it later.
 */
NDUP_NODISCARD ndup_status ndup__refuse_input(const char *const *inputs, size_t input_count,
                                              const char *path, ndup__output_trace trace,
                                              ndup_error *error);

#endif
