/* SPDX-License-Identifier: MIT */
/* Whether the tables fit together. The rows themselves are compared with their seals when they are
 * read. */
#include "base/error.h"
#include "store/statements.h"

/* Statements that find what must not be: a row with a name of it each. */
static const char *const checks[] = {
    /* Without how many it may find, which SQLite 3.54 takes for the name of a table here. */
    "SELECT printf('%s', integrity_check) FROM pragma_integrity_check "
    "WHERE integrity_check != 'ok'",
    "SELECT printf('the table state counts %d documents, there are %d', documents, there) FROM "
    "state, (SELECT count(*) AS there FROM documents) WHERE documents != there",
    "SELECT printf('the table state counts %d copies, there are %d', copies, there) FROM state, "
    "(SELECT count(*) AS there FROM documents WHERE stands = 0) WHERE copies != there",
    "SELECT printf('the table state counts %d families, there are %d', families, there) FROM "
    "state, (SELECT count(*) AS there FROM families) WHERE families != there",
    "SELECT printf('document %d has a number above the last one', number) FROM documents, state "
    "WHERE number > last",
    "SELECT printf('document %d is older than its block is said to be', number) FROM documents "
    "LEFT JOIN blocks ON block = number / 1024 WHERE time < ifnull(least, time + 1)",
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
