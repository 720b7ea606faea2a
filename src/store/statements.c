/* SPDX-License-Identifier: MIT */
/* Prepared statements, their rows, and their failures. */
#include "store/statements.h"

#include "base/error.h"

static ndup_status status_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return NDUP_STATUS_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return NDUP_STATUS_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_TOOBIG:
        return NDUP_STATUS_LIMIT;
    default:
        return NDUP_STATUS_IO;
    }
}

ndup_status ndup__database_fail(const ndup__database *database, const char *doing,
                                ndup_error *error)
{
    int code = sqlite3_extended_errcode(database->connection);
    int saved = sqlite3_system_errno(database->connection);
    const char *path = sqlite3_db_filename(database->connection, "main");
    ndup_status status = ndup__fail(error, status_of(code), "%s: %s: %s", path != NULL ? path : "",
                                    doing, sqlite3_errmsg(database->connection));
    if (error != NULL) {
        error->system_errno = status == NDUP_STATUS_IO ? saved : 0;
    }
    return status;
}

sqlite3_stmt *ndup__statement_get(ndup__database *database, ndup__statement which,
                                  ndup_error *error)
{
    static const char *const texts[] = {
#define STATEMENT_TEXT(name, sql) sql,
        NDUP__STATEMENTS(STATEMENT_TEXT)
#undef STATEMENT_TEXT
    };
    sqlite3_stmt **statement = &database->statements[which];
    if (*statement != NULL) {
        sqlite3_reset(*statement);
    } else if (sqlite3_prepare_v3(database->connection, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                                  statement, NULL) != SQLITE_OK) {
        ndup__database_fail(database, "cannot prepare", error);
        *statement = NULL;
    }
    return *statement;
}

ndup_status ndup__statement_step(ndup__database *database, sqlite3_stmt *statement, bool *has_row,
                                 ndup_error *error)
{
    int code = sqlite3_step(statement);
    *has_row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__database_fail(database, "failed", error);
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__statement_run(ndup__database *database, sqlite3_stmt *statement,
                                ndup_error *error)
{
    bool has_row;
    ndup_status status = ndup__statement_step(database, statement, &has_row, error);
    sqlite3_reset(statement);
    return status;
}

ndup_text ndup__column_text(sqlite3_stmt *statement, int column)
{
    const char *bytes = (const char *)sqlite3_column_text(statement, column);
    return (ndup_text){bytes, (size_t)sqlite3_column_bytes(statement, column)};
}

ndup_text ndup__column_blob(sqlite3_stmt *statement, int column)
{
    const char *bytes = sqlite3_column_blob(statement, column);
    return (ndup_text){bytes, (size_t)sqlite3_column_bytes(statement, column)};
}

void ndup__bind_text(sqlite3_stmt *statement, int column, ndup_text text)
{
    if (text.length > 0) {
        sqlite3_bind_text64(statement, column + 1, text.bytes, text.length, SQLITE_STATIC,
                            SQLITE_UTF8);
    } else {
        sqlite3_bind_null(statement, column + 1);
    }
}

void ndup__bind_blob(sqlite3_stmt *statement, int column, ndup_text blob)
{
    if (blob.length > 0) {
        sqlite3_bind_blob64(statement, column + 1, blob.bytes, blob.length, SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, column + 1);
    }
}

ndup_status ndup__statement_failure(const ndup__database *database)
{
    return ndup__database_fail(database, "cannot prepare", NULL);
}

sqlite3_stmt *ndup__statement_begin(ndup__database *database, ndup__statement which, int64_t first,
                                    int64_t second, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, which, error);
    if (statement != NULL) {
        sqlite3_bind_int64(statement, 1, first);
        if (sqlite3_bind_parameter_count(statement) > 1) {
            sqlite3_bind_int64(statement, 2, second);
        }
    }
    return statement;
}

ndup_status ndup__statement_run_numbers(ndup__database *database, ndup__statement which,
                                        int64_t first, int64_t second, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_begin(database, which, first, second, error);
    return statement != NULL ? ndup__statement_run(database, statement, error)
                             : ndup__statement_failure(database);
}

ndup_status ndup__statement_find(ndup__database *database, ndup__statement which, int64_t first,
                                 int64_t second, int64_t *number, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_begin(database, which, first, second, error);
    *found = false;
    *number = 0;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = ndup__statement_step(database, statement, found, error);
    *number = *found ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__statement_check_seal(const ndup__database *database, sqlite3_stmt *statement,
                                       int column, uint64_t seal, const char *table, int64_t number,
                                       ndup_error *error)
{
    return (uint64_t)sqlite3_column_int64(statement, column) == seal
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: row %lld of the table %s is damaged",
                            sqlite3_db_filename(database->connection, "main"), (long long)number,
                            table);
}
