/* SPDX-License-Identifier: MIT */
/* Documents are winnowed in keep order, so that the postings of a gram are in it, too. A run of 2k
 * + 2 tokens is met: where a fifth of the shingles of k tokens is missing, the runs between edits
 * have 5k - 1 on average. */
#include "dedup/containers.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "dedup/sets.h"

/* From this containment on, runs are long. */
#define MOSTLY 0.7

/* The part of a document's grams that a container has at least. An edit takes the grams of some
 * twelve tokens and the shingles of five: half of the grams are left where a fifth of the shingles
 * is missing, on average. */
#define PART_OF_MOSTLY 0.25
#define PART_OF_LESS 0.05

/* Grams that are asked for before they are looked at. */
#define AHEAD 8

/* Memory of the grams before they go to a temporary file. */
#define MEMORY_BYTES ((uint64_t)1 << 30)

unsigned ndup__contained_run(unsigned shingle_size, double containment)
{
    unsigned least = containment >= MOSTLY ? 2 * shingle_size + 2 : shingle_size + 3;
    return least < NDUP__WINNOW_LEAST  ? NDUP__WINNOW_LEAST
           : least > NDUP__WINNOW_MOST ? NDUP__WINNOW_MOST
                                       : least;
}

double ndup__contained_part(const ndup_dedup_options *options)
{
    return ndup__options_containment(options) >= MOSTLY ? PART_OF_MOSTLY : PART_OF_LESS;
}

/* Classes that a worker takes at once. */
#define TAKEN 64

typedef struct gram_worker {
    const ndup__run *run;
    uint32_t begin, end; /* ranks */
    ndup__block block;
    ndup__passage_text text;
    ndup__winnow winnow;
    ndup__gram *grams;
    size_t gram_count, gram_capacity;
    uint64_t *hashes; /* of one text's grams */
    size_t hash_capacity;
    size_t counts[TAKEN];
    size_t distinct[TAKEN];
} gram_worker;

typedef struct gram_pass {
    ndup__containers *containers;
    ndup__fingerprints *fingerprints;
    uint32_t next;
} gram_pass;

static ndup_status take_ranks(void *context, void *item, unsigned number, bool *more,
                              ndup_error *error)
{
    (void)number;
    (void)error;
    gram_pass *pass = context;
    gram_worker *worker = item;
    size_t count = pass->containers->run->table.class_count;
    worker->begin = pass->next;
    worker->end = (uint32_t)(count - pass->next < TAKEN ? count : pass->next + TAKEN);
    pass->next = worker->end;
    *more = worker->begin < worker->end;
    return NDUP_STATUS_OK;
}

static ndup_status keep_grams(gram_worker *worker, ndup_error *error)
{
    const ndup__winnow *winnow = &worker->winnow;
    ndup_status status =
        ndup__reserve(worker->run->allocator, &worker->grams, &worker->gram_capacity,
                      worker->gram_count + winnow->count, sizeof *worker->grams, error);
    for (size_t i = 0; i < winnow->count && status == NDUP_STATUS_OK; i++) {
        worker->grams[worker->gram_count++] = winnow->grams[i];
    }
    return status;
}

static int compare_hashes(const void *left, const void *right)
{
    uint64_t x = *(const uint64_t *)left;
    uint64_t y = *(const uint64_t *)right;
    return (x > y) - (x < y);
}

/* How many different grams the text has: what it repeats is shared once. */
static ndup_status count_distinct(gram_worker *worker, size_t *distinct, ndup_error *error)
{
    const ndup__winnow *winnow = &worker->winnow;
    ndup_status status =
        ndup__reserve(worker->run->allocator, &worker->hashes, &worker->hash_capacity,
                      winnow->count, sizeof *worker->hashes, error);
    *distinct = 0;
    if (status != NDUP_STATUS_OK || winnow->count == 0) {
        return status;
    }
    for (size_t i = 0; i < winnow->count; i++) {
        worker->hashes[i] = winnow->grams[i].hash;
    }
    qsort(worker->hashes, winnow->count, sizeof *worker->hashes, compare_hashes);
    for (size_t i = 0; i < winnow->count; i++) {
        *distinct += i == 0 || worker->hashes[i] != worker->hashes[i - 1];
    }
    return status;
}

static ndup_status winnow_class(gram_worker *worker, uint32_t rank, ndup_error *error)
{
    const ndup__table *table = &worker->run->table;
    uint32_t class_number = ndup__table_class_at(table, rank);
    ndup__item item;
    size_t before = worker->gram_count;
    size_t distinct = 0;
    ndup_status status = NDUP_STATUS_OK;
    if (table->class_tokens[class_number] > 0) {
        status = ndup__run_fetch(worker->run, &item, table->class_documents[class_number],
                                 &worker->block, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__passage_text_read(&worker->text, item.document.text, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__winnow_text(&worker->winnow, &worker->text, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = keep_grams(worker, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = count_distinct(worker, &distinct, error);
        }
    }
    worker->counts[rank - worker->begin] = worker->gram_count - before;
    worker->distinct[rank - worker->begin] = distinct;
    return status;
}

static ndup_status winnow_ranks(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)context;
    (void)number;
    gram_worker *worker = item;
    ndup_status status = NDUP_STATUS_OK;
    worker->gram_count = 0;
    for (uint32_t rank = worker->begin; rank < worker->end && status == NDUP_STATUS_OK; rank++) {
        status = winnow_class(worker, rank, error);
    }
    return status;
}

static ndup_status commit_grams(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    gram_pass *pass = context;
    const gram_worker *worker = item;
    const ndup__gram *grams = worker->grams;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < worker->end - worker->begin && status == NDUP_STATUS_OK; i++) {
        pass->containers->grams[worker->begin + i] = (uint32_t)worker->distinct[i];
        status = ndup__fingerprints_add(pass->fingerprints, grams, worker->counts[i], error);
        grams += worker->counts[i];
    }
    return status;
}

static ndup_status init_worker(gram_worker *worker, const ndup__run *run, ndup_error *error)
{
    const ndup_matching *matching = &run->options->matching;
    unsigned least =
        ndup__contained_run(matching->shingle_size, ndup__options_containment(run->options));
    *worker = (gram_worker){
        .run = run,
        .text = {.mode = run->shingling.mode,
                 .tokens = {.allocator = run->allocator, .seed = run->shingling.seed}}};
    ndup__block_init(&worker->block, run->allocator);
    worker->block.texts_only = true;
    return ndup__winnow_init(&worker->winnow, ndup__winnow_size_for(least), run->allocator, error);
}

static void deinit_worker(gram_worker *worker)
{
    ndup__block_deinit(&worker->block);
    ndup__passage_text_deinit(&worker->text);
    ndup__winnow_deinit(&worker->winnow);
    ndup__free(worker->run->allocator, &worker->hashes, worker->hash_capacity,
               sizeof *worker->hashes);
    ndup__free(worker->run->allocator, &worker->grams, worker->gram_capacity,
               sizeof *worker->grams);
}

static ndup_status read_grams(ndup__containers *containers, ndup__fingerprints *fingerprints,
                              ndup_error *error)
{
    const ndup__run *run = containers->run;
    gram_pass pass = {.containers = containers, .fingerprints = fingerprints};
    size_t count = ndup__pool_items(run->pool);
    gram_worker *workers;
    size_t ready = 0;
    ndup_status status =
        ndup__allocate_zeroed(run->allocator, &workers, count, sizeof *workers, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (; ready < count && status == NDUP_STATUS_OK; ready++) {
        status = init_worker(&workers[ready], run, error);
    }
    ndup__stream_work stream = {
        .context = &pass, .take = take_ranks, .work = winnow_ranks, .commit = commit_grams};
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_stream(run->pool, &stream, workers, sizeof *workers, count, error);
    }
    for (size_t i = 0; i < ready; i++) {
        deinit_worker(&workers[i]);
    }
    ndup__free(run->allocator, &workers, count, sizeof *workers);
    return status == NDUP_STATUS_OK ? ndup__fingerprints_seal(fingerprints, run->pool, error)
                                    : status;
}

/* Whether a document has a gram for the first time: its places follow each other. */
static bool is_new(const ndup__posting *postings, size_t i)
{
    return postings[i].is_first || postings[i].document != postings[i - 1].document;
}

/* Counts the grams of each document, a gram with several places once. Returns the room of `kept`:
 * of each gram a count, and the documents that it may tell of. */
static size_t count_grams(uint64_t *first, size_t documents, const ndup__posting *postings,
                          size_t count)
{
    size_t room = 0;
    size_t of_gram = 0;
    for (size_t i = 0; i < count; i++) {
        room += postings[i].is_first;
        of_gram = postings[i].is_first ? 0 : of_gram;
        if (is_new(postings, i)) {
            first[postings[i].document + 1]++;
            room += of_gram++ < NDUP__CONTAINERS_MOST;
        }
    }
    for (size_t i = 0; i < documents; i++) {
        first[i + 1] += first[i];
    }
    return room;
}

/* Lists the grams of each document; next[document] is where its list goes on. */
static void list_grams(uint64_t *gram_of, uint64_t *next, const ndup__posting *postings,
                       size_t count)
{
    size_t room = 0;
    size_t of_gram = 0;
    uint64_t gram = 0;
    for (size_t i = 0; i < count; i++) {
        if (postings[i].is_first) {
            gram = room++;
            of_gram = 0;
        }
        if (is_new(postings, i)) {
            gram_of[next[postings[i].document]++] = gram;
            room += of_gram++ < NDUP__CONTAINERS_MOST;
        }
    }
}

/* Turns the postings into what gathering reads: one place of memory a gram. */
static ndup_status make_lists(ndup__containers *containers, const ndup__fingerprints *fingerprints,
                              ndup_error *error)
{
    const ndup_allocator *allocator = containers->run->allocator;
    size_t documents = containers->run->table.class_count;
    const ndup__posting *postings = fingerprints->postings.bytes;
    size_t count = fingerprints->postings.total / sizeof *postings;
    ndup_status status = ndup__allocate_zeroed(allocator, &containers->first, documents + 2,
                                               sizeof *containers->first, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    /* One place further: listing moves each on to where the next begins. */
    uint64_t *next = containers->first + 1;
    size_t room = count_grams(next, documents, postings, count);
    size_t listed = next[documents];
    status = ndup__allocate_zeroed(allocator, &containers->gram_of, listed,
                                   sizeof *containers->gram_of, error);
    if (status == NDUP_STATUS_OK) {
        containers->listed = listed;
        list_grams(containers->gram_of, next, postings, count);
        status = ndup__allocate_zeroed(allocator, &containers->kept, room, sizeof *containers->kept,
                                       error);
        containers->kept_room = status == NDUP_STATUS_OK ? room : 0;
    }
    return status;
}

static ndup_status make_rooms(ndup__containers *containers, ndup_error *error)
{
    const ndup__run *run = containers->run;
    unsigned workers = ndup__pool_workers(run->pool);
    ndup_status status = ndup__allocate_zeroed(run->allocator, &containers->rooms, workers,
                                               sizeof *containers->rooms, error);
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        status = ndup__allocate_zeroed(run->allocator, &containers->rooms[i].shared,
                                       run->table.class_count, sizeof *containers->rooms[i].shared,
                                       error);
    }
    return status;
}

/* The fingerprints are needed only until the lists are made. */
static ndup_status gather_grams(ndup__containers *containers, ndup__pulse *pulse, ndup_error *error)
{
    const ndup__run *run = containers->run;
    ndup__fingerprints fingerprints;
    ndup__fingerprint_options options = {.memory_bytes = MEMORY_BYTES,
                                         .documents_most = UINT64_MAX,
                                         .folder =
                                             ndup__corpus_options(run->corpus)->temporary_folder,
                                         .allocator = run->allocator,
                                         .pulse = pulse};
    ndup_status status = ndup__fingerprints_init(&fingerprints, &options, error);
    if (status == NDUP_STATUS_OK) {
        status = read_grams(containers, &fingerprints, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = make_lists(containers, &fingerprints, error);
    }
    ndup__fingerprints_deinit(&fingerprints);
    return status;
}

ndup_status ndup__containers_init(ndup__containers *containers, ndup__run *run, ndup_error *error)
{
    ndup__pulse pulse = {.beat = ndup__reporter_beat, .context = &run->reporter};
    *containers = (ndup__containers){.run = run, .part = ndup__contained_part(run->options)};
    ndup_status status =
        ndup__allocate_zeroed(run->allocator, &containers->grams, run->table.class_count,
                              sizeof *containers->grams, error);
    if (status == NDUP_STATUS_OK) {
        status = gather_grams(containers, &pulse, error);
    }
    return status == NDUP_STATUS_OK ? make_rooms(containers, error) : status;
}

void ndup__containers_deinit(ndup__containers *containers)
{
    if (containers->run == NULL) {
        return;
    }
    const ndup__run *run = containers->run;
    const ndup_allocator *allocator = run->allocator;
    unsigned workers = ndup__pool_workers(run->pool);
    for (unsigned i = 0; containers->rooms != NULL && i < workers; i++) {
        ndup__container_room *room = &containers->rooms[i];
        ndup__free(allocator, &room->shared, run->table.class_count, sizeof *room->shared);
        ndup__free(allocator, &room->found, room->capacity, sizeof *room->found);
    }
    ndup__free(allocator, &containers->rooms, workers, sizeof *containers->rooms);
    ndup__free(allocator, &containers->grams, run->table.class_count, sizeof *containers->grams);
    ndup__free(allocator, &containers->first, run->table.class_count + 2,
               sizeof *containers->first);
    ndup__free(allocator, &containers->gram_of, containers->listed, sizeof *containers->gram_of);
    ndup__free(allocator, &containers->kept, containers->kept_room, sizeof *containers->kept);
}

bool ndup__containers_has(const ndup__containers *containers, uint32_t rank)
{
    return containers->first[rank] < containers->first[rank + 1];
}

static ndup_status count_container(ndup__container_room *room, const ndup_allocator *allocator,
                                   uint32_t rank, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (room->shared[rank] == 0) {
        status = ndup__reserve(allocator, &room->found, &room->capacity, room->count + 1,
                               sizeof *room->found, error);
        if (status == NDUP_STATUS_OK) {
            room->found[room->count++].rank = rank;
        }
    }
    room->shared[rank] += status == NDUP_STATUS_OK;
    return status;
}

static int most_first(const void *left, const void *right)
{
    const ndup__container *x = left;
    const ndup__container *y = right;
    if (x->shared != y->shared) {
        return x->shared > y->shared ? -1 : 1;
    }
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Leaves those that share enough, and the counts zero. */
static void choose(ndup__container_room *room, double least)
{
    size_t kept = 0;
    for (size_t i = 0; i < room->count; i++) {
        uint32_t rank = room->found[i].rank;
        uint32_t shared = room->shared[rank];
        room->shared[rank] = 0;
        if (shared >= least) {
            room->found[kept++] = (ndup__container){rank, shared};
        }
    }
    room->count = kept;
    if (kept > 1) {
        qsort(room->found, kept, sizeof *room->found, most_first);
    }
}

/* Counts the kept documents of one gram with rank in [since, before). */
static ndup_status count_kept(const ndup__containers *containers, ndup__container_room *room,
                              uint64_t gram, uint32_t since, uint32_t before, ndup_error *error)
{
    const uint32_t *kept = containers->kept + gram;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t k = 1; k <= kept[0] && kept[k] < before && status == NDUP_STATUS_OK; k++) {
        if (kept[k] >= since) {
            status = count_container(room, containers->run->allocator, kept[k], error);
        }
    }
    return status;
}

ndup_status ndup__containers_gather(const ndup__containers *containers, uint32_t rank,
                                    uint32_t since, uint32_t before, unsigned worker,
                                    ndup_error *error)
{
    ndup__container_room *room = &containers->rooms[worker];
    uint64_t end = containers->first[rank + 1];
    ndup_status status = NDUP_STATUS_OK;
    room->count = 0;
    for (uint64_t i = containers->first[rank]; i < end && status == NDUP_STATUS_OK; i++) {
        if (i + AHEAD < end) {
            __builtin_prefetch(&containers->kept[containers->gram_of[i + AHEAD]]);
        }
        status = count_kept(containers, room, containers->gram_of[i], since, before, error);
    }
    choose(room, containers->part * containers->grams[rank]);
    return status;
}

void ndup__containers_keep(ndup__containers *containers, uint32_t rank)
{
    for (uint64_t i = containers->first[rank]; i < containers->first[rank + 1]; i++) {
        uint32_t *kept = containers->kept + containers->gram_of[i];
        if (kept[0] < NDUP__CONTAINERS_MOST) {
            kept[++kept[0]] = rank;
        }
    }
}

void ndup__containers_forget(ndup__containers *containers)
{
    if (containers->kept != NULL) {
        memset(containers->kept, 0, containers->kept_room * sizeof *containers->kept);
    }
}
