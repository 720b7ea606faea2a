/* SPDX-License-Identifier: MIT */
/* Records of all grams go into partitions by their hashes. A partition is sorted, and what stands
 * in one document only, which is most of it, is dropped; the rest are postings. */
#include "passage/fingerprints.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

#define PARTITIONS 256
#define PARTITION_SHIFT 56

/* Bits a record of the filter that tells hashes that come once. */
#define FILTER_BITS 8

typedef struct gram_record {
    uint64_t hash;
    uint32_t document;
    uint32_t token;
    uint32_t before;
    uint32_t behind;
} gram_record;

ndup_status ndup__fingerprints_init(ndup__fingerprints *fingerprints,
                                    const ndup__fingerprint_options *options, ndup_error *error)
{
    *fingerprints = (ndup__fingerprints){.options = *options};
    uint64_t memory = options->memory_bytes;
    ndup__column_init(&fingerprints->postings, memory, options->folder, options->allocator);
    ndup__column_init(&fingerprints->mentions, memory, options->folder, options->allocator);
    return ndup__partitions_init(&fingerprints->gathered, PARTITIONS, sizeof(gram_record), memory,
                                 options->folder, options->allocator, error);
}

void ndup__fingerprints_deinit(ndup__fingerprints *fingerprints)
{
    const ndup_allocator *allocator = fingerprints->options.allocator;
    ndup__partitions_deinit(&fingerprints->gathered);
    ndup__column_deinit(&fingerprints->postings);
    ndup__column_deinit(&fingerprints->mentions);
    ndup__free(allocator, &fingerprints->first, fingerprints->documents + 1,
               sizeof *fingerprints->first);
}

ndup_status ndup__fingerprints_add(ndup__fingerprints *fingerprints, const ndup__gram *grams,
                                   size_t count, ndup_error *error)
{
    if (fingerprints->documents == UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than %u documents", UINT32_MAX);
    }
    ndup_status status = ndup__pulse_check(fingerprints->options.pulse, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        gram_record record = {.hash = grams[i].hash,
                              .document = (uint32_t)fingerprints->documents,
                              .token = grams[i].token,
                              .before = grams[i].before,
                              .behind = grams[i].behind};
        status = ndup__partitions_add(&fingerprints->gathered,
                                      (unsigned)(record.hash >> PARTITION_SHIFT), &record, error);
    }
    fingerprints->documents++;
    fingerprints->grams += count;
    return status;
}

/* One partition on its way from records to postings. */
typedef struct partition_work {
    ndup__fingerprints *fingerprints;
    unsigned number;
    gram_record *records;
    size_t count;
    uint64_t *filter;
    size_t filter_words;
    ndup__posting *postings;
    size_t posting_count, posting_capacity;
    uint64_t shared, common, common_most;
} partition_work;

typedef struct sealing {
    ndup__fingerprints *fingerprints;
    unsigned next;
} sealing;

static void free_records(partition_work *work)
{
    const ndup_allocator *allocator = work->fingerprints->options.allocator;
    ndup__free(allocator, &work->records, work->count, sizeof *work->records);
    ndup__free(allocator, &work->filter, work->filter_words, sizeof *work->filter);
    work->count = 0;
    work->filter_words = 0;
}

static ndup_status take_partition(void *context, void *item, unsigned worker, bool *more,
                                  ndup_error *error)
{
    (void)worker;
    (void)error;
    sealing *job = context;
    partition_work *work = item;
    work->number = job->next;
    *more = job->next < PARTITIONS;
    job->next++;
    return NDUP_STATUS_OK;
}

static bool set_bit(uint64_t *filter, uint64_t bit)
{
    uint64_t mask = UINT64_C(1) << (bit % 64);
    bool was_set = (filter[bit / 64] & mask) != 0;
    filter[bit / 64] |= mask;
    return was_set;
}

/* Keeps the records whose hash, or one like it, comes again. Returns how many. */
static size_t drop_single(partition_work *work)
{
    uint64_t bits = work->filter_words * 64 / 2;
    uint64_t *twice = work->filter + work->filter_words / 2;
    for (size_t i = 0; i < work->count; i++) {
        uint64_t bit = work->records[i].hash % bits;
        if (set_bit(work->filter, bit)) {
            (void)set_bit(twice, bit);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < work->count; i++) {
        uint64_t bit = work->records[i].hash % bits;
        if ((twice[bit / 64] >> (bit % 64) & 1) != 0) {
            work->records[kept++] = work->records[i];
        }
    }
    return kept;
}

static int compare_records(const void *left, const void *right)
{
    const gram_record *a = left;
    const gram_record *b = right;
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    if (a->document != b->document) {
        return a->document < b->document ? -1 : 1;
    }
    return a->token < b->token ? -1 : a->token > b->token;
}

static ndup_status add_postings(partition_work *work, const gram_record *records, size_t count,
                                ndup_error *error)
{
    ndup_status status = ndup__reserve(work->fingerprints->options.allocator, &work->postings,
                                       &work->posting_capacity, work->posting_count + count,
                                       sizeof *work->postings, error);
    size_t in_document = 0;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        bool is_new = i == 0 || records[i].document != records[i - 1].document;
        in_document = is_new ? 1 : in_document + 1;
        if (in_document <= NDUP__PLACES_MOST) {
            work->postings[work->posting_count++] =
                (ndup__posting){.document = records[i].document,
                                .token = records[i].token & INT32_MAX,
                                .is_first = i == 0,
                                .before = records[i].before,
                                .behind = records[i].behind};
        }
    }
    return status;
}

/* Decides about the records of one gram. */
static ndup_status add_gram(partition_work *work, const gram_record *records, size_t count,
                            ndup_error *error)
{
    uint64_t documents = 1;
    for (size_t i = 1; i < count; i++) {
        documents += records[i].document != records[i - 1].document;
    }
    if (documents < 2) {
        return NDUP_STATUS_OK;
    }
    if (documents > work->fingerprints->options.documents_most) {
        work->common++;
        work->common_most = documents > work->common_most ? documents : work->common_most;
        return NDUP_STATUS_OK;
    }
    work->shared++;
    return add_postings(work, records, count, error);
}

static ndup_status load(partition_work *work, ndup_error *error)
{
    ndup__fingerprints *fingerprints = work->fingerprints;
    const ndup_allocator *allocator = fingerprints->options.allocator;
    size_t count = ndup__partitions_size(&fingerprints->gathered, work->number);
    ndup_status status =
        ndup__resize(allocator, &work->records, 0, count, sizeof *work->records, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    work->count = count;
    status = ndup__partitions_take(&fingerprints->gathered, work->number, work->records, error);
    size_t words = 2 * (count * FILTER_BITS / 64 + 1);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(allocator, &work->filter, words, sizeof *work->filter, error);
        work->filter_words = status == NDUP_STATUS_OK ? words : 0;
    }
    return status;
}

static ndup_status work_partition(void *context, void *item, unsigned worker, ndup_error *error)
{
    (void)context;
    (void)worker;
    partition_work *work = item;
    work->posting_count = 0;
    work->shared = work->common = work->common_most = 0;
    if (ndup__partitions_size(&work->fingerprints->gathered, work->number) == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = load(work, error);
    size_t count = status == NDUP_STATUS_OK ? drop_single(work) : 0;
    if (count > 0) {
        qsort(work->records, count, sizeof *work->records, compare_records);
    }
    for (size_t begin = 0, end; begin < count && status == NDUP_STATUS_OK; begin = end) {
        for (end = begin + 1;
             end < count && work->records[end].hash == work->records[begin].hash;) {
            end++;
        }
        status = add_gram(work, work->records + begin, end - begin, error);
    }
    free_records(work);
    return status;
}

static ndup_status commit_partition(void *context, void *item, unsigned worker, ndup_error *error)
{
    (void)context;
    (void)worker;
    const partition_work *work = item;
    ndup__fingerprints *fingerprints = work->fingerprints;
    fingerprints->shared += work->shared;
    fingerprints->common += work->common;
    if (work->common_most > fingerprints->common_most) {
        fingerprints->common_most = work->common_most;
    }
    ndup_status status = ndup__pulse_check(fingerprints->options.pulse, error);
    return status == NDUP_STATUS_OK
               ? ndup__column_append(&fingerprints->postings, work->postings,
                                     work->posting_count * sizeof *work->postings, error)
               : status;
}

/* Lists the postings of each document: a distribution by counting. */
static ndup_status list_mentions(ndup__fingerprints *fingerprints, ndup_error *error)
{
    const ndup__posting *postings = fingerprints->postings.bytes;
    uint64_t count = fingerprints->postings.total / sizeof *postings;
    size_t documents = fingerprints->documents;
    ndup_status status =
        ndup__allocate_zeroed(fingerprints->options.allocator, &fingerprints->first, documents + 1,
                              sizeof *fingerprints->first, error);
    if (status != NDUP_STATUS_OK || count == 0) {
        return status;
    }
    status = ndup__column_fill(&fingerprints->mentions, count * sizeof(uint64_t), error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *first = fingerprints->first;
    uint64_t *mentions = fingerprints->mentions.bytes;
    for (uint64_t i = 0; i < count; i++) {
        first[postings[i].document + 1]++;
    }
    for (size_t i = 0; i < documents; i++) {
        first[i + 1] += first[i];
    }
    for (uint64_t i = 0; i < count; i++) {
        mentions[first[postings[i].document]++] = i;
    }
    for (size_t i = documents; i > 0; i--) {
        first[i] = first[i - 1];
    }
    first[0] = 0;
    return NDUP_STATUS_OK;
}

ndup_status ndup__fingerprints_seal(ndup__fingerprints *fingerprints, ndup__pool *pool,
                                    ndup_error *error)
{
    const ndup_allocator *allocator = fingerprints->options.allocator;
    size_t count = ndup__pool_items(pool);
    partition_work *items;
    ndup_status status = ndup__allocate_zeroed(allocator, &items, count, sizeof *items, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        items[i].fingerprints = fingerprints;
    }
    sealing job = {.fingerprints = fingerprints};
    ndup__stream_work stream = {.context = &job,
                                .take = take_partition,
                                .work = work_partition,
                                .commit = commit_partition};
    fingerprints->spilled_bytes = fingerprints->gathered.file_bytes;
    status = ndup__pool_stream(pool, &stream, items, sizeof *items, count, error);
    for (size_t i = 0; i < count; i++) {
        free_records(&items[i]);
        ndup__free(allocator, &items[i].postings, items[i].posting_capacity,
                   sizeof *items[i].postings);
    }
    ndup__free(allocator, &items, count, sizeof *items);
    ndup__partitions_deinit(&fingerprints->gathered);
    if (status == NDUP_STATUS_OK) {
        status = ndup__column_seal(&fingerprints->postings, error);
    }
    return status == NDUP_STATUS_OK ? list_mentions(fingerprints, error) : status;
}

size_t ndup__fingerprints_mentions(const uint64_t **mentions,
                                   const ndup__fingerprints *fingerprints, uint32_t document)
{
    const uint64_t *all = fingerprints->mentions.bytes;
    uint64_t begin = fingerprints->first[document];
    *mentions = all != NULL ? all + begin : NULL;
    return all != NULL ? fingerprints->first[document + 1] - begin : 0;
}
