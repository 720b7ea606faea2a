/* SPDX-License-Identifier: MIT */
/* Choosing bands and rows, and making band keys. */
#include "lsh/bands.h"

#include <math.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/hash.h"
#include "lsh/buckets.h"

/* Least bits in a band key. Kinds with narrow slots need more rows than NDUP_ROWS_MIN for a key
 * that separates anything. */
#define KEY_BITS_MIN 12
/* Bits with which ten million unlike documents have 12,000 pairs of equal keys in a band. */
#define KEY_BITS_ENOUGH 32
/* Slots that tell the members of overfull buckets apart. With one byte each, texts that share a
 * template and little else would meet by chance: of 100,000, each would be compared with 75 others,
 * not with two. */
#define SPLIT_SLOTS 32
/* Slots that a sketch of the default size keeps at least: what bands leave over serves the sift
 * before verification alone, and more of it costs every document more than it saves. */
#define SIFT_SLOTS 96

/* Fewest bands of `rows` slots whose recall at slot collision probability p is >= recall. */
static double bands_needed(double p, double rows, double recall)
{
    double hit = pow(p, rows);
    return hit >= 1 ? 1 : ceil(log1p(-recall) / log1p(-hit) - 1e-9);
}

static double recall_of(double p, double rows, double bands)
{
    return 1 - pow(1 - pow(p, rows), bands);
}

static unsigned rows_least(const ndup_sketch_info *kind)
{
    unsigned rows = (KEY_BITS_MIN + kind->slot_bits - 1) / kind->slot_bits;
    return rows < NDUP_ROWS_MIN ? NDUP_ROWS_MIN : rows;
}

ndup_status ndup_bands_choose(ndup_bands *bands, const ndup_sketch_info *kind, double threshold,
                              double recall, unsigned slots, ndup_error *error)
{
    *bands = (ndup_bands){0};
    if (!(threshold > 0 && threshold <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "threshold %g, must be over 0 and at most 1",
                          threshold);
    }
    if (!(recall > 0 && recall < 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "recall %g, must be between 0 and 1", recall);
    }
    bool by_default = slots == 0 && kind->slots_min < kind->slots_max && kind->slot_bits > 1;
    slots = slots == 0 ? kind->slots_default : slots;
    double p = ndup_sketch_collision(kind, threshold);
    unsigned least = rows_least(kind);
    unsigned rows = slots < least ? least : slots;
    while (rows > least && bands_needed(p, rows, recall) * rows > slots) {
        rows--;
    }
    double wanted = bands_needed(p, rows, recall);
    double room = floor((double)kind->slots_max / rows);
    bands->rows = rows;
    bands->bands = (unsigned)fmin(wanted, room);
    bands->recall_missed = wanted > room;
    unsigned used = bands->bands * rows;
    unsigned kept = by_default && slots > SIFT_SLOTS ? SIFT_SLOTS : slots;
    bands->slots = used > kept ? used : kept;
    bands->slots_raised = used > slots;
    bands->recall = recall_of(p, rows, bands->bands);
    return NDUP_STATUS_OK;
}

double ndup_bands_curve(const ndup_bands *bands, const ndup_sketch_info *kind, double similarity)
{
    return recall_of(ndup_sketch_collision(kind, similarity), bands->rows, bands->bands);
}

double ndup_bands_bytes_per_document(const ndup_bands *bands, const ndup_sketch_info *kind)
{
    /* The row; what the table holds of a document with a short id, and of its class; the decision
     * about the class; the work space of bucketing. */
    unsigned wide = ndup__bands_wide_slots(bands, kind);
    unsigned checks = kind->slot_bits == 1 ? 0 : bands->bands - wide / bands->rows;
    double row = (double)bands->slots * kind->slot_bits / 8 + wide + 2.0 * checks;
    return row + 42 + 8 + 8 + NDUP__BUCKET_WORK_BYTES;
}

/* One-bit slots: the band's bits, gathered. Wider bands than 64 bits are mixed word by word. */
static uint64_t key_of_bits(const uint8_t *row, unsigned first, unsigned rows)
{
    uint64_t key = rows;
    for (unsigned i = 0; i < rows; i++) {
        unsigned slot = first + i;
        key = key << 1 | ((row[slot / 8] >> (slot % 8)) & 1u);
        if (i % 48 == 47) {
            key = ndup__mix64(key);
        }
    }
    return ndup__mix64(key);
}

/* Bytes, mixed eight at a time into a key. */
static uint64_t key_of_bytes(uint64_t key, const uint8_t *bytes, unsigned count)
{
    uint64_t chunk = 0;
    for (unsigned i = 0; i < count; i++) {
        chunk |= (uint64_t)bytes[i] << (8 * (i % 8));
        if (i % 8 == 7 || i + 1 == count) {
            key = ndup__mix64(key ^ chunk);
            chunk = 0;
        }
    }
    return key;
}

/* The same, faster where whole words can be read: up to eight bytes in front of `end`. */
static inline uint64_t key_of_word(uint64_t key, const uint8_t *bytes, unsigned count,
                                   const uint8_t *end)
{
    if (count > 8 || end - bytes < 8) {
        return key_of_bytes(key, bytes, count);
    }
    uint64_t chunk = 0;
    for (unsigned i = 0; i < 8; i++) { /* compilers make one load of it */
        chunk |= (uint64_t)bytes[i] << (8 * i);
    }
    return ndup__mix64(key ^ (chunk & UINT64_MAX >> (64 - 8 * count)));
}

/* Unlike slots have the same byte once in 256 times, and of texts that share a template many bands
 * have one unlike slot: the key takes in what else the row keeps of the band. */
static inline uint64_t key_of_band(const ndup_sketcher *sketcher, const uint8_t *row, unsigned band,
                                   unsigned rows, unsigned wide_bands)
{
    unsigned first = band * rows;
    const uint8_t *more = row + sketcher->slots;
    const uint8_t *checks = more + sketcher->wide_slots;
    const uint8_t *end = checks + 2 * (size_t)sketcher->checks;
    uint64_t key = key_of_word(0, row + first, rows, end);
    if (band < wide_bands) {
        return key_of_word(key, more + first, rows, end);
    }
    unsigned check = band - wide_bands;
    return check < sketcher->checks ? key_of_word(key, checks + 2 * (size_t)check, 2, end) : key;
}

uint64_t ndup__band_key(const ndup_sketcher *sketcher, const uint8_t *row, unsigned band,
                        unsigned rows)
{
    if (sketcher->kind->info.slot_bits == 1) {
        return key_of_bits(row, band * rows, rows);
    }
    return key_of_band(sketcher, row, band, rows, sketcher->wide_slots / rows);
}

void ndup__band_keys(uint32_t *keys, size_t stride, const ndup_sketcher *sketcher,
                     const uint8_t *row, unsigned first, unsigned count, unsigned rows)
{
    unsigned wide_bands = sketcher->wide_slots / rows;
    bool is_narrow = sketcher->kind->info.slot_bits == 1;
    for (unsigned k = 0; k < count; k++) {
        uint64_t key = is_narrow ? key_of_bits(row, (first + k) * rows, rows)
                                 : key_of_band(sketcher, row, first + k, rows, wide_bands);
        keys[k * stride] = (uint32_t)(key >> 32);
    }
}

unsigned ndup__bands_wide_slots(const ndup_bands *bands, const ndup_sketch_info *kind)
{
    if (kind->slot_bits == 1) {
        return 0;
    }
    bool is_short = bands->rows * kind->slot_bits < KEY_BITS_ENOUGH;
    unsigned whole = SPLIT_SLOTS / bands->rows > 0 ? SPLIT_SLOTS / bands->rows : 1;
    return (is_short || bands->bands < whole ? bands->bands : whole) * bands->rows;
}

unsigned ndup__bands_shared(const ndup_sketcher *sketcher, const ndup_bands *bands,
                            const uint8_t *a, const uint8_t *b)
{
    unsigned shared = 0;
    for (unsigned band = 0; band < bands->bands; band++) {
        shared += ndup__band_key(sketcher, a, band, bands->rows) ==
                  ndup__band_key(sketcher, b, band, bands->rows);
    }
    return shared;
}
