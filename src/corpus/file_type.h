/* SPDX-License-Identifier: MIT */
/* What a file is: told by its first bytes where they are certain, else by its suffix. */
#ifndef NDUP__CORPUS_FILE_TYPE_H
#define NDUP__CORPUS_FILE_TYPE_H

#include "codec/decompress.h"
#include "corpus/encoding.h"
#include "corpus/reader.h"

/* So much of a file's beginning is looked at, decompressed. */
#define NDUP__HEAD_BYTES ((size_t)1 << 16)

/* How much the name of a file says. */
typedef enum ndup__suffix_kind {
    NDUP__SUFFIX_OTHER,
    NDUP__SUFFIX_DOCUMENT, /* it is a document: its bytes are looked at when it is read */
    NDUP__SUFFIX_RECORDS,  /* it holds records, or it is compressed */
    NDUP__SUFFIX_MAYBE     /* it holds records if its bytes say so: .json */
} ndup__suffix_kind;

ndup__suffix_kind ndup__suffix_tell(const char *name);

/* The format that the name's suffix stands for, or NULL. The suffix of a codec may follow. */
const ndup__format *ndup__format_of_name(const char *name);

/* The format called `name` ("jsonl"), or NULL; and that of number i, NULL past the last. */
const ndup__format *ndup__format_find(const char *name);
const ndup__format *ndup__format_get(size_t i);

typedef struct ndup__file_type {
    const ndup__format *format; /* NULL: neither the bytes nor the suffix tell, but it is text */
    bool is_empty;
    bool is_compressed;
    bool is_own;     /* neardup wrote it */
    bool is_unclear; /* without a format: JSON, but nothing that is known to hold records */
    const ndup__format *likely; /* unclear, but may be read so if somebody says that it is wanted */
    bool is_tabular;            /* without a format: it looks like the rows of a table */
} ndup__file_type;

/* What a file is that begins with head[0..length), in this encoding unless they say otherwise.
 * Errors: UNSUPPORTED, in words that say what it
 * is and what would help. */
NDUP_NODISCARD ndup_status ndup__file_type_tell(ndup__file_type *type, const char *name,
                                                const ndup__encoding *encoding, const char *head,
                                                size_t length, ndup_error *error);

/* The same for the input behind a stream, which stays where it is; head[NDUP__HEAD_BYTES] is work
 * space. Errors: IO, MEMORY, UNSUPPORTED. */
NDUP_NODISCARD ndup_status ndup__file_type_of_stream(ndup__file_type *type, ndup__stream *stream,
                                                     const char *name,
                                                     const ndup__encoding *encoding, char *head,
                                                     ndup_error *error);

/* UNSUPPORTED, for what is unclear. */
ndup_status ndup__file_type_fail_unclear(ndup_error *error);

#endif
