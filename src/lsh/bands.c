/* SPDX-License-Identifier: MIT */
/* Choosing bands and rows, and making band keys. */
#include "lsh/bands.h"

#include <math.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/require.h"
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

/* Odd, and with bits all over. */
#define KEY_MULTIPLIER 0x9FB21C651E98DF25u

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
    ndup_status given = NDUP__REQUIRE(error, "bands", bands, "sketch kind", kind);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    if (ndup__sketch_kind_of(kind) == NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "the sketch kind is none of ndup_sketch_get");
    }
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
    if (bands == NULL || kind == NULL) {
        return 0;
    }
    return recall_of(ndup_sketch_collision(kind, similarity), bands->rows, bands->bands);
}

double ndup_bands_bytes_per_document(const ndup_bands *bands, const ndup_sketch_info *kind)
{
    if (bands == NULL || ndup__sketch_kind_of(kind) == NULL || bands->rows == 0) {
        return 0;
    }
    /* The row; what the table holds of a document with a short id, and of its class; the decision
     * about the class; the work space of bucketing. */
    unsigned wide = ndup__bands_wide_slots(bands, kind);
    unsigned checks = kind->slot_bits == 1 ? 0 : bands->bands - wide / bands->rows;
    double row = (double)bands->slots * kind->slot_bits / 8 + wide + 2.0 * checks;
    return row + 46 + 8 + 8 + NDUP__BUCKET_WORK_BYTES;
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

/* Slots are hashes themselves: a multiplication spreads what tells them apart over the key. */
static inline uint64_t mix_word(uint64_t key, uint64_t word)
{
    key = (key ^ word) * KEY_MULTIPLIER;
    return key ^ key >> 32;
}

/* The bytes of a band, as they are read: `whole` words and some bytes of one more, whole, too,
 * where all of it stands in front of `end`. */
typedef struct band_shape {
    unsigned whole;
    unsigned rest; /* 1 to 8 */
    uint64_t mask; /* of the rest */
    const uint8_t *end;
} band_shape;

static inline uint64_t mix_bytes(uint64_t key, const uint8_t *bytes, const band_shape *shape)
{
    for (unsigned i = 0; i < shape->whole; i++) {
        key = mix_word(key, ndup__load_bytes(bytes));
        bytes += 8;
    }
    return mix_word(key, shape->end - bytes >= 8 ? ndup__load_bytes(bytes) & shape->mask
                                                 : ndup__load_some(bytes, shape->rest));
}

/* Unlike slots have the same byte once in 256 times, and of texts that share a template many bands
 * have one unlike slot: the key takes in what else the row keeps of the band. */
static void keys_of_bytes(uint32_t *keys, size_t stride, const ndup_sketcher *sketcher,
                          const uint8_t *row, unsigned first, unsigned count, unsigned rows)
{
    const uint8_t *seconds = row + sketcher->slots;
    const uint8_t *checks = seconds + sketcher->wide_slots;
    unsigned wide_bands = sketcher->wide_slots / rows;
    unsigned checked_bands = wide_bands + sketcher->checks;
    unsigned rest = (rows - 1) % 8 + 1;
    band_shape shape = {
        .whole = (rows - 1) / 8,
        .rest = rest,
        .mask = UINT64_MAX >> (64 - 8 * rest),
        .end = checks + 2 * (size_t)sketcher->checks,
    };
    for (unsigned band = first; band < first + count; band++) {
        uint64_t key = mix_bytes(0, row + band * rows, &shape);
        if (band < wide_bands) {
            key = mix_bytes(key, seconds + band * rows, &shape);
        } else if (band < checked_bands) {
            const uint8_t *check = checks + 2 * (size_t)(band - wide_bands);
            key ^= check[0] | (uint64_t)check[1] << 8;
        }
        *keys = (uint32_t)((key * KEY_MULTIPLIER) >> 32);
        keys += stride;
    }
}

void ndup__band_keys(uint32_t *keys, size_t stride, const ndup_sketcher *sketcher,
                     const uint8_t *row, unsigned first, unsigned count, unsigned rows)
{
    if (sketcher->kind->info.slot_bits != 1) {
        keys_of_bytes(keys, stride, sketcher, row, first, count, rows);
        return;
    }
    for (unsigned k = 0; k < count; k++) {
        keys[k * stride] = (uint32_t)(key_of_bits(row, (first + k) * rows, rows) >> 32);
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
        uint32_t keys[2];
        ndup__band_keys(&keys[0], 1, sketcher, a, band, 1, bands->rows);
        ndup__band_keys(&keys[1], 1, sketcher, b, band, 1, bands->rows);
        shared += keys[0] == keys[1];
    }
    return shared;
}
