/* SPDX-License-Identifier: MIT */
/* Loading libduckdb. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "tables/duckdb.h"

#define USUAL_NAME "libduckdb.so"
/* What is missing in the library is not fetched from anywhere; 2,048 texts may have more than 2
 * GiB.
 */
#define SETTINGS "SET autoinstall_known_extensions=false; SET arrow_large_buffer_size=true"

/* The functions are looked up once; a failure is remembered, too. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static ndup__duckdb api;
static ndup_error failure;

#define ENTRY(name)                                   \
    {                                                 \
        "duckdb_" #name, offsetof(ndup__duckdb, name) \
    }

static const struct {
    const char *symbol;
    size_t offset;
} entries[] = {
    ENTRY(open),
    ENTRY(close),
    ENTRY(connect),
    ENTRY(disconnect),
    ENTRY(query),
    ENTRY(prepare),
    ENTRY(prepare_error),
    ENTRY(destroy_prepare),
    ENTRY(pending_prepared_streaming),
    ENTRY(pending_error),
    ENTRY(destroy_pending),
    ENTRY(execute_pending),
    ENTRY(fetch_chunk),
    ENTRY(destroy_data_chunk),
    ENTRY(result_error),
    ENTRY(destroy_result),
    ENTRY(value_varchar),
    ENTRY(free),
    ENTRY(column_count),
    ENTRY(column_name),
    ENTRY(column_logical_type),
    ENTRY(destroy_logical_type),
    ENTRY(result_get_arrow_options),
    ENTRY(destroy_arrow_options),
    ENTRY(to_arrow_schema),
    ENTRY(data_chunk_to_arrow),
    ENTRY(error_data_has_error),
    ENTRY(error_data_message),
    ENTRY(destroy_error_data),
    ENTRY(create_scalar_function),
    ENTRY(destroy_scalar_function),
    ENTRY(scalar_function_set_name),
    ENTRY(scalar_function_add_parameter),
    ENTRY(scalar_function_set_return_type),
    ENTRY(scalar_function_set_function),
    ENTRY(scalar_function_set_extra_info),
    ENTRY(scalar_function_get_extra_info),
    ENTRY(register_scalar_function),
    ENTRY(create_logical_type),
    ENTRY(data_chunk_get_size),
    ENTRY(data_chunk_get_vector),
    ENTRY(vector_get_data),
};

static void load(void)
{
    const char *named = getenv("NEARDUP_DUCKDB");
    bool is_named = named != NULL && named[0] != '\0';
    void *library = dlopen(is_named ? named : USUAL_NAME, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *said = dlerror();
        (void)ndup__fail(&failure, NDUP_STATUS_UNSUPPORTED,
                         is_named ? "this is a Parquet file, and NEARDUP_DUCKDB cannot be loaded: "
                                    "%.120s"
                                  : "this is a Parquet file: libduckdb reads it, which "
                                    "NEARDUP_DUCKDB=/path/to/" USUAL_NAME " names",
                         said != NULL ? said : "");
        return;
    }
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        void *found = dlsym(library, entries[i].symbol);
        if (found == NULL) {
            (void)ndup__fail(&failure, NDUP_STATUS_UNSUPPORTED,
                             "this is a Parquet file, and libduckdb lacks %s: 1.4 or newer reads "
                             "it",
                             entries[i].symbol);
            dlclose(library);
            return;
        }
        memcpy((char *)&api + entries[i].offset, &found, sizeof found);
    }
}

ndup_status ndup__duckdb_get(ndup_table_files *files, ndup_error *error)
{
    pthread_once(&once, load);
    if (failure.status != NDUP_STATUS_OK) {
        return ndup__fail_as(error, &failure);
    }
    *files = (ndup_table_files){.struct_size = sizeof *files,
                                .name = "DuckDB",
                                .context = &api,
                                .read = ndup__duckdb_read,
                                .filter = ndup__duckdb_filter};
    return NDUP_STATUS_OK;
}

void ndup__duckdb_add_file(ndup__sql_text *query, const char *function, const char *path)
{
    ndup__sql_text name = {.bytes = NULL};
    for (; *path != '\0'; path++) {
        const char letter[] = {*path, '\0'};
        bool is_special = strchr("*?[", *path) != NULL;
        ndup__sql_add(&name, is_special ? "[" : "");
        ndup__sql_add(&name, letter);
        ndup__sql_add(&name, is_special ? "]" : "");
    }
    ndup__sql_add(query, function);
    ndup__sql_add(query, "(");
    ndup__sql_quote(query, '\'', name.bytes != NULL ? name.bytes : "");
    query->status = name.status != NDUP_STATUS_OK ? name.status : query->status;
    ndup__sql_deinit(&name);
}

int ndup__duckdb_fail(char said[NDUP_TABLE_FILES_SAID], const char *message)
{
    snprintf(said, NDUP_TABLE_FILES_SAID, "%s", message != NULL ? message : "it failed");
    return EIO;
}

int ndup__duckdb_connect(ndup__duckdb_session *session, const ndup__duckdb *functions,
                         char said[NDUP_TABLE_FILES_SAID])
{
    *session = (ndup__duckdb_session){.api = functions};
    if (functions->open(NULL, &session->database) != 0 ||
        functions->connect(session->database, &session->connection) != 0) {
        ndup__duckdb_disconnect(session);
        return ndup__duckdb_fail(said, "no database can be opened");
    }
    ndup__duckdb_result result;
    bool is_set = functions->query(session->connection, SETTINGS, &result) == 0;
    functions->destroy_result(&result);
    if (!is_set) {
        ndup__duckdb_disconnect(session);
    }
    return is_set ? 0 : ndup__duckdb_fail(said, "no settings can be made");
}

void ndup__duckdb_disconnect(ndup__duckdb_session *session)
{
    if (session->connection != NULL) {
        session->api->disconnect(&session->connection);
    }
    if (session->database != NULL) {
        session->api->close(&session->database);
    }
}
