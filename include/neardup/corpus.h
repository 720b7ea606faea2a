/* SPDX-License-Identifier: MIT */
/* A corpus: where documents come from. Folders and files by name, or documents from memory by a
 * callback. */
#ifndef NEARDUP_CORPUS_H
#define NEARDUP_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A readable set of documents with a fixed order. Inputs are only ever read.
 * Threads: single-owner. */
typedef struct ndup_corpus ndup_corpus;

/* How to open a corpus. Zero-initialise or use NDUP_CORPUS_OPTIONS_INIT, then set what differs.
 * A field is a dotted path into a JSON record ("meta.url"; "\." is a dot in a key); NULL stands for
 * the first of the customary names that a record has: text: text, content, body      id: id, _id,
 * doc_id     source: source, site, domain url: url, link                 date: date, published,
 * timestamp     title: title, headline A record without an id is named path:line, or line N for
 * documents from memory. */
typedef struct ndup_corpus_options {
    size_t struct_size;
    const char *text_field;
    const char *id_field;
    const char *source_field;
    const char *url_field;
    const char *date_field;
    const char *title_field;
    /* Folder for the copy of what cannot be read twice (standard input, compressed files, callers'
     * documents); NULL = TMPDIR or /tmp. The file has no name and goes away with the corpus. */
    const char *temporary_folder;
    /* Longer records and files are skipped and reported. 0 = 256 MiB; at most 2 GiB. */
    uint64_t max_record_bytes;
    const ndup_allocator *allocator;
    /* The field that holds a web page (HTML); the text is then what is read from it, and what the
     * page says of itself fills in for fields that the record does not have. Instead of text_field.
     */
    const char *html_field;
    /* How standard input is read, and a pipe whose name has no suffix of below: "jsonl", "csv",
     * "tsv" or "warc"; NULL = "jsonl". */
    const char *stdin_format;
} ndup_corpus_options;

#define NDUP_CORPUS_OPTIONS_INIT                   \
    {                                              \
        .struct_size = sizeof(ndup_corpus_options) \
    }

/* Opens inputs, each of them
 *   a folder: every .txt, .md, .html, .htm and .xhtml file is a document, and files as below hold
 * records; recursively, in the order of their names as bytes, links to files followed, links to
 * folders not;
 *   an .srt or .vtt file: a document of the lines that are shown;
 *   a .jsonl or .ndjson file: one JSON object a line;
 *   a .csv, .tsv or .tab file (RFC 4180, of .csv also with semicolons): the first row names the
 * fields, every other is an object of them;
 *   a .warc or .wet file (ISO 28500): an object of each conversion record and of each page or plain
 * text in a resource record or a response with a status of 2xx, with the fields id
 * (WARC-Record-ID), url, date (WARC-Date), digest, source (the host), title, published, language
 * and text;
 *   an .rss, .atom, .rdf or .xml file: an object of each entry of a feed (RSS, RDF, Atom), with the
 * fields id (guid, id, about or the link), url, date, source (the feed's title, else the host),
 * title, author, language and text (the fullest content, its markup read as a page is), or of each
 * <item> of an <items> element, whose children are the fields;
 *   an .eml file: a document of the message's plain part, or else of its HTML part, with subject,
 * date and the sender's domain as its title, date and source; an .mbox file: an object of each
 * message with the fields id (Message-ID), date, source, title, author and text;
 *   a .tar (also compressed), .zip, .wacz or .epub file: each member as a file of that name in a
 * folder of the archive's name; they are unpacked into the temporary folder while opening;
 *   these compressed, with .gz, .zst, .xz, .bz2 or .lz4 behind; any other file: one
 * document;
 *   "-": standard input, JSON lines unless options->stdin_format says otherwise.
 * Document ids of plain files are paths relative to their folder (with several inputs: behind the
 * input as given). Files that cannot be read, links in circles, devices and pipes inside folders
 * are problems, not errors. Errors: INVALID (names the option); NOT_FOUND when an input does not
 * exist or no input holds a document file; IO; MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_open(ndup_corpus **corpus,
                                                     const char *const *inputs, size_t input_count,
                                                     const ndup_corpus_options *options,
                                                     const ndup_hooks *hooks, ndup_error *error);

/* Documents from a caller. `next` hands out the next one, or sets *has_document to false at the
 * end; the document stays valid until the following call. Only id and text are needed; a `record`,
 * if given, must be one JSON object on one line and is what outputs carry (fields are then taken
 * from it). Each document is copied once into the temporary folder, so that nothing need be kept in
 * memory by either side. */
typedef struct ndup_source {
    size_t struct_size;
    void *context;
    ndup_status (*next)(void *context, bool *has_document, ndup_document *document,
                        ndup_error *error);
    void (*close)(void *context); /* may be NULL; called once, by ndup_corpus_close or on failure */
} ndup_source;

/* A corpus over a caller's documents. Takes over `source->context` even on failure. Errors:
 * INVALID, IO, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_open_source(ndup_corpus **corpus,
                                                            const ndup_source *source,
                                                            const ndup_corpus_options *options,
                                                            ndup_error *error);

/* A corpus whose documents are the units (paragraphs, headlines, list items, ...) of another one's:
 * records with the members id ("DOCUMENT#N", N counts from 0), document, unit (N), offset (bytes in
 * the document's text), unit_kind, text, and source, url, date, title as the document has them.
 * Read once, here, and copied to the temporary folder. Takes over `documents` even on failure. Of
 * the options, those about fields must not be set. Problems with documents go to the hooks. Errors:
 * IO, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_open_units(ndup_corpus **corpus,
                                                           ndup_corpus *documents,
                                                           const ndup_corpus_options *options,
                                                           const ndup_hooks *hooks,
                                                           ndup_error *error);

/* Bytes to be read, as stored (compressed size for compressed files); 0 when unknown. */
NDUP_API uint64_t ndup_corpus_bytes(const ndup_corpus *corpus);

/* A NULL corpus is allowed. */
NDUP_API void ndup_corpus_close(ndup_corpus *corpus);

#ifdef __cplusplus
}
#endif
#endif
