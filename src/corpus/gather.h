/* SPDX-License-Identifier: MIT */
/* Fetching documents of files that cannot be read at a place: those that will be asked for are
 * copied on one more pass through the files. */
#ifndef NDUP__CORPUS_GATHER_H
#define NDUP__CORPUS_GATHER_H

#include "base/pool.h"
#include "base/pulse.h"
#include "corpus/reader.h"

/* A document that is wanted. */
typedef struct ndup__wanted_record {
    ndup__place place;
    uint32_t length; /* as of ndup__corpus_fetch */
    uint64_t number; /* the caller's */
    bool keeps;      /* it will be fetched */
    bool reads;      /* it is to be handed to `read` */
} ndup__wanted_record;

typedef struct ndup__gathering {
    void *context;
    /* The next document, in the order of the corpus; false at the end. One call at a time. */
    bool (*next)(void *context, ndup__wanted_record *record);
    /* Makes `next` begin with the first document again. */
    void (*again)(void *context);
    /* Takes a document that `reads`; any thread, in any order. The block is the one that the item
     * stands in. */
    ndup_status (*read)(void *context, const ndup__wanted_record *record, const ndup__item *item,
                        ndup__block *block, unsigned worker, ndup_error *error);
    ndup__pulse *pulse;
} ndup__gathering;

/* What was done. */
typedef struct ndup__gathered {
    uint64_t stored;  /* bytes that the copy takes */
    uint64_t decoded; /* bytes of files without places */
    size_t by_points; /* files of which that was not all up to the last wanted document */
    size_t from_beginning;
} ndup__gathered;

/* Goes through the wanted documents. Those to keep whose files have no places are copied, in place
 * of what was gathered before, and can be fetched from then on. A file without places is decoded up
 * to the last of its wanted documents, from its beginning or from points in it (corpus/by_points.h
 * says which), and not opened if there is none. No other thread may use the corpus meanwhile.
 * Errors: CHANGED where a file is not what it was; LIMIT where copies take more than is allowed;
 * IO; MEMORY; CANCELLED; those of read. */
NDUP_NODISCARD ndup_status ndup__corpus_gather(ndup__gathered *gathered, ndup_corpus *corpus,
                                               const ndup__gathering *gathering, ndup__pool *pool,
                                               ndup_error *error);

#endif
