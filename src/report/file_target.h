/* SPDX-License-Identifier: MIT */
/* The file that an output becomes: what all sinks that write one do with it. */
#ifndef NDUP__REPORT_FILE_TARGET_H
#define NDUP__REPORT_FILE_TARGET_H

#include "neardup/output.h"
#include "report/out.h"

/* Threads: single-owner. */
typedef struct ndup__file_target {
    ndup_allocator allocator;
    char *path;
    size_t path_bytes;
    bool overwrite;
    bool csv_raw;
    bool has_header;      /* what is written is known by its first bytes: ndup__is_own_output */
    ndup__writer *writer; /* from begin to end */
    ndup__out out;
} ndup__file_target;

/* Checks what can be known before the run: that the file may be made, and is none that is read.
 * Errors: EXISTS, INVALID, IO, NOT_FOUND, MEMORY, UNSUPPORTED. */
NDUP_NODISCARD ndup_status ndup__file_target_open(ndup__file_target *target, const char *path,
                                                  bool has_header,
                                                  const ndup_output_options *options,
                                                  ndup_error *error);
void ndup__file_target_close(ndup__file_target *target);

/* Begins to write, unless the file is one of these inputs. */
NDUP_NODISCARD ndup_status ndup__file_target_begin(ndup__file_target *target,
                                                   const char *const *inputs, size_t input_count,
                                                   ndup_error *error);
/* Writes the rest; then gives the file its name. */
NDUP_NODISCARD ndup_status ndup__file_target_finish(ndup__file_target *target, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__file_target_commit(ndup__file_target *target, bool *committed,
                                                    ndup_error *error);
/* Removes what was written and has no name yet. */
void ndup__file_target_abort(ndup__file_target *target);

#endif
