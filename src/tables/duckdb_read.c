/* SPDX-License-Identifier: MIT */
/* A Parquet file as a stream of arrays, chunk by chunk. */
#include <errno.h>

#include "base/alloc.h"
#include "tables/duckdb.h"

/* The stream's own state. */
typedef struct file_rows {
    ndup__duckdb_session session;
    void *statement;
    void *pending;
    void *options;
    bool has_result;
    bool has_ended; /* asking on would be an error */
    ndup__duckdb_result result;
    char said[NDUP_TABLE_FILES_SAID];
} file_rows;

static void close_rows(file_rows *rows)
{
    const ndup__duckdb *api = rows->session.api;
    if (rows->options != NULL) {
        api->destroy_arrow_options(&rows->options);
    }
    if (rows->has_result) {
        api->destroy_result(&rows->result);
    }
    if (rows->pending != NULL) {
        api->destroy_pending(&rows->pending);
    }
    if (rows->statement != NULL) {
        api->destroy_prepare(&rows->statement);
    }
    ndup__duckdb_disconnect(&rows->session);
    ndup__free(NULL, &rows, 1, sizeof *rows);
}

/* Whether there was an error, which is then kept. */
static bool take_error(file_rows *rows, void *data)
{
    const ndup__duckdb *api = rows->session.api;
    bool has_error = data != NULL && api->error_data_has_error(data);
    if (has_error) {
        (void)ndup__duckdb_fail(rows->said, api->error_data_message(data));
    }
    if (data != NULL) {
        api->destroy_error_data(&data);
    }
    return has_error;
}

static int convert_schema(file_rows *rows, struct ArrowSchema *schema, void **types,
                          const char **names, uint64_t count)
{
    const ndup__duckdb *api = rows->session.api;
    for (uint64_t i = 0; i < count; i++) {
        names[i] = api->column_name(&rows->result, i);
        types[i] = api->column_logical_type(&rows->result, i);
    }
    bool failed =
        take_error(rows, api->to_arrow_schema(rows->options, types, names, count, schema));
    for (uint64_t i = 0; i < count; i++) {
        api->destroy_logical_type(&types[i]);
    }
    return failed ? EIO : 0;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema)
{
    file_rows *rows = stream->private_data;
    uint64_t count = rows->session.api->column_count(&rows->result);
    void **types = NULL;
    const char **names = NULL;
    int failure = ENOMEM;
    *schema = (struct ArrowSchema){.release = NULL};
    if (ndup__allocate_zeroed(NULL, &types, count, sizeof *types, NULL) == NDUP_STATUS_OK &&
        ndup__allocate_zeroed(NULL, &names, count, sizeof *names, NULL) == NDUP_STATUS_OK) {
        failure = convert_schema(rows, schema, types, names, count);
    }
    ndup__free(NULL, &types, count, sizeof *types);
    ndup__free(NULL, &names, count, sizeof *names);
    return failure;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *array)
{
    file_rows *rows = stream->private_data;
    const ndup__duckdb *api = rows->session.api;
    *array = (struct ArrowArray){.release = NULL};
    if (rows->has_ended) {
        return 0;
    }
    void *chunk = api->fetch_chunk(rows->result);
    if (chunk == NULL) {
        rows->has_ended = true;
        const char *said = api->result_error(&rows->result);
        return said != NULL && said[0] != '\0' ? ndup__duckdb_fail(rows->said, said) : 0;
    }
    bool failed = take_error(rows, api->data_chunk_to_arrow(rows->options, chunk, array));
    api->destroy_data_chunk(&chunk);
    return failed ? EIO : 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    const file_rows *rows = stream->private_data;
    return rows->said[0] != '\0' ? rows->said : NULL;
}

static void release(struct ArrowArrayStream *stream)
{
    close_rows(stream->private_data);
    stream->release = NULL;
}

/* Runs the query as far as its first chunk. */
static int start(file_rows *rows, const char *query, char said[NDUP_TABLE_FILES_SAID])
{
    const ndup__duckdb *api = rows->session.api;
    if (api->prepare(rows->session.connection, query, &rows->statement) != 0) {
        return ndup__duckdb_fail(said, api->prepare_error(rows->statement));
    }
    if (api->pending_prepared_streaming(rows->statement, &rows->pending) != 0) {
        return ndup__duckdb_fail(said, api->pending_error(rows->pending));
    }
    rows->has_result = true;
    if (api->execute_pending(rows->pending, &rows->result) != 0) {
        return ndup__duckdb_fail(said, api->result_error(&rows->result));
    }
    rows->options = api->result_get_arrow_options(&rows->result);
    return rows->options != NULL ? 0 : ndup__duckdb_fail(said, "no Arrow options");
}

static ndup_status write_query(ndup__sql_text *query, const char *path, const char *const *columns,
                               size_t column_count)
{
    ndup__sql_add(query, "SELECT ");
    for (size_t i = 0; columns != NULL && i < column_count; i++) {
        ndup__sql_add(query, i > 0 ? "," : "");
        ndup__sql_quote(query, '"', columns[i]);
    }
    ndup__sql_add(query, columns == NULL ? "* FROM " : " FROM ");
    ndup__duckdb_add_file(query, "read_parquet", path);
    ndup__sql_add(query, ", hive_partitioning=false)");
    return query->status;
}

int ndup__duckdb_read(void *context, struct ArrowArrayStream *stream, const char *path,
                      const char *const *columns, size_t column_count,
                      char said[NDUP_TABLE_FILES_SAID])
{
    ndup__sql_text query = {.bytes = NULL};
    file_rows *rows;
    *stream = (struct ArrowArrayStream){.release = NULL};
    if (ndup__allocate_zeroed(NULL, &rows, 1, sizeof *rows, NULL) != NDUP_STATUS_OK) {
        return ENOMEM;
    }
    int failure = ndup__duckdb_connect(&rows->session, context, said);
    if (failure == 0) {
        failure = write_query(&query, path, columns, column_count) != NDUP_STATUS_OK
                      ? ENOMEM
                      : start(rows, query.bytes, said);
    }
    ndup__sql_deinit(&query);
    if (failure != 0) {
        close_rows(rows);
        return failure;
    }
    *stream = (struct ArrowArrayStream){.get_schema = get_schema,
                                        .get_next = get_next,
                                        .get_last_error = get_last_error,
                                        .release = release,
                                        .private_data = rows};
    return 0;
}
