/* SPDX-License-Identifier: MIT */
/* The one place of the process where a reader and writer of files of tables is registered. */
#include "tables/table_access.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "base/error.h"
#include "base/require.h"
#include "tables/duckdb.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ndup_table_files registered; /* struct_size 0: nothing */

static ndup_status check_files(const ndup_table_files *files, ndup_error *error)
{
    ndup_status status =
        ndup__require_size(files->struct_size, sizeof *files, "table files", error);
    if (status == NDUP_STATUS_OK) {
        status = NDUP__REQUIRE(error, "the table files' name", files->name);
    }
    return status != NDUP_STATUS_OK || (files->read != NULL && files->filter != NULL)
               ? status
               : ndup__fail(error, NDUP_STATUS_INVALID, "the table files lack functions");
}

ndup_status ndup_table_files_register(const ndup_table_files *files, ndup_error *error)
{
    ndup_status status = files != NULL ? check_files(files, error) : NDUP_STATUS_OK;
    if (status == NDUP_STATUS_OK) {
        pthread_mutex_lock(&lock);
        registered = files != NULL ? *files : (ndup_table_files){.struct_size = 0};
        pthread_mutex_unlock(&lock);
    }
    return status;
}

/* libduckdb, where nobody is registered. */
static ndup_status get_duckdb(ndup_table_files *files, ndup_error *error)
{
    const ndup__duckdb *functions;
    ndup_status status = ndup__duckdb_load(&functions, error);
    *files = (ndup_table_files){.struct_size = sizeof *files,
                                .name = "DuckDB",
                                .context = (void *)functions,
                                .read = ndup__duckdb_read,
                                .filter = ndup__duckdb_filter};
    return status;
}

ndup_status ndup__table_files_get(ndup_table_files *files, ndup_error *error)
{
    pthread_mutex_lock(&lock);
    *files = registered;
    pthread_mutex_unlock(&lock);
    return files->struct_size > 0 ? NDUP_STATUS_OK : get_duckdb(files, error);
}

static ndup_status fail_said(const ndup_table_files *files, int system_errno, const char *said,
                             ndup_error *error)
{
    const char *text = said[0] != '\0' ? said : strerror(system_errno);
    return ndup__fail(error, system_errno == ENOMEM ? NDUP_STATUS_MEMORY : NDUP_STATUS_IO,
                      "%s: %.*s", files->name, (int)strcspn(text, "\n"), text);
}

ndup_status ndup__table_files_read(struct ArrowArrayStream *stream, const char *path,
                                   const char *const *columns, size_t column_count,
                                   ndup_error *error)
{
    ndup_table_files files;
    char said[NDUP_TABLE_FILES_SAID] = "";
    ndup_status status = ndup__table_files_get(&files, error);
    *stream = (struct ArrowArrayStream){.release = NULL};
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    int failure = files.read(files.context, stream, path, columns, column_count, said);
    return failure == 0 ? NDUP_STATUS_OK : fail_said(&files, failure, said, error);
}

ndup_status ndup__table_files_filter(const char *to, const char *path, const uint8_t *kept,
                                     uint64_t rows, ndup_error *error)
{
    ndup_table_files files;
    char said[NDUP_TABLE_FILES_SAID] = "";
    ndup_status status = ndup__table_files_get(&files, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    int failure = files.filter(files.context, to, path, kept, rows, said);
    return failure == 0 ? NDUP_STATUS_OK : fail_said(&files, failure, said, error);
}
