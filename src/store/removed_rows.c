/* SPDX-License-Identifier: MIT */
/* Which numbers have no row any more: a bit each, 1,024 to a row, and no row where all are there. A
 * page that is damaged can lose a row without a word; then the row is missed here. */
#include <string.h>

#include "base/error.h"
#include "store/row_seals.h"
#include "store/statements.h"

enum { BLOCK_NUMBERS = 1024, BLOCK_BYTES = BLOCK_NUMBERS / 8 };

/* The bits of a block, of a number each. */
static ndup_status read_block(unsigned char bits[BLOCK_BYTES], ndup__database *database,
                              uint32_t block, ndup_error *error)
{
    bool found = false;
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_GET_REMOVED, block, 0, error);
    memset(bits, 0, BLOCK_BYTES);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = ndup__statement_step(database, statement, &found, error);
    if (found) {
        ndup_text numbers = ndup__column_blob(statement, 0);
        status = ndup__statement_check_seal(database, statement, 1,
                                            ndup__seal_removed(block, numbers), "removed", block,
                                            error);
        if (numbers.length == BLOCK_BYTES) {
            memcpy(bits, numbers.bytes, BLOCK_BYTES);
        }
    }
    sqlite3_reset(statement);
    return status;
}

static ndup_status write_block(ndup__database *database, uint32_t block,
                               const unsigned char bits[BLOCK_BYTES], ndup_error *error)
{
    const ndup_text numbers = {(const char *)bits, BLOCK_BYTES};
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_SET_REMOVED, block, 0, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup__bind_blob(statement, 1, numbers);
    sqlite3_bind_int64(statement, 3, (int64_t)ndup__seal_removed(block, numbers));
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__removed_note(ndup__database *database, uint32_t number, ndup_error *error)
{
    unsigned char bits[BLOCK_BYTES];
    uint32_t block = number / BLOCK_NUMBERS;
    uint32_t place = number % BLOCK_NUMBERS;
    ndup_status status = read_block(bits, database, block, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    bits[place / 8] |= (unsigned char)(1U << place % 8);
    return write_block(database, block, bits, error);
}

/* The first number from one on, up to the last, that was not removed; 0: there is none. */
static uint32_t find_kept(const unsigned char bits[BLOCK_BYTES], uint32_t number, uint32_t last)
{
    for (uint64_t at = number; at <= last && at / BLOCK_NUMBERS == number / BLOCK_NUMBERS; at++) {
        uint32_t place = (uint32_t)(at % BLOCK_NUMBERS);
        if ((bits[place / 8] >> place % 8 & 1) == 0) {
            return (uint32_t)at;
        }
    }
    return 0;
}

ndup_status ndup__removed_require(ndup__database *database, uint32_t first, uint32_t last,
                                  ndup_error *error)
{
    unsigned char bits[BLOCK_BYTES];
    ndup__database_counts counts;
    ndup_status status = ndup__database_count(database, &counts, error);
    if (status == NDUP_STATUS_OK && last > counts.last) {
        last = counts.last; /* a number that another transaction has given */
    }
    uint64_t at = first;
    while (at <= last && status == NDUP_STATUS_OK) {
        status = read_block(bits, database, (uint32_t)at / BLOCK_NUMBERS, error);
        uint32_t kept = status == NDUP_STATUS_OK ? find_kept(bits, (uint32_t)at, last) : 0;
        if (kept != 0) {
            status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: document %u is missing",
                                sqlite3_db_filename(database->connection, "main"), kept);
        }
        at = (at / BLOCK_NUMBERS + 1) * BLOCK_NUMBERS;
    }
    return status;
}
