/* SPDX-License-Identifier: MIT */
/* An index as lines of JSON. */
#include "base/alloc.h"
#include "base/base64.h"
#include "base/require.h"
#include "index/moved_rows.h"
#include "neardup/output.h"
#include "pipeline/progress.h"
#include "report/json_out.h"

typedef struct dumping {
    ndup__out out;
    ndup_index_line_visitor visit;
    void *context;
    ndup__reporter reporter;
    uint64_t done;
} dumping;

/* The line is gathered in memory: a string's closing quote can be taken back. */
static void write_bytes(ndup__out *out, const char *key, ndup_text bytes)
{
    size_t length = ndup__base64_length(bytes.length);
    ndup__json_string(out, key, (ndup_text){"", 0});
    out->held -= out->held > 0;
    char *at = ndup__out_room(out, length + 1);
    if (at != NULL) {
        ndup__base64_encode(at, bytes.bytes, bytes.length);
        at[length] = '"';
        ndup__out_keep(out, at + length + 1);
    }
}

static ndup_status hand_over(dumping *now, ndup_error *error)
{
    ndup_status status = ndup__out_status(&now->out, error);
    return status == NDUP_STATUS_OK
               ? now->visit(now->context, (ndup_text){now->out.bytes, now->out.held}, error)
               : status;
}

static void begin_line(ndup__out *out)
{
    out->held = 0;
    out->needs_comma = false;
    ndup__json_open(out, NULL, '{');
}

static ndup_status dump_parameters(dumping *now, const ndup__index_settings *settings,
                                   ndup_error *error)
{
    ndup__row_parameter list[NDUP__ROW_PARAMETERS];
    ndup__out *out = &now->out;
    ndup__row_parameters(list, settings);
    begin_line(out);
    ndup__json_word(out, "type", "neardup-index-dump");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", NDUP_VERSION_STRING);
    for (size_t i = 0; i < NDUP__ROW_PARAMETERS; i++) {
        ndup__json_word(out, list[i].name, list[i].value);
    }
    ndup__json_close(out, '}');
    return hand_over(now, error);
}

static ndup_status dump_row(dumping *now, const ndup__moved_row *row, ndup_error *error)
{
    const ndup__stored_document *document = &row->document;
    const ndup__stored_sketch *sketch = &row->sketch;
    ndup__out *out = &now->out;
    begin_line(out);
    ndup__json_string(out, "id", document->id);
    ndup__json_optional(out, "url", document->url);
    ndup__json_optional(out, "source", document->source);
    ndup__json_optional(out, "title", document->title);
    ndup__json_optional(out, "date", document->date);
    ndup__json_count(out, "group", document->family);
    ndup__json_bool(out, "first", document->stands);
    ndup__json_count(out, "bytes", document->bytes);
    ndup__json_count(out, "tokens", document->tokens);
    ndup__json_count(out, "reading", document->reading);
    ndup__json_count(out, "added", document->added > 0 ? (uint64_t)document->added : 0);
    ndup__json_hash(out, "text_hash", document->text_hash);
    ndup__json_hash(out, "class_low", document->class_hash[0]);
    ndup__json_hash(out, "class_high", document->class_hash[1]);
    write_bytes(out, "sketch", sketch->row);
    write_bytes(out, "words", sketch->tokens);
    write_bytes(out, "text", sketch->text);
    ndup__json_close(out, '}');
    return hand_over(now, error);
}

static ndup_status dump_rows(dumping *now, const ndup_index *index, ndup__database *database,
                             ndup_error *error)
{
    ndup__moved_row row = {.document.number = 0};
    ndup_status status = NDUP_STATUS_OK;
    bool found = true;
    while (status == NDUP_STATUS_OK && found) {
        status =
            ndup__moved_row_next(&row, index, database, row.document.number + 1, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = dump_row(now, &row, error);
            now->done++;
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&now->reporter, now->done, now->done, error);
        }
    }
    return status;
}

static ndup_status dump(dumping *now, ndup_index *index, ndup_error *error)
{
    ndup__session *session;
    ndup__database_counts counts;
    bool is_broken;
    ndup_status status = ndup__index_take_session(index, &session, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__session_begin(session, false, &is_broken, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_count(session->database, &counts, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&now->reporter, NDUP_STAGE_VERIFY, counts.documents, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = dump_parameters(now, &index->settings, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = dump_rows(now, index, session->database, error);
    }
    ndup__database_rollback(session->database);
    ndup__index_give_session(index, session);
    return status;
}

ndup_status ndup_index_dump(ndup_index *index, ndup_index_line_visitor visit, void *context,
                            const ndup_hooks *hooks, ndup_error *error)
{
    dumping now = {.visit = visit, .context = context, .reporter = {.hooks = hooks}};
    ndup_status status = NDUP__REQUIRE(error, "index", index, "visit", visit);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__out_init(&now.out, NULL, index->allocator);
    status = dump(&now, index, error);
    ndup__out_deinit(&now.out);
    return status;
}
