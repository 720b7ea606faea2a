/* SPDX-License-Identifier: MIT */
/* Rows of documents: each has two parts, of which questions read one or the other. */
#include <string.h>

#include "base/error.h"
#include "store/row_seals.h"
#include "store/statements.h"

/* Columns of `documents`, in the order of the table and of NDUP__OF_DOCUMENT, NDUP__OF_SKETCH. */
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
    COLUMN_SEAL,
    COLUMN_SKETCH,
    COLUMN_TOKEN_LIST,
    COLUMN_SKETCH_SEAL,
    COLUMN_TEXT
};

/* Where a sketch stands in what GET_SKETCH selects: behind the number. */
#define SKETCH_FIRST 1

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

static void bind_sketch(sqlite3_stmt *statement, uint32_t number, const ndup__stored_sketch *sketch)
{
    ndup__bind_blob(statement, COLUMN_SKETCH, sketch->row);
    ndup__bind_blob(statement, COLUMN_TOKEN_LIST, sketch->tokens);
    sqlite3_bind_int64(statement, COLUMN_SKETCH_SEAL + 1,
                       (int64_t)ndup__seal_sketch(number, sketch));
    ndup__bind_blob(statement, COLUMN_TEXT, sketch->text);
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
    bind_sketch(statement, document->number, sketch);
    ndup_status status = ndup__statement_run(database, statement, error);
    if (status == NDUP_STATUS_OK && document->is_dated) {
        status = ndup__block_note_time(database, document->number, document->time, error);
    }
    if (status == NDUP_STATUS_OK) {
        counts->last++;
        counts->documents++;
        counts->copies += !document->stands;
        database->counts_changed = true;
    }
    return status;
}

static ndup_status take_document(ndup__stored_document *document, const ndup__database *database,
                                 sqlite3_stmt *statement, ndup_error *error)
{
    read_document(statement, document);
    return ndup__statement_check_seal(database, statement, COLUMN_SEAL,
                                      ndup__seal_document(document), "documents", document->number,
                                      error);
}

/* The sketch of a document, which begins with a column of the statement, without its text. */
static ndup_status take_sketch(ndup__stored_sketch *sketch, const ndup__database *database,
                               sqlite3_stmt *statement, int first, uint32_t number,
                               ndup_error *error)
{
    *sketch = (ndup__stored_sketch){.row = ndup__column_blob(statement, first),
                                    .tokens = ndup__column_blob(statement, first + 1)};
    return ndup__statement_check_seal(database, statement, first + 2,
                                      ndup__seal_sketch(number, sketch), "documents", number,
                                      error);
}

/* The row of a number: a statement that stands on it, or no row, of which it is known why. */
static ndup_status find_row(sqlite3_stmt **statement, ndup__database *database,
                            ndup__statement which, uint32_t number, bool *found, ndup_error *error)
{
    *found = false;
    *statement = ndup__statement_begin(database, which, number, 0, error);
    if (*statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = ndup__statement_step(database, *statement, found, error);
    return status == NDUP_STATUS_OK && !*found
               ? ndup__block_require_removed(database, number, number, error)
               : status;
}

ndup_status ndup__database_document(ndup__database *database, uint32_t number,
                                    ndup__stored_document *document, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement;
    ndup_status status =
        find_row(&statement, database, NDUP__STATEMENT_GET_DOCUMENT, number, found, error);
    return *found ? take_document(document, database, statement, error) : status;
}

ndup_status ndup__database_sketch(ndup__database *database, uint32_t number,
                                  ndup__stored_sketch *sketch, bool *found, ndup_error *error)
{
    sqlite3_stmt *statement;
    ndup_status status =
        find_row(&statement, database, NDUP__STATEMENT_GET_SKETCH, number, found, error);
    if (*found) {
        status = take_sketch(sketch, database, statement, SKETCH_FIRST, number, error);
        sketch->text = ndup__column_blob(statement, SKETCH_FIRST + COLUMN_TEXT - COLUMN_SKETCH);
    }
    return status;
}

/* One statement of a scan: it goes on where it stands if that is in front of `from`. */
static sqlite3_stmt *scan_from(ndup__database *database, uint32_t from, ndup_error *error)
{
    return database->scanned != 0 && from == database->scanned + 1
               ? database->statements[NDUP__STATEMENT_NEXT_DOCUMENT]
               : ndup__statement_begin(database, NDUP__STATEMENT_NEXT_DOCUMENT, from, 0, error);
}

ndup_status ndup__database_next(ndup__database *database, uint32_t from,
                                ndup__stored_document *document, ndup__stored_sketch *sketch,
                                bool *found, ndup_error *error)
{
    sqlite3_stmt *statement = scan_from(database, from, error);
    *found = false;
    database->scanned = 0;
    if (statement == NULL) {
        return ndup__statement_failure(database);
    }
    ndup_status status = ndup__statement_step(database, statement, found, error);
    if (*found) {
        status = take_document(document, database, statement, error);
    }
    if (status == NDUP_STATUS_OK && *found) {
        status = take_sketch(sketch, database, statement, COLUMN_SKETCH, document->number, error);
    }
    if (status == NDUP_STATUS_OK && (!*found || document->number > from)) {
        status = ndup__block_require_removed(
            database, from, *found ? document->number - 1 : NDUP__NUMBER_MOST, error);
    }
    *found &= status == NDUP_STATUS_OK;
    database->scanned = *found ? document->number : 0;
    return status;
}

ndup_status ndup__database_remove(ndup__database *database, uint32_t number, ndup_error *error)
{
    ndup__stored_document document;
    bool found;
    ndup_status status = ndup__database_document(database, number, &document, &found, error);
    if (status == NDUP_STATUS_OK && found) {
        status = ndup__statement_run_numbers(database, NDUP__STATEMENT_REMOVE_DOCUMENT, number, 0,
                                             error);
    }
    if (status == NDUP_STATUS_OK && found) {
        status = ndup__block_note_removed(database, number, error);
    }
    if (status == NDUP_STATUS_OK && found) {
        database->counts.documents--;
        database->counts.copies -= !document.stands;
        database->counts_changed = true;
    }
    return status;
}
