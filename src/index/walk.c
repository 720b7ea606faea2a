/* SPDX-License-Identifier: MIT */
/* Looking into an index: its documents, its size, whether it is sound. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "index/handle.h"
#include "index/segment_files.h"
#include "neardup/index.h"

static ndup_index_document shown(const ndup__stored_document *stored)
{
    return (ndup_index_document){.number = stored->number,
                                 .id = stored->id,
                                 .url = stored->url,
                                 .source = stored->source,
                                 .title = stored->title,
                                 .date = stored->date,
                                 .bytes = stored->bytes,
                                 .tokens = stored->tokens,
                                 .reading = (ndup_reading)stored->reading,
                                 .text_hash = stored->text_hash,
                                 .group = stored->family,
                                 .is_first = stored->stands,
                                 .added = stored->added};
}

/* Does something within a transaction of reading. */
static ndup_status with_reading(ndup_index *index,
                                ndup_status (*work)(void *context, ndup__session *session,
                                                    ndup_error *error),
                                void *context, ndup_error *error)
{
    ndup__session *session;
    bool is_broken;
    ndup_status status = ndup__index_take_session(index, &session, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__session_begin(session, false, &is_broken, error);
    if (status == NDUP_STATUS_OK) {
        status = work(context, session, error);
        ndup__database_rollback(session->database);
    }
    ndup__index_give_session(index, session);
    return status;
}

/* The text of a document, in memory of its own. */
static ndup_status unpack(ndup__session *session, ndup_index_document *document, ndup_error *error)
{
    const ndup_allocator *allocator = session->prepared.allocator;
    ndup__stored_sketch sketch;
    bool found;
    char *text = NULL;
    size_t length = (size_t)document->bytes;
    ndup_status status = ndup__database_sketch(session->database, (uint32_t)document->number,
                                               &sketch, &found, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__unpack_check(length, sketch.text.bytes, sketch.text.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &text, 0, length, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__unpack(session->preparer.packer, text, length, sketch.text.bytes,
                              sketch.text.length, error);
        document->text = (ndup_text){text, length};
    }
    return status;
}

/* Who is told what. */
typedef struct visiting {
    const ndup_index *index;
    ndup_index_visitor visit;
    ndup_index_group_visitor visit_group;
    void *context;
    ndup_text id;
    uint64_t number;
} visiting;

/* *found is false where the number has no document. */
static ndup_status visit_number(const visiting *now, ndup__session *session, uint64_t number,
                                bool *found, ndup_error *error)
{
    ndup__stored_document stored = {.number = 0};
    *found = false;
    if (number == 0 || number > NDUP__NUMBER_MOST) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__database_document(session->database, (uint32_t)number, &stored, found, error);
    ndup_index_document document = shown(&stored);
    if (status == NDUP_STATUS_OK && *found &&
        now->index->settings.options.store == NDUP_INDEX_TEXTS) {
        status = unpack(session, &document, error);
    }
    if (status == NDUP_STATUS_OK && *found) {
        status = now->visit(now->context, &document, error);
    }
    ndup__free(now->index->allocator, &document.text.bytes, document.text.length, 1);
    return status;
}

static ndup_status get(void *context, ndup__session *session, ndup_error *error)
{
    const visiting *now = context;
    uint32_t number = 0;
    bool found = false;
    ndup_status status = ndup__find_id(session, &number, now->id, error);
    if (status == NDUP_STATUS_OK) {
        status = visit_number(now, session, number, &found, error);
    }
    return status == NDUP_STATUS_OK && !found
               ? ndup__fail(error, NDUP_STATUS_NOT_FOUND, "the index has no document '%.*s'",
                            (int)(now->id.length < 100 ? now->id.length : 100), now->id.bytes)
               : status;
}

ndup_status ndup_index_get(ndup_index *index, ndup_text id, ndup_index_visitor visit, void *context,
                           ndup_error *error)
{
    visiting now = {.index = index, .visit = visit, .context = context, .id = id};
    ndup_status status = NDUP__REQUIRE(error, "index", index, "visit", visit);
    return status == NDUP_STATUS_OK ? with_reading(index, get, &now, error) : status;
}

static ndup_status get_number(void *context, ndup__session *session, ndup_error *error)
{
    const visiting *now = context;
    bool found = false;
    ndup_status status = visit_number(now, session, now->number, &found, error);
    return status == NDUP_STATUS_OK && !found
               ? ndup__fail(error, NDUP_STATUS_NOT_FOUND, "the index has no document number %llu",
                            (unsigned long long)now->number)
               : status;
}

ndup_status ndup_index_get_number(ndup_index *index, uint64_t number, ndup_index_visitor visit,
                                  void *context, ndup_error *error)
{
    visiting now = {.index = index, .visit = visit, .context = context, .number = number};
    ndup_status status = NDUP__REQUIRE(error, "index", index, "visit", visit);
    return status == NDUP_STATUS_OK ? with_reading(index, get_number, &now, error) : status;
}

static ndup_status iterate_groups(void *context, ndup__session *session, ndup_error *error)
{
    const visiting *now = context;
    uint32_t family = 0;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    while (found && status == NDUP_STATUS_OK) {
        uint64_t members = 0;
        status = ndup__database_next_family(session->database, family + 1, &family, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = ndup__database_members(session->database, family, &members, error);
        }
        if (status == NDUP_STATUS_OK && found) {
            status = now->visit_group(now->context, family, members, error);
        }
    }
    return status;
}

ndup_status ndup_index_iterate_groups(ndup_index *index, ndup_index_group_visitor visit,
                                      void *context, ndup_error *error)
{
    visiting now = {.index = index, .visit_group = visit, .context = context};
    ndup_status status = NDUP__REQUIRE(error, "index", index, "visit", visit);
    return status == NDUP_STATUS_OK ? with_reading(index, iterate_groups, &now, error) : status;
}

static ndup_status iterate(void *context, ndup__session *session, ndup_error *error)
{
    const visiting *now = context;
    ndup__stored_document stored = {.number = 0};
    ndup__stored_sketch sketch;
    bool found = true;
    ndup_status status = NDUP_STATUS_OK;
    while (found && status == NDUP_STATUS_OK) {
        status = ndup__database_next(session->database, stored.number + 1, &stored, &sketch, &found,
                                     error);
        if (status == NDUP_STATUS_OK && found) {
            const ndup_index_document document = shown(&stored);
            status = now->visit(now->context, &document, error);
        }
    }
    return status;
}

ndup_status ndup_index_iterate(ndup_index *index, ndup_index_visitor visit, void *context,
                               ndup_error *error)
{
    visiting now = {.index = index, .visit = visit, .context = context};
    ndup_status status = NDUP__REQUIRE(error, "index", index, "visit", visit);
    return status == NDUP_STATUS_OK ? with_reading(index, iterate, &now, error) : status;
}

static ndup_status count(void *context, ndup__session *session, ndup_error *error)
{
    return ndup__database_count(session->database, context, error);
}

static uint64_t file_bytes(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && info.st_size > 0 ? (uint64_t)info.st_size : 0;
}

static uint64_t segment_bytes(const ndup__key_view *view)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < view->segment_count; i++) {
        char path[NDUP__SEGMENT_PATH_BYTES];
        const ndup__viewed_segment *viewed = &view->segments[i];
        if (ndup__segment_path(path, view->folder, viewed->first, viewed->last, NULL) ==
            NDUP_STATUS_OK) {
            sum += file_bytes(path);
        }
    }
    return sum;
}

ndup_status ndup_index_stat(ndup_index *index, ndup_index_statistics *statistics, ndup_error *error)
{
    ndup__database_counts counts;
    ndup_status status = NDUP__REQUIRE(error, "index", index, "statistics", statistics);
    if (status == NDUP_STATUS_OK) {
        status = with_reading(index, count, &counts, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    char log[NDUP__INDEX_PATH_BYTES + 40];
    snprintf(log, sizeof log, "%s-wal", index->database_path);
    pthread_rwlock_rdlock(&index->view.lock);
    *statistics = (ndup_index_statistics){.documents = counts.documents,
                                          .groups = counts.families,
                                          .copies = counts.copies,
                                          .database_bytes =
                                              file_bytes(index->database_path) + file_bytes(log),
                                          .segment_bytes = segment_bytes(&index->view),
                                          .segments = index->view.segment_count,
                                          .fresh = index->view.last - index->view.covered,
                                          .bands = index->settings.bands};
    pthread_rwlock_unlock(&index->view.lock);
    return NDUP_STATUS_OK;
}

static ndup_status compact(ndup_index *index, void *context, ndup_error *error)
{
    (void)context;
    ndup__database *database = index->writer->database;
    ndup__reporter reporter = {.hooks = &index->hooks};
    ndup__database_counts counts = {.documents = 0};
    bool is_broken;
    ndup_status status = ndup__session_begin(index->writer, false, &is_broken, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_count(database, &counts, error);
        ndup__database_rollback(database);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&reporter, NDUP_STAGE_WRITE, counts.documents, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__key_view_compact(&index->view, database, &reporter, error);
    }
    return status == NDUP_STATUS_OK ? ndup__database_vacuum(database, error) : status;
}

ndup_status ndup_index_compact(ndup_index *index, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "index", index);
    return status == NDUP_STATUS_OK ? ndup__index_alone(index, compact, NULL, error) : status;
}
