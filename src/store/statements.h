/* SPDX-License-Identifier: MIT */
/* The connection and its prepared statements. */
#ifndef NDUP__STORE_STATEMENTS_H
#define NDUP__STORE_STATEMENTS_H

#include <sqlite3.h>

#include "store/database.h"

/* Columns of `documents`: what is told of one, and what it is compared by. `text` is neither: it
 * may be long, and is read only by who wants it. */
#define NDUP__OF_DOCUMENT                                                                    \
    "number, id, url, source, title, date, time, added, bytes, tokens, reading, text_hash, " \
    "class_hash, family, stands, seal"
#define NDUP__OF_SKETCH "sketch, token_list, sketch_seal"

/* X(NAME, sql): statements are prepared when they are first used. */
#define NDUP__STATEMENTS(X)                                                                       \
    X(BEGIN_WRITE, "BEGIN IMMEDIATE")                                                             \
    X(BEGIN_READ, "BEGIN")                                                                        \
    X(COMMIT, "COMMIT")                                                                           \
    X(ROLLBACK, "ROLLBACK")                                                                       \
    X(VERSION, "PRAGMA data_version")                                                             \
    X(SET_PARAMETER, "INSERT OR REPLACE INTO parameters VALUES(?1, ?2)")                          \
    X(GET_PARAMETER, "SELECT value FROM parameters WHERE name = ?1")                              \
    X(ALL_PARAMETERS, "SELECT name, value FROM parameters ORDER BY name")                         \
    X(GET_STATE, "SELECT last, documents, copies, families, seal FROM state")                     \
    X(SET_STATE,                                                                                  \
      "UPDATE state SET last = ?1, documents = ?2, copies = ?3, families = ?4, seal = ?5")        \
    X(ADD_DOCUMENT, "INSERT INTO documents VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, " \
                    "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)")                               \
    X(GET_DOCUMENT, "SELECT " NDUP__OF_DOCUMENT " FROM documents WHERE number = ?1")              \
    X(GET_SKETCH, "SELECT number, " NDUP__OF_SKETCH ", text FROM documents WHERE number = ?1")    \
    X(REMOVE_DOCUMENT, "DELETE FROM documents WHERE number = ?1")                                 \
    X(NEXT_DOCUMENT, "SELECT " NDUP__OF_DOCUMENT ", " NDUP__OF_SKETCH                             \
                     " FROM documents WHERE number >= ?1 ORDER BY number")                        \
    X(GET_BLOCK, "SELECT block, least, removed, seal FROM blocks WHERE block = ?1")               \
    X(NEXT_BLOCK, "SELECT block, least, removed, seal FROM blocks WHERE block >= ?1 "             \
                  "ORDER BY block LIMIT 1")                                                       \
    X(SET_BLOCK, "INSERT OR REPLACE INTO blocks VALUES(?1, ?2, ?3, ?4)")                          \
    X(NEXT_OLDER, "SELECT number FROM documents WHERE number BETWEEN ?1 AND ?1 | 1023 "           \
                  "AND time < ?2 ORDER BY number LIMIT 1")                                        \
    X(MEMBER, "SELECT number FROM documents WHERE family = ?1 AND stands = 0 AND number >= ?2 "   \
              "ORDER BY number LIMIT 1")                                                          \
    X(GET_WITNESS, "SELECT tokens, seal FROM witnesses WHERE family = ?1 AND place = ?2")         \
    X(ADD_WITNESS, "INSERT INTO witnesses VALUES(?1, ?2, ?3, ?4)")                                \
    X(REMOVE_WITNESSES, "DELETE FROM witnesses WHERE family = ?1")                                \
    X(GET_MEMBERS, "SELECT members, seal FROM families WHERE number = ?1")                        \
    X(SET_MEMBERS, "INSERT OR REPLACE INTO families VALUES(?1, ?2, ?3)")                          \
    X(NEXT_FAMILY, "SELECT number FROM families WHERE number >= ?1 ORDER BY number LIMIT 1")      \
    X(REMOVE_FAMILY, "DELETE FROM families WHERE number = ?1")                                    \
    X(NEXT_SEGMENT, "SELECT first, last, tier, name FROM segments WHERE first >= ?1 "             \
                    "ORDER BY first LIMIT 1")                                                     \
    X(ADD_SEGMENT, "INSERT INTO segments VALUES(?1, ?2, ?3, ?4)")                                 \
    X(REMOVE_SEGMENTS, "DELETE FROM segments WHERE first >= ?1 AND last <= ?2")

typedef enum ndup__statement {
#define NDUP__STATEMENT_NAME(name, sql) NDUP__STATEMENT_##name,
    NDUP__STATEMENTS(NDUP__STATEMENT_NAME)
#undef NDUP__STATEMENT_NAME
        NDUP__STATEMENT_COUNT
} ndup__statement;

struct ndup__database {
    sqlite3 *connection;
    sqlite3_stmt *statements[NDUP__STATEMENT_COUNT]; /* NULL: not prepared yet */
    ndup__database_counts counts;                    /* in a transaction of writing */
    bool writes;
    bool counts_changed;
    ndup__stored_block last_block; /* likewise, where it is known: that of the last document */
    bool knows_last_block;
    bool is_still; /* opened as a file that nobody changes: `still` is what it was then */
    struct ndup__still_file {
        int64_t bytes, seconds, nanoseconds;
        uint64_t number;
    } still;
    uint32_t scanned; /* number that the scan stands on; 0: it stands nowhere */
};

/* The statement, ready to be bound; NULL on failure. */
sqlite3_stmt *ndup__statement_get(ndup__database *database, ndup__statement which,
                                  ndup_error *error);

/* The next row, if there is one. */
NDUP_NODISCARD ndup_status ndup__statement_step(ndup__database *database, sqlite3_stmt *statement,
                                                bool *has_row, ndup_error *error);

/* Runs a statement that has no rows. */
NDUP_NODISCARD ndup_status ndup__statement_run(ndup__database *database, sqlite3_stmt *statement,
                                               ndup_error *error);

/* Runs a statement of one or two numbers that has no rows. */
NDUP_NODISCARD ndup_status ndup__statement_run_numbers(ndup__database *database,
                                                       ndup__statement which, int64_t first,
                                                       int64_t second, ndup_error *error);

/* Begins one that may have rows; NULL on failure. */
sqlite3_stmt *ndup__statement_begin(ndup__database *database, ndup__statement which, int64_t first,
                                    int64_t second, ndup_error *error);

/* The first column of its first row, if it has one. */
NDUP_NODISCARD ndup_status ndup__statement_find(ndup__database *database, ndup__statement which,
                                                int64_t first, int64_t second, int64_t *number,
                                                bool *found, ndup_error *error);

/* Notes that a number's row is missed by nobody; and looks whether all from first to last are such
 * ones, if they were given at all: else a row is lost. Errors: CORRUPT. */
NDUP_NODISCARD ndup_status ndup__block_note_removed(ndup__database *database, uint32_t number,
                                                    ndup_error *error);
NDUP_NODISCARD ndup_status ndup__block_require_removed(ndup__database *database, uint32_t first,
                                                       uint32_t last, ndup_error *error);

/* Notes the time that a document is dated. */
NDUP_NODISCARD ndup_status ndup__block_note_time(ndup__database *database, uint32_t number,
                                                 int64_t time, ndup_error *error);

/* What preparing a statement failed with, whose message is there already. */
ndup_status ndup__statement_failure(const ndup__database *database);

/* Compares the seal of a row with what is in it. Errors: CORRUPT. */
NDUP_NODISCARD ndup_status ndup__statement_check_seal(const ndup__database *database,
                                                      sqlite3_stmt *statement, int column,
                                                      uint64_t seal, const char *table,
                                                      int64_t number, ndup_error *error);

/* What SQLite's last failure on the connection is as a status. */
ndup_status ndup__database_fail(const ndup__database *database, const char *doing,
                                ndup_error *error);

/* Texts and blobs of a row: borrowed until the statement is used again. */
ndup_text ndup__column_text(sqlite3_stmt *statement, int column);
ndup_text ndup__column_blob(sqlite3_stmt *statement, int column);

/* An empty one is NULL to those who look into the tables. Columns count from 0. */
void ndup__bind_text(sqlite3_stmt *statement, int column, ndup_text text);
void ndup__bind_blob(sqlite3_stmt *statement, int column, ndup_text blob);

#endif
