/* SPDX-License-Identifier: MIT */
/* Sinks: where the outcome of a run is written, ready-made or by the caller. */
#ifndef NEARDUP_OUTPUT_H
#define NEARDUP_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A sink is called begin, then document for every document in corpus order, then finish (all that
 * can fail: flush), then commit (put the output in its place). If anything fails, every sink that
 * was begun gets abort instead of commit and removes what it wrote. close comes last, always. Every
 * function but document, commit and abort may be NULL. */
typedef struct ndup_sink {
    size_t struct_size;
    void *context;
    bool wants_records; /* document() needs text, record and fields; otherwise it gets id and number
                           only */
    ndup_status (*begin)(void *context, const ndup_result *result, ndup_error *error);
    ndup_status (*document)(void *context, const ndup_verdict *verdict,
                            const ndup_document *document, ndup_error *error);
    /* A record that could not be read, as it stands in the file. Only with wants_records. */
    ndup_status (*rejected)(void *context, const ndup_problem *problem, ndup_text record,
                            ndup_error *error);
    ndup_status (*finish)(void *context, ndup_error *error);
    ndup_status (*commit)(void *context, ndup_error *error);
    void (*abort)(void *context);
    void (*close)(void *context);
    /* begin and document may come again, for more results, before finish (ndup_results_write). The
     * results live until close. */
    bool takes_runs;
    /* Without wants_records: whether document() gets the text, record and fields of this one all
     * the same. NULL = of none. Asked in corpus order; each one that is chosen is read by itself,
     * so that few of them cost little. The line stays unknown. */
    bool (*chooses)(void *context, uint64_t number);
    /* Set by ndup_results_write: the output is in its place. After a failure it tells which outputs
     * are there all the same; the one whose commit failed may have set it, when a part of it is. */
    bool committed;
    /* With wants_records, of runs with NDUP_TEMPLATES_FOLD: document() gets kept texts of one form
     * with the sentences that the first of the form has, too, replaced by marks. */
    bool folds;
} ndup_sink;

/* How the format "text" is laid out, which lists the groups for people. */
typedef struct ndup_listing {
    uint64_t groups; /* the largest that are listed, without the rest of long groups; 0 = all */
    unsigned width;  /* columns that a line may take; 0 = names are whole, shared texts 100 */
    bool coloured;   /* with the escape sequences of terminals */
} ndup_listing;

/* How ready-made outputs are opened. */
typedef struct ndup_output_options {
    size_t struct_size;
    bool overwrite; /* replace existing outputs */
    const ndup_allocator *allocator;
    ndup_listing listing; /* of the format "text" */
    /* The inputs of the run, so that an output that could change one of them, or would be read with
     * them the next time, is refused at once; else that is found when the run writes. */
    const char *const *inputs;
    size_t input_count;
    /* Further files that the run reads, such as labels, plans and baselines: no output may replace
     * one. */
    const char *const *also_read;
    size_t also_read_count;
    /* CSV cells stay as they are, also those that a spreadsheet would run. */
    bool csv_raw;
} ndup_output_options;

/* A ready-made output format. */
typedef struct ndup_output_info {
    const char *name;    /* "tree" */
    const char *summary; /* one line */
} ndup_output_info;

/* Number of output formats, and format i; NULL past the end. Threads: immutable. */
NDUP_API size_t ndup_output_count(void);
NDUP_API const ndup_output_info *ndup_output_get(size_t i);

/* Opens "FORMAT:PATH", e.g. "jsonl:kept.jsonl.zst". Files are compressed by suffix (.gz, .zst,
 * .xz, .bz2, .lz4) and are CSV when the name ends in .csv before that. PATH "-" is standard output.
 * Nothing stays created before begin, but whether PATH can be made is tried, and temporary files of
 * dead runs of this machine are removed where it is to stand. Errors: INVALID for an unknown format
 * (names the formats) and for an output that would replace what the run reads, EXISTS when PATH
 * exists and overwrite is not set, NOT_FOUND and IO when it cannot be made, UNSUPPORTED. */
NDUP_API NDUP_NODISCARD ndup_status ndup_output_open(ndup_sink **sink, const char *specification,
                                                     const ndup_output_options *options,
                                                     ndup_error *error);
NDUP_API void ndup_output_close(ndup_sink *sink);

/* For a program that is about to end in the midst of a run, as by a signal: removes what the
 * outputs of this process have begun. Result: how many outputs are in place, none or all of a
 * run's; outputs that are being put in place are waited for. None is begun or put in place
 * afterwards: threads that try wait until the program ends. Threads: any, but no signal handler. */
NDUP_API uint64_t ndup_outputs_abandon(void);

/* Writes a text of a program's own as outputs are written: on the disk before it gets its name, in
 * missing folders, compressed by suffix; "-" is standard output. With `overwrite` it replaces a
 * file that exists. *written (may be NULL) tells whether it is in its place, which it may be after
 * a failure, too. Errors: EXISTS, NOT_FOUND, IO, MEMORY, UNSUPPORTED. Threads: any. */
NDUP_API NDUP_NODISCARD ndup_status ndup_output_write_text(bool *written, const char *path,
                                                           ndup_text text, bool overwrite,
                                                           ndup_error *error);

/* Hands a result to sinks in one pass: reads the corpus again if a sink wants records.
 * Errors: those of the sinks; CHANGED when the corpus is not what it was; CANCELLED. Every sink
 * has finished (flushed, on the disk) before the first one commits (gets its name); a commit that
 * still fails leaves the earlier ones in place and undoes the others. */
NDUP_API NDUP_NODISCARD ndup_status ndup_result_write(const ndup_result *result,
                                                      ndup_corpus *corpus, ndup_sink *const *sinks,
                                                      size_t sink_count, const ndup_hooks *hooks,
                                                      ndup_error *error);

/* A result and the corpus that it is about. */
typedef struct ndup_written_run {
    const ndup_result *result;
    ndup_corpus *corpus;
} ndup_written_run;

/* Hands several results, one after another, to sinks that take several: one report on many runs.
 * Errors: INVALID when a sink takes one result only; else as ndup_result_write. */
NDUP_API NDUP_NODISCARD ndup_status ndup_results_write(const ndup_written_run *runs,
                                                       size_t run_count, ndup_sink *const *sinks,
                                                       size_t sink_count, const ndup_hooks *hooks,
                                                       ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
