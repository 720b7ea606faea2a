/* SPDX-License-Identifier: MIT */
/* Connections, transactions, and what an index remembers of itself. */
#include "store/database.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "store/row_seals.h"
#include "store/statements.h"
#include "store/still_file.h"

/* "ndup": so that `file` and SQLite tell whose the file is. */
#define APPLICATION_ID 0x6E647570

/* Rows are of one to two KB, and a page is empty by half of one on average. */
#define PAGE_BYTES 16384

static const char schema[] =
    "CREATE TABLE parameters(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "CREATE TABLE state(last INTEGER, documents INTEGER, copies INTEGER, families INTEGER, "
    "seal INTEGER);"
    "INSERT INTO state VALUES(0, 0, 0, 0, 0);"
    "CREATE TABLE documents(number INTEGER PRIMARY KEY, id TEXT, url TEXT, source TEXT, "
    "title TEXT, date TEXT, time INTEGER, added INTEGER, bytes INTEGER, tokens INTEGER, "
    "reading INTEGER, text_hash INTEGER, class_hash BLOB, family INTEGER, stands INTEGER, "
    "seal INTEGER, sketch BLOB, token_list BLOB, sketch_seal INTEGER, text BLOB);"
    "CREATE INDEX copies ON documents(family, number) WHERE stands = 0;"
    "CREATE TABLE blocks(block INTEGER PRIMARY KEY, least INTEGER, removed BLOB, seal INTEGER);"
    "CREATE TABLE families(number INTEGER PRIMARY KEY, members INTEGER, seal INTEGER);"
    "CREATE TABLE witnesses(family INTEGER, place INTEGER, tokens BLOB, seal INTEGER, "
    "PRIMARY KEY(family, place)) WITHOUT ROWID;"
    "CREATE TABLE segments(first INTEGER PRIMARY KEY, last INTEGER, tier INTEGER, name TEXT);";

static ndup_status run(ndup__database *database, ndup__statement which, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, which, error);
    return statement != NULL ? ndup__statement_run(database, statement, error)
                             : ndup__statement_failure(database);
}

static ndup_status run_text(ndup__database *database, const char *sql, const char *doing,
                            ndup_error *error)
{
    return sqlite3_exec(database->connection, sql, NULL, NULL, NULL) == SQLITE_OK
               ? NDUP_STATUS_OK
               : ndup__database_fail(database, doing, error);
}

static ndup_status read_number(ndup__database *database, const char *sql, int64_t *number,
                               ndup_error *error)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database->connection, sql, -1, &statement, NULL) != SQLITE_OK) {
        return ndup__database_fail(database, "cannot be read", error);
    }
    ndup_status status = NDUP_STATUS_OK;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        *number = sqlite3_column_int64(statement, 0);
    } else {
        status = ndup__database_fail(database, "cannot be read", error);
    }
    sqlite3_finalize(statement);
    return status;
}

static ndup_status write_state(ndup__database *database, ndup_error *error)
{
    const ndup__database_counts *counts = &database->counts;
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_SET_STATE, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    sqlite3_bind_int64(statement, 1, counts->last);
    sqlite3_bind_int64(statement, 2, (int64_t)counts->documents);
    sqlite3_bind_int64(statement, 3, (int64_t)counts->copies);
    sqlite3_bind_int64(statement, 4, (int64_t)counts->families);
    sqlite3_bind_int64(statement, 5, (int64_t)ndup__seal_counts(counts));
    return ndup__statement_run(database, statement, error);
}

static ndup_status create_tables(ndup__database *database, ndup_error *error)
{
    char text[200];
    snprintf(text, sizeof text,
             "PRAGMA page_size = %d; PRAGMA journal_mode = WAL; PRAGMA application_id = %d; "
             "PRAGMA user_version = %d; BEGIN",
             PAGE_BYTES, APPLICATION_ID, NDUP__DATABASE_FORMAT);
    ndup_status status = run_text(database, text, "cannot be made", error);
    if (status == NDUP_STATUS_OK) {
        status = run_text(database, schema, "cannot be made", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_state(database, error);
    }
    return status == NDUP_STATUS_OK ? run_text(database, "COMMIT", "cannot be made", error)
                                    : status;
}

/* Whether the tables are ours: SQLite goes by what is written of them in the file, and damage there
 * would be taken for other tables. Those that somebody has added do not matter. */
static ndup_status check_tables(ndup__database *database, const char *path, ndup_error *error)
{
    sqlite3_stmt *statement;
    size_t expected = 0;
    size_t found = 0;
    for (const char *at = schema; (at = strstr(at, "CREATE ")) != NULL; at++) {
        expected++;
    }
    if (sqlite3_prepare_v2(database->connection, "SELECT sql FROM sqlite_master WHERE sql NOT NULL",
                           -1, &statement, NULL) != SQLITE_OK) {
        return ndup__database_fail(database, "cannot be read", error);
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *sql = (const char *)sqlite3_column_text(statement, 0);
        found += sql != NULL && strstr(schema, sql) != NULL;
    }
    ndup_status status = NDUP_STATUS_OK;
    if (sqlite3_finalize(statement) != SQLITE_OK) {
        status = ndup__database_fail(database, "cannot be read", error);
    } else if (found != expected) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: the tables are damaged", path);
    }
    return status;
}

static ndup_status check_format(ndup__database *database, const char *path, ndup_error *error)
{
    int64_t application = 0;
    int64_t format = 0;
    ndup_status status = read_number(database, "PRAGMA application_id", &application, error);
    if (status == NDUP_STATUS_OK) {
        status = read_number(database, "PRAGMA user_version", &format, error);
    }
    if (status == NDUP_STATUS_OK && application != APPLICATION_ID) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: is no index of neardup", path);
    } else if (status == NDUP_STATUS_OK && format != NDUP__DATABASE_FORMAT) {
        status = ndup__fail(error, NDUP_STATUS_VERSION,
                            "%s: an index of format %lld; this version reads format %d", path,
                            (long long)format, NDUP__DATABASE_FORMAT);
    }
    return status == NDUP_STATUS_OK ? check_tables(database, path, error) : status;
}

static ndup_status set_up(ndup__database *database, ndup__database_sync sync, ndup_error *error)
{
    static const char *const levels[] = {"FULL", "NORMAL", "OFF"};
    char text[120];
    snprintf(text, sizeof text,
             "PRAGMA synchronous = %s; PRAGMA cache_size = -4000; PRAGMA mmap_size = 2147418112",
             levels[sync]);
    return run_text(database, text, "cannot be opened", error);
}

static ndup_status open_file(ndup__database *database, const char *path, int flags,
                             ndup_error *error)
{
    char name[NDUP__STILL_NAME_BYTES(4096)];
    bool is_still = false;
    ndup_status status = (flags & SQLITE_OPEN_READONLY) != 0
                             ? ndup__still_file_look(&is_still, path, error)
                             : NDUP_STATUS_OK;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (is_still) {
        ndup__still_file_name(name, sizeof name, path);
        ndup__still_file_note(database, path);
        flags |= SQLITE_OPEN_URI;
    }
    if (sqlite3_open_v2(is_still ? name : path, &database->connection, flags, NULL) == SQLITE_OK) {
        return NDUP_STATUS_OK;
    }
    return database->connection == NULL
               ? ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: SQLite")
               : ndup__database_fail(database, "cannot be opened", error);
}

static ndup_status open_connection(ndup__database *database, const char *path,
                                   ndup__database_mode mode, ndup_error *error)
{
    int flags = mode == NDUP__DATABASE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    flags |= mode == NDUP__DATABASE_CREATE ? SQLITE_OPEN_CREATE : 0;
    bool exists = access(path, F_OK) == 0;
    if (exists == (mode == NDUP__DATABASE_CREATE)) {
        return exists
                   ? ndup__fail(error, NDUP_STATUS_EXISTS, "%s: there is an index already", path)
                   : ndup__fail(error, NDUP_STATUS_NOT_FOUND, "%s: there is no such index", path);
    }
    ndup_status status = open_file(database, path, flags | SQLITE_OPEN_NOMUTEX, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    sqlite3_extended_result_codes(database->connection, 1);
    sqlite3_busy_timeout(database->connection, 60000); /* a checkpoint, or a reader's recovery */
    return NDUP_STATUS_OK;
}

ndup_status ndup__database_open(ndup__database **out, const char *path, ndup__database_mode mode,
                                ndup__database_sync sync, ndup_error *error)
{
    ndup__database *database;
    *out = NULL;
    ndup_status status = ndup__allocate_zeroed(NULL, &database, 1, sizeof *database, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = open_connection(database, path, mode, error);
    if (status == NDUP_STATUS_OK) {
        status = mode == NDUP__DATABASE_CREATE ? create_tables(database, error)
                                               : check_format(database, path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = set_up(database, sync, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__database_close(database);
        database = NULL;
    }
    *out = database;
    return status;
}

void ndup__database_close(ndup__database *database)
{
    if (database == NULL) {
        return;
    }
    for (size_t i = 0; i < NDUP__STATEMENT_COUNT; i++) {
        sqlite3_finalize(database->statements[i]);
    }
    sqlite3_close(database->connection);
    ndup__free(NULL, &database, 1, sizeof *database);
}

static ndup_status read_state(ndup__database *database, ndup__database_counts *counts,
                              ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_GET_STATE, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    bool has_row;
    ndup_status status = ndup__statement_step(database, statement, &has_row, error);
    if (status == NDUP_STATUS_OK && !has_row) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: the table `state` is empty",
                            sqlite3_db_filename(database->connection, "main"));
    }
    if (status == NDUP_STATUS_OK) {
        *counts = (ndup__database_counts){
            .last = (uint32_t)sqlite3_column_int64(statement, 0),
            .documents = (uint64_t)sqlite3_column_int64(statement, 1),
            .copies = (uint64_t)sqlite3_column_int64(statement, 2),
            .families = (uint64_t)sqlite3_column_int64(statement, 3),
        };
        status = ndup__statement_check_seal(database, statement, 4, ndup__seal_counts(counts),
                                            "state", 1, error);
    }
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__database_begin(ndup__database *database, bool writes, ndup_error *error)
{
    ndup_status status =
        database->is_still ? ndup__still_file_check(database, error) : NDUP_STATUS_OK;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status =
        run(database, writes ? NDUP__STATEMENT_BEGIN_WRITE : NDUP__STATEMENT_BEGIN_READ, error);
    database->writes = status == NDUP_STATUS_OK && writes;
    database->counts_changed = false;
    database->knows_last_block = false;
    if (database->writes) {
        status = read_state(database, &database->counts, error);
        if (status != NDUP_STATUS_OK) {
            ndup__database_rollback(database);
        }
    }
    return status;
}

/* A statement that still has rows would keep the state of now for what comes later. */
static void reset_all(ndup__database *database)
{
    for (size_t i = 0; i < NDUP__STATEMENT_COUNT; i++) {
        sqlite3_reset(database->statements[i]);
    }
    database->scanned = 0;
}

ndup_status ndup__database_commit(ndup__database *database, ndup_error *error)
{
    reset_all(database);
    ndup_status status = database->counts_changed ? write_state(database, error) : NDUP_STATUS_OK;
    if (status == NDUP_STATUS_OK) {
        status = run(database, NDUP__STATEMENT_COMMIT, error);
    }
    database->writes &= status != NDUP_STATUS_OK;
    return status;
}

void ndup__database_rollback(ndup__database *database)
{
    reset_all(database);
    if (!sqlite3_get_autocommit(database->connection)) {
        sqlite3_exec(database->connection, "ROLLBACK", NULL, NULL, NULL);
    }
    database->writes = false;
    database->counts_changed = false;
}

ndup_status ndup__database_version(ndup__database *database, int64_t *version, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_VERSION, error);
    bool has_row = false;
    ndup_status status = statement != NULL
                             ? ndup__statement_step(database, statement, &has_row, error)
                             : ndup__statement_failure(database);
    *version = has_row ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__database_set_parameter(ndup__database *database, const char *name,
                                         ndup_text value, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_SET_PARAMETER, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 2, value.bytes, value.length, SQLITE_STATIC);
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_get_parameter(ndup__database *database, const char *name,
                                         ndup_text *value, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_GET_PARAMETER, error);
    *found = false;
    *value = (ndup_text){"", 0};
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        *value = ndup__column_blob(statement, 0);
    }
    return status;
}

ndup_status ndup__database_hash_parameters(ndup__database *database, const char *except,
                                           uint64_t *hash, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_ALL_PARAMETERS, error);
    bool has_row = true;
    ndup_status status = statement != NULL ? NDUP_STATUS_OK : ndup__statement_failure(database);
    *hash = 0;
    while (status == NDUP_STATUS_OK && has_row) {
        status = ndup__statement_step(database, statement, &has_row, error);
        ndup_text name = has_row ? ndup__column_text(statement, 0) : (ndup_text){"", 0};
        bool is_except =
            name.length == strlen(except) && memcmp(name.bytes, except, name.length) == 0;
        if (has_row && !is_except) {
            ndup_text value = ndup__column_blob(statement, 1);
            *hash = ndup__hash_bytes(name.bytes, name.length, *hash + value.length);
            *hash = value.length > 0 ? ndup__hash_bytes(value.bytes, value.length, *hash) : *hash;
        }
    }
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__database_count(ndup__database *database, ndup__database_counts *counts,
                                 ndup_error *error)
{
    if (database->writes) {
        *counts = database->counts;
        return NDUP_STATUS_OK;
    }
    return read_state(database, counts, error);
}

ndup_status ndup__database_vacuum(ndup__database *database, ndup_error *error)
{
    return run_text(database, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", "cannot be compacted",
                    error);
}
