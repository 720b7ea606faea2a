/* SPDX-License-Identifier: MIT */
/* Texts that are read again, and kept for a while: documents that share something with one document
 * mostly share it with the next, too. */
#ifndef NDUP__REUSE_TEXTS_AGAIN_H
#define NDUP__REUSE_TEXTS_AGAIN_H

#include "reuse/reuse_run.h"

/* Texts that are kept, by the last bits of their documents' numbers. */
#define NDUP__TEXTS_KEPT 256

struct ndup__kept_text;

/* Threads: single-owner. Memory: about twelve times the bytes of the texts that are kept, which
 * have 16,384 tokens at most; a longer one is kept alone. */
typedef struct ndup__texts_again {
    const ndup__reuse_run *run;
    ndup__block block;
    struct ndup__kept_text *kept; /* [NDUP__TEXTS_KEPT + 1], the last for a long one */
} ndup__texts_again;

NDUP_NODISCARD ndup_status ndup__texts_again_init(ndup__texts_again *texts,
                                                  const ndup__reuse_run *run, ndup_error *error);
void ndup__texts_again_deinit(ndup__texts_again *texts);

/* The text of a document, until the next one is asked for. Errors: CHANGED, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__texts_again_get(const ndup__passage_text **text,
                                                 ndup__texts_again *texts, uint32_t document,
                                                 ndup_error *error);

#endif
