/* SPDX-License-Identifier: MIT */
/* Reading parts of files that have to be decoded from their beginning, in rising order. */
#ifndef NDUP__CORPUS_FILE_WALK_H
#define NDUP__CORPUS_FILE_WALK_H

#include "corpus/corpus_state.h"

/* Zero-initialise and set the corpus. Threads: single-owner. */
typedef struct ndup__file_walk {
    ndup_corpus *corpus;
    const ndup__corpus_file *file; /* that is open; NULL: none */
    ndup__stream *stream;
    ndup__transcoder *transcoder;
    uint64_t at;      /* offset of the next byte */
    uint64_t decoded; /* bytes in all, of all files */
    char *passed;     /* what nobody wants is decoded to here */
    size_t passed_bytes;
} ndup__file_walk;

/* Reads length bytes from offset on of a file, which was read before; the places rise from call to
 * call. Errors: CHANGED where the file is not what it was or has no such bytes; IO; MEMORY. */
NDUP_NODISCARD ndup_status ndup__file_walk_read(ndup__file_walk *walk, ndup__corpus_file *file,
                                                uint64_t offset, char *buffer, size_t length,
                                                ndup_error *error);
void ndup__file_walk_end(ndup__file_walk *walk);

#endif
