/* SPDX-License-Identifier: MIT */
/* The files of a corpus as another program can find them again, and a corpus of such files. */
#ifndef NDUP__CORPUS_KNOWN_FILE_H
#define NDUP__CORPUS_KNOWN_FILE_H

#include "corpus/reader.h"

/* In flags. */
#define NDUP__KNOWN_NAMED 1u      /* it was an input itself */
#define NDUP__KNOWN_TOLD 2u       /* a document that need not be looked at any more */
#define NDUP__KNOWN_COMPRESSED 4u /* a document that is */
#define NDUP__KNOWN_PASSING 8u    /* it is read from its beginning, not by place */
#define NDUP__KNOWN_FLEETING 16u  /* cannot be opened again: a pipe, an archive's member, memory */

/* What is to be known of a file. Strings are borrowed; those that a file lacks are "". */
typedef struct ndup__known_file {
    const char *path;
    const char *relative; /* below its input folder */
    const char *id;       /* of a plain file's document */
    const char *folder;   /* first folder below the input */
    const char *format;   /* name of the ndup__format */
    uint64_t size;
    int64_t modified_ns;
    uint64_t ends_hash; /* XXH3 of its first and last 64 KiB */
    uint32_t flags;
} ndup__known_file;

/* Its names and flags alone. */
void ndup__known_file_names(ndup__known_file *known, const ndup_corpus *corpus, uint32_t file);

/* Describes a file, once it has been read. Errors: IO; CHANGED when it is not what it was when the
 * corpus was opened. */
NDUP_NODISCARD ndup_status ndup__known_file_of(ndup__known_file *known, const ndup_corpus *corpus,
                                               uint32_t file, ndup_error *error);

/* A corpus of no files yet, to which known files are added in their order. Errors: those of
 * options; MEMORY. */
NDUP_NODISCARD ndup_status ndup__known_corpus_new(ndup_corpus **corpus,
                                                  const ndup_corpus_options *options,
                                                  ndup_error *error);

/* What it was opened from, as results tell; copied. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__corpus_name_inputs(ndup_corpus *corpus, const char *const *inputs,
                                                    size_t count, ndup_error *error);

/* Adds a file. One whose documents will be fetched is looked at: it must be the same in size, and
 * in time or at both ends; what its records need of its beginning is read. Errors: CHANGED; INVALID
 * for one that is fleeting or of an unknown format; NOT_FOUND, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__known_corpus_add(ndup_corpus *corpus,
                                                  const ndup__known_file *known, bool is_needed,
                                                  ndup_error *error);

#endif
