/* SPDX-License-Identifier: MIT */
/* An index of a corpus: dedup says whose copies there are, then the documents are read once more,
 * prepared by all threads, and written as rows in the order of the corpus. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/pool.h"
#include "base/require.h"
#include "index/bulk.h"
#include "neardup/output.h"

/* Documents that are prepared together. */
#define TOGETHER 1024
#define GRAIN 16

/* Ids that were met, by their hashes. */
typedef struct id_set {
    ndup__hash128 *slots; /* [slot_count], a power of two; zero: free */
    size_t slot_count, count;
} id_set;

/* A build on its way. */
typedef struct building {
    ndup_index *index;
    ndup_index_built *built;
    const ndup_hooks *hooks;
    const ndup_allocator *allocator;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup__pool *pool;
    ndup__preparer *preparers; /* [workers] */
    unsigned preparer_count;
    ndup__bulk bulk;
    id_set ids;
    uint32_t *numbers; /* [documents] in the index; 0: left out */
    uint64_t documents;
    ndup__arena arena; /* copies of the documents below */
    ndup_document *waiting;
    ndup_verdict *verdicts;
    ndup__prepared *prepared; /* [TOGETHER] each */
    size_t waiting_count;
} building;

static size_t id_slot(const id_set *set, ndup__hash128 hash)
{
    size_t slot = (size_t)hash.high & (set->slot_count - 1);
    while ((set->slots[slot].low != 0 || set->slots[slot].high != 0) &&
           (set->slots[slot].low != hash.low || set->slots[slot].high != hash.high)) {
        slot = (slot + 1) & (set->slot_count - 1);
    }
    return slot;
}

/* Whether an id was met before; it is noted. */
static bool meet_id(id_set *set, ndup_text id)
{
    ndup__hash128 hash = ndup__hash_bytes128(id.bytes, id.length, 0);
    ndup__hash128 *slot = &set->slots[id_slot(set, hash)];
    bool was_met = slot->low != 0 || slot->high != 0;
    *slot = hash;
    return was_met;
}

static ndup_status copy_text(ndup_text *text, ndup__arena *arena, ndup_error *error)
{
    char *bytes = NULL;
    ndup_status status = ndup__arena_copy(arena, &bytes, text->bytes, text->length, error);
    text->bytes = bytes;
    return status;
}

static ndup_status copy_document(building *now, const ndup_document *document,
                                 const ndup_verdict *verdict, ndup_error *error)
{
    ndup_document *copy = &now->waiting[now->waiting_count];
    *copy = *document;
    now->verdicts[now->waiting_count] = *verdict;
    ndup_text *texts[] = {&copy->id,    &copy->source, &copy->url,   &copy->date,
                          &copy->title, &copy->text,   &copy->record};
    /* The bytes that are stored say who it is only where its words do not. */
    if (verdict->reading == NDUP_READING_WORDS) {
        copy->record = copy->original = (ndup_text){"", 0};
    }
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == NDUP_STATUS_OK; i++) {
        status = copy_text(texts[i], &now->arena, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_text(&copy->original, &now->arena, error);
    }
    now->waiting_count += status == NDUP_STATUS_OK;
    return status;
}

static ndup_status prepare_range(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    building *now = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        status = ndup__prepare(&now->preparers[worker], &now->prepared[i], &now->waiting[i], error);
    }
    return status;
}

static void say_repeated(const building *now, const ndup_document *document)
{
    if (now->hooks != NULL && now->hooks->problem != NULL) {
        const ndup_problem problem = {.status = NDUP_STATUS_EXISTS,
                                      .skipped = true,
                                      .path = document->path,
                                      .line = document->line,
                                      .offset = document->offset,
                                      .message = "its id came before: an index has one document "
                                                 "of an id"};
        now->hooks->problem(now->hooks->context, &problem);
    }
}

/* Adds a document whose keys are known: copies to the family of their survivor. */
static ndup_status add_row(building *now, size_t i, ndup_error *error)
{
    const ndup_verdict *verdict = &now->verdicts[i];
    uint32_t family = verdict->kept ? 0 : now->numbers[verdict->survivor];
    if (meet_id(&now->ids, now->waiting[i].id)) {
        now->built->repeated++;
        say_repeated(now, &now->waiting[i]);
        return NDUP_STATUS_OK;
    }
    now->built->documents++;
    now->built->known += family != 0;
    return ndup__bulk_add(&now->bulk, &now->numbers[verdict->document], &now->prepared[i], family,
                          now->bulk.started, error);
}

static ndup_status add_waiting(building *now, ndup_error *error)
{
    ndup_status status =
        ndup__pool_ranges(now->pool, 0, now->waiting_count, GRAIN, prepare_range, now, error);
    for (size_t i = 0; i < now->waiting_count && status == NDUP_STATUS_OK; i++) {
        status = add_row(now, i, error);
    }
    now->waiting_count = 0;
    ndup__arena_reset(&now->arena);
    return status;
}

static ndup_status take_document(void *context, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    building *now = context;
    ndup_status status = copy_document(now, document, verdict, error);
    return status == NDUP_STATUS_OK && now->waiting_count == TOGETHER ? add_waiting(now, error)
                                                                      : status;
}

static ndup_status finish(void *context, ndup_error *error)
{
    building *now = context;
    ndup_status status = add_waiting(now, error);
    return status == NDUP_STATUS_OK ? ndup__bulk_end(&now->bulk, error) : status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context; /* the end did it */
    (void)error;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    (void)context; /* what is open is rolled back at the end */
}

/* An array of a build. */
typedef struct room {
    void *array; /* address of the pointer */
    size_t count, size;
} room;

enum { ROOMS = 6 };

static void list_rooms(room rooms[ROOMS], building *now)
{
    const room all[ROOMS] = {{&now->numbers, (size_t)now->documents, sizeof *now->numbers},
                             {&now->waiting, TOGETHER, sizeof *now->waiting},
                             {&now->verdicts, TOGETHER, sizeof *now->verdicts},
                             {&now->prepared, TOGETHER, sizeof *now->prepared},
                             {&now->preparers, now->preparer_count, sizeof *now->preparers},
                             {&now->ids.slots, now->ids.slot_count, sizeof *now->ids.slots}};
    memcpy(rooms, all, sizeof all);
}

static ndup_status make_rooms(building *now, ndup_error *error)
{
    room rooms[ROOMS];
    now->ids.slot_count = 1024;
    while (now->ids.slot_count < 2 * now->documents) {
        now->ids.slot_count *= 2;
    }
    list_rooms(rooms, now);
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < ROOMS && status == NDUP_STATUS_OK; i++) {
        status = ndup__allocate_zeroed(now->allocator, rooms[i].array, rooms[i].count,
                                       rooms[i].size, error);
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < TOGETHER; i++) {
        now->prepared[i].allocator = now->allocator;
    }
    for (unsigned i = 0; i < now->preparer_count && status == NDUP_STATUS_OK; i++) {
        status =
            ndup__preparer_init(&now->preparers[i], &now->index->settings, now->allocator, error);
    }
    return status;
}

static void free_rooms(building *now)
{
    room rooms[ROOMS];
    for (unsigned i = 0; now->preparers != NULL && i < now->preparer_count; i++) {
        if (now->preparers[i].settings != NULL) {
            ndup__preparer_deinit(&now->preparers[i]);
        }
    }
    for (size_t i = 0; now->prepared != NULL && i < TOGETHER; i++) {
        ndup__prepared_deinit(&now->prepared[i]);
    }
    list_rooms(rooms, now);
    for (size_t i = 0; i < ROOMS; i++) {
        void **array = rooms[i].array;
        ndup__free(now->allocator, array, *array != NULL ? rooms[i].count : 0, rooms[i].size);
    }
    ndup__arena_deinit(&now->arena);
}

static ndup_status require_empty(ndup_index *index, ndup_error *error)
{
    ndup_index_statistics found;
    ndup_status status = ndup_index_stat(index, &found, error);
    return status == NDUP_STATUS_OK && found.documents > 0
               ? ndup__fail(error, NDUP_STATUS_INVALID,
                            "an index of %llu documents; only an empty one can be built, others "
                            "are added to",
                            (unsigned long long)found.documents)
               : status;
}

static ndup_status write_rows(building *now, ndup_error *error)
{
    ndup_sink sink = {.struct_size = sizeof sink,
                      .context = now,
                      .wants_records = true,
                      .document = take_document,
                      .finish = finish,
                      .commit = commit,
                      .abort = give_up};
    ndup_sink *sinks[] = {&sink};
    ndup_status status = ndup__bulk_begin(&now->bulk, now->index, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_result_write(now->result, now->corpus, sinks, 1, now->hooks, error);
    }
    ndup__bulk_close(&now->bulk);
    return status;
}

static ndup_status build(ndup_index *index, void *context, ndup_error *error)
{
    building *now = context;
    (void)index;
    ndup_status status = ndup_dedup(&now->result, now->corpus, &now->index->settings.options.dedup,
                                    now->hooks, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup_summary *summary = ndup_result_summary(now->result);
    now->documents = summary->documents;
    now->built->skipped = summary->skipped;
    status = make_rooms(now, error);
    if (status == NDUP_STATUS_OK) {
        status = write_rows(now, error);
    }
    free_rooms(now);
    ndup_result_free(now->result);
    return status;
}

ndup_status ndup_index_build(ndup_index *index, ndup_index_built *built, ndup_corpus *corpus,
                             const ndup_hooks *hooks, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "index", index, "built", built, "corpus", corpus);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = require_empty(index, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *built = (ndup_index_built){0};
    building now = {.index = index,
                    .built = built,
                    .hooks = hooks,
                    .allocator = index->allocator,
                    .corpus = corpus,
                    .arena = {.allocator = index->allocator},
                    .preparer_count = ndup__processor_count()};
    status = ndup__pool_new(&now.pool, now.preparer_count, index->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__index_alone(index, build, &now, error);
        ndup__pool_free(now.pool);
    }
    return status;
}
