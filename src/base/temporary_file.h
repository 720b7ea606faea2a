/* SPDX-License-Identifier: MIT */
/* Temporary files of a run, which nobody else sees. */
#ifndef NDUP__BASE_TEMPORARY_FILE_H
#define NDUP__BASE_TEMPORARY_FILE_H

#include "neardup/status.h"

/* Makes a file in `directory` (NULL: TMPDIR or /tmp) for reading and writing; it is gone when
 * closed. Where files cannot be without a name it has a temporary one for a moment, and what runs
 * left that were killed in that moment is removed. Errors: NOT_FOUND, IO. */
NDUP_NODISCARD ndup_status ndup__temporary_file_open(int *descriptor, const char *directory,
                                                     ndup_error *error);

/* The same for one directory, and always by a name. */
NDUP_NODISCARD ndup_status ndup__temporary_file_open_named(int *descriptor, const char *directory,
                                                           ndup_error *error);

#endif
