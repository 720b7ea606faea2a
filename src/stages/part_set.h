/* SPDX-License-Identifier: MIT */
/* The parts of one run: put in order, joined to one table, and the corpus that they are of. */
#ifndef NDUP__STAGES_PART_SET_H
#define NDUP__STAGES_PART_SET_H

#include "stages/part_file.h"

/* Parts stand in the order of their keys: the number of the shard, then the path of the first file,
 * then the place of the first document. Documents are numbered over all of them in this order.
 * Zeroed it may be closed. Must not move: its options hold pointers into it. Threads: immutable
 * once open. */
typedef struct ndup__part_set {
    const ndup_allocator *allocator;
    ndup__part *parts; /* [count] */
    size_t count;
    uint64_t *first_numbers; /* [count + 1] of the parts' first documents, and all */
    uint64_t identity;       /* of these parts: a hash of what is in them, in order */
    size_t files;            /* of the corpus */
    uint32_t **file_numbers; /* [count][files of the part] number in the corpus */
    uint64_t skipped;        /* of the summary */
    uint64_t repaired;
    ndup__arena strings;
    ndup_dedup_options options; /* of the run, as the parts have them */
    ndup_corpus_options corpus_options;
} ndup__part_set;

/* Opens parts, in any order. Errors: those of ndup__part_open; INVALID where two were made with
 * other options, naming the first that differs, for a part that is named twice, and where shards of
 * the same inputs are missing. */
NDUP_NODISCARD ndup_status ndup__part_set_open(ndup__part_set *set, const char *const *paths,
                                               size_t count, const ndup_allocator *allocator,
                                               ndup_error *error);
void ndup__part_set_close(ndup__part_set *set);

/* How many documents all parts have. */
static inline uint64_t ndup__part_set_documents(const ndup__part_set *set)
{
    return set->first_numbers[set->count];
}

/* Appends the documents whose bits are set in `wanted`, over the numbers of all documents (NULL:
 * all), to a table, which must be one of the set's options. Errors: those of ndup__part_append. */
NDUP_NODISCARD ndup_status ndup__part_set_append(ndup__table *table, const ndup__part_set *set,
                                                 const uint8_t *wanted, ndup_error *error);

/* The files of all parts as one corpus, for documents to be fetched by the places that
 * ndup__part_set_append gives them. `wanted` as there: files without such documents are not looked
 * at. Errors: CHANGED for a file that is not what it was; INVALID where one cannot be read again;
 * those of opening. */
NDUP_NODISCARD ndup_status ndup__part_set_corpus(ndup_corpus **corpus, const ndup__part_set *set,
                                                 const uint8_t *wanted, ndup_error *error);

#endif
