/* SPDX-License-Identifier: MIT */
/* Databases in folders where nobody can make files: SQLite reads them only if it is told that they
 * do not change, and then no longer looks whether they do. */
#ifndef NDUP__STORE_STILL_FILE_H
#define NDUP__STORE_STILL_FILE_H

#include "store/statements.h"

/* Whether a database is to be opened so: this process cannot write beside it, and there is no log
 * of changes. Errors: IO for one with a log that needs to be written. */
NDUP_NODISCARD ndup_status ndup__still_file_look(bool *is_still, const char *path,
                                                 ndup_error *error);

/* Bytes of a name of this kind, for a path of so many. */
#define NDUP__STILL_NAME_BYTES(path_bytes) (3 * (path_bytes) + 32)

/* The name under which SQLite takes it so. */
void ndup__still_file_name(char *name, size_t bytes, const char *path);

/* Notes what the file is, and compares it with that. Errors: IO when it was changed, all the same.
 */
void ndup__still_file_note(ndup__database *database, const char *path);
NDUP_NODISCARD ndup_status ndup__still_file_check(const ndup__database *database,
                                                  ndup_error *error);

#endif
