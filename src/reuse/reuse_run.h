/* SPDX-License-Identifier: MIT */
/* A run of `passages`: what its steps hand to each other. */
#ifndef NDUP__REUSE_REUSE_RUN_H
#define NDUP__REUSE_REUSE_RUN_H

#include "base/arena.h"
#include "base/pool.h"
#include "corpus/reader.h"
#include "neardup/passage.h"
#include "passage/fingerprints.h"
#include "pipeline/progress.h"
#include "report/sources.h"

/* What is known of a document. The corpora's documents are numbered one after another. */
typedef struct ndup__reuse_document {
    ndup__place place;
    uint32_t length; /* of its record */
    uint64_t text_hash;
    uint32_t tokens;
    uint32_t grams;  /* its fingerprints */
    uint32_t source; /* row among the run's sources */
    uint32_t series; /* row among the run's series; 0 = of none */
    bool is_against; /* of the corpus that the other is compared with */
    bool is_dated;
    int64_t milliseconds;
    ndup_text id;
    ndup_text date;
    ndup_text title; /* as ndup__reuse_title has it, where the run keeps titles */
} ndup__reuse_document;

/* A passage as it waits for its family. Units: tokens; bytes of the texts. */
typedef struct ndup__stored_passage {
    uint32_t a, b;
    uint32_t a_token, a_tokens, b_token, b_tokens;
    uint32_t matched;
    uint32_t a_offset, a_length, b_offset, b_length;
} ndup__stored_passage;

typedef struct ndup__reuse_run {
    const ndup_passage_options *options;
    const ndup_allocator *allocator;
    ndup_corpus *corpora[2]; /* the corpus, and `against` or NULL */
    ndup__winnow_size size;
    ndup__pool *pool;
    ndup__reporter reporter;
    ndup_passage_summary *summary;
    ndup__arena strings;
    ndup__sources sources;
    ndup__sources series;
    ndup__reuse_document *documents; /* [document_count] */
    size_t document_count, document_capacity;
    bool keeps_titles;
    const uint8_t *left_out; /* [documents] that are not compared; NULL = none are */
    double least_part; /* of the shorter one's fingerprints that two documents must share to be
                        * compared
                        */
    ndup__fingerprints fingerprints;
    ndup__column passages; /* ndup__stored_passage[]: by b, then a, then place */
} ndup__reuse_run;

/* Makes the run of one job. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__reuse_init(ndup__reuse_run *run,
                                            const ndup_passage_options *options,
                                            ndup_corpus *corpus, const ndup_hooks *hooks,
                                            ndup_passage_summary *summary, ndup_error *error);
void ndup__reuse_deinit(ndup__reuse_run *run);

/* Reads the corpora: documents and fingerprints. Errors: those of reading, MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__reuse_read(ndup__reuse_run *run, ndup_error *error);

/* Reads a document again into `block`, where *item stays. Errors: CHANGED when the text is another
 * one; IO; MEMORY. */
NDUP_NODISCARD ndup_status ndup__reuse_fetch(const ndup__reuse_run *run, ndup__item *item,
                                             const ndup__reuse_document *document,
                                             ndup__block *block, ndup_error *error);

/* What a document is called: its title, or the beginning of its text. Borrowed from the document.
 */
ndup_text ndup__reuse_title(const ndup_document *document);

/* Finds the passages of all documents, in tokens. Errors: as above, CHANGED. */
NDUP_NODISCARD ndup_status ndup__reuse_pair(ndup__reuse_run *run, ndup_error *error);

/* Fills in where the passages stand in bytes. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__reuse_locate(ndup__reuse_run *run, ndup_error *error);

/* The corpus that a document is of. */
static inline ndup_corpus *ndup__reuse_corpus(const ndup__reuse_run *run,
                                              const ndup__reuse_document *document)
{
    return run->corpora[document->is_against];
}

/* The public form of a place. */
ndup_passage_place ndup__reuse_place(const ndup__reuse_run *run, uint32_t document, uint32_t token,
                                     uint32_t tokens, uint32_t offset, uint32_t length);

#endif
