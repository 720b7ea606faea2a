/* SPDX-License-Identifier: MIT */
/* Who reads and writes files of tables in this process. */
#ifndef NDUP__TABLES_TABLE_ACCESS_H
#define NDUP__TABLES_TABLE_ACCESS_H

#include "neardup/table_files.h"

/* What was registered, or else libduckdb. Errors: UNSUPPORTED when there is neither. */
NDUP_NODISCARD ndup_status ndup__table_files_get(ndup_table_files *files, ndup_error *error);

/* Opens and filters with whoever does it. Errors: IO with what was said; UNSUPPORTED; MEMORY. */
NDUP_NODISCARD ndup_status ndup__table_files_read(struct ArrowArrayStream *stream, const char *path,
                                                  const char *const *columns, size_t column_count,
                                                  ndup_error *error);
NDUP_NODISCARD ndup_status ndup__table_files_filter(const char *to, const char *path,
                                                    const uint8_t *kept, uint64_t rows,
                                                    ndup_error *error);

#endif
