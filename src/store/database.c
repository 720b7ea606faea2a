/* SPDX-License-Identifier: MIT */
/* Connections, transactions, and what an index remembers of itself. */
#include "store/database.h"

#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/statements.h"

/* "ndup": so that `file` and SQLite tell whose the file is. */
#define APPLICATION_ID 0x6E647570

/* Rows are of one to two KB: of smaller pages a third stays empty. */
#define PAGE_BYTES 8192

static const char schema[] =
    "CREATE TABLE parameters(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "CREATE TABLE state(last INTEGER, documents INTEGER, copies INTEGER, families INTEGER);"
    "INSERT INTO state VALUES(0, 0, 0, 0);"
    "CREATE TABLE documents(number INTEGER PRIMARY KEY, id TEXT, url TEXT, source TEXT, "
    "title TEXT, date TEXT, time INTEGER, added INTEGER, bytes INTEGER, tokens INTEGER, "
    "reading INTEGER, text_hash INTEGER, class_hash BLOB, family INTEGER, stands INTEGER);"
    "CREATE INDEX copies ON documents(family, number) WHERE stands = 0;"
    "CREATE TABLE sketches(number INTEGER PRIMARY KEY, row BLOB, token_list BLOB, text BLOB);"
    "CREATE TABLE families(number INTEGER PRIMARY KEY, members INTEGER);"
    "CREATE TABLE witnesses(family INTEGER, place INTEGER, tokens BLOB, "
    "PRIMARY KEY(family, place)) WITHOUT ROWID;"
    "CREATE TABLE segments(first INTEGER PRIMARY KEY, last INTEGER, tier INTEGER, name TEXT);";

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

static ndup_status run(ndup__database *database, ndup__statement which, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, which, error);
    return statement != NULL ? ndup__statement_run(database, statement, error)
                             : status_of(sqlite3_errcode(database->connection));
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
    return status == NDUP_STATUS_OK ? run_text(database, "COMMIT", "cannot be made", error)
                                    : status;
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
    return status;
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
    if (sqlite3_open_v2(path, &database->connection, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        return database->connection == NULL
                   ? ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: SQLite")
                   : ndup__database_fail(database, "cannot be opened", error);
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
        return status_of(sqlite3_errcode(database->connection));
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
    }
    sqlite3_reset(statement);
    return status;
}

static ndup_status write_state(ndup__database *database, ndup_error *error)
{
    const ndup__database_counts *counts = &database->counts;
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_SET_STATE, error);
    if (statement == NULL) {
        return status_of(sqlite3_errcode(database->connection));
    }
    sqlite3_bind_int64(statement, 1, counts->last);
    sqlite3_bind_int64(statement, 2, (int64_t)counts->documents);
    sqlite3_bind_int64(statement, 3, (int64_t)counts->copies);
    sqlite3_bind_int64(statement, 4, (int64_t)counts->families);
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_begin(ndup__database *database, bool writes, ndup_error *error)
{
    ndup_status status =
        run(database, writes ? NDUP__STATEMENT_BEGIN_WRITE : NDUP__STATEMENT_BEGIN_READ, error);
    database->writes = status == NDUP_STATUS_OK && writes;
    database->counts_changed = false;
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
                             : status_of(sqlite3_errcode(database->connection));
    *version = has_row ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__database_set_parameter(ndup__database *database, const char *name,
                                         ndup_text value, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_SET_PARAMETER, error);
    if (statement == NULL) {
        return status_of(sqlite3_errcode(database->connection));
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
        return status_of(sqlite3_errcode(database->connection));
    }
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        *value = ndup__column_blob(statement, 0);
    }
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

/* Statements that find what must not be: a row with a name of it each. */
static const char *const checks[] = {
    "SELECT printf('%s', integrity_check) FROM pragma_integrity_check(1) "
    "WHERE integrity_check != 'ok'",
    "SELECT printf('the table state counts %d documents, there are %d', documents, there) FROM "
    "state, (SELECT count(*) AS there FROM documents) WHERE documents != there",
    "SELECT printf('the table state counts %d copies, there are %d', copies, there) FROM state, "
    "(SELECT count(*) AS there FROM documents WHERE stands = 0) WHERE copies != there",
    "SELECT printf('the table state counts %d families, there are %d', families, there) FROM "
    "state, (SELECT count(*) AS there FROM families) WHERE families != there",
    "SELECT printf('document %d has a number above the last one', number) FROM documents, state "
    "WHERE number > last",
    "SELECT printf('document %d has no sketch', number) FROM documents WHERE number NOT IN "
    "(SELECT number FROM sketches)",
    "SELECT printf('sketch %d has no document', number) FROM sketches WHERE number NOT IN "
    "(SELECT number FROM documents)",
    "SELECT printf('document %d stands for the family %d', number, family) FROM documents WHERE "
    "(stands = 1) != (number = family)",
    "SELECT printf('document %d is of family %d, which has no first', number, family) FROM "
    "documents WHERE stands = 0 AND family NOT IN (SELECT number FROM documents WHERE stands = 1)",
    "SELECT printf('family %d has %d members, counted are %d', family, there, "
    "ifnull(members, 1)) FROM (SELECT family, count(*) AS there FROM documents GROUP BY family "
    "HAVING there > 1) LEFT JOIN families ON families.number = family WHERE "
    "ifnull(members, 1) != there",
    "SELECT printf('family %d is counted and has no members', number) FROM families WHERE number "
    "NOT IN (SELECT family FROM documents WHERE stands = 0)",
};

static ndup_status run_check(ndup__database *database, const char *sql, ndup_error *error)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database->connection, sql, -1, &statement, NULL) != SQLITE_OK) {
        return ndup__database_fail(database, "cannot be checked", error);
    }
    ndup_status status = NDUP_STATUS_OK;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: %s",
                            sqlite3_db_filename(database->connection, "main"),
                            sqlite3_column_text(statement, 0));
    } else if (code != SQLITE_DONE) {
        status = ndup__database_fail(database, "cannot be checked", error);
    }
    sqlite3_finalize(statement);
    return status;
}

ndup_status ndup__database_verify(ndup__database *database, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof checks / sizeof *checks && status == NDUP_STATUS_OK; i++) {
        status = run_check(database, checks[i], error);
    }
    return status;
}

ndup_status ndup__database_vacuum(ndup__database *database, ndup_error *error)
{
    return run_text(database, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", "cannot be compacted",
                    error);
}
