/* SPDX-License-Identifier: MIT */
/* Rows of documents: each in two tables, so that what is looked at often is small. */
#include <string.h>

#include "base/error.h"
#include "store/row_seals.h"
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
    COLUMN_SEAL
};

/* Those of `sketches`, in the order in which they are asked for. */
enum { SKETCH_NUMBER, SKETCH_ROW, SKETCH_TOKENS, SKETCH_SEAL, SKETCH_TEXT };

static void bind_document(sqlite3_stmt *statement, const ndup__stored_document *document)
{
    sqlite3_bind_int64(statement, COLUMN_NUMBER + 1, document->number);
    ndup__bind_text(statement, COLUMN_ID, document->id);
    ndup__bind_text(statement, COLUMN_URL, document->url);
    ndup__bind_text(statement, COLUMN_SOURCE, document->source);
    ndup__bind_text(statement, COLUMN_TITLE, document->title);
    ndup__bind_text(statement, COLUMN_DATE, document->date);
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
    sqlite3_bind_int64(statement, COLUMN_SEAL + 1, (int64_t)ndup__seal_document(document));
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
        return ndup__statement_failure(database);
    }
    sqlite3_bind_int64(statement, 1, number);
    ndup__bind_blob(statement, 1, sketch->row);
    ndup__bind_blob(statement, 2, sketch->tokens);
    ndup__bind_blob(statement, 3, sketch->text);
    sqlite3_bind_int64(statement, 5, (int64_t)ndup__seal_sketch(number, sketch));
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
        return ndup__statement_failure(database);
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

/* A row of one table without its other one. */
static ndup_status fail_half(const ndup__database *database, uint32_t number, ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: a part of document %u is missing",
                      sqlite3_db_filename(database->connection, "main"), number);
}

/* A number without a row has none in the other table either, unless the first was damaged. */
static ndup_status require_neither(ndup__database *database, ndup__statement other, uint32_t number,
                                   ndup_error *error)
{
    int64_t value;
    bool found;
    ndup_status status = ndup__statement_find(database, other, number, 0, &value, &found, error);
    return status == NDUP_STATUS_OK && found ? fail_half(database, number, error) : status;
}

/* The next row of a document. */
static ndup_status step_document(ndup__database *database, sqlite3_stmt *statement,
                                 ndup__stored_document *document, bool *found, ndup_error *error)
{
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        read_document(statement, document);
        status = ndup__statement_check_seal(database, statement, COLUMN_SEAL,
                                            ndup__seal_document(document), "documents",
                                            document->number, error);
    }
    return status;
}

ndup_status ndup__database_document(ndup__database *database, uint32_t number,
                                    ndup__stored_document *document, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_GET_DOCUMENT, number, 0, error);
    *found = false;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = step_document(database, statement, document, found, error);
    return status == NDUP_STATUS_OK && !*found
               ? require_neither(database, NDUP__STATEMENT_HAS_SKETCH, number, error)
               : status;
}

/* The next row of a sketch, without its text. */
static ndup_status step_sketch(ndup__database *database, sqlite3_stmt *statement, uint32_t *number,
                               ndup__stored_sketch *sketch, bool *found, ndup_error *error)
{
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        *number = (uint32_t)sqlite3_column_int64(statement, SKETCH_NUMBER);
        *sketch = (ndup__stored_sketch){.row = ndup__column_blob(statement, SKETCH_ROW),
                                        .tokens = ndup__column_blob(statement, SKETCH_TOKENS)};
        status = ndup__statement_check_seal(database, statement, SKETCH_SEAL,
                                            ndup__seal_sketch(*number, sketch), "sketches", *number,
                                            error);
    }
    return status;
}

ndup_status ndup__database_sketch(ndup__database *database, uint32_t number,
                                  ndup__stored_sketch *sketch, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement =
        ndup__statement_begin(database, NDUP__STATEMENT_GET_SKETCH, number, 0, error);
    *found = false;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = step_sketch(database, statement, &number, sketch, found, error);
    if (*found) {
        sketch->text = ndup__column_blob(statement, SKETCH_TEXT);
        return status;
    }
    return status == NDUP_STATUS_OK
               ? require_neither(database, NDUP__STATEMENT_HAS_DOCUMENT, number, error)
               : status;
}

/* One statement of a scan: it goes on where it stands if that is in front of `from`. */
static sqlite3_stmt *scan_from(ndup__database *database, ndup__statement which, uint32_t from,
                               ndup_error *error)
{
    return database->scanned != 0 && from == database->scanned + 1
               ? database->statements[which]
               : ndup__statement_begin(database, which, from, 0, error);
}

/* Both tables go in step, so that no row is missed of which one half is damaged. */
ndup_status ndup__database_next(ndup__database *database, uint32_t from,
                                ndup__stored_document *document, ndup__stored_sketch *sketch,
                                bool *found, ndup_error *error)
{
    sqlite3_stmt *documents = scan_from(database, NDUP__STATEMENT_NEXT_DOCUMENT, from, error);
    sqlite3_stmt *sketches =
        documents != NULL ? scan_from(database, NDUP__STATEMENT_NEXT_SKETCH, from, error) : NULL;
    uint32_t number = 0;
    bool has_sketch = false;
    *found = false;
    database->scanned = 0;
    if (sketches == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = step_document(database, documents, document, found, error);
    if (status == NDUP_STATUS_OK) {
        status = step_sketch(database, sketches, &number, sketch, &has_sketch, error);
    }
    if (status == NDUP_STATUS_OK &&
        (*found != has_sketch || (*found && document->number != number))) {
        status = fail_half(database, *found ? document->number : number, error);
    }
    *found &= status == NDUP_STATUS_OK;
    database->scanned = *found ? number : 0;
    return status;
}

ndup_status ndup__database_remove(ndup__database *database, uint32_t number, ndup_error *error)
{
    ndup__stored_document document;
    bool found;
    ndup_status status = ndup__database_document(database, number, &document, &found, error);
    bool is_copy = found && !document.stands;
    if (status == NDUP_STATUS_OK && found) {
        status = ndup__statement_run_numbers(database, NDUP__STATEMENT_REMOVE_DOCUMENT, number, 0,
                                             error);
    }
    if (status == NDUP_STATUS_OK && found) {
        status =
            ndup__statement_run_numbers(database, NDUP__STATEMENT_REMOVE_SKETCH, number, 0, error);
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
    ndup_status status = ndup__statement_find(database, NDUP__STATEMENT_NEXT_OLDER, from, before,
                                              &value, found, error);
    *number = (uint32_t)value;
    return status;
}
