/* SPDX-License-Identifier: MIT */
/* Questions and changes as callers make them: documents are prepared, and asked about, by many
 * threads; what is added is added in order. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/require.h"
#include "index/handle.h"
#include "index/update.h"
#include "neardup/index.h"

/* Documents of a call that one thread takes at a time. */
#define GRAIN 16

/* Most matches that are told of a document. */
#define MATCHES_MOST 1000

static ndup_status check_query(const ndup_index_query *query, ndup_error *error)
{
    if (query == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__require_size(query->struct_size, sizeof *query, "query", error);
    if (status == NDUP_STATUS_OK && query->matches > MATCHES_MOST) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "%zu matches, must be at most %d",
                            query->matches, MATCHES_MOST);
    }
    if (status == NDUP_STATUS_OK && !(query->within_days >= 0)) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "within %g days, must be 0 or more",
                            query->within_days);
    }
    return status;
}

static ndup__asking asking_of(const ndup_index_query *query)
{
    return (ndup__asking){.matches = query != NULL && query->matches > 0 ? query->matches : 1,
                          .within_days = query != NULL ? query->within_days : 0};
}

/* A call about many documents. */
typedef struct batch {
    ndup_index *index;
    const ndup_document *documents;
    size_t count;
    ndup__asking asking;
    bool adds_known;
    ndup_index_answers *answers;
    ndup__prepared *prepared; /* [count] of changes */
    ndup__arena *arenas;      /* [workers] of answers that are made by several */
    unsigned workers;
} batch;

static unsigned workers_of(const ndup_index_query *query, size_t count)
{
    unsigned asked = query != NULL ? query->threads : 0;
    size_t workers = asked > 0 ? asked : ndup__processor_count();
    size_t useful = (count + GRAIN - 1) / GRAIN;
    return (unsigned)(workers < useful ? workers : useful > 0 ? useful : 1);
}

/* Works off the documents of a batch, by several threads where they are many. */
static ndup_status run_ranges(batch *now, ndup__range_work work, ndup_error *error)
{
    ndup__pool *pool;
    if (now->workers <= 1) {
        return work(now, 0, now->count, 0, error);
    }
    ndup_status status = ndup__pool_new(&pool, now->workers, now->index->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_ranges(pool, 0, now->count, GRAIN, work, now, error);
        ndup__pool_free(pool);
    }
    return status;
}

static ndup_status check_one(batch *now, ndup__session *session, size_t i, unsigned worker,
                             ndup_error *error)
{
    const ndup_document *document = &now->documents[i];
    ndup_index_answer *answer = &now->answers->items[i];
    uint32_t existing = 0;
    ndup_status status = ndup__prepare(&session->preparer, &session->prepared, document, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__query(session, &session->prepared, &now->asking, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__answer_make(answer, &now->answers->arenas[worker], session,
                                   &session->prepared, error);
    }
    if (status == NDUP_STATUS_OK && document->id.length > 0) {
        status = ndup__find_id(session, &existing, document->id, error);
        answer->is_same_id = existing != 0;
    }
    return status;
}

static ndup_status check_range(void *context, size_t begin, size_t end, unsigned worker,
                               ndup_error *error)
{
    batch *now = context;
    ndup__session *session;
    bool is_broken;
    ndup_status status = ndup__index_take_session(now->index, &session, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__session_begin(session, false, &is_broken, error);
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        status = check_one(now, session, i, worker, error);
    }
    ndup__database_rollback(session->database);
    ndup__index_give_session(now->index, session);
    return status;
}

static ndup_status ask(batch *now, ndup_error *error)
{
    ndup_status status =
        ndup__answers_new(&now->answers, now->count, now->workers, now->index->allocator, error);
    if (status == NDUP_STATUS_OK) {
        now->answers->count = now->count;
        status = run_ranges(now, check_range, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_index_answers_free(now->answers);
        now->answers = NULL;
    }
    return status;
}

/* Does it again when a damaged segment was the reason and is made anew. */
static ndup_status with_mending(batch *now, ndup_status (*work)(batch *now, ndup_error *error),
                                ndup_error *error)
{
    ndup_error first = {0};
    ndup_status status = work(now, &first);
    if (status == NDUP_STATUS_CORRUPT && !now->index->options.read_only &&
        ndup__index_mend(now->index, true, NULL) == NDUP_STATUS_OK) {
        status = work(now, &first);
    }
    if (status != NDUP_STATUS_OK && error != NULL) {
        *error = first;
    }
    return status;
}

static ndup_status require_documents(const ndup_index *index, const ndup_document *documents,
                                     size_t count, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "index", index);
    return status == NDUP_STATUS_OK && count > 0 ? NDUP__REQUIRE(error, "documents", documents)
                                                 : status;
}

ndup_status ndup_index_check(ndup_index *index, ndup_index_answers **answers,
                             const ndup_document *documents, size_t count,
                             const ndup_index_query *query, ndup_error *error)
{
    ndup_status status = require_documents(index, documents, count, error);
    if (status == NDUP_STATUS_OK) {
        status = NDUP__REQUIRE(error, "answers", answers);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_query(query, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    batch now = {.index = index,
                 .documents = documents,
                 .count = count,
                 .asking = asking_of(query),
                 .workers = workers_of(query, count)};
    status = with_mending(&now, ask, error);
    *answers = now.answers;
    return status;
}

static ndup_status prepare_range(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    batch *now = context;
    ndup__session *session;
    (void)worker;
    ndup_status status = ndup__index_take_session(now->index, &session, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        now->prepared[i].allocator = now->index->allocator;
        status = ndup__prepare(&session->preparer, &now->prepared[i], &now->documents[i], error);
    }
    ndup__index_give_session(now->index, session);
    return status;
}

/* The change itself; a transaction that fails is applied again from the beginning. */
static ndup_status add_all(void *context, ndup__session *session, ndup_error *error)
{
    batch *now = context;
    ndup_status status = NDUP_STATUS_OK;
    ndup__arena_reset(&now->answers->arenas[0]);
    for (size_t i = 0; i < now->count && status == NDUP_STATUS_OK; i++) {
        status = ndup__add_document(session, &now->answers->items[i], &now->answers->arenas[0],
                                    &now->prepared[i], &now->asking, now->adds_known, error);
    }
    return status;
}

static ndup_status commit_batch(batch *now, ndup_error *error)
{
    ndup__change change = {.apply = add_all, .context = now};
    return ndup__index_change(now->index, &change, error);
}

static ndup_status require_ids(const ndup_document *documents, size_t count, ndup_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (documents[i].id.length == 0) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "document %zu of the call has no id, which an index needs", i + 1);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status add_batch(batch *now, ndup_error *error)
{
    const ndup_allocator *allocator = now->index->allocator;
    ndup_status status =
        ndup__allocate_zeroed(allocator, &now->prepared, now->count, sizeof *now->prepared, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__answers_new(&now->answers, now->count, 1, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = run_ranges(now, prepare_range, error);
    }
    if (status == NDUP_STATUS_OK) {
        now->answers->count = now->count;
        status = with_mending(now, commit_batch, error);
    }
    for (size_t i = 0; now->prepared != NULL && i < now->count; i++) {
        ndup__prepared_deinit(&now->prepared[i]);
    }
    ndup__free(allocator, &now->prepared, now->prepared != NULL ? now->count : 0,
               sizeof *now->prepared);
    if (status != NDUP_STATUS_OK) {
        ndup_index_answers_free(now->answers);
        now->answers = NULL;
    }
    return status;
}

ndup_status ndup_index_check_and_add(ndup_index *index, ndup_index_answers **answers,
                                     const ndup_document *documents, size_t count,
                                     const ndup_index_query *query, ndup_error *error)
{
    ndup_status status = require_documents(index, documents, count, error);
    if (status == NDUP_STATUS_OK) {
        status = check_query(query, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = require_ids(documents, count, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    batch now = {.index = index,
                 .documents = documents,
                 .count = count,
                 .asking = asking_of(query),
                 .adds_known = query != NULL && query->add_known,
                 .workers = workers_of(query, count)};
    status = add_batch(&now, error);
    if (answers != NULL) {
        *answers = now.answers;
    } else {
        ndup_index_answers_free(now.answers);
    }
    return status;
}

ndup_status ndup_index_add(ndup_index *index, ndup_index_answers **answers,
                           const ndup_document *documents, size_t count, ndup_error *error)
{
    const ndup_index_query query = {.struct_size = sizeof query, .add_known = true};
    return ndup_index_check_and_add(index, answers, documents, count, &query, error);
}

/* Documents to be removed. */
typedef struct removal {
    const ndup_text *ids; /* [count] */
    size_t count;
    int64_t before;   /* of expire */
    uint32_t from;    /* likewise: where it goes on */
    bool is_complete; /* likewise */
    uint64_t removed;
} removal;

static ndup_status remove_all(void *context, ndup__session *session, ndup_error *error)
{
    removal *now = context;
    ndup_status status = NDUP_STATUS_OK;
    now->removed = 0;
    for (size_t i = 0; i < now->count && status == NDUP_STATUS_OK; i++) {
        uint32_t number;
        status = ndup__find_id(session, &number, now->ids[i], error);
        if (status == NDUP_STATUS_OK && number != 0) {
            status = ndup__remove_document(session, number, error);
            now->removed += status == NDUP_STATUS_OK;
        }
    }
    return status;
}

ndup_status ndup_index_remove(ndup_index *index, uint64_t *removed, const ndup_text *ids,
                              size_t count, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "index", index);
    if (status == NDUP_STATUS_OK && count > 0) {
        status = NDUP__REQUIRE(error, "ids", ids);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    removal now = {.ids = ids, .count = count};
    ndup__change change = {.apply = remove_all, .context = &now};
    status = ndup__index_change(index, &change, error);
    if (removed != NULL) {
        *removed = status == NDUP_STATUS_OK ? now.removed : 0;
    }
    return status;
}

/* Documents that expire in one transaction. */
#define EXPIRED_TOGETHER 1000

static ndup_status expire_some(void *context, ndup__session *session, ndup_error *error)
{
    removal *now = context;
    uint32_t from = now->from;
    bool found = true;
    uint64_t removed = 0;
    ndup_status status = NDUP_STATUS_OK;
    while (removed < EXPIRED_TOGETHER && found && status == NDUP_STATUS_OK) {
        uint32_t number;
        status =
            ndup__database_next_older(session->database, from, now->before, &number, &found, error);
        if (status == NDUP_STATUS_OK && found) {
            status = ndup__remove_document(session, number, error);
            from = number + 1;
            removed++;
        }
    }
    now->is_complete = !found;
    now->from = from;
    now->removed += removed;
    return status;
}

/* How many will go is not known beforehand: progress is towards the last number. */
static ndup_status expire_all(ndup_index *index, removal *now, ndup_error *error)
{
    ndup__reporter reporter = {.hooks = &index->hooks};
    ndup_status status =
        ndup__reporter_begin(&reporter, NDUP_STAGE_WRITE, ndup__key_view_last(&index->view), error);
    while (status == NDUP_STATUS_OK && !now->is_complete) {
        ndup__change change = {.apply = expire_some, .context = now};
        status = ndup__index_change(index, &change, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&reporter, now->from, now->removed, error);
        }
    }
    return status;
}

ndup_status ndup_index_expire(ndup_index *index, uint64_t *removed, int64_t before,
                              ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "index", index);
    removal now = {.before = before, .from = 1};
    if (status == NDUP_STATUS_OK) {
        status = expire_all(index, &now, error);
    }
    if (removed != NULL) {
        *removed = now.removed;
    }
    return status;
}
