/* SPDX-License-Identifier: MIT */
/* One record at a time: from the bytes of a line, a text or a web page to a document, without a
 * corpus. For programs that get records one by one, such as servers. */
#ifndef NEARDUP_RECORD_H
#define NEARDUP_RECORD_H

#include "neardup/corpus.h"
#include "neardup/document.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads records with memory that is used again: after the first ones nothing is allocated. Threads:
 * single-owner. */
typedef struct ndup_record_reader ndup_record_reader;

/* Of the options, the fields, max_record_bytes, encoding and the allocator are taken; NULL = the
 * defaults. Strings are copied. Errors: INVALID, naming the option; UNSUPPORTED for an encoding
 * that cannot be had here; MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_record_reader_new(ndup_record_reader **reader,
                                                           const ndup_corpus_options *options,
                                                           ndup_error *error);

/* The functions that read fill *document: what ndup_corpus_open's documents have of it, but no
 * number, path, line or offset. Its parts lie in the bytes given and in the reader, where they stay
 * until this is called: so a batch of documents can be together in memory. After an error,
 * *document is empty and those before it stay as they are. */
NDUP_API void ndup_record_reader_reset(ndup_record_reader *reader);

/* A JSON object, with spaces or line ends around and inside it; the fields are found as
 * ndup_corpus_options say, and without an id it stays empty. Errors: CORRUPT with error->byte;
 * NOT_FOUND without a text; INVALID for parts of the wrong type; LIMIT beyond max_record_bytes;
 * MEMORY; those of a page, with html_field. */
NDUP_API NDUP_NODISCARD ndup_status ndup_record_read_json(ndup_document *document,
                                                          ndup_record_reader *reader,
                                                          ndup_text record, ndup_error *error);

/* A plain text; only `text` is filled, and `original` where it is not UTF-8. Its encoding is what a
 * byte order mark, the charset of `content_type` (the value of an HTTP header, or empty) or
 * options->encoding say. Errors: UNSUPPORTED for what is no text; LIMIT; MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_record_read_text(ndup_document *document,
                                                          ndup_record_reader *reader,
                                                          ndup_text bytes, ndup_text content_type,
                                                          ndup_error *error);

/* A web page: its text and units, and what it says of its title, address, source, date and
 * language. `url` is where it was fetched, or empty; the page's own address goes before. Errors:
 * UNSUPPORTED for what is no page, or in builds without Gumbo; LIMIT; MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_record_read_page(ndup_document *document,
                                                          ndup_record_reader *reader,
                                                          ndup_text page, ndup_text content_type,
                                                          ndup_text url, ndup_error *error);

/* A NULL reader is allowed. */
NDUP_API void ndup_record_reader_free(ndup_record_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
