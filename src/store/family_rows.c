/* SPDX-License-Identifier: MIT */
/* Rows of families, of what tells of them, and of segments. */
#include "base/error.h"
#include "store/row_seals.h"
#include "store/statements.h"

ndup_status ndup__database_member(ndup__database *database, uint32_t family, uint32_t from,
                                  uint32_t *number, bool *found, ndup_error *error)
{
    int64_t value;
    ndup_status status =
        ndup__statement_find(database, NDUP__STATEMENT_MEMBER, family, from, &value, found, error);
    *number = (uint32_t)value;
    return status;
}

ndup_status ndup__database_next_family(ndup__database *database, uint32_t from, uint32_t *family,
                                       bool *found, ndup_error *error)
{
    int64_t value;
    ndup_status status =
        ndup__statement_find(database, NDUP__STATEMENT_NEXT_FAMILY, from, 0, &value, found, error);
    *family = (uint32_t)value;
    return status;
}

ndup_status ndup__database_witness(ndup__database *database, uint32_t family, uint32_t place,
                                   ndup_text *tokens, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_GET_WITNESS, family, place, error);
    *found = false;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        *tokens = ndup__column_blob(statement, 0);
        status = ndup__statement_check_seal(database, statement, 1,
                                            ndup__seal_witness(family, place, *tokens), "witnesses",
                                            family, error);
    }
    return status;
}

ndup_status ndup__database_add_witness(ndup__database *database, uint32_t family, uint32_t place,
                                       ndup_text tokens, ndup_error *error)
{
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_ADD_WITNESS, family, place, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup__bind_blob(statement, 2, tokens);
    sqlite3_bind_int64(statement, 4, (int64_t)ndup__seal_witness(family, place, tokens));
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_remove_witnesses(ndup__database *database, uint32_t family,
                                            ndup_error *error)
{
    return ndup__statement_run_numbers(database, NDUP__STATEMENT_REMOVE_WITNESSES, family, 0,
                                       error);
}

ndup_status ndup__database_members(ndup__database *database, uint32_t family, uint64_t *members,
                                   ndup_error *error)
{
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_GET_MEMBERS, family, 0, error);
    bool found = false;
    *members = 1;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = ndup__statement_step(database, statement, &found, error);
    if (found) {
        *members = (uint64_t)sqlite3_column_int64(statement, 0);
        status =
            ndup__statement_check_seal(database, statement, 1, ndup__seal_members(family, *members),
                                       "families", family, error);
    }
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__database_family_size(ndup__database *database, uint32_t family, uint64_t *members,
                                       ndup_error *error)
{
    uint32_t copy;
    bool has_copy = false;
    ndup_status status = ndup__database_members(database, family, members, error);
    if (status == NDUP_STATUS_OK && *members == 1) {
        status = ndup__database_member(database, family, 1, &copy, &has_copy, error);
    }
    return has_copy ? ndup__fail(error, NDUP_STATUS_CORRUPT,
                                 "%s: the members of family %u are not counted",
                                 sqlite3_db_filename(database->connection, "main"), family)
                    : status;
}

static ndup_status set_members(ndup__database *database, uint32_t family, uint64_t members,
                               ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_begin(database, NDUP__STATEMENT_SET_MEMBERS, family,
                                                    (int64_t)members, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    sqlite3_bind_int64(statement, 3, (int64_t)ndup__seal_members(family, members));
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_count_members(ndup__database *database, uint32_t family, int change,
                                         ndup_error *error)
{
    uint64_t before;
    ndup_status status = ndup__database_members(database, family, &before, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    int64_t after = (int64_t)before + change;
    status = after > 1 ? set_members(database, family, (uint64_t)after, error)
                       : ndup__statement_run_numbers(database, NDUP__STATEMENT_REMOVE_FAMILY,
                                                     family, 0, error);
    database->counts.families += (uint64_t)((after > 1) - (before > 1));
    database->counts_changed = true;
    return status;
}

ndup_status ndup__database_next_segment(ndup__database *database, uint32_t from,
                                        ndup__stored_segment *segment, bool *found,
                                        ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_NEXT_SEGMENT, error);
    *found = false;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    sqlite3_bind_int64(statement, 1, from);
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        *segment = (ndup__stored_segment){.first = (uint32_t)sqlite3_column_int64(statement, 0),
                                          .last = (uint32_t)sqlite3_column_int64(statement, 1),
                                          .tier = (unsigned)sqlite3_column_int64(statement, 2),
                                          .name = ndup__column_text(statement, 3)};
    }
    return status;
}

ndup_status ndup__database_add_segment(ndup__database *database,
                                       const ndup__stored_segment *segment, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_ADD_SEGMENT, error);
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    sqlite3_bind_int64(statement, 1, segment->first);
    sqlite3_bind_int64(statement, 2, segment->last);
    sqlite3_bind_int64(statement, 3, segment->tier);
    ndup__bind_text(statement, 3, segment->name);
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_remove_segments(ndup__database *database, uint32_t first, uint32_t last,
                                           ndup_error *error)
{
    return ndup__statement_run_numbers(database, NDUP__STATEMENT_REMOVE_SEGMENTS, first, last,
                                       error);
}
