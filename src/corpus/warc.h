/* SPDX-License-Identifier: MIT */
/* The records of a web archive: where they stand and what their headers say. */
#ifndef NDUP__CORPUS_WARC_H
#define NDUP__CORPUS_WARC_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/document.h"

/* Records over this size end at the next line that begins like a record's header, even inside the
 * Content-Length: archives inside archives are rarer than wrong lengths, and waiting for the end of
 * every claimed length would take quadratic time. */
#define NDUP__WARC_LARGE_BYTES ((size_t)1 << 20)

typedef enum ndup__warc_kind {
    NDUP__WARC_RECORD,
    NDUP__WARC_GARBAGE, /* bytes that belong to no record, or a record without a whole header */
    NDUP__WARC_PARTIAL, /* more bytes are needed; the header has been read if `body` is set */
    NDUP__WARC_END
} ndup__warc_kind;

/* What stands at bytes[begin..end). Values of header fields are without spaces around them; absent
 * ones are empty. */
typedef struct ndup__warc_record {
    size_t begin;
    size_t end;         /* of the body, or the garbage */
    size_t next;        /* where the next record is to be looked for */
    uint64_t claimed;   /* bytes of header and body as the header has it; 0 = not known */
    bool wrong_length;  /* the body is not as long as the header says */
    bool was_truncated; /* the archive's writer cut the body, and says so */
    ndup_text type;
    ndup_text id; /* without < > */
    ndup_text url;
    ndup_text date;
    ndup_text digest; /* of the payload, else of the block */
    ndup_text content_type;
    ndup_text language;
    ndup_text body;
} ndup__warc_record;

/* Reads the record at bytes[at..length) (WARC 1.0 and 1.1, ISO 28500). `ended`: nothing follows.
 *
 * The Content-Length is believed if an empty line, another record or the end follows the body.
 * Otherwise the body goes on to the next line that begins like a record, or to the end, without the
 * line ends there. So what is read does not depend on how much stands behind a record, and
 * bytes[begin..end) alone give the same record. Cost: linear in the bytes passed. */
ndup__warc_kind ndup__warc_next(ndup__warc_record *record, const char *bytes, size_t length,
                                size_t at, bool ended);

/* The beginning of the first line in bytes[from..length) that begins like a record, `from` itself
 * only behind a line end; `length` if there is none. */
size_t ndup__warc_find(const char *bytes, size_t length, size_t from);

#endif
