/* SPDX-License-Identifier: MIT */
/* The documents of one index, added to another. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "index/moved_rows.h"
#include "pipeline/progress.h"

typedef struct merging {
    ndup_index *index;
    ndup_index *other;
    ndup__reporter reporter;
    ndup__moved_row *rows; /* [NDUP__MOVED_TOGETHER], of which count are filled */
    size_t count;
    ndup__arena arena; /* of their texts */
    uint32_t number;   /* the last one that was taken */
    uint64_t moved;
} merging;

static ndup_status copy(ndup_text *text, ndup__arena *arena, ndup_error *error)
{
    char *bytes = NULL;
    ndup_status status = ndup__arena_copy(arena, &bytes, text->bytes, text->length, error);
    text->bytes = bytes;
    return status;
}

static ndup_status copy_row(ndup__moved_row *row, ndup__arena *arena, ndup_error *error)
{
    ndup_text *const texts[] = {&row->document.id,    &row->document.url,  &row->document.source,
                                &row->document.title, &row->document.date, &row->sketch.row,
                                &row->sketch.tokens,  &row->sketch.text};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == NDUP_STATUS_OK; i++) {
        status = copy(texts[i], arena, error);
    }
    return status;
}

static ndup_status take_row(merging *now, ndup__database *database, bool *found, ndup_error *error)
{
    ndup__moved_row *row = &now->rows[now->count];
    ndup_status status =
        ndup__moved_row_next(row, now->other, database, now->number + 1, found, error);
    if (status == NDUP_STATUS_OK && *found) {
        now->number = row->document.number;
        status = copy_row(row, &now->arena, error);
        now->count++;
    }
    return status;
}

/* Takes the next rows of the other index. */
static ndup_status take_rows(merging *now, ndup_error *error)
{
    ndup__session *session;
    bool is_broken;
    bool found = true;
    now->count = 0;
    ndup__arena_reset(&now->arena);
    ndup_status status = ndup__index_take_session(now->other, &session, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__session_begin(session, false, &is_broken, error);
    while (status == NDUP_STATUS_OK && found && now->count < NDUP__MOVED_TOGETHER) {
        status = take_row(now, session->database, &found, error);
    }
    ndup__database_rollback(session->database);
    ndup__index_give_session(now->other, session);
    return status;
}

static ndup_status merge(merging *now, ndup_error *error)
{
    ndup_index_statistics statistics;
    ndup_status status = ndup_index_stat(now->other, &statistics, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__reporter_begin(&now->reporter, NDUP_STAGE_VERIFY, statistics.documents, error);
    }
    while (status == NDUP_STATUS_OK) {
        status = take_rows(now, error);
        if (status != NDUP_STATUS_OK || now->count == 0) {
            break;
        }
        status = ndup__moved_rows_add(now->index, now->rows, now->count, error);
        now->moved += now->count;
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&now->reporter, now->moved, now->moved, error);
        }
    }
    return status;
}

static ndup_status check_merge(const ndup_index *index, const ndup_index *other, ndup_error *error)
{
    ndup__row_parameter parameters[NDUP__ROW_PARAMETERS];
    if (index == other || index->settings.identity == other->settings.identity) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "an index cannot be merged into itself");
    }
    ndup__row_parameters(parameters, &other->settings);
    return ndup__row_parameters_check(&index->settings, parameters, error);
}

ndup_status ndup_index_merge(ndup_index *index, ndup_index *other, const ndup_hooks *hooks,
                             ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "index", index, "other", other);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_merge(index, other, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    merging now = {.index = index,
                   .other = other,
                   .reporter = {.hooks = hooks},
                   .arena = {.allocator = index->allocator}};
    status = ndup__allocate_zeroed(index->allocator, &now.rows, NDUP__MOVED_TOGETHER,
                                   sizeof *now.rows, error);
    if (status == NDUP_STATUS_OK) {
        status = merge(&now, error);
    }
    ndup__free(index->allocator, &now.rows, now.rows != NULL ? NDUP__MOVED_TOGETHER : 0,
               sizeof *now.rows);
    ndup__arena_deinit(&now.arena);
    return status;
}
