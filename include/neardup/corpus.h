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
 * the first of the customary names that a record has:
 * - text: text, content, body
 * - id: id, _id, doc_id
 * - source: source, site, domain
 * - url: url, link
 * - date: date, published, timestamp
 * - title: title, headline
 *
 * A record without an id is named path:line (path@byte where several records stand on a line), or
 * line N for documents from memory. */
typedef struct ndup_corpus_options {
    size_t struct_size;
    const char *text_field;
    const char *id_field;
    const char *source_field;
    const char *url_field;
    const char *date_field;
    const char *title_field;
    /* Folder for the copy of what cannot be read twice (standard input, pipes, members of archives,
     * callers' documents) and of what is compared of compressed files and records in other
     * encodings, or all of these where a job fetches texts from all over a corpus; NULL = TMPDIR or
     * /tmp. The file has no name and goes away with the corpus. */
    const char *temporary_folder;
    /* Longer records and files are skipped and reported, and so are records that take more memory
     * than this (and 8 MiB) while they are read: JSON twice its length, if it is spread over lines
     * three times; rows, messages and entries of feeds, which become JSON, up to four times; pages
     * their length and three times that of their text. 0 = 256 MiB; at most 2 GiB. */
    uint64_t max_record_bytes;
    const ndup_allocator *allocator;
    /* The field that holds a web page (HTML); the text is then what is read from it, and what the
     * page says of itself fills in for fields that the record does not have. Instead of text_field.
     */
    const char *html_field;
    /* What the inputs that are named themselves hold, standard input among them, and the files of
     * folders that `include` names: "jsonl", "csv", "tsv", "parquet", "warc", "feed", "mbox",
     * "html", "eml", "subtitles" or "text"; NULL = what their first bytes or else their suffixes
     * say. */
    const char *format;
    /* Patterns for files of folders, as in .gitignore files: without a slash for names at any
     * depth, with one for paths from the input folder, with one at the end for folders; * and ? do
     * not match a slash, "**" matches any folders. With `include` only files that one of its
     * patterns names are read, whatever their suffixes; those that one of `exclude` names are not.
     */
    const char *const *include;
    size_t include_count;
    const char *const *exclude;
    size_t exclude_count;
    bool hidden; /* read files and folders whose names begin with a dot, but .git .hg .svn .bzr */
    bool gitignore; /* leave out what .gitignore files in and below an input folder name */
    /* How plain texts, CSV, TSV and JSON lines are encoded that have no byte order mark: a label of
     * the WHATWG Encoding Standard ("windows-1252", "koi8-r", "gb18030"; "latin1" is windows-1252,
     * as browsers have it), or "auto": what is not valid UTF-8 is guessed by uchardet from its
     * first MiB, and said as a problem of status OK. NULL = UTF-8, or UTF-16 where every second
     * byte of the first KiB is zero. Texts, records and outputs are UTF-8 then; tree:DIR copies
     * plain files as they are. */
    const char *encoding;
    /* Read zstd data with windows of over 128 MiB, up to the 2 GiB of `zstd --long=31`: that much
     * memory beside max_record_bytes. Otherwise they are a problem. */
    bool zstd_long;
    /* Most bytes of the copy in temporary_folder; more fail with LIMIT. 0 = nine tenths of what the
     * folder has free when the copy begins. */
    uint64_t max_temporary_bytes;
} ndup_corpus_options;

#define NDUP_CORPUS_OPTIONS_INIT                   \
    {                                              \
        .struct_size = sizeof(ndup_corpus_options) \
    }

/* Opens inputs, each of them a folder, a file, or "-" for standard input. What a file is tell its
 * first bytes (decompressed: compressed files are known by theirs) where they are certain, else
 * its suffix; the suffix of a codec, .gz .zst .xz .bz2 or .lz4, may follow. It is
 * - JSON: objects, one a line, or in arrays, or behind each other and over any number of lines: by
 * its first line or an array's beginning, or .jsonl .ndjson .jl; NaN and Infinity are allowed
 * where no text is;
 * - a table: .csv .tsv .tab; the first row names the fields, every other is an object of them.
 * Delimiters are commas, semicolons, tabs or |, whichever makes a column of the text, or what a
 * line "sep=X" says; lines in front that begin with #, and rows that say the names again, are
 * passed over. Names may differ from the wanted ones in case and blanks around them. Quotes are as
 * in RFC 4180, escapes with backslashes if the first 64 KiB have them; between tabs a field is
 * wholly quoted or its quotes are text. A quote is a letter if nothing closes it within 100,000
 * lines, 16 MiB and the file; a text that says NULL, null, \N, NaN, nan or None without quotes is
 * empty. Rows may be short of fields behind the text;
 * - a web archive (ISO 28500): by its first line, or .warc .wet; an object of each conversion
 * record and of each page or plain text in a resource record or a response with a status of 2xx,
 * with the fields id (WARC-Record-ID), url, date (WARC-Date), digest, source (the host), title,
 * published, language and text;
 * - a feed (RSS, RDF, Atom): by its root element, or .rss .atom .rdf; an object of each entry
 * with the fields id (guid, id, about or the link), url, date, source (the feed's title, else the
 * host), title, author, language and text (the fullest content, its markup read as a page is), or
 * of each <item> of an <items> element, whose children are the fields;
 * - mail: an .eml file is a document of the message's plain part, or else of its HTML part, with
 * subject, date and the sender's domain as its title, date and source; of an .mbox file each
 * message is an object with the fields id (Message-ID), date, source, title, author and text;
 * - Parquet, .parquet (table_files.h): an object of each row, of the columns that fields are
 * looked for in, parts of structs among them; dates are ISO 8601, null is empty; copied to the
 * temporary folder as it is read. Not from a pipe, nor out of an archive;
 * - subtitles, .srt .vtt: a document of the lines that are shown;
 * - an archive, .tar (also compressed) .zip .wacz .epub: each member as a file of that name in a
 * folder of the archive's name, unpacked into the temporary folder while opening;
 * - a web page, one document: by its document type or first element, or .html .htm .xhtml .xht;
 * - plain text, one document: .txt .md, and any other file that is named itself or by
 * `include`.
 *
 * A folder is read recursively in the order of its names as bytes; files with none of these
 * suffixes (.json without JSON lines in it, too) are left out and counted in a notice, hidden ones
 * are left out. Links to files are followed, links to folders not. One file is one document: links
 * to files that are read anyway and files that a former input has are passed over, of hard links
 * the first name counts and the others are its document's other_names. What neardup itself wrote
 * (plans, summaries, decisions, reports) is no document.
 *
 * What holds no text (pictures, programs, PDF, documents of offices, archives of other kinds) is a
 * problem, said by name, and not read; so are files of folders that cannot be opened, links in
 * circles, devices and pipes inside folders. An input itself that cannot be opened or read fails
 * the call, or the run that comes to it, with IO or NOT_FOUND.
 *
 * Document ids of plain files are paths relative to their folder (with several inputs: behind the
 * input as given). Bytes of a name that are no UTF-8 are written \xFF in ids, and a backslash in
 * front of "x5C" or "x80" to "xFF" is written \x5C: two names never give one id.
 *
 * A text may be null (empty), a list of strings and nulls (joined by blank lines), a number or a
 * truth value (as it is spelt). What is no object, has no text or another kind of value there is a
 * problem, and so is damaged JSON. Of keys that occur twice the last one counts; at most 512
 * levels are read; lone surrogates are read as U+FFFD.
 *
 * Errors: INVALID (names the option); NOT_FOUND when an input does not exist or no input holds a
 * file that is read; UNSUPPORTED for an encoding that cannot be had here, and, with others, when
 * none can be read; LIMIT for archives of more than max_temporary_bytes; IO; MEMORY. */
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

/* Called with documents of a corpus, in its order, whose parts stay valid until it returns. What is
 * not OK ends the walk. */
typedef ndup_status (*ndup_corpus_visitor)(void *context, const ndup_document *documents,
                                           size_t count, ndup_error *error);

/* Reads a corpus once and hands out its documents, each with an id, up to `together` at a time
 * (0 = 1,000; fewer where their bytes are many, and at the end). *skipped, which may be NULL,
 * counts records and files that could not be read; each goes to hooks->problem. Errors: those of
 * reading and of the visitor; CANCELLED. Memory: 32 MiB, or the longest document. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_walk(ndup_corpus *corpus, uint64_t *skipped,
                                                     size_t together, ndup_corpus_visitor visit,
                                                     void *context, const ndup_hooks *hooks,
                                                     ndup_error *error);

/* The same for a visitor that says which documents are left out: whoever reads the corpus
 * afterwards does not meet them. is_left_out[count] comes in false. *left_out, which may be NULL,
 * counts them. Problems with records are not told: the next reading meets them again. Memory: 8
 * bytes more for each document that is left out. */
typedef ndup_status (*ndup_corpus_chooser)(void *context, bool *is_left_out,
                                           const ndup_document *documents, size_t count,
                                           ndup_error *error);
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_leave_out(ndup_corpus *corpus, uint64_t *left_out,
                                                          size_t together,
                                                          ndup_corpus_chooser choose, void *context,
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
