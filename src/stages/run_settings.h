/* SPDX-License-Identifier: MIT */
/* All that decides the answer of a run besides its documents, as lines that can be compared. */
#ifndef NDUP__STAGES_RUN_SETTINGS_H
#define NDUP__STAGES_RUN_SETTINGS_H

#include "base/arena.h"
#include "corpus/json_line.h"
#include "neardup/corpus.h"
#include "neardup/dedup.h"

/* Appends the lines "NAME=VALUE\n" of a run's options and of those its corpus was opened with. What
 * is not set is written as it will be, but for slots and fields, where the lack of it tells more;
 * corpus_options may be NULL. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__run_settings_write(ndup__json_line *lines,
                                                    const ndup_dedup_options *options,
                                                    const ndup_corpus_options *corpus_options,
                                                    ndup_error *error);

/* Reads such lines into options that were filled with their defaults; strings are copied. Errors:
 * CORRUPT for what are no such lines, naming one; VERSION where they are of a program with other
 * tables of Unicode; MEMORY. */
NDUP_NODISCARD ndup_status ndup__run_settings_read(ndup_dedup_options *options,
                                                   ndup_corpus_options *corpus_options,
                                                   ndup__arena *strings, ndup_text lines,
                                                   const char *path, ndup_error *error);

/* INVALID when two differ, with the first line that does, as both have it. */
NDUP_NODISCARD ndup_status ndup__run_settings_compare(ndup_text lines, const char *path,
                                                      ndup_text other_lines, const char *other_path,
                                                      ndup_error *error);

#endif
