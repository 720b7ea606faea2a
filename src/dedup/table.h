/* SPDX-License-Identifier: MIT */
/* What a run remembers of every document and of every distinct text. */
#ifndef NDUP__DEDUP_TABLE_H
#define NDUP__DEDUP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/breath.h"
#include "base/hash.h"
#include "cluster/keep.h"
#include "corpus/reader.h"
#include "dedup/titles.h"
#include "lsh/buckets.h"
#include "neardup/dedup.h"
#include "report/sources.h"

#define NDUP__NO_CLASS UINT32_MAX

/* How many columns grow with the documents and with the classes. */
enum { NDUP__TABLE_COLUMNS = 10, NDUP__TABLE_CLASS_COLUMNS = 4 };

/* In flags: never drop. The reading of the text stands in the bits above. */
#define NDUP__FLAG_PROTECTED 1u
#define NDUP__FLAG_READING_SHIFT 1

/* Which share of a run's memory the hash table over classes may be. */
#define NDUP__SLOT_SHARE 8

/* Columns over documents and over classes. A class is a distinct sequence of tokens: documents with
 * the same normalised text share one. Texts that cannot be compared by their words share one where
 * what is stored of them is the same bytes. Threads: single-owner while it is filled, then
 * immutable. */
typedef struct ndup__table {
    const ndup_allocator *allocator;
    const ndup__breath *breath; /* may be set; its blocks' */
    const ndup__keep_policy *policy;
    size_t row_bytes;

    size_t count;    /* documents */
    size_t expected; /* as reckoned so far; columns grow to it at once. 0: unknown */
    size_t capacity;
    size_t column_capacities[NDUP__TABLE_COLUMNS]; /* differ from it after a failure to grow */
    ndup__place *places;
    uint32_t *lengths; /* bytes of the record or file */
    uint32_t *classes;
    uint64_t *text_hashes;
    uint32_t *text_lengths;
    uint32_t *sources; /* rows of source_names */
    uint16_t *id_lengths;
    uint64_t *id_starts; /* of every 8th id in id_bytes */
    char *id_bytes;
    size_t id_length;
    size_t id_capacity;
    size_t id_fetched; /* bytes of id_bytes whose memory is there */
    ndup__keep_value
        *keep_values; /* [count][policy->count]; NULL when the policy is the input order */
    uint8_t *flags;   /* [count] NDUP__FLAG_PROTECTED, and the reading above it */
    ndup__sources source_names;
    ndup__titles titles; /* where keeps_titles */
    bool keeps_titles;
    bool has_protected;  /* some document is */
    ndup__arena strings; /* of keep_values */

    size_t class_count;
    size_t class_capacity;
    size_t class_column_capacities[NDUP__TABLE_CLASS_COLUMNS];
    uint32_t
        *class_documents;   /* first in keep order, once ranked; before that first in input order */
    uint32_t *class_tokens; /* 0: texts that cannot be compared by their words */
    ndup__hash128 *class_hashes; /* freed once all documents are in */
    uint8_t *rows;               /* [class_count][row_bytes] */
    uint64_t *slots;             /* hash table: 1 + class, above it 32 bits of its hash */
    size_t slot_count;
    uint64_t slot_key;
    uint64_t slot_bytes_most; /* may be set before documents come; 0: any number */
    bool is_deferred; /* slots would have taken more: since then every document has a class of its
                         own, until ndup__class_ranges_join */

    uint32_t *class_order; /* [class_count] classes in keep order; NULL = by number */
    uint32_t *class_ranks; /* [class_count] inverse of class_order; NULL = by number */
} ndup__table;

/* What the first pass has found out about one document. */
typedef struct ndup__sighting {
    ndup__place place;
    uint32_t length;
    uint32_t tokens; /* 0 where the reading is not in words */
    uint32_t text_length;
    bool is_protected;
    bool repaired;
    ndup_reading reading;
    uint32_t source; /* row of the table's source_names */
    uint64_t text_hash;
    ndup__hash128 class_hash;
    ndup_text id;
    ndup_text title; /* where titles are kept */
    uint64_t line;   /* in its block */
    const char *path;
} ndup__sighting;

void ndup__table_init(ndup__table *table, const ndup__keep_policy *policy, size_t row_bytes,
                      const ndup_allocator *allocator);
void ndup__table_deinit(ndup__table *table);

/* Appends a document. row [row_bytes] and values [policy->count] are copied. Errors: MEMORY, LIMIT
 * (2^32 - 2 documents). */
NDUP_NODISCARD ndup_status ndup__table_add(ndup__table *table, const ndup__sighting *sighting,
                                           const uint8_t *row, const ndup__keep_value *values,
                                           ndup_error *error);

/* Gives a document a class of its own, with the row and the tokens of the one that it was in.
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__table_part(ndup__table *table, size_t document, ndup_error *error);

/* Leaves the first `count` classes. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__table_cut_classes(ndup__table *table, size_t count,
                                                   ndup_error *error);

/* Where the search for a class begins. */
static inline size_t ndup__table_slot(const ndup__table *table, ndup__hash128 class_hash)
{
    return (size_t)ndup__slot_hash(class_hash.low, table->slot_key) & (table->slot_count - 1);
}

/* Fetches what adding a document of this class will look at first. gcc drops calls of a function
 * that only fetches, unless it is told to inline it. */
__attribute__((always_inline)) static inline void ndup__table_prefetch(const ndup__table *table,
                                                                       ndup__hash128 class_hash)
{
    if (table->slot_count > 0) {
        __builtin_prefetch(&table->slots[ndup__table_slot(table, class_hash)], 1);
    }
}

/* Reckons how many documents there will be, when `read` of `total` bytes have been read. */
void ndup__table_expect(ndup__table *table, uint64_t read, uint64_t total);

/* Frees what only adding needs. */
void ndup__table_seal(ndup__table *table);

ndup_text ndup__table_id(const ndup__table *table, size_t document);

/* Whether the document may never be dropped. */
static inline bool ndup__table_protects(const ndup__table *table, size_t document)
{
    return (table->flags[document] & NDUP__FLAG_PROTECTED) != 0;
}

static inline ndup_reading ndup__table_reading(const ndup__table *table, size_t document)
{
    return (ndup_reading)(table->flags[document] >> NDUP__FLAG_READING_SHIFT);
}

/* Ranks the documents by the policy, protected ones first, ties by id (and by number, for equal
 * ids); fills class_documents, class_order and class_ranks. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__table_rank(ndup__table *table, ndup_error *error);

/* Forgets the ranks of classes, before there are more of them. */
void ndup__table_unrank(ndup__table *table);

static inline uint32_t ndup__table_class_at(const ndup__table *table, size_t rank)
{
    return table->class_order != NULL ? table->class_order[rank] : (uint32_t)rank;
}

static inline uint32_t ndup__table_rank_of(const ndup__table *table, uint32_t class_number)
{
    return table->class_ranks != NULL ? table->class_ranks[class_number] : class_number;
}

/* Calls back for every document whose id another one before it has. Returns their number through
 * *repeats. */
typedef void (*ndup__repeat_visitor)(void *context, size_t document, size_t first);
NDUP_NODISCARD ndup_status ndup__table_repeated_ids(uint64_t *repeats, const ndup__table *table,
                                                    ndup__repeat_visitor visit, void *context,
                                                    ndup_error *error);

#endif
