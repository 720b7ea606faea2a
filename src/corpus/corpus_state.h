/* SPDX-License-Identifier: MIT */
/* What a corpus consists of; shared by the files of this folder only. */
#ifndef NDUP__CORPUS_CORPUS_STATE_H
#define NDUP__CORPUS_CORPUS_STATE_H

#include "base/file.h"
#include "codec/decompress.h"
#include "corpus/encoding.h"
#include "corpus/json_items.h"
#include "corpus/packed_copy.h"
#include "corpus/reader.h"
#include "corpus/transcode.h"

typedef struct ndup__corpus_file {
    const char *path;     /* as it is opened; "-" is standard input, NULL a caller's documents */
    const char *relative; /* below its input folder, as a tree of kept documents has it */
    const char *id;       /* of a plain file's document */
    const char *folder;   /* first folder below the input, "" if none: a plain file's source */
    const ndup_file_name *other_names; /* of the same file (hard links) */
    size_t other_name_count;
    const ndup__format *format;
    bool is_named;        /* it is an input itself, not found in one */
    bool is_used;         /* something of it was handed out */
    bool is_unread;       /* nothing of it was, since it could not be read */
    bool is_told;         /* a document that need not be looked at any more */
    bool is_compressed;   /* a document that is */
    ndup__stream *stream; /* of what can be read only once and has been looked at; else NULL */
    uint64_t size;        /* bytes as stored; 0 = unknown */
    int64_t modified_ns;
    int descriptor; /* of a file read by place again; -1 while closed */
    bool spooled;   /* its lines stand in the spool, from spool_offset on */
    uint64_t spool_offset;
    bool is_passing;           /* it is read again from its beginning, and was when it had: */
    uint64_t passed_size;      /* bytes as stored */
    int64_t passed_at;         /* time of its last change */
    ndup__frame_points points; /* where decoding can begin */
    bool goes_by_points;       /* what is gathered of it is decoded from there */
    uint64_t decoded_length;   /* known once it has been read to the end */
    bool read_once;            /* whether that is */
    const struct ndup__columns *columns; /* of delimited text, once its first row is read */
    const struct ndup__feed *feed;       /* of a feed, once what stands before its first entry is */
    ndup__json_layout layout;            /* of JSON, once its beginning is read */
    ndup__json_open open;                /* of a JSON record that was given up */
} ndup__corpus_file;

/* The record being put together between two blocks of a stream. */
typedef struct ndup__stream_state {
    ndup__stream *stream;          /* open stream of the current file, or NULL */
    struct ndup__row_lines *lines; /* of a file of tables, instead */
    ndup__transcoder *transcoder;  /* behind it, where the format is text */
    char *carry;                   /* begun record at the end of the block before */
    size_t carry_length;
    size_t carry_capacity;
    uint64_t offset; /* of the next byte behind the carry */
    uint64_t stored; /* bytes of the current file used up */
    bool started;    /* the file has been opened, or could not be */
    bool ended;      /* no more bytes */
    bool skipping;   /* inside a record that was given up */
} ndup__stream_state;

struct ndup_corpus {
    const ndup_allocator *allocator;
    ndup_corpus_options options; /* strings copied into `strings` */
    ndup__arena strings;
    const char *const *inputs;
    size_t input_count;
    ndup__corpus_file *files;
    size_t file_count;
    size_t file_capacity;
    uint64_t max_record_bytes;
    size_t working_bytes; /* that one record may take while it is read */
    uint64_t total_bytes;
    bool size_unknown;
    ndup__fields fields;
    ndup__encoding encoding;

    bool keeps_copy;            /* of what has no places */
    ndup__packed_copy spool;    /* keys are offsets in all that is copied */
    ndup__packed_copy gathered; /* keys are places */
    uint64_t spool_length;      /* of what is copied, as it is read */
    uint64_t spool_most;        /* bytes of the spool and of what lies beside it */
    ndup_source source;         /* of a caller's documents */
    struct ndup__rows *rows;    /* of a table in memory; else NULL */

    unsigned ahead;         /* threads that decode ahead of the reader */
    size_t current;         /* file being taken */
    uint64_t stored_before; /* stored bytes of the files before it */
    ndup__stream_state stream;
    size_t open_files; /* descriptors held in files */

    /* Documents that are passed over, as if they were not there. */
    ndup__place *left_out; /* [left_out_count] sorted */
    size_t left_out_count, left_out_capacity;

    ndup__block opening; /* its notes are the problems met while opening */
};

/* A corpus of no files yet; *corpus may be half made, and is to be closed, on failure, too. */
NDUP_NODISCARD ndup_status ndup__corpus_new(ndup_corpus **corpus,
                                            const ndup_corpus_options *options, ndup_error *error);

/* Makes *string a copy of itself that lives as long as the corpus; NULL stays NULL. */
NDUP_NODISCARD ndup_status ndup__corpus_copy_string(ndup_corpus *corpus, const char **string,
                                                    ndup_error *error);

/* Appends a file to the corpus; strings are copied. */
NDUP_NODISCARD ndup_status ndup__corpus_add_file(ndup_corpus *corpus, const ndup__corpus_file *file,
                                                 ndup_error *error);

/* Looks through the inputs for files. Files that cannot be read become notes of corpus->opening. */
NDUP_NODISCARD ndup_status ndup__corpus_find_files(ndup_corpus *corpus, const ndup_hooks *hooks,
                                                   ndup_error *error);

/* Puts the members of archives in the place of archives; what cannot be read becomes notes of
 * corpus->opening. Errors: IO for the temporary file, MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__corpus_expand_archives(ndup_corpus *corpus,
                                                        const ndup_hooks *hooks, ndup_error *error);

/* The path of the file that a tree of kept documents has for it. Records that are not written as
 * they stood go to a file of JSON lines: crawl.warc.gz becomes crawl.warc.jsonl.gz. */
NDUP_NODISCARD ndup_status ndup__corpus_name_kept(const char **kept, ndup_corpus *corpus,
                                                  const char *relative, const ndup__format *format,
                                                  ndup_error *error);

/* Descriptors that stay open for fetching. */
#define NDUP__OPEN_FILES 256
void ndup__corpus_close_file(ndup_corpus *corpus, ndup__corpus_file *file);

/* Files that are one document each. take reserves a run of files of one format; a reader reads one
 * of them, by number, into the block and makes its item; scan does so with all files of a block. */
typedef ndup_status ndup__plain_reader(const ndup_corpus *corpus, ndup__block *block,
                                       uint32_t number, ndup__item *item, ndup_error *error);
ndup__plain_reader ndup__plain_read;
NDUP_NODISCARD ndup_status ndup__plain_take(ndup_corpus *corpus, ndup__block *block, bool *more,
                                            ndup_error *error);
NDUP_NODISCARD ndup_status ndup__plain_scan(const ndup_corpus *corpus, ndup__block *block,
                                            const ndup__visitor *visitor,
                                            ndup__plain_reader *reader, ndup_error *error);
/* Makes the text of a file that was read UTF-8, as its mark or the options say it is encoded; where
 * that changes it, `original` is the file. */
NDUP_NODISCARD ndup_status ndup__plain_decode(ndup__item *item, const ndup_corpus *corpus,
                                              ndup__block *block, ndup_error *error);

/* Takes a block of whole records of the current file, as its format cuts them. */
NDUP_NODISCARD ndup_status ndup__stream_take(ndup_corpus *corpus, ndup__block *block, bool *more,
                                             ndup_error *error);

/* Whether a failure to read the file ends the run: what fails is the system or the temporary copy,
 * or the file is an input itself, or something of it has been used. Else it is left out. */
bool ndup__corpus_fault_ends(const ndup__corpus_file *file, const ndup_error *cause);

/* Opens a stream of an input, as the options have it. Errors: those of ndup__stream_open. */
NDUP_NODISCARD ndup_status ndup__corpus_open_stream(ndup__stream **stream,
                                                    const ndup_corpus *corpus, const char *path,
                                                    ndup_error *error);

/* Ends the reading of the current file. */
void ndup__stream_end(ndup_corpus *corpus);

/* CHANGED: the file is not what it was when it was read before. */
NDUP_NODISCARD ndup_status ndup__corpus_fail_changed(const ndup__corpus_file *file, uint64_t offset,
                                                     ndup_error *error);

/* Notes what a file that is read again from its beginning is, or, in later passes, whether it still
 * is that. Errors: CHANGED. */
NDUP_NODISCARD ndup_status ndup__corpus_know_file(ndup__corpus_file *file,
                                                  const ndup__file_info *info, ndup_error *error);

/* Hands the document of `length` bytes whose bytes the block holds to *item. Errors: CHANGED when
 * they are not one document. */
NDUP_NODISCARD ndup_status ndup__corpus_scan_one(const ndup_corpus *corpus, ndup__place place,
                                                 uint32_t length, ndup__block *block,
                                                 ndup__item *item, ndup_error *error);

/* Reads the record at block->offset of the block's file out of what was gathered. Errors: INVALID
 * if it was not; IO; MEMORY. */
NDUP_NODISCARD ndup_status ndup__gathered_read(const ndup_corpus *corpus, ndup__block *block,
                                               size_t length, ndup_error *error);

/* Makes the block ready for ndup__corpus_scan_one. */
void ndup__corpus_begin_one(ndup__block *block, ndup__place place);

/* A format's find_next for records that end with a line. */
bool ndup__lines_find_next(size_t *next, ndup__corpus_file *file, const char *bytes, size_t length);

/* A record as a scan finds it. */
typedef struct ndup__found {
    ndup_text raw;  /* in the block's bytes */
    ndup_text json; /* the same for JSON lines */
    uint64_t line;  /* from the beginning of the block; 0 = not told by lines */
} ndup__found;

/* Makes found->json of block->json; a visitor that keeps gets it in the block's arena. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__found_take_json(ndup__found *found, ndup__block *block,
                                                 const ndup__visitor *visitor, ndup_error *error);

/* Makes the item of found->json; extra[NDUP__EXTRA_FIELDS] becomes part of it. Errors: those of
 * ndup__fields_read. */
NDUP_NODISCARD ndup_status ndup__found_read(ndup__item *item, ndup__value *extra,
                                            const ndup_corpus *corpus, ndup__block *block,
                                            const ndup__found *found, ndup_error *error);

/* Notes why the record gives no document; a lack of memory is passed on instead. */
NDUP_NODISCARD ndup_status ndup__found_reject(const ndup_corpus *corpus, ndup__block *block,
                                              const ndup__found *found, const ndup_error *cause,
                                              ndup_error *error);

/* Reads the item and hands it to the visitor, or rejects the record. */
NDUP_NODISCARD ndup_status ndup__found_visit(const ndup_corpus *corpus, ndup__block *block,
                                             const ndup__visitor *visitor, const ndup__found *found,
                                             ndup_error *error);

/* The same for a record whose text was read from a page: *page has its units, and `replaced` is
 * what was damaged in it. */
NDUP_NODISCARD ndup_status ndup__found_visit_page(const ndup_corpus *corpus, ndup__block *block,
                                                  const ndup__visitor *visitor,
                                                  const ndup__found *found,
                                                  const ndup_document *page, uint64_t replaced,
                                                  ndup_error *error);

/* The name of a record that has none: "path@offset". The path is cut off where it is too long. */
#define NDUP__NAME_BYTES 512
ndup_text ndup__found_name(char name[NDUP__NAME_BYTES], const char *path, uint64_t offset);

/* Gives the document the units of the page that it was read from, if its text is the page's. */
void ndup__found_keep_units(ndup_document *document, const ndup_document *page);

/* Refuses, with LIMIT, a record that takes more memory to read than one may: block->most. */
NDUP_NODISCARD ndup_status ndup__check_memory(const ndup__block *block, size_t bytes,
                                              ndup_error *error);

NDUP_NODISCARD ndup_status ndup__note_too_long(const ndup_corpus *corpus, ndup__block *block,
                                               uint64_t line, uint64_t offset, ndup_error *error);

/* Makes the spool if there is none. */
NDUP_NODISCARD ndup_status ndup__spool_open(ndup_corpus *corpus, ndup_error *error);

/* Makes an empty copy for what is gathered, in place of the one before. */
NDUP_NODISCARD ndup_status ndup__gathered_open(ndup_corpus *corpus, ndup_error *error);

/* Explains a failure to add to a copy: LIMIT beyond spool_most. */
NDUP_NODISCARD ndup_status ndup__spool_explain(const ndup_corpus *corpus, ndup_status status,
                                               ndup_error *error);

/* Writes at a place of the spool, with the block's work space. Any number of threads. Errors: LIMIT
 * beyond spool_most; IO; MEMORY. */
NDUP_NODISCARD ndup_status ndup__spool_write(const ndup_corpus *corpus, ndup__block *block,
                                             const char *bytes, size_t length, uint64_t offset,
                                             ndup_error *error);

/* Reads from a place of the spool into the buffer, with the block's work space. */
NDUP_NODISCARD ndup_status ndup__spool_read(const ndup_corpus *corpus, ndup__block *block,
                                            char *buffer, size_t length, uint64_t offset,
                                            size_t *got, ndup_error *error);

/* Refuses temporary copies of so many bytes in all: LIMIT beyond spool_most. */
NDUP_NODISCARD ndup_status ndup__spool_check(const ndup_corpus *corpus, uint64_t bytes,
                                             ndup_error *error);

/* Writes a block that is new to the place that its file has in the spool; it is not new then. Any
 * number of blocks at once. */
NDUP_NODISCARD ndup_status ndup__spool_block(const ndup_corpus *corpus, ndup__block *block,
                                             ndup_error *error);

/* Copies what the stream holds, a document, into the spool as the file's; `buffer` is work space.
 * What is wrong with the input goes to `problem`, whose status is set then. Errors: those of the
 * spool, MEMORY. */
NDUP_NODISCARD ndup_status ndup__spool_document(ndup_corpus *corpus, ndup__corpus_file *file,
                                                ndup__stream *stream, char *buffer, size_t capacity,
                                                ndup_error *problem, ndup_error *error);

/* Copies a caller's documents into the spool as JSON lines. */
NDUP_NODISCARD ndup_status ndup__spool_source(ndup_corpus *corpus, ndup_error *error);

#endif
