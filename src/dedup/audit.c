/* SPDX-License-Identifier: MIT */
/* The audit: an inverted index over the shingles of the sampled texts, against which every text is
 * counted. */
#include "dedup/audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "lsh/bands.h"
#include "similarity/jaccard.h"

#define GRAIN 64

/* One shingle of one sampled text. */
typedef struct posting {
    uint64_t shingle;
    uint32_t sample;
} posting;

typedef struct audit_sample {
    uint32_t class_number;
    size_t size; /* distinct shingles */
    bool has_kept_neighbour;
} audit_sample;

typedef struct audit_worker {
    ndup__set_reader reader;
    ndup__verifier *verifier; /* the judge's */
    uint32_t *shared;         /* [samples] */
    uint32_t *touched;        /* [samples] with shared > 0 */
    bool *neighbours;         /* [samples] a kept near-duplicate stands before it */
    uint64_t pairs;
    uint64_t found;
    uint64_t documents;
} audit_worker;

typedef struct audit_job {
    ndup__run *run;
    ndup__judge *judge;
    const ndup__groups *groups;
    const ndup_allocator *allocator;
    unsigned agreement_least;
    audit_sample *samples;
    size_t count;
    uint32_t *sample_of; /* [classes] 1 + sample, 0 = none */
    posting *postings;   /* by shingle */
    size_t posting_count;
    size_t posting_capacity;
    uint32_t *table; /* by shingle: 1 + its first posting */
    size_t table_size;
    uint64_t slot_key;
    audit_worker *workers;
} audit_job;

static int by_shingle(const void *left, const void *right)
{
    const posting *x = left;
    const posting *y = right;
    if (x->shingle != y->shingle) {
        return x->shingle < y->shingle ? -1 : 1;
    }
    return (x->sample > y->sample) - (x->sample < y->sample);
}

static ndup_status read_class(const audit_job *audit, audit_worker *worker, uint32_t class_number,
                              size_t *count, ndup_error *error)
{
    const ndup__run *run = audit->run;
    ndup__item item;
    ndup_status status = ndup__run_fetch(run, &item, run->table.class_documents[class_number],
                                         &worker->reader.block, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__set_reader_shingle(&worker->reader, count, &run->shingling,
                                          item.document.text, error);
    }
    return status;
}

static ndup_status index_sample(audit_job *audit, size_t number, ndup_error *error)
{
    audit_sample *sample = &audit->samples[number];
    audit_worker *worker = &audit->workers[0];
    ndup_status status = read_class(audit, worker, sample->class_number, &sample->size, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(audit->allocator, &audit->postings, &audit->posting_capacity,
                               audit->posting_count + sample->size, sizeof *audit->postings, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < sample->size; i++) {
        audit->postings[audit->posting_count++] =
            (posting){worker->reader.shingles[i], (uint32_t)number};
    }
    audit->sample_of[sample->class_number] = (uint32_t)number + 1;
    return NDUP_STATUS_OK;
}

/* Where the table has the first posting of a shingle, or would have it. */
static size_t find_slot(const audit_job *audit, uint64_t shingle)
{
    size_t mask = audit->table_size - 1;
    size_t at = (size_t)ndup__slot_hash(shingle, audit->slot_key) & mask;
    while (audit->table[at] != 0 && audit->postings[audit->table[at] - 1].shingle != shingle) {
        at = (at + 1) & mask;
    }
    return at;
}

static ndup_status build_table(audit_job *audit, ndup_error *error)
{
    if (audit->posting_count > 1) {
        qsort(audit->postings, audit->posting_count, sizeof *audit->postings, by_shingle);
    }
    audit->table_size = 16;
    audit->slot_key = ndup__slot_key();
    while (audit->table_size < 2 * audit->posting_count) {
        audit->table_size *= 2;
    }
    ndup_status status = ndup__allocate_zeroed(audit->allocator, &audit->table, audit->table_size,
                                               sizeof *audit->table, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < audit->posting_count; i++) {
        if (i > 0 && audit->postings[i - 1].shingle == audit->postings[i].shingle) {
            continue;
        }
        audit->table[find_slot(audit, audit->postings[i].shingle)] = (uint32_t)i + 1;
    }
    return status;
}

/* Samples evenly over the classes in keep order: every text that has tokens is as likely as any
 * other. */
static ndup_status choose_samples(audit_job *audit, ndup_error *error)
{
    const ndup__table *table = &audit->run->table;
    size_t wanted = audit->run->options->audit < table->class_count
                        ? (size_t)audit->run->options->audit
                        : table->class_count;
    ndup_status status = ndup__allocate_zeroed(audit->allocator, &audit->samples, wanted + 1,
                                               sizeof *audit->samples, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(audit->allocator, &audit->sample_of, table->class_count + 1,
                                       sizeof *audit->sample_of, error);
    }
    for (size_t i = 0; i < wanted && status == NDUP_STATUS_OK; i++) {
        size_t rank = (size_t)((double)i * (double)table->class_count / (double)wanted);
        uint32_t class_number = ndup__table_class_at(table, rank);
        if (table->class_tokens[class_number] > 0) {
            audit->samples[audit->count++].class_number = class_number;
        }
    }
    return status;
}

static bool is_proposed(const audit_job *audit, uint32_t a, uint32_t b)
{
    const ndup__run *run = audit->run;
    const uint8_t *row_a = run->table.rows + (size_t)a * run->table.row_bytes;
    const uint8_t *row_b = run->table.rows + (size_t)b * run->table.row_bytes;
    return run->options->exact ||
           (ndup__bands_shared(run->sketcher, &run->bands, row_a, row_b) > 0 &&
            ndup__row_agreement(run->sketcher, row_a, row_b) >= audit->agreement_least);
}

static bool is_kept(const audit_job *audit, uint32_t class_number)
{
    return audit->groups->survivors[class_number] == class_number;
}

/* Counts one pair that was found to be similar. */
static ndup_status count_pair(const audit_job *audit, audit_worker *worker, uint32_t number,
                              uint32_t class_number, ndup_error *error)
{
    const audit_sample *sample = &audit->samples[number];
    uint32_t other = audit->sample_of[class_number];
    if (other == 0 || other - 1 > number) { /* pairs of two samples are met twice */
        worker->pairs++;
        worker->found += is_proposed(audit, sample->class_number, class_number);
    }
    const ndup__table *table = &audit->run->table;
    bool stands_before =
        ndup__table_rank_of(table, class_number) < ndup__table_rank_of(table, sample->class_number);
    if (!stands_before || !is_kept(audit, class_number) || worker->neighbours[number]) {
        return NDUP_STATUS_OK;
    }
    ndup__match match;
    return ndup__verifier_compare(worker->verifier, &match, &worker->neighbours[number],
                                  sample->class_number, class_number, error);
}

static ndup_status count_text(const audit_job *audit, audit_worker *worker, uint32_t class_number,
                              size_t size, ndup_error *error)
{
    size_t touched = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < size; i++) {
        uint64_t shingle = worker->reader.shingles[i];
        for (size_t p = audit->table[find_slot(audit, shingle)];
             p != 0 && p <= audit->posting_count; p++) {
            const posting *here = &audit->postings[p - 1];
            if (here->shingle != shingle) {
                break;
            }
            if (worker->shared[here->sample]++ == 0) {
                worker->touched[touched++] = here->sample;
            }
        }
    }
    for (size_t i = 0; i < touched; i++) {
        uint32_t number = worker->touched[i];
        const audit_sample *sample = &audit->samples[number];
        double similarity = ndup__jaccard(worker->shared[number], sample->size, size);
        if (status == NDUP_STATUS_OK && sample->class_number != class_number &&
            similarity >= audit->run->options->matching.threshold) {
            status = count_pair(audit, worker, number, class_number, error);
        }
        worker->shared[number] = 0;
    }
    return status;
}

static ndup_status count_range(void *context, size_t begin, size_t end, unsigned number,
                               ndup_error *error)
{
    audit_job *audit = context;
    audit_worker *worker = &audit->workers[number];
    const ndup__table *table = &audit->run->table;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        size_t size = 0;
        if (table->class_tokens[i] > 0) {
            status = read_class(audit, worker, (uint32_t)i, &size, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = count_text(audit, worker, (uint32_t)i, size, error);
        }
    }
    return status;
}

/* In slices, so that progress is shown and cancelling is heard. */
static ndup_status count_all(audit_job *audit, ndup_error *error)
{
    ndup__run *run = audit->run;
    size_t slice = (size_t)GRAIN * 64;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t from = 0; from < run->table.class_count && status == NDUP_STATUS_OK;
         from += slice) {
        size_t left = run->table.class_count - from;
        size_t to = from + (left < slice ? left : slice);
        status = ndup__pool_ranges(run->pool, from, to, GRAIN, count_range, audit, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&run->reporter, from, from, error);
        }
    }
    return status;
}

static ndup_status init_workers(audit_job *audit, unsigned workers, ndup_error *error)
{
    const ndup_allocator *allocator = audit->allocator;
    ndup_status status =
        ndup__allocate_zeroed(allocator, &audit->workers, workers, sizeof *audit->workers, error);
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        audit_worker *worker = &audit->workers[i];
        ndup__set_reader_init(&worker->reader, allocator);
        worker->verifier = &audit->judge->verifiers[i];
        status = ndup__allocate_zeroed(allocator, &worker->shared, audit->count + 1,
                                       sizeof *worker->shared, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__allocate_zeroed(allocator, &worker->touched, audit->count + 1,
                                           sizeof *worker->touched, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__allocate_zeroed(allocator, &worker->neighbours, audit->count + 1,
                                           sizeof *worker->neighbours, error);
        }
    }
    return status;
}

static void free_audit(audit_job *audit, unsigned workers)
{
    const ndup_allocator *allocator = audit->allocator;
    for (unsigned i = 0; audit->workers != NULL && i < workers; i++) {
        audit_worker *worker = &audit->workers[i];
        ndup__set_reader_deinit(&worker->reader);
        ndup__free(allocator, &worker->shared, audit->count + 1, sizeof *worker->shared);
        ndup__free(allocator, &worker->touched, audit->count + 1, sizeof *worker->touched);
        ndup__free(allocator, &worker->neighbours, audit->count + 1, sizeof *worker->neighbours);
    }
    ndup__free(allocator, &audit->workers, workers, sizeof *audit->workers);
    for (size_t i = 0; i < audit->count; i++) {
    }
    size_t wanted = audit->run->options->audit < audit->run->table.class_count
                        ? (size_t)audit->run->options->audit
                        : audit->run->table.class_count;
    ndup__free(allocator, &audit->samples, wanted + 1, sizeof *audit->samples);
    ndup__free(allocator, &audit->sample_of, audit->run->table.class_count + 1,
               sizeof *audit->sample_of);
    ndup__free(allocator, &audit->postings, audit->posting_capacity, sizeof *audit->postings);
    ndup__free(allocator, &audit->table, audit->table_size, sizeof *audit->table);
}

/* Wilson's interval of a share at 95 %. */
static void set_interval(ndup_summary *summary)
{
    double n = (double)summary->audit_pairs;
    if (n <= 0) {
        return;
    }
    const double z = 1.959963984540054;
    double p = (double)summary->audit_found / n;
    double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    summary->audit_low = fmax(0, middle - half);
    summary->audit_high = fmin(1, middle + half);
}

static void sum_up(const audit_job *audit, unsigned workers, ndup_summary *summary)
{
    summary->audit_documents = audit->count;
    for (unsigned w = 0; w < workers; w++) {
        summary->audit_pairs += audit->workers[w].pairs;
        summary->audit_found += audit->workers[w].found;
        for (size_t i = 0; i < audit->count; i++) {
            audit->samples[i].has_kept_neighbour |= audit->workers[w].neighbours[i];
        }
    }
    for (size_t i = 0; i < audit->count; i++) {
        uint32_t class_number = audit->samples[i].class_number;
        bool could_go = is_kept(audit, class_number) &&
                        !ndup__table_is_protected(&audit->run->table, class_number);
        summary->audit_missed += could_go && audit->samples[i].has_kept_neighbour;
    }
    set_interval(summary);
}

ndup_status ndup__audit(ndup__judge *judge, const ndup__groups *groups, ndup_error *error)
{
    ndup__run *run = judge->run;
    unsigned workers = ndup__pool_workers(run->pool);
    audit_job audit = {
        .run = run,
        .judge = judge,
        .groups = groups,
        .allocator = run->allocator,
        .agreement_least =
            run->bands.rows +
            ndup__row_agreement_least(run->sketcher, run->sketcher->slots - run->bands.rows,
                                      run->options->matching.threshold, NDUP__SIFT_LOSS),
    };
    ndup_status status =
        ndup__reporter_begin(&run->reporter, NDUP_STAGE_AUDIT, run->table.class_count, error);
    if (status == NDUP_STATUS_OK) {
        status = choose_samples(&audit, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = init_workers(&audit, workers, error);
    }
    for (size_t i = 0; i < audit.count && status == NDUP_STATUS_OK; i++) {
        status = index_sample(&audit, i, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = build_table(&audit, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count_all(&audit, error);
    }
    if (status == NDUP_STATUS_OK) {
        sum_up(&audit, workers, &run->summary);
    }
    free_audit(&audit, workers);
    run->summary.seconds[NDUP_STAGE_AUDIT] = ndup__reporter_seconds(&run->reporter);
    return status;
}
