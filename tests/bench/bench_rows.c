/* SPDX-License-Identifier: MIT */
/* How fast SQLite takes rows as an index has them, with nothing around it: the floor of bulk
 * building. usage: bench_rows FILE [ROWS [TOKEN_BYTES]]: makes FILE, which must not exist. Each row
 * is one step of one prepared statement; prints processor time and the time until all is synced. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { TOGETHER = 100000, SKETCH_BYTES = 150, TOKENS_MOST = 4000 };

static void run(sqlite3 *connection, const char *sql)
{
    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench_rows: %s\n", sqlite3_errmsg(connection));
        exit(1);
    }
}

/* What stays the same is bound once. */
static void bind_same(sqlite3_stmt *statement, const char *bytes, int token_bytes)
{
    sqlite3_bind_text(statement, 2, "made-1-123456", -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, "https://example.org/news/123456/made-1-123456", -1,
                      SQLITE_STATIC);
    sqlite3_bind_int64(statement, 9, 3000);
    sqlite3_bind_int64(statement, 10, 500);
    sqlite3_bind_int64(statement, 11, 0);
    sqlite3_bind_blob(statement, 13, bytes, 16, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 15, 1);
    sqlite3_bind_blob(statement, 17, bytes, SKETCH_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 18, bytes, token_bytes, SQLITE_STATIC);
}

static void add_row(sqlite3_stmt *statement, sqlite3_int64 i)
{
    const sqlite3_int64 hash = (sqlite3_int64)((unsigned long long)i * 0x9E3779B97F4A7C15u);
    sqlite3_bind_int64(statement, 1, i);
    sqlite3_bind_int64(statement, 7, 1700000000000 + i);
    sqlite3_bind_int64(statement, 8, 1700000000000);
    sqlite3_bind_int64(statement, 12, hash);
    sqlite3_bind_int64(statement, 14, i);
    sqlite3_bind_int64(statement, 16, hash);
    sqlite3_bind_int64(statement, 19, hash);
    sqlite3_step(statement);
    sqlite3_reset(statement);
}

static void add_rows(sqlite3 *connection, sqlite3_int64 rows, int token_bytes)
{
    static char bytes[TOKENS_MOST];
    sqlite3_stmt *statement;
    memset(bytes, 'x', sizeof bytes);
    if (sqlite3_prepare_v2(connection,
                           "INSERT INTO documents VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                           "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
                           -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench_rows: %s\n", sqlite3_errmsg(connection));
        exit(1);
    }
    bind_same(statement, bytes, token_bytes);
    run(connection, "BEGIN");
    for (sqlite3_int64 i = 1; i <= rows; i++) {
        add_row(statement, i);
        if (i % TOGETHER == 0) {
            run(connection, "COMMIT; BEGIN");
        }
    }
    run(connection, "COMMIT");
    sqlite3_finalize(statement);
}

int main(int argc, char *argv[])
{
    sqlite3 *connection;
    long long rows = argc > 2 ? strtoll(argv[2], NULL, 10) : 100000;
    long token_bytes = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
    if (argc < 2 || token_bytes < 0 || token_bytes > TOKENS_MOST || rows < 1) {
        fprintf(stderr, "usage: bench_rows FILE [ROWS [TOKEN_BYTES]]\n");
        return 2;
    }
    if (sqlite3_open(argv[1], &connection) != SQLITE_OK) {
        fprintf(stderr, "bench_rows: %s\n", sqlite3_errmsg(connection));
        return 1;
    }
    run(connection,
        "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "CREATE TABLE documents(number INTEGER PRIMARY KEY, id, url, source, title, date, time, "
        "added, bytes, tokens, reading, text_hash, class_hash, family, stands, seal, sketch, "
        "token_list, sketch_seal, text);"
        "CREATE INDEX copies ON documents(family, number) WHERE stands = 0");
    double begin = ndup__clock_seconds();
    clock_t processor = clock();
    add_rows(connection, rows, (int)token_bytes);
    run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    double seconds = ndup__clock_seconds() - begin;
    printf("rows of SQLite alone %12.0f a second (%.0f ns of a processor each)\n",
           (double)rows / seconds,
           1e9 * (double)(clock() - processor) / CLOCKS_PER_SEC / (double)rows);
    sqlite3_close(connection);
    return 0;
}
