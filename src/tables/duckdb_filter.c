/* SPDX-License-Identifier: MIT */
/* The kept rows of a Parquet file, written by DuckDB to another. */
#include <errno.h>

#include "tables/duckdb.h"

/* Types of duckdb.h. */
enum { TYPE_BOOLEAN = 1, TYPE_BIGINT = 5 };

/* The function of SQL that tells kept rows. */
#define IS_KEPT "neardup_is_kept"

typedef struct kept_rows {
    const uint8_t *bits;
    uint64_t count;
} kept_rows;

static void is_kept(void *info, void *input, void *output)
{
    /* One library serves the whole process. */
    const ndup__duckdb *api;
    if (ndup__duckdb_load(&api, NULL) != NDUP_STATUS_OK) {
        return;
    }
    const kept_rows *kept = api->scalar_function_get_extra_info(info);
    const int64_t *rows = api->vector_get_data(api->data_chunk_get_vector(input, 0));
    bool *results = api->vector_get_data(output);
    uint64_t count = api->data_chunk_get_size(input);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t row = (uint64_t)rows[i];
        results[i] = row < kept->count && (kept->bits[row / 8] >> (row % 8) & 1) != 0;
    }
}

static int add_function(const ndup__duckdb_session *session, kept_rows *kept,
                        char said[NDUP_TABLE_FILES_SAID])
{
    const ndup__duckdb *api = session->api;
    void *function = api->create_scalar_function();
    void *number = api->create_logical_type(TYPE_BIGINT);
    void *truth = api->create_logical_type(TYPE_BOOLEAN);
    api->scalar_function_set_name(function, IS_KEPT);
    api->scalar_function_add_parameter(function, number);
    api->scalar_function_set_return_type(function, truth);
    api->scalar_function_set_extra_info(function, kept, NULL);
    api->scalar_function_set_function(function, is_kept);
    int failure = api->register_scalar_function(session->connection, function);
    api->destroy_logical_type(&number);
    api->destroy_logical_type(&truth);
    api->destroy_scalar_function(&function);
    return failure == 0 ? 0 : ndup__duckdb_fail(said, "no function can be added");
}

/* Runs a query whose first value, if `value` is not NULL, is part of another. */
static int run(ndup__sql_text *value, const ndup__duckdb_session *session,
               const ndup__sql_text *query, char said[NDUP_TABLE_FILES_SAID])
{
    const ndup__duckdb *api = session->api;
    ndup__duckdb_result result;
    if (query->status != NDUP_STATUS_OK) {
        return ENOMEM;
    }
    int failure = api->query(session->connection, query->bytes, &result);
    if (failure != 0) {
        failure = ndup__duckdb_fail(said, api->result_error(&result));
    } else if (value != NULL) {
        char *text = api->value_varchar(&result, 0, 0);
        ndup__sql_add(value, text != NULL ? text : "");
        api->free(text);
    }
    api->destroy_result(&result);
    return failure;
}

/* How the file was written, as options of COPY: compression, the rows of its largest group, and
 * its metadata, whose values may be any bytes. */
static int describe(ndup__sql_text *options, const ndup__duckdb_session *session, const char *path,
                    char said[NDUP_TABLE_FILES_SAID])
{
    ndup__sql_text query = {.bytes = NULL};
    ndup__sql_add(&query,
                  "SELECT ', COMPRESSION ' || coalesce(min(compression) FILTER (compression "
                  "IN ('SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW')), 'UNCOMPRESSED') || "
                  "', ROW_GROUP_SIZE ' || greatest(max(row_group_num_rows), 1) FROM ");
    ndup__duckdb_add_file(&query, "parquet_metadata", path);
    ndup__sql_add(&query, ")");
    int failure = run(options, session, &query, said);
    query.length = 0;
    ndup__sql_add(&query, "SELECT ', KV_METADATA {' || string_agg('''' || replace(decode(key), "
                          "'''', '''''') || ''': ''' || regexp_replace(hex(value), '(..)', "
                          "'\\\\x\\1', 'g') || '''::BLOB', ', ') || '}' FROM ");
    ndup__duckdb_add_file(&query, "parquet_kv_metadata", path);
    ndup__sql_add(&query, ")");
    if (failure == 0) {
        failure = run(options, session, &query, said);
    }
    ndup__sql_deinit(&query);
    return failure;
}

static int copy(const ndup__duckdb_session *session, const char *to, const char *path,
                char said[NDUP_TABLE_FILES_SAID])
{
    ndup__sql_text options = {.bytes = NULL};
    ndup__sql_text query = {.bytes = NULL};
    int failure = describe(&options, session, path, said);
    if (failure == 0) {
        ndup__sql_add(&query, "COPY (SELECT * EXCLUDE (file_row_number) FROM ");
        ndup__duckdb_add_file(&query, "read_parquet", path);
        ndup__sql_add(&query, ", file_row_number=true, hive_partitioning=false) WHERE " IS_KEPT
                              "(file_row_number)) TO ");
        ndup__sql_quote(&query, '\'', to);
        ndup__sql_add(&query, " (FORMAT parquet");
        ndup__sql_add(&query, options.bytes != NULL ? options.bytes : "");
        ndup__sql_add(&query, ")");
        failure = options.status != NDUP_STATUS_OK ? ENOMEM : run(NULL, session, &query, said);
    }
    ndup__sql_deinit(&options);
    ndup__sql_deinit(&query);
    return failure;
}

int ndup__duckdb_filter(void *context, const char *to, const char *path, const uint8_t *kept,
                        uint64_t rows, char said[NDUP_TABLE_FILES_SAID])
{
    ndup__duckdb_session session;
    kept_rows info = {kept, rows};
    int failure = ndup__duckdb_connect(&session, context, said);
    if (failure == 0) {
        failure = add_function(&session, &info, said);
        if (failure == 0) {
            failure = copy(&session, to, path, said);
        }
        ndup__duckdb_disconnect(&session);
    }
    return failure;
}
