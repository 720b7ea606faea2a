/* SPDX-License-Identifier: MIT */
/* The prefix-filter join: frequencies, prefixes, postings sorted by element and set size,
 * candidates, comparison. */
#include "similarity/prefix_join.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "similarity/jaccard.h"

#define GRAIN 64
#define PARTITION_BITS 11
#define PARTITIONS ((size_t)1 << PARTITION_BITS)

/* One prefix element of one set. */
typedef struct posting {
    uint64_t element;
    uint32_t set;
    uint32_t slot; /* its place in join.places: where the sorted place is written back */
} posting;

typedef struct join_worker {
    uint64_t *scratch; /* elements of one set, by frequency */
    size_t scratch_capacity;
    uint8_t *seen; /* bit per set */
    uint32_t *candidates;
    size_t candidate_count;
    size_t candidate_capacity;
} join_worker;

typedef struct join_job {
    const uint64_t *const *sets;
    const uint32_t *sizes;
    size_t count;
    double threshold;
    const ndup_allocator *allocator;
    ndup__join_visitor visit;
    void *context;
    uint32_t *frequencies; /* by the low bits of the element: collisions only disturb the order */
    size_t frequency_mask;
    uint64_t *starts; /* [count + 1] of each set's prefix in places */
    posting *postings;
    posting *sorted;
    uint32_t *places; /* [prefix elements] place of the element's posting in `sorted` */
    size_t posting_count;
    size_t partition_starts[PARTITIONS + 1];
    join_worker *workers;
} join_job;

/* Elements of a set that must meet those of a similar set. */
static size_t prefix_size(size_t size, double threshold)
{
    size_t least = (size_t)(threshold * (double)size);
    while ((double)least < threshold * (double)size - 1e-9 * (double)size) {
        least++;
    }
    return size == 0 ? 0 : size - least + 1 > size ? size : size - least + 1;
}

static uint64_t frequency(const join_job *join, uint64_t element)
{
    return join->frequencies[element & join->frequency_mask];
}

static ndup_status count_frequencies(join_job *join, ndup_error *error)
{
    uint64_t total = 0;
    for (size_t i = 0; i < join->count; i++) {
        total += join->sizes[i];
    }
    size_t size = 1024;
    while (size < total) {
        size *= 2;
    }
    join->frequency_mask = size - 1;
    ndup_status status = ndup__allocate_zeroed(join->allocator, &join->frequencies, size,
                                               sizeof *join->frequencies, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < join->count; i++) {
        for (size_t k = 0; k < join->sizes[i]; k++) {
            join->frequencies[join->sets[i][k] & join->frequency_mask]++;
        }
    }
    return status;
}

static ndup_status place_prefixes(join_job *join, ndup_error *error)
{
    ndup_status status = ndup__resize(join->allocator, &join->starts, 0, join->count + 1,
                                      sizeof *join->starts, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    join->starts[0] = 0;
    for (size_t i = 0; i < join->count; i++) {
        join->starts[i + 1] = join->starts[i] + prefix_size(join->sizes[i], join->threshold);
    }
    join->posting_count = (size_t)join->starts[join->count];
    status = ndup__resize(join->allocator, &join->postings, 0, join->posting_count,
                          sizeof *join->postings, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(join->allocator, &join->sorted, 0, join->posting_count,
                              sizeof *join->sorted, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(join->allocator, &join->places, 0, join->posting_count,
                              sizeof *join->places, error);
    }
    return status;
}

static bool is_rarer(const join_job *join, uint64_t x, uint64_t y)
{
    uint64_t fx = frequency(join, x);
    uint64_t fy = frequency(join, y);
    return fx != fy ? fx < fy : x < y;
}

/* Brings the `wanted` rarest elements to the front (quickselect with the middle as pivot; elements
 * are hashes). */
static void select_rarest(const join_job *join, uint64_t *elements, size_t count, size_t wanted)
{
    size_t low = 0;
    size_t high = count;
    while (high - low > 1 && wanted > low && wanted < high) {
        uint64_t pivot = elements[low + (high - low) / 2];
        size_t i = low;
        size_t k = high - 1;
        for (;;) {
            while (is_rarer(join, elements[i], pivot)) {
                i++;
            }
            while (is_rarer(join, pivot, elements[k])) {
                k--;
            }
            if (i >= k) {
                break;
            }
            uint64_t swapped = elements[i];
            elements[i++] = elements[k];
            elements[k--] = swapped;
        }
        if (wanted <= i) {
            high = i > low ? i : low + 1;
        } else {
            low = i;
        }
    }
}

static ndup_status make_prefixes(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    join_job *join = context;
    join_worker *own = &join->workers[worker];
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        size_t size = join->sizes[i];
        size_t prefix = (size_t)(join->starts[i + 1] - join->starts[i]);
        status = ndup__reserve(join->allocator, &own->scratch, &own->scratch_capacity, size,
                               sizeof *own->scratch, error);
        if (status != NDUP_STATUS_OK || size == 0) {
            continue;
        }
        memcpy(own->scratch, join->sets[i], size * sizeof *own->scratch);
        select_rarest(join, own->scratch, size, prefix);
        for (size_t k = 0; k < prefix; k++) {
            size_t slot = (size_t)join->starts[i] + k;
            join->postings[slot] = (posting){own->scratch[k], (uint32_t)i, (uint32_t)slot};
        }
    }
    return status;
}

static void partition_postings(join_job *join)
{
    size_t *starts = join->partition_starts;
    for (size_t i = 0; i < join->posting_count; i++) {
        starts[(join->postings[i].element >> (64 - PARTITION_BITS)) + 1]++;
    }
    for (size_t p = 0; p < PARTITIONS; p++) {
        starts[p + 1] += starts[p];
    }
    for (size_t i = 0; i < join->posting_count; i++) {
        size_t p = join->postings[i].element >> (64 - PARTITION_BITS);
        join->sorted[starts[p]++] = join->postings[i];
    }
    memmove(starts + 1, starts, PARTITIONS * sizeof *starts);
    starts[0] = 0;
}

static int by_element(const void *left, const void *right)
{
    const posting *x = left;
    const posting *y = right;
    if (x->element != y->element) {
        return x->element < y->element ? -1 : 1;
    }
    return (x->slot > y->slot) - (x->slot < y->slot);
}

/* Sets come in order of size, so slots ascend with sizes. */
static ndup_status sort_partitions(void *context, size_t begin, size_t end, unsigned worker,
                                   ndup_error *error)
{
    (void)worker;
    (void)error;
    join_job *join = context;
    for (size_t p = begin; p < end; p++) {
        size_t first = join->partition_starts[p];
        size_t count = join->partition_starts[p + 1] - first;
        if (count > 1) {
            qsort(join->sorted + first, count, sizeof *join->sorted, by_element);
        }
        for (size_t i = first; i < first + count; i++) {
            join->places[join->sorted[i].slot] = (uint32_t)i;
        }
    }
    return NDUP_STATUS_OK;
}

/* Gathers the sets before set x, and not too small for it, that share a prefix element. */
static ndup_status gather(const join_job *join, join_worker *own, uint32_t x, ndup_error *error)
{
    double least_size = join->threshold * (double)join->sizes[x] - 1e-9 * (double)join->sizes[x];
    ndup_status status = NDUP_STATUS_OK;
    own->candidate_count = 0;
    for (uint64_t slot = join->starts[x]; slot < join->starts[x + 1] && status == NDUP_STATUS_OK;
         slot++) {
        size_t place = join->places[slot];
        uint64_t element = join->sorted[place].element;
        while (place-- > 0 && join->sorted[place].element == element) {
            uint32_t other = join->sorted[place].set;
            uint8_t bit = (uint8_t)(1u << (other & 7));
            if ((double)join->sizes[other] < least_size) {
                break;
            }
            if ((own->seen[other >> 3] & bit) != 0) {
                continue;
            }
            status = ndup__reserve(join->allocator, &own->candidates, &own->candidate_capacity,
                                   own->candidate_count + 1, sizeof *own->candidates, error);
            if (status != NDUP_STATUS_OK) {
                break;
            }
            own->seen[other >> 3] |= bit;
            own->candidates[own->candidate_count++] = other;
        }
    }
    return status;
}

static ndup_status compare_range(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    join_job *join = context;
    join_worker *own = &join->workers[worker];
    ndup_status status = NDUP_STATUS_OK;
    for (size_t x = begin; x < end && status == NDUP_STATUS_OK; x++) {
        status = gather(join, own, (uint32_t)x, error);
        for (size_t i = 0; i < own->candidate_count; i++) {
            uint32_t other = own->candidates[i];
            own->seen[other >> 3] &= (uint8_t) ~(1u << (other & 7));
            if (status != NDUP_STATUS_OK) {
                continue;
            }
            size_t least =
                ndup__intersection_least(join->sizes[x], join->sizes[other], join->threshold);
            size_t shared = ndup__intersection(join->sets[x], join->sizes[x], join->sets[other],
                                               join->sizes[other], least);
            if (shared >= least) {
                status = join->visit(join->context, (uint32_t)x, other, shared, worker, error);
            }
        }
    }
    return status;
}

static ndup_status init_workers(join_job *join, unsigned count, ndup_error *error)
{
    ndup_status status =
        ndup__allocate_zeroed(join->allocator, &join->workers, count, sizeof *join->workers, error);
    for (unsigned i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = ndup__allocate_zeroed(join->allocator, &join->workers[i].seen, join->count / 8 + 1,
                                       1, error);
    }
    return status;
}

static void free_join(join_job *join, unsigned workers)
{
    const ndup_allocator *allocator = join->allocator;
    for (unsigned i = 0; join->workers != NULL && i < workers; i++) {
        join_worker *own = &join->workers[i];
        ndup__free(allocator, &own->scratch, own->scratch_capacity, sizeof *own->scratch);
        ndup__free(allocator, &own->seen, join->count / 8 + 1, 1);
        ndup__free(allocator, &own->candidates, own->candidate_capacity, sizeof *own->candidates);
    }
    ndup__free(allocator, &join->workers, workers, sizeof *join->workers);
    if (join->frequencies != NULL) {
        ndup__free(allocator, &join->frequencies, join->frequency_mask + 1,
                   sizeof *join->frequencies);
    }
    ndup__free(allocator, &join->starts, join->count + 1, sizeof *join->starts);
    ndup__free(allocator, &join->postings, join->posting_count, sizeof *join->postings);
    ndup__free(allocator, &join->sorted, join->posting_count, sizeof *join->sorted);
    ndup__free(allocator, &join->places, join->posting_count, sizeof *join->places);
}

ndup_status ndup__prefix_join(const uint64_t *const *sets, const uint32_t *sizes, size_t count,
                              double threshold, ndup__pool *pool, ndup__join_visitor visit,
                              void *context, const ndup_allocator *allocator, ndup_error *error)
{
    unsigned workers = ndup__pool_workers(pool);
    join_job *join;
    ndup_status status = ndup__allocate_zeroed(allocator, &join, 1, sizeof *join, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    join->sets = sets;
    join->sizes = sizes;
    join->count = count;
    join->threshold = threshold;
    join->allocator = allocator;
    join->visit = visit;
    join->context = context;
    status = init_workers(join, workers, error);
    if (status == NDUP_STATUS_OK) {
        status = count_frequencies(join, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = place_prefixes(join, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_ranges(pool, 0, count, GRAIN, make_prefixes, join, error);
    }
    if (status == NDUP_STATUS_OK) {
        partition_postings(join);
        status = ndup__pool_ranges(pool, 0, PARTITIONS, 1, sort_partitions, join, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_ranges(pool, 0, count, GRAIN, compare_range, join, error);
    }
    free_join(join, workers);
    ndup__free(allocator, &join, 1, sizeof *join);
    return status;
}
