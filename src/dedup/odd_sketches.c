/* SPDX-License-Identifier: MIT */
/* Odd sketches, in chunks that stay where they are while others are added, each of which is twice
 * as large as the one before it. */
#include "dedup/odd_sketches.h"

#include <math.h>
#include <pthread.h>

#include "base/alloc.h"

#define BITS (64 * NDUP__ODD_WORDS)
#define FIRST_CHUNK_LOG 10
#define DEVIATIONS 4 /* above what is expected */

/* Most bits that are left of `different` shingles: expectation and variance of the number of cells
 * with an odd load, when balls are thrown into cells. */
static unsigned most_bits(size_t different)
{
    double cells = BITS;
    double d = (double)different;
    double alone = pow(1 - 2 / cells, d);
    double both = pow(1 - 4 / cells, d);
    double mean = cells / 2 * (1 - alone);
    double variance = cells / 4 * (1 - both) + cells * cells / 4 * (both - alone * alone);
    double most = ceil(mean + DEVIATIONS * sqrt(variance > 0 ? variance : 0));
    return (unsigned)fmin(fmin(most, d), cells);
}

ndup_status ndup__odd_sketches_init(ndup__odd_sketches *sketches, size_t class_count,
                                    double threshold, const ndup_allocator *allocator,
                                    const ndup__breath *breath, ndup_error *error)
{
    *sketches = (ndup__odd_sketches){
        .allocator = allocator, .class_count = class_count, .threshold = threshold};
    pthread_mutex_init(&sketches->lock, NULL);
    sketches->is_made = true;
    return ndup__breath_allocate_zeroed(breath, allocator, &sketches->numbers, class_count,
                                        sizeof *sketches->numbers, error);
}

static size_t chunk_size(unsigned chunk)
{
    return (size_t)1 << (FIRST_CHUNK_LOG + chunk);
}

/* Where sketch `i` is: in which chunk, and in which place of it. */
static unsigned chunk_of(size_t *place, size_t i)
{
    size_t beyond = i + ((size_t)1 << FIRST_CHUNK_LOG);
    unsigned log = 63u - (unsigned)__builtin_clzll(beyond);
    *place = beyond - ((size_t)1 << log);
    return log - FIRST_CHUNK_LOG;
}

void ndup__odd_sketches_deinit(ndup__odd_sketches *sketches)
{
    const ndup_allocator *allocator = sketches->allocator;
    if (!sketches->is_made) {
        return;
    }
    for (unsigned i = 0; i < NDUP__ODD_CHUNKS; i++) {
        ndup__free(allocator, &sketches->chunks[i], chunk_size(i), sizeof **sketches->chunks);
    }
    ndup__free(allocator, &sketches->numbers, sketches->class_count, sizeof *sketches->numbers);
    ndup__free(allocator, &sketches->bits_most, 2 * NDUP__ODD_MOST + 1,
               sizeof *sketches->bits_most);
    pthread_mutex_destroy(&sketches->lock);
}

const ndup__odd_sketch *ndup__odd_sketches_find(ndup__odd_sketches *sketches, uint32_t class_number)
{
    unsigned number = atomic_load_explicit(&sketches->numbers[class_number], memory_order_acquire);
    if (number == 0) {
        return NULL;
    }
    size_t place;
    unsigned chunk = chunk_of(&place, number - 1);
    return &sketches->chunks[chunk][place];
}

static void fill(ndup__odd_sketch *sketch, const ndup__shingle_index *index)
{
    *sketch = (ndup__odd_sketch){.distinct = index->distinct};
    for (size_t i = 0; i < index->count && index->distinct <= NDUP__ODD_MOST; i++) {
        unsigned bit = (unsigned)(index->shingles[i] >> 54); /* BITS = 2^10 */
        sketch->bits[bit / 64] ^= (uint64_t)(index->is_repeat[i] == 0) << (bit % 64);
    }
}

/* Most runs make no sketch, and need no table. */
static ndup_status reckon_bits(ndup__odd_sketches *sketches, ndup_error *error)
{
    if (sketches->bits_most != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__resize(sketches->allocator, &sketches->bits_most, 0,
                                      2 * NDUP__ODD_MOST + 1, sizeof *sketches->bits_most, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i <= 2 * NDUP__ODD_MOST; i++) {
        sketches->bits_most[i] = (uint16_t)most_bits(i);
    }
    return status;
}

/* Adds a sketch, under the lock. */
static ndup_status add(ndup__odd_sketches *sketches, uint32_t class_number,
                       const ndup__odd_sketch *sketch, ndup_error *error)
{
    size_t place;
    unsigned number = chunk_of(&place, sketches->count);
    ndup__odd_sketch **chunk = &sketches->chunks[number];
    ndup_status status = reckon_bits(sketches, error);
    if (status == NDUP_STATUS_OK && *chunk == NULL) {
        status =
            ndup__resize(sketches->allocator, chunk, 0, chunk_size(number), sizeof **chunk, error);
    }
    if (status == NDUP_STATUS_OK) {
        (*chunk)[place] = *sketch;
        atomic_store_explicit(&sketches->numbers[class_number], (unsigned)++sketches->count,
                              memory_order_release);
    }
    return status;
}

ndup_status ndup__odd_sketches_make(const ndup__odd_sketch **out, ndup__odd_sketches *sketches,
                                    uint32_t class_number, const ndup__shingle_index *index,
                                    ndup_error *error)
{
    ndup__odd_sketch made;
    ndup_status status = NDUP_STATUS_OK;
    fill(&made, index);
    pthread_mutex_lock(&sketches->lock);
    if (ndup__odd_sketches_find(sketches, class_number) == NULL) { /* no thread was faster */
        status = add(sketches, class_number, &made, error);
    }
    pthread_mutex_unlock(&sketches->lock);
    *out = ndup__odd_sketches_find(sketches, class_number);
    return status;
}

bool ndup__odd_sketches_may_match(const ndup__odd_sketches *sketches, const ndup__odd_sketch *a,
                                  const ndup__odd_sketch *b)
{
    double share = (1 - sketches->threshold) / (1 + sketches->threshold);
    if (a->distinct > NDUP__ODD_MOST || b->distinct > NDUP__ODD_MOST) {
        return true;
    }
    unsigned bits = 0;
    for (size_t i = 0; i < NDUP__ODD_WORDS; i++) {
        bits += (unsigned)__builtin_popcountll(a->bits[i] ^ b->bits[i]);
    }
    /* At the threshold the sets differ in so many shingles; a little more is rounding. */
    size_t different = (size_t)(share * (double)(a->distinct + b->distinct) + 1e-6);
    return bits <= sketches->bits_most[different];
}
