/* SPDX-License-Identifier: MIT */
/* What is known of 1,024 numbers together: which of them have no row any more, and a time that none
 * of them is dated before. A page that is damaged can lose a row without a word; then the row is
 * missed here. And who looks for old documents passes over blocks that have none. */
#include <string.h>

#include "base/error.h"
#include "store/row_seals.h"
#include "store/statements.h"

/* Reads the row that a statement selects, if there is one. */
static ndup_status take_block(ndup__stored_block *row, ndup__database *database,
                              ndup__statement which, uint32_t from, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_begin(database, which, from, 0, error);
    *row = (ndup__stored_block){.block = from, .least = INT64_MAX};
    *found = false;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        ndup_text removed = ndup__column_blob(statement, 2);
        row->block = (uint32_t)sqlite3_column_int64(statement, 0);
        row->least = sqlite3_column_int64(statement, 1);
        row->has_removed = removed.length == NDUP__REMOVED_BYTES;
        if (row->has_removed) {
            memcpy(row->removed, removed.bytes, NDUP__REMOVED_BYTES);
        }
        status = ndup__statement_check_seal(database, statement, 3, ndup__seal_block(row), "blocks",
                                            row->block, error);
    }
    sqlite3_reset(statement);
    return status;
}

/* Numbers of which nothing is noted have none removed, and none dated. */
static ndup_status read_block(ndup__stored_block *row, ndup__database *database, uint32_t block,
                              ndup_error *error)
{
    bool found;
    return take_block(row, database, NDUP__STATEMENT_GET_BLOCK, block, &found, error);
}

static ndup_status write_block(ndup__database *database, const ndup__stored_block *row,
                               ndup_error *error)
{
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_SET_BLOCK, row->block, row->least, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup__bind_blob(statement, 2,
                    (ndup_text){(const char *)row->removed,
                                row->has_removed ? (size_t)NDUP__REMOVED_BYTES : 0});
    sqlite3_bind_int64(statement, 4, (int64_t)ndup__seal_block(row));
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__block_note_removed(ndup__database *database, uint32_t number, ndup_error *error)
{
    ndup__stored_block row;
    uint32_t place = number % NDUP__NUMBERS_OF_BLOCK;
    ndup_status status = read_block(&row, database, number / NDUP__NUMBERS_OF_BLOCK, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    row.has_removed = true;
    row.removed[place / 8] |= (unsigned char)(1U << place % 8);
    return write_block(database, &row, error);
}

/* The first number from one on, up to the last, that was not removed; 0: there is none. */
static uint32_t find_kept(const ndup__stored_block *row, uint32_t number, uint32_t last)
{
    uint64_t end = ((uint64_t)row->block + 1) * NDUP__NUMBERS_OF_BLOCK;
    for (uint64_t at = number; at <= last && at < end; at++) {
        if (!ndup__block_has_removed(row, (uint32_t)at)) {
            return (uint32_t)at;
        }
    }
    return 0;
}

ndup_status ndup__block_require_removed(ndup__database *database, uint32_t first, uint32_t last,
                                        ndup_error *error)
{
    ndup__stored_block row;
    ndup__database_counts counts;
    ndup_status status = ndup__database_count(database, &counts, error);
    if (status == NDUP_STATUS_OK && last > counts.last) {
        last = counts.last; /* a number that another transaction has given */
    }
    uint64_t at = first;
    while (at <= last && status == NDUP_STATUS_OK) {
        status = read_block(&row, database, (uint32_t)at / NDUP__NUMBERS_OF_BLOCK, error);
        uint32_t kept = status == NDUP_STATUS_OK ? find_kept(&row, (uint32_t)at, last) : 0;
        if (kept != 0) {
            status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: document %u is missing",
                                sqlite3_db_filename(database->connection, "main"), kept);
        }
        at = (at / NDUP__NUMBERS_OF_BLOCK + 1) * NDUP__NUMBERS_OF_BLOCK;
    }
    return status;
}

static ndup_status write_least(ndup__database *database, uint32_t block, int64_t least,
                               ndup_error *error)
{
    ndup__stored_block row;
    ndup_status status = read_block(&row, database, block, error);
    row.least = least;
    return status == NDUP_STATUS_OK ? write_block(database, &row, error) : status;
}

/* The block that was added to last is remembered: its row is read once in a transaction, and
 * written only for a document that is older than all before, which few are. */
ndup_status ndup__block_note_time(ndup__database *database, uint32_t number, int64_t time,
                                  ndup_error *error)
{
    uint32_t block = number / NDUP__NUMBERS_OF_BLOCK;
    ndup__stored_block *last = &database->last_block;
    ndup_status status = NDUP_STATUS_OK;
    if (!database->knows_last_block || last->block != block) {
        status = read_block(last, database, block, error);
        database->knows_last_block = status == NDUP_STATUS_OK;
    }
    if (status != NDUP_STATUS_OK || time >= last->least) {
        return status;
    }
    last->least = time;
    return write_least(database, block, time, error);
}

ndup_status ndup__database_next_block(ndup__database *database, uint32_t from,
                                      ndup__stored_block *row, bool *found, ndup_error *error)
{
    return take_block(row, database, NDUP__STATEMENT_NEXT_BLOCK, from, found, error);
}

/* The first document of a block from a number on that is dated before a time. */
static ndup_status find_older(ndup__database *database, uint32_t from, int64_t before,
                              uint32_t *number, bool *found, ndup_error *error)
{
    int64_t value;
    ndup_status status = ndup__statement_find(database, NDUP__STATEMENT_NEXT_OLDER, from, before,
                                              &value, found, error);
    *number = (uint32_t)value;
    return status;
}

/* The same; a block that has none any more is noted to have none. */
static ndup_status find_in_block(ndup__database *database, uint32_t block, uint32_t from,
                                 int64_t before, uint32_t *number, bool *found, ndup_error *error)
{
    uint32_t first = block * NDUP__NUMBERS_OF_BLOCK;
    ndup_status status =
        find_older(database, from > first ? from : first, before, number, found, error);
    if (status != NDUP_STATUS_OK || *found || !database->writes) {
        return status;
    }
    bool has_other = false;
    uint32_t other;
    status = find_older(database, first, before, &other, &has_other, error);
    if (status != NDUP_STATUS_OK || has_other) {
        return status;
    }
    database->knows_last_block = false;
    return write_least(database, block, before, error);
}

ndup_status ndup__database_next_older(ndup__database *database, uint32_t from, int64_t before,
                                      uint32_t *number, bool *found, ndup_error *error)
{
    ndup__stored_block row;
    bool has_block = true;
    uint32_t block = from / NDUP__NUMBERS_OF_BLOCK;
    ndup_status status = NDUP_STATUS_OK;
    *found = false;
    while (!*found && status == NDUP_STATUS_OK) {
        status = ndup__database_next_block(database, block, &row, &has_block, error);
        if (status != NDUP_STATUS_OK || !has_block) {
            return status;
        }
        if (row.least < before) {
            status = find_in_block(database, row.block, from, before, number, found, error);
        }
        block = row.block + 1;
    }
    return status;
}
