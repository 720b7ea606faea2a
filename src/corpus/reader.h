/* SPDX-License-Identifier: MIT */
/* How the pipelines read a corpus: blocks of whole documents, taken in order and scanned in
 * parallel, and single documents fetched again by their place. */
#ifndef NDUP__CORPUS_READER_H
#define NDUP__CORPUS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "corpus/fields.h"
#include "corpus/json_line.h"
#include "corpus/passed_over.h"
#include "html/charset.h"
#include "neardup/corpus.h"

/* Bytes of a block where records allow: small enough to stay in the second-level cache until it is
 * scanned. */
#define NDUP__BLOCK_BYTES ((size_t)1 << 18)
/* Readable bytes behind a block or fetched record, for loads of whole vectors. */
#define NDUP__BLOCK_PADDING 64

/* Bytes that a block keeps for documents whose turn comes later, with its own: pages decode to ten
 * times their size and rarely to thirty. */
#define NDUP__KEPT_MOST ((size_t)8 << 20)

/* Where a document stands: file number (24 bits) and byte offset (40 bits). */
typedef uint64_t ndup__place;
#define NDUP__PLACE_OFFSET_BITS 40
#define NDUP__PLACE_OFFSET(place) ((place) & (((uint64_t)1 << NDUP__PLACE_OFFSET_BITS) - 1))
#define NDUP__PLACE_FILE(place) ((uint32_t)((place) >> NDUP__PLACE_OFFSET_BITS))

/* The greatest max_record_bytes. */
#define NDUP__RECORD_BYTES_MOST ((uint64_t)2 << 30)

/* The longest record, and what memory it may take while it is read, of what was asked for (0: the
 * default). Errors: INVALID over NDUP__RECORD_BYTES_MOST. */
NDUP_NODISCARD ndup_status ndup__record_limits(uint64_t *record_bytes, size_t *working_bytes,
                                               uint64_t asked, ndup_error *error);

/* A document as the reader hands it out. In `document` number is not set, line counts from the
 * beginning of the block, and an id that the record does not have is empty. */
typedef struct ndup__item {
    ndup_document document;
    ndup__place place;
    ndup_text stored;  /* the bytes of the file or record, as they were before anything was read */
    uint64_t replaced; /* lone surrogates in escapes; those of one string may count as one */
    const ndup__value *extra;
} ndup__item;

/* A problem that waits for its turn to be reported. `line` counts from the beginning of the block;
 * 0 = unknown. */
typedef struct ndup__note {
    ndup_status status;
    bool skipped;
    const char *path; /* borrowed from the corpus */
    uint64_t line;
    uint64_t offset;
    ndup_text record; /* in the block's bytes; empty when there is none */
    char message[200];
} ndup__note;

/* A run of whole documents, reused. Zero-initialise with ndup__block_init. Threads: single-owner.
 */
typedef struct ndup__block {
    const ndup_allocator *allocator;
    char *bytes; /* [length], then NDUP__BLOCK_PADDING readable bytes */
    size_t length;
    size_t capacity; /* without the padding */
    uint32_t file;   /* first file of the block */
    uint32_t file_count;
    uint64_t offset;   /* of bytes[0] in that file */
    uint64_t lines;    /* lines in the block, known after scanning */
    uint64_t stored;   /* bytes of input used up once this block is read; for progress */
    ndup__place next;  /* where the block behind it begins, or the next file: corpus/seek.h */
    bool can_go_on;    /* that is, at a record */
    ndup__arena arena; /* decoded strings of the documents scanned last */
    ndup__note *notes;
    size_t note_count;
    size_t note_capacity;
    bool is_new;                   /* the bytes are not in the spool yet, and belong there */
    ndup__passed_over passed_over; /* records that hold no text, by their nature */
    unsigned given;                /* bits by ndup__role: fields that some record had */
    size_t most;                   /* bytes of memory for a record; set when a corpus scans it */
    ndup__json_line json;          /* the record scanned last, where it had to be made */
    ndup__json_line rooms[2];      /* in which bodies are decoded */
    ndup__charset_decoder decoder; /* of texts that are not UTF-8 */
    struct ndup__html *html;       /* reads web pages; made when the first one is met */
    ndup__arena_mark kept;         /* of the arena, behind the last document that was kept */
    size_t kept_count;
    bool texts_only;   /* of rows of a table in memory no record is made; set by who reads */
    uint64_t rows;     /* of a table in memory, from `offset` on */
    bool json_is_lent; /* the document that is visited lies in `json`, and cannot be kept */
    bool is_passing;   /* of a file that is read again from its beginning: kept documents need it */
    struct ndup__frame_room *frames; /* where the temporary copy is written or read */
} ndup__block;

void ndup__block_init(ndup__block *block, const ndup_allocator *allocator);
void ndup__block_deinit(ndup__block *block);
NDUP_NODISCARD ndup_status ndup__block_reserve(ndup__block *block, size_t capacity,
                                               ndup_error *error);

/* Adds a note with the message of `cause`. */
NDUP_NODISCARD ndup_status ndup__block_note(ndup__block *block, const char *path, uint64_t line,
                                            uint64_t offset, ndup_text record,
                                            const ndup_error *cause, ndup_error *error);

/* The same for something odd that cost no record. */
NDUP_NODISCARD ndup_status ndup__block_warn(ndup__block *block, const char *path, uint64_t line,
                                            uint64_t offset, const ndup_error *cause,
                                            ndup_error *error);

/* Gives back rooms that a large body has made large. */
void ndup__block_trim_rooms(ndup__block *block);

/* Gives back what a large record has made large; the block holds nothing then. */
void ndup__block_shrink(ndup__block *block);

/* A document of a block whose turn comes later. */
typedef struct ndup__kept {
    ndup_document document; /* in the block, unless it was left */
    ndup__place place;
    bool is_left;
} ndup__kept;

/* Keeps the document that is being visited, by a visitor that keeps. What a block holds decoded
 * beside its bytes has a limit, since 256 KiB of a web archive may be gigabytes of pages: beyond it
 * the document's bytes are given back, and it is left to be read again. */
ndup__kept ndup__block_keep(ndup__block *block, const ndup__item *item);

/* Gives back the bytes of a scanned block that has to wait for its turn, if all its documents were
 * left and can be read again by their place. */
void ndup__block_leave(ndup__block *block);

/* Reads a document of block `of` that was left into `again`, where it stays until that is used
 * again. Meanwhile blocks may be taken. Errors: those of ndup__corpus_fetch. */
NDUP_NODISCARD ndup_status ndup__kept_read(ndup__kept *kept, const ndup_corpus *corpus,
                                           const ndup__block *of, ndup__block *again,
                                           ndup_error *error);

/* How many notes are of records that were skipped. */
uint64_t ndup__block_skipped(const ndup__block *block);

/* Called for every document of a block, in order. The item's parts stay valid until the visitor
 * returns, or, when `keeps` is set, until the block is taken again. */
typedef struct ndup__visitor {
    void *context;
    bool keeps;
    ndup_status (*visit)(void *context, const ndup__item *item, ndup_error *error);
} ndup__visitor;

struct ndup__corpus_file;

/* Where the records end that are whole. */
typedef struct ndup__cut {
    uint64_t offset; /* given: of the first byte in the file */
    size_t whole;    /* so many bytes hold whole records; 0 when the first one needs more bytes */
    bool skip;       /* what follows, up to the next record, is not wanted */
} ndup__cut;

/* One way of storing documents in files. To add an input format: write one of these in a file of
 * its own and list it in file_type.c. */
typedef struct ndup__format {
    const char *name;
    const char *const *suffixes; /* NULL-terminated */
    /* Many records in a file, which is read in blocks. Otherwise a file is a document, read whole.
     * Both may be compressed, with the codec's suffix behind the format's. */
    bool streams;
    bool is_text;      /* in the encoding that the options say; otherwise bytes */
    bool has_lines;    /* records are told by their lines, otherwise by their offsets */
    bool is_table;     /* documents have the row that their record was made of */
    bool is_converted; /* the documents' records are not what stands in the file, but JSON */
    bool is_foreign;   /* another library reads its rows: ndup_table_files */
    /* Whether a file that begins with these bytes, decompressed, is certainly of this format,
     * whatever its name says. NULL: the format has no certain beginning. */
    bool (*recognises)(const char *bytes, size_t length);
    /* Streams: cuts bytes[0..length), which begin with a record; `ended`: no more bytes follow, and
     * where the cut is does not matter. One call at a time. */
    ndup_status (*cut)(ndup__cut *cut, ndup_corpus *corpus, struct ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error);
    /* Streams: where the next record begins behind one that was given up. False if it does not
     * begin in bytes[0..length), of which *next can then be dropped. */
    bool (*find_next)(size_t *next, struct ndup__corpus_file *file, const char *bytes,
                      size_t length);
    /* Fills the block with what comes next in the corpus's current file; one call at a time. *more
     * comes in true and is set to false at the end of that file. ndup__stream_take for streams. */
    ndup_status (*take)(ndup_corpus *corpus, ndup__block *block, bool *more, ndup_error *error);
    /* Hands the block's documents to the visitor; any number of blocks at once. What a record gives
     * must not depend on the rest of the block: it may be read again alone. */
    ndup_status (*scan)(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error);
} ndup__format;

extern const ndup__format ndup__format_archive;
extern const ndup__format ndup__format_csv;
extern const ndup__format ndup__format_feed;
extern const ndup__format ndup__format_json;
extern const ndup__format ndup__format_lines;
extern const ndup__format ndup__format_mail;
extern const ndup__format ndup__format_mailbox;
extern const ndup__format ndup__format_page;
extern const ndup__format ndup__format_parquet;
extern const ndup__format ndup__format_plain;
extern const ndup__format ndup__format_rows;
extern const ndup__format ndup__format_subtitles;
extern const ndup__format ndup__format_tsv;
extern const ndup__format ndup__format_warc;

/* Extra fields to be read with every record, before anything is taken; the names are copied. */
NDUP_NODISCARD ndup_status ndup__corpus_want_fields(ndup_corpus *corpus, const char *const *fields,
                                                    unsigned count, ndup_error *error);

/* Lets `threads` threads beside the caller's decode compressed input ahead of it; 0 = none, as it
 * is at first. */
void ndup__corpus_read_ahead(ndup_corpus *corpus, unsigned threads);

/* From the next rewind on documents at these places are passed over, by whoever reads the corpus.
 * No other thread may read it meanwhile. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__corpus_leave_out(ndup_corpus *corpus, const ndup__place *places,
                                                  size_t count, ndup_error *error);

/* From the next rewind on what cannot be read at a place (compressed files, records in other
 * encodings) is copied while it is read, so that any document can be fetched; otherwise it is read
 * again from its beginning in every pass. For jobs that fetch documents all over a corpus. */
void ndup__corpus_keep_copy(ndup_corpus *corpus);

/* Whether the documents of the file can be fetched; known once it has been read. Otherwise they
 * have to be gathered (corpus/gather.h). */
bool ndup__corpus_has_places(const ndup_corpus *corpus, uint32_t file);

/* Back to the first document. */
NDUP_NODISCARD ndup_status ndup__corpus_rewind(ndup_corpus *corpus, ndup_error *error);

/* Takes the next block; one call at a time. *more is false, and the block empty, at the end. Damage
 * in a file is a note in a block. */
NDUP_NODISCARD ndup_status ndup__corpus_take(ndup_corpus *corpus, ndup__block *block, bool *more,
                                             ndup_error *error);

/* Scans a block that was taken; any thread. Records that cannot be read become notes. */
NDUP_NODISCARD ndup_status ndup__corpus_scan(const ndup_corpus *corpus, ndup__block *block,
                                             const ndup__visitor *visitor, ndup_error *error);

/* Counts lines over blocks in their order; zero-initialise. */
typedef struct ndup__line_counter {
    uint32_t file;
    uint64_t lines;
} ndup__line_counter;

/* How many lines stand before the block in its file; call once a block, in order, after scanning.
 */
uint64_t ndup__line_counter_add(ndup__line_counter *counter, const ndup__block *block);

/* Reads one document again; any thread. The bytes are read into `block`, whose former contents are
 * lost. Errors: CHANGED when the place does not hold a document of this length any more; IO;
 * MEMORY; INVALID where the file has no places and the document was not gathered. */
NDUP_NODISCARD ndup_status ndup__corpus_fetch(const ndup_corpus *corpus, ndup__place place,
                                              uint32_t length, ndup__block *block, ndup__item *item,
                                              ndup_error *error);

/* What is stored of an item that is being visited, or was fetched: item->stored, or of a row of a
 * table in memory that was read for its text only the record, which is made in the block. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__corpus_stored(ndup_text *stored, const ndup_corpus *corpus,
                                               ndup__block *block, const ndup__item *item,
                                               ndup_error *error);

/* Reports the notes of a block through the hooks: base is what ndup__line_counter_add gave. */
void ndup__block_report(const ndup__block *block, uint64_t base, const ndup_hooks *hooks);

/* Names of the files, for outputs. relative is the path below the input folder. */
uint32_t ndup__corpus_file_count(const ndup_corpus *corpus);
const char *ndup__corpus_file_path(const ndup_corpus *corpus, uint32_t file);
const char *ndup__corpus_file_relative(const ndup_corpus *corpus, uint32_t file);
/* Other names of the same file (hard links), or NULL. */
const ndup_file_name *ndup__corpus_file_other_names(size_t *count, const ndup_corpus *corpus,
                                                    uint32_t file);
/* Whether the file holds records, one a line. */
bool ndup__corpus_file_has_records(const ndup_corpus *corpus, uint32_t file);

/* The inputs and options it was opened with. */
size_t ndup__corpus_inputs(const ndup_corpus *corpus, const char *const **inputs);
const ndup_corpus_options *ndup__corpus_options(const ndup_corpus *corpus);

/* Reports the files that could not be opened (unreadable, links in circles) and returns how many
 * they are. */
uint64_t ndup__corpus_report_opening(const ndup_corpus *corpus, const ndup_hooks *hooks);

#endif
