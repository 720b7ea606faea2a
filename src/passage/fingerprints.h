/* SPDX-License-Identifier: MIT */
/* Which grams stand in several documents, and where: gathered document by document, then asked
 * document by document. */
#ifndef NDUP__PASSAGE_FINGERPRINTS_H
#define NDUP__PASSAGE_FINGERPRINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/pulse.h"
#include "passage/winnow.h"
#include "spill/column.h"
#include "spill/partitions.h"

/* Places of one gram in one document beyond which no more are looked at. */
#define NDUP__PLACES_MOST 16

/* A place of a gram. */
typedef struct ndup__posting {
    uint32_t document;
    uint32_t token : 31;
    uint32_t is_first : 1;   /* of its gram's places */
    uint32_t before, behind; /* as in ndup__gram */
} ndup__posting;

typedef struct ndup__fingerprint_options {
    uint64_t memory_bytes;   /* of records and of each column, as far as they are not spilled */
    uint64_t documents_most; /* grams of more documents are common: counted, and left out */
    const char *folder;
    const ndup_allocator *allocator;
    ndup__pulse *pulse; /* asked a document and a partition; NULL: goes on */
} ndup__fingerprint_options;

/* Documents are added in order; then it is sealed; then any thread may ask. */
typedef struct ndup__fingerprints {
    ndup__fingerprint_options options;
    ndup__partitions gathered;
    ndup__column postings; /* ndup__posting[posting_count]: by gram, then document, then token */
    ndup__column mentions; /* uint64_t[posting_count]: the postings of each document, ascending */
    uint64_t *first;       /* [documents + 1] of its mentions */
    size_t documents;
    uint64_t grams;       /* gathered */
    uint64_t shared;      /* different grams that stand in 2 to documents_most documents */
    uint64_t common;      /* different grams that stand in more */
    uint64_t common_most; /* documents of the one that stands in most */
    uint64_t spilled_bytes;
} ndup__fingerprints;

NDUP_NODISCARD ndup_status ndup__fingerprints_init(ndup__fingerprints *fingerprints,
                                                   const ndup__fingerprint_options *options,
                                                   ndup_error *error);
void ndup__fingerprints_deinit(ndup__fingerprints *fingerprints);

/* Adds the grams of the next document. Errors: MEMORY, those of the temporary file; LIMIT for more
 * documents than 2^32 - 1. */
NDUP_NODISCARD ndup_status ndup__fingerprints_add(ndup__fingerprints *fingerprints,
                                                  const ndup__gram *grams, size_t count,
                                                  ndup_error *error);

/* After the last document: leaves what stands in several. Errors: MEMORY, those of the temporary
 * files. */
NDUP_NODISCARD ndup_status ndup__fingerprints_seal(ndup__fingerprints *fingerprints,
                                                   ndup__pool *pool, ndup_error *error);

/* The mentions of a sealed document: indexes of postings. Returns how many. */
size_t ndup__fingerprints_mentions(const uint64_t **mentions,
                                   const ndup__fingerprints *fingerprints, uint32_t document);

#endif
