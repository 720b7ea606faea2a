/* SPDX-License-Identifier: MIT */
/* libduckdb, loaded when it is needed: what is used of its C API. */
#ifndef NDUP__TABLES_DUCKDB_H
#define NDUP__TABLES_DUCKDB_H

#include <stdbool.h>

#include "tables/sql_text.h"
#include "tables/table_access.h"

/* A result as the C API lays it out; it is passed by value. */
typedef struct ndup__duckdb_result {
    uint64_t counts[3];
    void *parts[3];
} ndup__duckdb_result;

/* Names and types as in duckdb.h of version 1.4, handles as pointers. */
typedef struct ndup__duckdb {
    int (*open)(const char *path, void **database);
    void (*close)(void **database);
    int (*connect)(void *database, void **connection);
    void (*disconnect)(void **connection);
    int (*query)(void *connection, const char *text, ndup__duckdb_result *result);
    int (*prepare)(void *connection, const char *text, void **statement);
    const char *(*prepare_error)(void *statement);
    void (*destroy_prepare)(void **statement);
    int (*pending_prepared_streaming)(void *statement, void **pending);
    const char *(*pending_error)(void *pending);
    void (*destroy_pending)(void **pending);
    int (*execute_pending)(void *pending, ndup__duckdb_result *result);
    void *(*fetch_chunk)(ndup__duckdb_result result);
    void (*destroy_data_chunk)(void **chunk);
    const char *(*result_error)(ndup__duckdb_result *result);
    void (*destroy_result)(ndup__duckdb_result *result);
    char *(*value_varchar)(ndup__duckdb_result *result, uint64_t column, uint64_t row);
    void (*free)(void *bytes);
    uint64_t (*column_count)(ndup__duckdb_result *result);
    const char *(*column_name)(ndup__duckdb_result *result, uint64_t column);
    void *(*column_logical_type)(ndup__duckdb_result *result, uint64_t column);
    void (*destroy_logical_type)(void **type);
    void *(*result_get_arrow_options)(ndup__duckdb_result *result);
    void (*destroy_arrow_options)(void **options);
    void *(*to_arrow_schema)(void *options, void **types, const char **names, uint64_t count,
                             struct ArrowSchema *schema);
    void *(*data_chunk_to_arrow)(void *options, void *chunk, struct ArrowArray *array);
    bool (*error_data_has_error)(void *data);
    const char *(*error_data_message)(void *data);
    void (*destroy_error_data)(void **data);
    /* A function of SQL in C, for the bitmap. */
    void *(*create_scalar_function)(void);
    void (*destroy_scalar_function)(void **function);
    void (*scalar_function_set_name)(void *function, const char *name);
    void (*scalar_function_add_parameter)(void *function, void *type);
    void (*scalar_function_set_return_type)(void *function, void *type);
    void (*scalar_function_set_function)(void *function,
                                         void (*call)(void *info, void *input, void *output));
    void (*scalar_function_set_extra_info)(void *function, void *info, void (*destroy)(void *));
    void *(*scalar_function_get_extra_info)(void *info);
    int (*register_scalar_function)(void *connection, void *function);
    void *(*create_logical_type)(int type);
    uint64_t (*data_chunk_get_size)(void *chunk);
    void *(*data_chunk_get_vector)(void *chunk, uint64_t column);
    void *(*vector_get_data)(void *vector);
} ndup__duckdb;

/* The functions of libduckdb. Errors: UNSUPPORTED when it cannot be loaded, or lacks some; says
 * where it is looked for. */
NDUP_NODISCARD ndup_status ndup__duckdb_load(const ndup__duckdb **functions, ndup_error *error);

/* As in ndup_table_files; the context is an ndup__duckdb. */
int ndup__duckdb_read(void *context, struct ArrowArrayStream *stream, const char *path,
                      const char *const *columns, size_t column_count,
                      char said[NDUP_TABLE_FILES_SAID]);
int ndup__duckdb_filter(void *context, const char *to, const char *path, const uint8_t *kept,
                        uint64_t rows, char said[NDUP_TABLE_FILES_SAID]);

/* A database in memory, and a connection to it. */
typedef struct ndup__duckdb_session {
    const ndup__duckdb *api;
    void *database;
    void *connection;
} ndup__duckdb_session;

/* Returns 0 or an errno value with what went wrong. */
int ndup__duckdb_connect(ndup__duckdb_session *session, const ndup__duckdb *api,
                         char said[NDUP_TABLE_FILES_SAID]);
void ndup__duckdb_disconnect(ndup__duckdb_session *session);

/* Adds a table function that reads the file, and no others: names with * or [ are no patterns. */
void ndup__duckdb_add_file(ndup__sql_text *query, const char *function, const char *path);

/* Keeps what was said, cut where it is too long; returns EIO. */
int ndup__duckdb_fail(char said[NDUP_TABLE_FILES_SAID], const char *message);

#endif
