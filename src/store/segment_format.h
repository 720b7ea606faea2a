/* SPDX-License-Identifier: MIT */
/* The bytes of a segment and the handle of an open one, for the files of this room. */
#ifndef NDUP__STORE_SEGMENT_FORMAT_H
#define NDUP__STORE_SEGMENT_FORMAT_H

#include <stdatomic.h>

#include "base/hash.h"
#include "store/segment.h"

#define NDUP__SEGMENT_MAGIC "ndupsegm"
#define NDUP__SEGMENT_VERSION 2
#define NDUP__SEGMENT_PAGE 4096
#define NDUP__SEGMENT_HEADER_BYTES 64
#define NDUP__SEGMENT_RECORD_BYTES 16
#define NDUP__SEGMENT_HASH_BYTES 8
#define NDUP__SEGMENT_BITS_MOST 28
#define NDUP__SEGMENT_WINDOW 64   /* bytes of keys that are looked at together: one or two lines */
#define NDUP__SEGMENT_FILLER 0xFF /* behind the end of an array, up to a page's */
/* Where the fields of the header stand. */
enum {
    NDUP__SEGMENT_AT_VERSION = 8,
    NDUP__SEGMENT_AT_TABLES = 12,
    NDUP__SEGMENT_AT_IDENTITY = 16,
    NDUP__SEGMENT_AT_FIRST = 24,
    NDUP__SEGMENT_AT_LAST = 28,
    NDUP__SEGMENT_AT_ENTRIES = 32,
    NDUP__SEGMENT_AT_BYTES = 40,     /* of the file */
    NDUP__SEGMENT_AT_CHECKSUMS = 48, /* offset of the pages' checksums */
    NDUP__SEGMENT_AT_HASH = 56       /* of these */
};

/* What the list of tables says of one. Its arrays follow each other, each from a page's begin:
 * directory, keys, numbers. */
typedef struct ndup__segment_place {
    uint64_t offset; /* of the directory */
    uint32_t count;
    uint32_t bits; /* the first ones of a key, which choose its slot in the directory */
} ndup__segment_place;

static inline uint64_t ndup__segment_round(uint64_t bytes)
{
    return (bytes + NDUP__SEGMENT_PAGE - 1) / NDUP__SEGMENT_PAGE * NDUP__SEGMENT_PAGE;
}

/* Bytes of the header and the list of tables, with their hash at the end. */
static inline uint64_t ndup__segment_head_bytes(uint32_t tables)
{
    return ndup__segment_round(NDUP__SEGMENT_HEADER_BYTES +
                               (uint64_t)tables * NDUP__SEGMENT_RECORD_BYTES +
                               NDUP__SEGMENT_HASH_BYTES);
}

/* Bytes of a key: those of its bits that the slot does not tell. */
static inline uint32_t ndup__segment_key_width(uint32_t bits)
{
    return (32 - bits + 7) / 8;
}

/* Bytes of a number: those of the greatest one less the first. */
static inline uint32_t ndup__segment_number_width(const ndup__segment_facts *facts)
{
    uint32_t span = facts->last - facts->first;
    return span == 0 ? 1 : (uint32_t)(32 - __builtin_clz(span) + 7) / 8;
}

static inline uint64_t ndup__segment_keys_at(const ndup__segment_place *place)
{
    uint64_t slots = ((uint64_t)1 << place->bits) + 1;
    return place->offset + ndup__segment_round(slots * sizeof(uint32_t));
}

static inline uint64_t ndup__segment_numbers_at(const ndup__segment_place *place)
{
    return ndup__segment_keys_at(place) +
           ndup__segment_round((uint64_t)place->count * ndup__segment_key_width(place->bits));
}

static inline uint64_t ndup__segment_end_of(const ndup__segment_place *place, uint32_t number_width)
{
    return ndup__segment_numbers_at(place) +
           ndup__segment_round((uint64_t)place->count * number_width);
}

static inline uint32_t ndup__segment_checksum(const void *page)
{
    return (uint32_t)ndup__hash_bytes(page, NDUP__SEGMENT_PAGE, 0);
}

/* UNSUPPORTED on a machine that stores the highest byte first: files are mapped as they are. */
NDUP_NODISCARD ndup_status ndup__segment_check_machine(ndup_error *error);

/* A table of an open segment. */
typedef struct ndup__segment_table {
    const uint32_t *slots;     /* where the keys of each slot begin, and the end of the last */
    const unsigned char *keys; /* [count], what the slot does not tell of each */
    const unsigned char *numbers;
    uint32_t count;
    uint32_t shift; /* of a key, as 64 bits, to its slot */
    uint32_t key_width, number_width;
    uint32_t window_keys; /* that are looked at together */
} ndup__segment_table;

struct ndup__segment {
    ndup_allocator allocator;
    ndup__segment_facts facts;
    char name[100]; /* for messages */
    const unsigned char *bytes;
    size_t length;
    ndup__segment_table *tables; /* [facts.tables] */
    const uint32_t *checksums;   /* of the pages from head_pages on */
    size_t head_pages;
    size_t pages;                   /* with those of the head, without those of the checksums */
    atomic_uint_least64_t *checked; /* a bit a page that was found right */
};

/* Words of `checked`. */
static inline size_t ndup__segment_words(const ndup__segment *segment)
{
    return segment->pages / 64 + 1;
}

static inline uint64_t ndup__segment_slot_of(const ndup__segment_table *table, uint32_t key)
{
    return (uint64_t)key >> table->shift;
}

/* What is stored of a key: the bits below its slot's. */
static inline uint32_t ndup__segment_rest_of(const ndup__segment_table *table, uint32_t key)
{
    return (uint32_t)(key & (((uint64_t)1 << table->shift) - 1));
}

static inline uint32_t ndup__segment_rest(const ndup__segment_table *table, size_t i)
{
    return ndup__segment_load(table->keys + i * table->key_width, table->key_width);
}

/* CORRUPT: `what`, and where it stands. */
ndup_status ndup__segment_fail(const ndup__segment *segment, const void *where, const char *what,
                               ndup_error *error);

/* Compares a page with its checksum. */
NDUP_NODISCARD ndup_status ndup__segment_check_page(const ndup__segment *segment, size_t page,
                                                    ndup_error *error);

/* The same, and remembers one that is right. */
NDUP_NODISCARD ndup_status ndup__segment_check_first(const ndup__segment *segment, size_t page,
                                                     ndup_error *error);

/* Before some bytes of a table are read: their pages are checked unless they were. */
NDUP_NODISCARD static inline ndup_status ndup__segment_touch(const ndup__segment *segment,
                                                             const void *bytes, size_t count,
                                                             ndup_error *error)
{
    size_t begin = (size_t)((const unsigned char *)bytes - segment->bytes);
    size_t end = begin + count;
    for (size_t page = begin / NDUP__SEGMENT_PAGE; page * NDUP__SEGMENT_PAGE < end; page++) {
        uint64_t bits = atomic_load_explicit(&segment->checked[page / 64], memory_order_relaxed);
        if ((bits >> (page % 64) & 1) == 0) {
            ndup_status status = ndup__segment_check_first(segment, page, error);
            if (status != NDUP_STATUS_OK) {
                return status;
            }
        }
    }
    return NDUP_STATUS_OK;
}

/* Where a slot's keys begin and end. Errors: CORRUPT. */
NDUP_NODISCARD static inline ndup_status ndup__segment_read_slot(size_t *begin, size_t *end,
                                                                 const ndup__segment *segment,
                                                                 const ndup__segment_table *table,
                                                                 uint64_t slot, ndup_error *error)
{
    const uint32_t *bounds = table->slots + slot;
    ndup_status status = ndup__segment_touch(segment, bounds, 2 * sizeof *bounds, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *begin = bounds[0];
    *end = bounds[1];
    return *begin <= *end && *end <= table->count
               ? NDUP_STATUS_OK
               : ndup__segment_fail(segment, bounds, "a slot without sense", error);
}

#endif
