/* SPDX-License-Identifier: MIT */
/* Which kept documents a document may be contained in: the grams of all texts, and of each gram the
 * first documents that were kept with it. */
#ifndef NDUP__DEDUP_CONTAINERS_H
#define NDUP__DEDUP_CONTAINERS_H

#include "dedup/run.h"
#include "passage/fingerprints.h"

/* Kept documents that a gram tells of. A document whose every gram stands in more is contained in
 * the first ones as well as in the others. */
#define NDUP__CONTAINERS_MOST 64

/* A kept document that shares grams with the one asked about. */
typedef struct ndup__container {
    uint32_t rank;
    uint32_t shared;
} ndup__container;

/* Work space of one worker. */
typedef struct ndup__container_room {
    uint32_t *shared;       /* [classes] by rank; zero between calls */
    ndup__container *found; /* [count], most shared grams first, then by rank */
    size_t count, capacity;
} ndup__container_room;

/* Threads: gathering from any; keeping from one while nobody gathers. */
typedef struct ndup__containers {
    const ndup__run *run;
    uint64_t *first;   /* [classes + 2] of the grams of each rank that others have, too */
    uint64_t *gram_of; /* [listed] where the gram stands in `kept` */
    uint32_t *kept;    /* of each gram how many are kept, then their ranks, first ones first */
    size_t listed, kept_room;
    uint32_t *grams;             /* [classes] different ones of each rank, shared or not */
    double part;                 /* of a document's grams that a container has at least */
    ndup__container_room *rooms; /* [workers] */
} ndup__containers;

/* The least run of tokens that a text shares with one that contains so much of its shingles, for
 * texts that are not much shorter than that run. */
unsigned ndup__contained_run(unsigned shingle_size, double containment);

/* The part of a document's grams that a container has at least. */
double ndup__contained_part(const ndup_dedup_options *options);

/* Reads all texts again. Errors: those of reading, MEMORY, CANCELLED, those of the temporary file.
 */
NDUP_NODISCARD ndup_status ndup__containers_init(ndup__containers *containers, ndup__run *run,
                                                 ndup_error *error);
void ndup__containers_deinit(ndup__containers *containers);

/* Whether the document of this rank has a gram that another has, too. */
bool ndup__containers_has(const ndup__containers *containers, uint32_t rank);

/* Leaves in rooms[worker] the kept documents with rank in [since, before) that share enough of the
 * document's grams to be worth comparing. */
NDUP_NODISCARD ndup_status ndup__containers_gather(const ndup__containers *containers,
                                                   uint32_t rank, uint32_t since, uint32_t before,
                                                   unsigned worker, ndup_error *error);

/* The document of this rank is kept. */
void ndup__containers_keep(ndup__containers *containers, uint32_t rank);

/* No document is kept any more. */
void ndup__containers_forget(ndup__containers *containers);

#endif
