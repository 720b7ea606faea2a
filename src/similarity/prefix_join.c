/* SPDX-License-Identifier: MIT */
/* The prefix-filter join: how many sets have an element, prefixes, postings chained by element and
 * set size, candidates, comparison. Elements that one set has alone make no postings, which leaves
 * few of them in most corpora. */
#include "similarity/prefix_join.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "similarity/jaccard.h"

#define GRAIN 64

/* The pulse is asked every so many sets, or so many postings: a fraction of a millisecond. */
#define SETS_PER_BEAT 64
#define POSTINGS_PER_BEAT ((size_t)1 << 16)

/* Elements are counted part by part, by their top bits, in a table of bytes that stays in the
 * cache: CELLS_PER_ELEMENT cells an element, so that few elements share one, which makes them look
 * more frequent than they are. */
#define CELLS_PER_ELEMENT 8
#define CELL_BITS 21
#define PART_BITS_MOST 10
#define PARTS_MOST ((size_t)1 << PART_BITS_MOST)
#define SEGMENTS ((size_t)16) /* of the list of sets, worked in parallel */
#define RARITIES 256          /* the greatest count means that many or more */

/* Groups of postings by the top bits of the element. */
#define GROUP_BITS 4
#define GROUPS ((size_t)1 << GROUP_BITS)
#define NONE UINT32_MAX

typedef struct join_worker {
    uint8_t *cells;    /* [2^CELL_BITS] */
    uint8_t *rarities; /* [elements of a set] how many sets have it, about */
    size_t rarity_capacity;
    uint32_t *slots; /* of a hash table: 1 + the last posting of an element */
    size_t slot_capacity;
    uint8_t *seen; /* bit per set */
    uint32_t *candidates;
    size_t candidate_count;
    size_t candidate_capacity;
    size_t steps; /* along chains of postings */
} join_worker;

/* The postings of the sets of one segment. */
typedef struct join_segment {
    uint64_t *elements;
    size_t count;
    size_t capacity;
} join_segment;

typedef struct join_job {
    const uint64_t *const *sets;
    const uint32_t *sizes;
    size_t count;
    double threshold;
    const ndup_allocator *allocator;
    ndup__join_visitor visit;
    void *context;
    ndup__pulse *pulse;
    unsigned part_bits;
    uint64_t *heads; /* [parts][SEGMENTS] where the elements of a segment begin in `notes` */
    uint32_t *notes; /* [elements] by part, segment, set and element: its cell, then its count */
    size_t note_count;
    join_segment segments[SEGMENTS];
    uint64_t *starts; /* [count + 1] of each set's postings */
    size_t posting_count;
    uint64_t *elements;  /* [postings] */
    uint32_t *owners;    /* [postings] the set */
    uint32_t *earlier;   /* [postings] the posting before of the same element, or NONE */
    uint64_t multiplier; /* of an element: the top bits of the product are its slot */
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

static size_t part_of(const join_job *join, uint64_t element)
{
    return (size_t)(element >> 1 >> (63 - join->part_bits));
}

static uint32_t cell_of(const join_job *join, uint64_t element)
{
    return (uint32_t)(element << join->part_bits >> (64 - CELL_BITS));
}

static size_t segment_begin(const join_job *join, size_t segment)
{
    return join->count * segment / SEGMENTS;
}

/* Asks whether to go on, at every `every`th step. */
static ndup_status beat(const join_job *join, size_t step, size_t every, ndup_error *error)
{
    return step % every == 0 ? ndup__pulse_check(join->pulse, error) : NDUP_STATUS_OK;
}

static ndup_status size_parts(void *context, size_t begin, size_t end, unsigned worker,
                              ndup_error *error)
{
    (void)worker;
    join_job *join = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t segment = begin; segment < end && status == NDUP_STATUS_OK; segment++) {
        uint32_t sizes[PARTS_MOST] = {0};
        size_t stop = segment_begin(join, segment + 1);
        for (size_t i = segment_begin(join, segment); i < stop && status == NDUP_STATUS_OK; i++) {
            status = beat(join, i, SETS_PER_BEAT, error);
            for (size_t k = 0; k < join->sizes[i]; k++) {
                sizes[part_of(join, join->sets[i][k])]++;
            }
        }
        for (size_t part = 0; part < (size_t)1 << join->part_bits; part++) {
            join->heads[part * SEGMENTS + segment] = sizes[part];
        }
    }
    return status;
}

/* The places in `notes` of a segment's next element of each part. */
static void copy_heads(uint64_t heads[PARTS_MOST], const join_job *join, size_t segment)
{
    for (size_t part = 0; part < (size_t)1 << join->part_bits; part++) {
        heads[part] = join->heads[part * SEGMENTS + segment];
    }
}

static ndup_status note_cells(void *context, size_t begin, size_t end, unsigned worker,
                              ndup_error *error)
{
    (void)worker;
    join_job *join = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t segment = begin; segment < end && status == NDUP_STATUS_OK; segment++) {
        uint64_t heads[PARTS_MOST];
        size_t stop = segment_begin(join, segment + 1);
        copy_heads(heads, join, segment);
        for (size_t i = segment_begin(join, segment); i < stop && status == NDUP_STATUS_OK; i++) {
            status = beat(join, i, SETS_PER_BEAT, error);
            for (size_t k = 0; k < join->sizes[i]; k++) {
                uint64_t element = join->sets[i][k];
                join->notes[heads[part_of(join, element)]++] = cell_of(join, element);
            }
        }
    }
    return status;
}

static ndup_status count_parts(void *context, size_t begin, size_t end, unsigned worker,
                               ndup_error *error)
{
    join_job *join = context;
    join_worker *own = &join->workers[worker];
    size_t cells = (size_t)1 << CELL_BITS;
    ndup_status status = NDUP_STATUS_OK;
    if (own->cells == NULL) {
        status = ndup__resize(join->allocator, &own->cells, 0, cells, sizeof *own->cells, error);
        ndup__hint_large(own->cells, status == NDUP_STATUS_OK ? cells : 0);
    }
    for (size_t part = begin; part < end && status == NDUP_STATUS_OK; part++) {
        status = ndup__pulse_check(join->pulse, error);
        size_t first = (size_t)join->heads[part * SEGMENTS];
        size_t stop = (size_t)join->heads[(part + 1) * SEGMENTS];
        memset(own->cells, 0, cells);
        for (size_t i = first; i < stop; i++) {
            uint8_t *cell = &own->cells[join->notes[i]];
            *cell = (uint8_t)(*cell + (*cell < RARITIES - 1));
        }
        for (size_t i = first; i < stop; i++) {
            join->notes[i] = own->cells[join->notes[i]];
        }
    }
    return status;
}

static ndup_status allocate_notes(join_job *join, ndup_error *error)
{
    size_t total = 0;
    for (size_t i = 0; i < join->count; i++) {
        total += join->sizes[i];
    }
    while (join->part_bits < PART_BITS_MOST &&
           CELLS_PER_ELEMENT * total >> join->part_bits > (size_t)1 << CELL_BITS) {
        join->part_bits++;
    }
    size_t heads = (SEGMENTS << join->part_bits) + 1;
    ndup_status status =
        ndup__allocate_zeroed(join->allocator, &join->heads, heads, sizeof *join->heads, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(join->allocator, &join->notes, 0, total, sizeof *join->notes, error);
    }
    if (status == NDUP_STATUS_OK) {
        join->note_count = total;
        ndup__hint_large(join->notes, total * sizeof *join->notes);
    }
    return status;
}

static ndup_status count_elements(join_job *join, ndup__pool *pool, ndup_error *error)
{
    size_t parts = (size_t)1 << join->part_bits;
    ndup_status status = ndup__pool_ranges(pool, 0, SEGMENTS, 1, size_parts, join, error);
    uint64_t sum = 0;
    for (size_t i = 0; i <= parts * SEGMENTS; i++) {
        uint64_t size = join->heads[i];
        join->heads[i] = sum;
        sum += size;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_ranges(pool, 0, SEGMENTS, 1, note_cells, join, error);
    }
    return status == NDUP_STATUS_OK ? ndup__pool_ranges(pool, 0, parts, 1, count_parts, join, error)
                                    : status;
}

/* Copies the elements of a set's prefix that some other set may have: the rarest, and of equally
 * rare ones the lowest. Returns how many. */
static size_t copy_prefix(uint64_t *to, const uint64_t *set, const uint8_t *rarities, size_t size,
                          size_t prefix)
{
    uint32_t sums[RARITIES] = {0};
    for (size_t k = 0; k < size; k++) {
        sums[rarities[k]]++;
    }
    size_t limit = 0; /* the greatest count in the prefix */
    size_t left = prefix;
    while (limit < RARITIES - 1 && sums[limit] <= left) {
        left -= sums[limit++];
    }
    size_t copied = 0;
    for (size_t k = 0; k < size; k++) {
        bool at_limit = rarities[k] == limit && left > 0;
        left -= at_limit;
        to[copied] = set[k];
        copied += (rarities[k] < limit || at_limit) && rarities[k] > 1;
    }
    return copied;
}

static ndup_status take_prefix(join_job *join, join_worker *own, join_segment *segment, size_t i,
                               uint64_t *heads, ndup_error *error)
{
    const uint64_t *set = join->sets[i];
    size_t size = join->sizes[i];
    ndup_status status = beat(join, i, SETS_PER_BEAT, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(join->allocator, &own->rarities, &own->rarity_capacity, size,
                               sizeof *own->rarities, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(join->allocator, &segment->elements, &segment->capacity,
                               segment->count + size, sizeof *segment->elements, error);
    }
    if (status != NDUP_STATUS_OK || size == 0) {
        return status;
    }
    for (size_t k = 0; k < size; k++) {
        own->rarities[k] = (uint8_t)join->notes[heads[part_of(join, set[k])]++];
    }
    size_t copied = copy_prefix(segment->elements + segment->count, set, own->rarities, size,
                                prefix_size(size, join->threshold));
    segment->count += copied;
    join->starts[i + 1] = copied;
    return NDUP_STATUS_OK;
}

static ndup_status take_prefixes(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    join_job *join = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t segment = begin; segment < end; segment++) {
        uint64_t heads[PARTS_MOST];
        copy_heads(heads, join, segment);
        size_t stop = segment_begin(join, segment + 1);
        for (size_t i = segment_begin(join, segment); i < stop && status == NDUP_STATUS_OK; i++) {
            status = take_prefix(join, &join->workers[worker], &join->segments[segment], i, heads,
                                 error);
        }
    }
    return status;
}

static ndup_status allocate_postings(join_job *join, ndup_error *error)
{
    size_t count = (size_t)join->starts[join->count];
    if (count >= NONE) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than 2^32 shingles to join");
    }
    join->posting_count = count;
    ndup_status status =
        ndup__resize(join->allocator, &join->elements, 0, count, sizeof *join->elements, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(join->allocator, &join->owners, 0, count, sizeof *join->owners, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(join->allocator, &join->earlier, 0, count, sizeof *join->earlier, error);
    }
    return status;
}

static ndup_status make_postings(join_job *join, ndup__pool *pool, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(join->allocator, &join->starts, join->count + 1,
                                               sizeof *join->starts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_ranges(pool, 0, SEGMENTS, 1, take_prefixes, join, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < join->count; i++) {
        join->starts[i + 1] += join->starts[i];
    }
    status = allocate_postings(join, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t segment = 0; segment < SEGMENTS; segment++) {
        const join_segment *from = &join->segments[segment];
        if (from->count > 0) {
            memcpy(join->elements + join->starts[segment_begin(join, segment)], from->elements,
                   from->count * sizeof *from->elements);
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        for (uint64_t slot = join->starts[i]; slot < join->starts[i + 1]; slot++) {
            join->owners[slot] = (uint32_t)i;
        }
    }
    return NDUP_STATUS_OK;
}

/* Chains the postings of one group. Sets come in order of size, so postings ascend with sizes. */
static ndup_status chain_group(join_job *join, join_worker *own, size_t group, ndup_error *error)
{
    size_t members = 0;
    for (size_t i = 0; i < join->posting_count; i++) {
        members += join->elements[i] >> (64 - GROUP_BITS) == group;
    }
    unsigned bits = 4;
    while ((size_t)1 << bits < 2 * members) {
        bits++;
    }
    size_t mask = ((size_t)1 << bits) - 1;
    ndup_status status = ndup__reserve(join->allocator, &own->slots, &own->slot_capacity, mask + 1,
                                       sizeof *own->slots, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(own->slots, 0, (mask + 1) * sizeof *own->slots);
    for (size_t i = 0; i < join->posting_count && status == NDUP_STATUS_OK; i++) {
        status = beat(join, i, POSTINGS_PER_BEAT, error);
        uint64_t element = join->elements[i];
        if (element >> (64 - GROUP_BITS) != group) {
            continue;
        }
        size_t at = (size_t)(element * join->multiplier >> (64 - bits));
        while (own->slots[at] != 0 && join->elements[own->slots[at] - 1] != element) {
            at = (at + 1) & mask;
        }
        join->earlier[i] = own->slots[at] != 0 ? own->slots[at] - 1 : NONE;
        own->slots[at] = (uint32_t)i + 1;
    }
    return status;
}

static ndup_status chain_groups(void *context, size_t begin, size_t end, unsigned worker,
                                ndup_error *error)
{
    join_job *join = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t group = begin; group < end && status == NDUP_STATUS_OK; group++) {
        status = chain_group(join, &join->workers[worker], group, error);
    }
    return status;
}

static ndup_status add_candidate(const join_job *join, join_worker *own, uint32_t set,
                                 ndup_error *error)
{
    uint8_t bit = (uint8_t)(1u << (set & 7));
    if ((own->seen[set >> 3] & bit) != 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(join->allocator, &own->candidates, &own->candidate_capacity,
                                       own->candidate_count + 1, sizeof *own->candidates, error);
    if (status == NDUP_STATUS_OK) {
        own->seen[set >> 3] |= bit;
        own->candidates[own->candidate_count++] = set;
    }
    return status;
}

/* Gathers the sets before set x, and not too small for it, that share a prefix element. */
static ndup_status gather(const join_job *join, join_worker *own, uint32_t x, ndup_error *error)
{
    double least_size = join->threshold * (double)join->sizes[x] - 1e-9 * (double)join->sizes[x];
    ndup_status status = NDUP_STATUS_OK;
    own->candidate_count = 0;
    for (uint64_t slot = join->starts[x]; slot < join->starts[x + 1]; slot++) {
        uint32_t posting = join->earlier[slot];
        while (posting != NONE && status == NDUP_STATUS_OK &&
               (double)join->sizes[join->owners[posting]] >= least_size) {
            status = add_candidate(join, own, join->owners[posting], error);
            posting = join->earlier[posting];
            if (status == NDUP_STATUS_OK) {
                status = beat(join, ++own->steps, POSTINGS_PER_BEAT, error);
            }
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
            if (status == NDUP_STATUS_OK) {
                status = beat(join, i, SETS_PER_BEAT, error);
            }
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
        ndup__free(allocator, &own->cells, (size_t)1 << CELL_BITS, sizeof *own->cells);
        ndup__free(allocator, &own->rarities, own->rarity_capacity, sizeof *own->rarities);
        ndup__free(allocator, &own->slots, own->slot_capacity, sizeof *own->slots);
        ndup__free(allocator, &own->seen, join->count / 8 + 1, 1);
        ndup__free(allocator, &own->candidates, own->candidate_capacity, sizeof *own->candidates);
    }
    ndup__free(allocator, &join->workers, workers, sizeof *join->workers);
    for (size_t i = 0; i < SEGMENTS; i++) {
        ndup__free(allocator, &join->segments[i].elements, join->segments[i].capacity,
                   sizeof *join->segments[i].elements);
    }
    ndup__free(allocator, &join->heads, (SEGMENTS << join->part_bits) + 1, sizeof *join->heads);
    ndup__free(allocator, &join->notes, join->note_count, sizeof *join->notes);
    ndup__free(allocator, &join->starts, join->count + 1, sizeof *join->starts);
    ndup__free(allocator, &join->elements, join->posting_count, sizeof *join->elements);
    ndup__free(allocator, &join->owners, join->posting_count, sizeof *join->owners);
    ndup__free(allocator, &join->earlier, join->posting_count, sizeof *join->earlier);
}

ndup_status ndup__prefix_join(const uint64_t *const *sets, const uint32_t *sizes, size_t count,
                              double threshold, ndup__pool *pool, ndup__join_visitor visit,
                              void *context, ndup__pulse *pulse, const ndup_allocator *allocator,
                              ndup_error *error)
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
    join->pulse = pulse;
    status = init_workers(join, workers, error);
    if (status == NDUP_STATUS_OK) {
        status = allocate_notes(join, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count_elements(join, pool, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = make_postings(join, pool, error);
    }
    if (status == NDUP_STATUS_OK) {
        join->multiplier = ndup__slot_key() | 1;
        status = ndup__pool_ranges(pool, 0, GROUPS, 1, chain_groups, join, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_ranges(pool, 0, count, GRAIN, compare_range, join, error);
    }
    free_join(join, workers);
    ndup__free(allocator, &join, 1, sizeof *join);
    return status;
}
