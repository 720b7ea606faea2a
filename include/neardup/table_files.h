/* SPDX-License-Identifier: MIT */
/* Files of tables that other libraries read and write: Parquet. */
#ifndef NEARDUP_TABLE_FILES_H
#define NEARDUP_TABLE_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/arrow.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who reads and writes such files. The functions may be called by any thread, and by several at
 * once; they return 0 or an errno value, and then a message in `said`, zero-terminated. */
#define NDUP_TABLE_FILES_SAID 160
typedef struct ndup_table_files {
    size_t struct_size;
    const char *name; /* "pyarrow"; for messages */
    void *context;
    /* Opens the rows of a file, in their order, as a stream of structs: these columns only (the
     * schema may have them in any order), or all when `columns` is NULL. Streaming: what is not
     * taken yet is not in memory. */
    int (*read)(void *context, struct ArrowArrayStream *stream, const char *path,
                const char *const *columns, size_t column_count, char said[NDUP_TABLE_FILES_SAID]);
    /* Writes the rows of the file `path` whose bit is set (bit i % 8 of kept[i / 8], of `rows` in
     * all) to the new file `to`: columns, types, metadata and compression as they were, row groups
     * as far as can be. Streaming. */
    int (*filter)(void *context, const char *to, const char *path, const uint8_t *kept,
                  uint64_t rows, char said[NDUP_TABLE_FILES_SAID]);
} ndup_table_files;

/* Lets `files`, which is copied, read and write for all corpora of the process from now on; NULL:
 * libduckdb, as at first. That is loaded when the first such file is met: the file that the
 * environment variable NEARDUP_DUCKDB names, or else libduckdb.so where the system has it. Threads:
 * any, but none of them may be at such a file. Errors: INVALID. */
NDUP_API NDUP_NODISCARD ndup_status ndup_table_files_register(const ndup_table_files *files,
                                                              ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
