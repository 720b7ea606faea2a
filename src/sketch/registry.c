/* SPDX-License-Identifier: MIT */
/* The list of sketch kinds, and everything about sketches that does not depend on the kind. */
#include <math.h>
#include <stdio.h>
#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/require.h"
#include "base/hash.h"
#include "kernel/kernel.h"
#include "sketch/kind.h"

static const ndup__sketch_kind *const kinds[] = {
    &ndup__sketch_fast_similarity,
    &ndup__sketch_kmins,
    &ndup__sketch_simhash64,
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

size_t ndup_sketch_count(void)
{
    return KIND_COUNT;
}

const ndup_sketch_info *ndup_sketch_get(size_t i)
{
    return i < KIND_COUNT ? &kinds[i]->info : NULL;
}

const ndup__sketch_kind *ndup__sketch_kind_of(const ndup_sketch_info *info)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (&kinds[i]->info == info) {
            return kinds[i];
        }
    }
    return NULL;
}

static ndup_status find_kind(const ndup__sketch_kind **kind, const char *name, ndup_error *error)
{
    *kind = kinds[0];
    for (size_t i = 0; name != NULL && i < KIND_COUNT; i++) {
        if (strcmp(kinds[i]->info.name, name) == 0) {
            *kind = kinds[i];
            return NDUP_STATUS_OK;
        }
    }
    if (name == NULL) {
        return NDUP_STATUS_OK;
    }
    char names[100] = "";
    size_t used = 0;
    for (size_t i = 0; i < KIND_COUNT && used < sizeof names; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                                 kinds[i]->info.name);
    }
    return ndup__fail(error, NDUP_STATUS_NOT_FOUND, "no sketch named '%s'; there are %s", name,
                      names);
}

static ndup_status seed_functions(ndup_sketcher *sketcher, ndup_error *error)
{
    ndup_status status = ndup__resize(sketcher->allocator, &sketcher->multipliers, 0,
                                      sketcher->slots, sizeof *sketcher->multipliers, error);
    uint64_t state = sketcher->seed;
    for (unsigned i = 0; status == NDUP_STATUS_OK && i < sketcher->slots; i++) {
        sketcher->multipliers[i] = (uint32_t)(ndup__splitmix64(&state) >> 32) | 1;
    }
    return status;
}

ndup_status ndup_sketcher_new(ndup_sketcher **out, const char *name, unsigned slots, uint64_t seed,
                              const ndup_allocator *allocator, ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "sketcher", out);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    const ndup__sketch_kind *kind;
    ndup_status status = find_kind(&kind, name, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (slots == 0) {
        slots = kind->info.slots_default;
    }
    if (slots < kind->info.slots_min || slots > kind->info.slots_max) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%u slots for %s, must be %u..%u", slots,
                          kind->info.name, kind->info.slots_min, kind->info.slots_max);
    }
    ndup_sketcher *sketcher;
    status = ndup__allocate_zeroed(allocator, &sketcher, 1, sizeof *sketcher, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    sketcher->kind = kind;
    sketcher->allocator = allocator;
    sketcher->slots = slots;
    sketcher->seed = seed;
    status = seed_functions(sketcher, error);
    if (status != NDUP_STATUS_OK) {
        ndup_sketcher_free(sketcher);
        return status;
    }
    *out = sketcher;
    return NDUP_STATUS_OK;
}

void ndup_sketcher_free(ndup_sketcher *sketcher)
{
    if (sketcher != NULL) {
        const ndup_allocator *allocator = sketcher->allocator;
        ndup__free(allocator, &sketcher->multipliers, sketcher->slots,
                   sizeof *sketcher->multipliers);
        ndup__free(allocator, &sketcher, 1, sizeof *sketcher);
    }
}

const ndup_sketch_info *ndup_sketcher_info(const ndup_sketcher *sketcher)
{
    if (sketcher == NULL) {
        return NULL;
    }
    return &sketcher->kind->info;
}

unsigned ndup_sketcher_slots(const ndup_sketcher *sketcher)
{
    if (sketcher == NULL) {
        return 0;
    }
    return sketcher->slots;
}

void ndup_sketch_make(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                      size_t count)
{
    if (sketcher == NULL || state == NULL) {
        return;
    }
    if (count == 0 || hashes == NULL) {
        memset(state, 0xFF, sketcher->slots * sizeof *state);
        return;
    }
    sketcher->kind->make(sketcher, state, hashes, count);
}

ndup_status ndup_sketch_merge(const ndup_sketcher *sketcher, uint32_t *into, const uint32_t *from,
                              ndup_error *error)
{
    ndup_status given = NDUP__REQUIRE(error, "sketcher", sketcher, "into", into, "from", from);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    if (!sketcher->kind->merges) {
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                          "two %s sketches do not determine the sketch of the union",
                          sketcher->kind->info.name);
    }
    for (unsigned i = 0; i < sketcher->slots; i++) {
        into[i] = from[i] < into[i] ? from[i] : into[i];
    }
    return NDUP_STATUS_OK;
}

/* An empty set's state is all ones, which no hashed slot is: MinHash values have fewer than 2^32
 * - 1. */
static bool is_empty_state(const ndup_sketcher *sketcher, const uint32_t *state)
{
    for (unsigned i = 0; i < sketcher->slots; i++) {
        if (state[i] != UINT32_MAX) {
            return false;
        }
    }
    return true;
}

double ndup_sketch_estimate(const ndup_sketcher *sketcher, const uint32_t *a, const uint32_t *b)
{
    if (sketcher == NULL || a == NULL || b == NULL) {
        return 0;
    }
    unsigned agreeing = 0;
    for (unsigned i = 0; i < sketcher->slots; i++) {
        agreeing += a[i] == b[i];
    }
    if (agreeing > 0 && (is_empty_state(sketcher, a) || is_empty_state(sketcher, b))) {
        return 0;
    }
    return sketcher->kind->similarity((double)agreeing / sketcher->slots);
}

double ndup_sketch_collision(const ndup_sketch_info *info, double similarity)
{
    const ndup__sketch_kind *kind = ndup__sketch_kind_of(info);
    return kind != NULL ? kind->collision(similarity) : 0;
}

void ndup__row_widen(ndup_sketcher *sketcher, unsigned wide_slots, unsigned rows, unsigned bands)
{
    assert(sketcher->slots <= NDUP__SLOTS_MOST);
    assert(wide_slots % rows == 0 && wide_slots <= bands * rows && bands * rows <= sketcher->slots);
    if (sketcher->kind->info.slot_bits != 1) {
        sketcher->wide_slots = wide_slots;
        sketcher->band_rows = rows;
        sketcher->checks = bands - wide_slots / rows;
    }
}

size_t ndup__row_bytes(const ndup_sketcher *sketcher)
{
    size_t bits = (size_t)sketcher->slots * sketcher->kind->info.slot_bits;
    return (bits + 7) / 8 + sketcher->wide_slots + 2 * (size_t)sketcher->checks;
}

/* A hash of the second bytes of a band's slots, behind which seven more bytes can be read. */
static uint16_t check_of_band(const uint8_t *seconds, unsigned rows)
{
    uint64_t hash = rows;
    for (unsigned i = 0; i < rows; i += 8) {
        hash = ndup__mix64(hash ^ ndup__low_bytes(ndup__load_bytes(seconds + i), rows - i));
    }
    return (uint16_t)hash;
}

void ndup__row_pack(const ndup_sketcher *sketcher, uint8_t *row, const uint32_t *state)
{
    if (sketcher->kind->info.slot_bits == 1) {
        memset(row, 0, ndup__row_bytes(sketcher));
        for (unsigned i = 0; i < sketcher->slots; i++) {
            row[i / 8] = (uint8_t)(row[i / 8] | ((state[i] & 1u) << (i % 8)));
        }
        return;
    }
    uint8_t seconds[NDUP__SLOTS_MOST + 8];
    unsigned wide = sketcher->wide_slots;
    unsigned rows = sketcher->band_rows;
    unsigned second_count = wide + sketcher->checks * rows;
    ndup__cells_pack(row, state, sketcher->slots, 24);
    ndup__cells_pack(seconds, state, second_count, 16);
    memset(seconds + second_count, 0, 8);
    row += sketcher->slots;
    memcpy(row, seconds, wide);
    row += wide;
    for (unsigned i = 0; i < sketcher->checks; i++) {
        uint16_t value = check_of_band(seconds + wide + i * rows, rows);
        *row++ = (uint8_t)value;
        *row++ = (uint8_t)(value >> 8);
    }
}

unsigned ndup__row_agreement(const ndup_sketcher *sketcher, const uint8_t *a, const uint8_t *b)
{
    if (sketcher->kind->info.slot_bits != 1) {
        return (unsigned)ndup__cells_equal(a, b, sketcher->slots);
    }
    unsigned agreeing = 0;
    for (unsigned i = 0; i < sketcher->slots / 8; i++) {
        agreeing += 8u - (unsigned)__builtin_popcount((unsigned)(a[i] ^ b[i]));
    }
    return agreeing;
}

unsigned ndup__row_agreement_least(const ndup_sketcher *sketcher, unsigned slots, double similarity,
                                   double loss)
{
    double p = sketcher->kind->collision(similarity);
    if (sketcher->kind->info.slot_bits > 1) { /* slots that differ may still agree in a byte */
        p += (1 - p) / 256;
    }
    if (p <= 0 || p >= 1) {
        return p >= 1 ? slots : 0;
    }
    /* Smallest c with P(Binomial(slots, p) < c) <= loss < P(... < c + 1), summed from below in
     * logarithms. */
    double cumulative = 0;
    for (unsigned c = 0; c < slots; c++) {
        double log_choose = lgamma(slots + 1.0) - lgamma(c + 1.0) - lgamma(slots - c + 1.0);
        cumulative += exp(log_choose + c * log(p) + (slots - c) * log1p(-p));
        if (cumulative > loss) {
            return c;
        }
    }
    return slots;
}
