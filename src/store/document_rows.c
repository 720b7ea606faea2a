/* SPDX-License-Identifier: MIT */
/* Rows of documents, families and segments. */
#include <string.h>

#include "base/error.h"
#include "store/statements.h"

/* Columns of `documents`, in the order of the table. */
enum {
    COLUMN_NUMBER,
    COLUMN_ID,
    COLUMN_URL,
    COLUMN_SOURCE,
    COLUMN_TITLE,
    COLUMN_DATE,
    COLUMN_TIME,
    COLUMN_ADDED,
    COLUMN_BYTES,
    COLUMN_TOKENS,
    COLUMN_READING,
    COLUMN_TEXT_HASH,
    COLUMN_CLASS_HASH,
    COLUMN_FAMILY,
    COLUMN_STANDS,
    COLUMN_COUNT
};

/* What preparing a statement failed with stands in `error` already. */
static ndup_status not_prepared(const ndup__database *database)
{
    return ndup__database_fail(database, "cannot prepare", NULL);
}

/* An empty text is NULL to those who look into the tables. */
static void bind_text(sqlite3_stmt *statement, int column, ndup_text text)
{
    if (text.length > 0) {
        sqlite3_bind_text64(statement, column + 1, text.bytes, text.length, SQLITE_STATIC,
                            SQLITE_UTF8);
    } else {
        sqlite3_bind_null(statement, column + 1);
    }
}

static void bind_blob(sqlite3_stmt *statement, int column, ndup_text blob)
{
    if (blob.length > 0) {
        sqlite3_bind_blob64(statement, column + 1, blob.bytes, blob.length, SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, column + 1);
    }
}

static void bind_document(sqlite3_stmt *statement, const ndup__stored_document *document)
{
    sqlite3_bind_int64(statement, COLUMN_NUMBER + 1, document->number);
    bind_text(statement, COLUMN_ID, document->id);
    bind_text(statement, COLUMN_URL, document->url);
    bind_text(statement, COLUMN_SOURCE, document->source);
    bind_text(statement, COLUMN_TITLE, document->title);
    bind_text(statement, COLUMN_DATE, document->date);
    if (document->is_dated) {
        sqlite3_bind_int64(statement, COLUMN_TIME + 1, document->time);
    } else {
        sqlite3_bind_null(statement, COLUMN_TIME + 1);
    }
    sqlite3_bind_int64(statement, COLUMN_ADDED + 1, document->added);
    sqlite3_bind_int64(statement, COLUMN_BYTES + 1, (int64_t)document->bytes);
    sqlite3_bind_int64(statement, COLUMN_TOKENS + 1, (int64_t)document->tokens);
    sqlite3_bind_int64(statement, COLUMN_READING + 1, document->reading);
    sqlite3_bind_int64(statement, COLUMN_TEXT_HASH + 1, (int64_t)document->text_hash);
    sqlite3_bind_blob(statement, COLUMN_CLASS_HASH + 1, document->class_hash,
                      sizeof document->class_hash, SQLITE_STATIC);
    sqlite3_bind_int64(statement, COLUMN_FAMILY + 1, document->family);
    sqlite3_bind_int64(statement, COLUMN_STANDS + 1, document->stands);
}

static void read_document(sqlite3_stmt *statement, ndup__stored_document *document)
{
    ndup_text class_hash = ndup__column_blob(statement, COLUMN_CLASS_HASH);
    *document = (ndup__stored_document){
        .number = (uint32_t)sqlite3_column_int64(statement, COLUMN_NUMBER),
        .id = ndup__column_text(statement, COLUMN_ID),
        .url = ndup__column_text(statement, COLUMN_URL),
        .source = ndup__column_text(statement, COLUMN_SOURCE),
        .title = ndup__column_text(statement, COLUMN_TITLE),
        .date = ndup__column_text(statement, COLUMN_DATE),
        .time = sqlite3_column_int64(statement, COLUMN_TIME),
        .is_dated = sqlite3_column_type(statement, COLUMN_TIME) != SQLITE_NULL,
        .added = sqlite3_column_int64(statement, COLUMN_ADDED),
        .bytes = (uint64_t)sqlite3_column_int64(statement, COLUMN_BYTES),
        .tokens = (uint64_t)sqlite3_column_int64(statement, COLUMN_TOKENS),
        .reading = (unsigned)sqlite3_column_int64(statement, COLUMN_READING),
        .text_hash = (uint64_t)sqlite3_column_int64(statement, COLUMN_TEXT_HASH),
        .family = (uint32_t)sqlite3_column_int64(statement, COLUMN_FAMILY),
        .stands = sqlite3_column_int64(statement, COLUMN_STANDS) != 0,
    };
    if (class_hash.length == sizeof document->class_hash) {
        memcpy(document->class_hash, class_hash.bytes, sizeof document->class_hash);
    }
}

static ndup_status add_sketch(ndup__database *database, uint32_t number,
                              const ndup__stored_sketch *sketch, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_ADD_SKETCH, error);
    if (statement == NULL) {
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, number);
    bind_blob(statement, 1, sketch->row);
    bind_blob(statement, 2, sketch->tokens);
    bind_blob(statement, 3, sketch->text);
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_add(ndup__database *database, ndup__stored_document *document,
                               const ndup__stored_sketch *sketch, ndup_error *error)
{
    ndup__database_counts *counts = &database->counts;
    if (counts->last == NDUP__NUMBER_MOST) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "an index has room for %u documents",
                          NDUP__NUMBER_MOST);
    }
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_ADD_DOCUMENT, error);
    if (statement == NULL) {
        return not_prepared(database);
    }
    document->number = counts->last + 1;
    document->family = document->family != 0 ? document->family : document->number;
    bind_document(statement, document);
    ndup_status status = ndup__statement_run(database, statement, error);
    if (status == NDUP_STATUS_OK) {
        status = add_sketch(database, document->number, sketch, error);
    }
    if (status == NDUP_STATUS_OK) {
        counts->last++;
        counts->documents++;
        counts->copies += !document->stands;
        database->counts_changed = true;
    }
    return status;
}

/* Steps a statement that was asked for one row of a document. */
static ndup_status step_document(ndup__database *database, sqlite3_stmt *statement,
                                 ndup__stored_document *document, bool *found, ndup_error *error)
{
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        read_document(statement, document);
    }
    return status;
}

ndup_status ndup__database_document(ndup__database *database, uint32_t number,
                                    ndup__stored_document *document, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_GET_DOCUMENT, error);
    *found = false;
    if (statement == NULL) {
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, number);
    return step_document(database, statement, document, found, error);
}

/* The statement of a scan: it goes on where it stands if that is in front of `from`. */
static sqlite3_stmt *scan_from(ndup__database *database, uint32_t from, ndup_error *error)
{
    if (database->scanned != 0 && from == database->scanned + 1) {
        return database->statements[NDUP__STATEMENT_NEXT];
    }
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_NEXT, error);
    if (statement != NULL) {
        sqlite3_bind_int64(statement, 1, from);
    }
    return statement;
}

ndup_status ndup__database_next(ndup__database *database, uint32_t from,
                                ndup__stored_document *document, ndup__stored_sketch *sketch,
                                bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = scan_from(database, from, error);
    *found = false;
    if (statement == NULL) {
        return not_prepared(database);
    }
    ndup_status status = step_document(database, statement, document, found, error);
    database->scanned = *found ? document->number : 0;
    if (*found) {
        *sketch = (ndup__stored_sketch){.row = ndup__column_blob(statement, COLUMN_COUNT),
                                        .tokens = ndup__column_blob(statement, COLUMN_COUNT + 1)};
    }
    return status;
}

ndup_status ndup__database_sketch(ndup__database *database, uint32_t number,
                                  ndup__stored_sketch *sketch, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_GET_SKETCH, error);
    *found = false;
    if (statement == NULL) {
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, number);
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        *sketch = (ndup__stored_sketch){.row = ndup__column_blob(statement, 0),
                                        .tokens = ndup__column_blob(statement, 1),
                                        .text = ndup__column_blob(statement, 2)};
    }
    return status;
}

/* Runs a statement that takes numbers and has no rows. */
static ndup_status run_numbers(ndup__database *database, ndup__statement which, int64_t first,
                               int64_t second, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, which, error);
    if (statement == NULL) {
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) > 1) {
        sqlite3_bind_int64(statement, 2, second);
    }
    return ndup__statement_run(database, statement, error);
}

/* The number that a statement finds for numbers. */
static ndup_status find_number(ndup__database *database, ndup__statement which, int64_t first,
                               int64_t second, int64_t *number, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, which, error);
    *found = false;
    *number = 0;
    if (statement == NULL) {
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) > 1) {
        sqlite3_bind_int64(statement, 2, second);
    }
    ndup_status status = ndup__statement_step(database, statement, found, error);
    *number = *found ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return status;
}

ndup_status ndup__database_remove(ndup__database *database, uint32_t number, ndup_error *error)
{
    ndup__stored_document document;
    bool found;
    ndup_status status = ndup__database_document(database, number, &document, &found, error);
    bool is_copy = found && !document.stands;
    if (status == NDUP_STATUS_OK && found) {
        status = run_numbers(database, NDUP__STATEMENT_REMOVE_DOCUMENT, number, 0, error);
    }
    if (status == NDUP_STATUS_OK && found) {
        status = run_numbers(database, NDUP__STATEMENT_REMOVE_SKETCH, number, 0, error);
    }
    if (status == NDUP_STATUS_OK && found) {
        database->counts.documents--;
        database->counts.copies -= is_copy;
        database->counts_changed = true;
    }
    return status;
}

ndup_status ndup__database_next_older(ndup__database *database, uint32_t from, int64_t before,
                                      uint32_t *number, bool *found, ndup_error *error)
{
    int64_t value;
    ndup_status status =
        find_number(database, NDUP__STATEMENT_NEXT_OLDER, from, before, &value, found, error);
    *number = (uint32_t)value;
    return status;
}

ndup_status ndup__database_member(ndup__database *database, uint32_t family, uint32_t from,
                                  uint32_t *number, bool *found, ndup_error *error)
{
    int64_t value;
    ndup_status status =
        find_number(database, NDUP__STATEMENT_MEMBER, family, from, &value, found, error);
    *number = (uint32_t)value;
    return status;
}

ndup_status ndup__database_next_family(ndup__database *database, uint32_t from, uint32_t *family,
                                       bool *found, ndup_error *error)
{
    int64_t value;
    ndup_status status =
        find_number(database, NDUP__STATEMENT_NEXT_FAMILY, from, 0, &value, found, error);
    *family = (uint32_t)value;
    return status;
}

ndup_status ndup__database_witness(ndup__database *database, uint32_t family, uint32_t place,
                                   ndup_text *tokens, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_GET_WITNESS, error);
    *found = false;
    if (statement == NULL) {
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, family);
    sqlite3_bind_int64(statement, 2, place);
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        *tokens = ndup__column_blob(statement, 0);
    }
    return status;
}

ndup_status ndup__database_add_witness(ndup__database *database, uint32_t family, uint32_t place,
                                       ndup_text tokens, ndup_error *error)
{
    sqlite3_stmt *statement = ndup__statement_get(database, NDUP__STATEMENT_ADD_WITNESS, error);
    if (statement == NULL) {
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, family);
    sqlite3_bind_int64(statement, 2, place);
    bind_blob(statement, 2, tokens);
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_remove_witnesses(ndup__database *database, uint32_t family,
                                            ndup_error *error)
{
    return run_numbers(database, NDUP__STATEMENT_REMOVE_WITNESSES, family, 0, error);
}

ndup_status ndup__database_members(ndup__database *database, uint32_t family, uint64_t *members,
                                   ndup_error *error)
{
    int64_t value;
    bool found;
    ndup_status status =
        find_number(database, NDUP__STATEMENT_GET_MEMBERS, family, 0, &value, &found, error);
    *members = found ? (uint64_t)value : 1;
    return status;
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
    status = after > 1 ? run_numbers(database, NDUP__STATEMENT_SET_MEMBERS, family, after, error)
                       : run_numbers(database, NDUP__STATEMENT_REMOVE_FAMILY, family, 0, error);
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
        return not_prepared(database);
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
        return not_prepared(database);
    }
    sqlite3_bind_int64(statement, 1, segment->first);
    sqlite3_bind_int64(statement, 2, segment->last);
    sqlite3_bind_int64(statement, 3, segment->tier);
    bind_text(statement, 3, segment->name);
    return ndup__statement_run(database, statement, error);
}

ndup_status ndup__database_remove_segments(ndup__database *database, uint32_t first, uint32_t last,
                                           ndup_error *error)
{
    return run_numbers(database, NDUP__STATEMENT_REMOVE_SEGMENTS, first, last, error);
}
