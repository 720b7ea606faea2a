/* SPDX-License-Identifier: MIT */
/* Beginning to read a corpus in its middle, where an earlier pass stopped. */
#ifndef NDUP__CORPUS_SEEK_H
#define NDUP__CORPUS_SEEK_H

#include "corpus/reader.h"

/* In flags. */
#define NDUP__FILE_USED 1u   /* something of it was handed out */
#define NDUP__FILE_UNREAD 2u /* it could not be read */
#define NDUP__FILE_DONE 4u   /* it was read to its end */

/* What a pass has found out about a file that it has left behind. */
typedef struct ndup__passed_file {
    uint64_t decoded_length; /* of a file of records that is decoded or copied */
    uint64_t flags;
} ndup__passed_file;

/* What it has found out about a file before block->next. */
ndup__passed_file ndup__corpus_passed(const ndup_corpus *corpus, uint32_t file);

/* Whether another process can read the corpus again: not what comes from memory or a pipe. *name
 * is what cannot. */
bool ndup__corpus_is_lasting(const char **name, const ndup_corpus *corpus);

/* Makes the next block that is taken begin at a place that was block->next of one with can_go_on.
 * passed[NDUP__PLACE_FILE(place)] are the files before; what their records need is read of them,
 * and what has to be copied is. Plain files are read on at the byte, others are decoded up to it.
 * What is to be noted of what is passed over is not noted again. Errors: CHANGED when a file ends
 * before the place; those of ndup__corpus_take. */
NDUP_NODISCARD ndup_status ndup__corpus_seek(ndup_corpus *corpus, ndup__place place,
                                             const ndup__passed_file *passed, ndup_error *error);

#endif
