/* SPDX-License-Identifier: MIT */
/* "Seen this before?": an index of documents on disk, for crawls that run for weeks. */
#ifndef NEARDUP_INDEX_H
#define NEARDUP_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/document.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is kept of each document. SETS: its tokens as hashes of 24 bits, so that answers are exact
 * but for one comparison in a million; in texts below NDUP_SHORT_TOKENS, whose letters are not
 * known, a slip of one letter is another word. SKETCHES: its sketch alone; answers are estimates.
 * TEXTS: as SETS, and the text itself, compressed, so that it can be shown. */
typedef enum ndup_index_store {
    NDUP_INDEX_SETS = 0,
    NDUP_INDEX_SKETCHES = 1,
    NDUP_INDEX_TEXTS = 2
} ndup_index_store;

/* When an added document is safe. ALWAYS: when the call returns, from a power failure, too. BATCH:
 * from the end of the process when the call returns, from a power failure some seconds later; what
 * is lost then are whole calls, the last ones. NEVER: as the system likes; a power failure may
 * damage the index. For building one that can be built again. A call that fails has changed
 * nothing; only where it fails with IO because the disk could not be told to keep what was written,
 * its change may be there when the index is opened anew, as a whole. */
typedef enum ndup_index_sync {
    NDUP_INDEX_SYNC_ALWAYS = 0,
    NDUP_INDEX_SYNC_BATCH = 1,
    NDUP_INDEX_SYNC_NEVER = 2
} ndup_index_sync;

/* "sets", "sketches", "texts"; NULL for other values. Threads: immutable. */
NDUP_API const char *ndup_index_store_name(ndup_index_store store);

/* How to make an index. It keeps these for good. Fill with ndup_index_options_init. */
typedef struct ndup_index_options {
    size_t struct_size;
    /* The matching: preset, matching, sketch, slots, recall, seed, rule JACCARD or EITHER,
     * containment and templates are taken, the rest is not looked at. Rules that ask for
     * containment find what shares a band only. */
    ndup_dedup_options dedup;
    ndup_index_store store;
    /* Mixed into the keys of bands, so that nobody who does not know it can send texts that crowd
     * one; empty = none. Up to 64 bytes. */
    ndup_text secret;
} ndup_index_options;

/* The defaults of a preset (NULL = the default one). Errors: NOT_FOUND. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_options_init(ndup_index_options *options,
                                                            const char *preset, ndup_error *error);

/* Makes an empty index in a folder, which is made unless it is there and empty. Errors: EXISTS,
 * INVALID, IO, UNSUPPORTED in builds without SQLite. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_create(const char *path,
                                                      const ndup_index_options *options,
                                                      ndup_error *error);

/* What building came to. */
typedef struct ndup_index_built {
    uint64_t documents; /* in the index */
    uint64_t known;     /* of these, copies of others */
    uint64_t repeated;  /* left out: their ids came before */
    uint64_t skipped;   /* records and files that could not be read */
} ndup_index_built;

/* How to open one. Zero-initialise and set struct_size. */
typedef struct ndup_index_open_options {
    size_t struct_size;
    bool read_only; /* functions that change something fail */
    ndup_index_sync sync;
    double lock_timeout; /* seconds that a change waits for another writer; 0 = 10 */
    const ndup_allocator *allocator;
} ndup_index_open_options;

/* An open index. Threads: any number at once. Processes: one may change it at a time, others wait;
 * any number may ask meanwhile, and each question is answered by what was committed before it. A
 * handle must not be used behind a fork. */
typedef struct ndup_index ndup_index;

/* Opens an index. Segments that are missing or damaged are made anew from the database, which is
 * said through hooks->problem. The hooks are copied and used until the index is closed: their
 * context must live as long. Errors: NOT_FOUND; VERSION for an index of another format, or one
 * whose texts this version would read in another way; CORRUPT; IO. Cost: the same for every size.
 */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_open(ndup_index **index, const char *path,
                                                    const ndup_index_open_options *options,
                                                    const ndup_hooks *hooks, ndup_error *error);
NDUP_API void ndup_index_close(ndup_index *index);

/* Makes an empty index in a folder of its own in `folder` (NULL = TMPDIR or /tmp), which goes away
 * when the index is closed, or with ndup_outputs_abandon. Errors: those of making and opening. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_open_temporary(ndup_index **index,
                                                              const char *folder,
                                                              const ndup_index_options *options,
                                                              const ndup_hooks *hooks,
                                                              ndup_error *error);

/* Whether there is an index at the path, of whatever version. */
NDUP_API bool ndup_index_is_at(const char *path);

/* The options that it was made with; its secret is not told. Borrowed from the index. */
NDUP_API const ndup_index_options *ndup_index_get_options(const ndup_index *index);

/* Whether it was made with a secret. */
NDUP_API bool ndup_index_has_secret(const ndup_index *index);

/* A document of the index that another one is like. Units: similarities and shares in [0,1]. */
typedef struct ndup_index_match {
    uint64_t number; /* of the document; higher than those of all that came before it */
    ndup_text id, url, source, title, date;
    ndup_kind kind; /* IDENTICAL, NORMALIZED, CONTAINED, NEAR; TEMPLATE is no match to go by */
    double similarity;
    double low, high;   /* interval of 95 % where it is estimated; else both are the similarity */
    double containment; /* share of the shingles asked about that stand in it; -1 unknown */
    double other_containment; /* share of its shingles that stand in what was asked about */
    bool is_estimated;
} ndup_index_match;

/* The answer about one document. */
typedef struct ndup_index_answer {
    bool is_known; /* there is a match that makes it superfluous: matches[0] */
    /* It has the id of a document in the index, or comes from its source or address later: not a
     * copy by others, but the same page again. */
    bool is_same_id;
    bool is_update;
    bool is_capped; /* it has so many look-alikes that only the likeliest were compared */
    ndup_reading reading;
    const ndup_index_match *matches; /* [match_count] best first */
    size_t match_count;
    uint64_t group;      /* its group of copies, told by a number; 0 = none, it is new */
    uint64_t group_size; /* documents in it, itself included when it was added */
    uint64_t number;     /* of the document in the index, when it was added; else 0 */
    bool was_replaced;   /* it was added in place of the one with its id */
} ndup_index_answer;

/* How to ask. Zero-initialise and set struct_size. */
typedef struct ndup_index_query {
    size_t struct_size;
    size_t matches;     /* most that are told, 0 = 1 */
    double within_days; /* > 0: dated documents that are more days apart are no match */
    bool add_known;     /* check_and_add: add what is known, too, as a member of its group */
    unsigned threads;   /* 0 = as many as processors, for calls with many documents */
} ndup_index_query;

/* Answers to one call. */
typedef struct ndup_index_answers ndup_index_answers;

/* answers[i] is about document i. Borrowed until the answers are freed. */
NDUP_API size_t ndup_index_answers_count(const ndup_index_answers *answers);
NDUP_API const ndup_index_answer *ndup_index_answers_get(const ndup_index_answers *answers,
                                                         size_t i);
NDUP_API void ndup_index_answers_free(ndup_index_answers *answers);

/* Answer i as a line of JSON without its end, as src/report/SCHEMA.md describes it; `id` is that of
 * the document asked about, or empty. Borrowed until the next such call about these answers, or
 * until they are freed. Errors: INVALID for an i that there is not; MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_answers_json(ndup_text *json,
                                                            ndup_index_answers *answers, size_t i,
                                                            ndup_text id, ndup_error *error);

/* Asks about documents[count] and changes nothing. Of a document, id, url, source, date, title,
 * text and record are looked at. query may be NULL. Errors: IO, CORRUPT, MEMORY, LIMIT. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_check(ndup_index *index,
                                                     ndup_index_answers **answers,
                                                     const ndup_document *documents, size_t count,
                                                     const ndup_index_query *query,
                                                     ndup_error *error);

/* Asks about each document, then adds it unless it is known (or in every case, if the query says
 * so), one after the other and in one transaction: all or nothing. A document with an id that is in
 * the index replaces that one. Documents need an id. Errors: as above; INVALID for one without an
 * id; LIMIT when another process is changing the index, with its number. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_check_and_add(
    ndup_index *index, ndup_index_answers **answers, const ndup_document *documents, size_t count,
    const ndup_index_query *query, ndup_error *error);

/* The same, and adds what is known, too. answers may be NULL. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_add(ndup_index *index, ndup_index_answers **answers,
                                                   const ndup_document *documents, size_t count,
                                                   ndup_error *error);

/* Fills an empty index with a corpus: a run of dedup under the index's options decides whose copies
 * there are, with the first document of each group before the others. Much faster than adding one
 * by one; a document whose id came before is left out and named through hooks. What is there when
 * building fails may be some of the documents, without a word on whose copies they are: remove the
 * folder. Errors: INVALID for an index that is not empty; those of ndup_dedup, and of changes. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_build(ndup_index *index, ndup_index_built *built,
                                                     ndup_corpus *corpus, const ndup_hooks *hooks,
                                                     ndup_error *error);

/* Removes documents by their ids; *removed counts those that were there. Of a group whose first
 * document goes, the next one takes its place. Afterwards the index answers as one that never had
 * them. Errors: as above. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_remove(ndup_index *index, uint64_t *removed,
                                                      const ndup_text *ids, size_t count,
                                                      ndup_error *error);

/* Removes the documents that are dated before `before`, in milliseconds since 1970, a thousand in a
 * transaction. The hooks of the index hear how far it is, and may end it. Errors: as above;
 * CANCELLED, with those gone that *removed counts. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_expire(ndup_index *index, uint64_t *removed,
                                                      int64_t before, ndup_error *error);

/* A document as the index has it. */
typedef struct ndup_index_document {
    uint64_t number;
    ndup_text id, url, source, title, date;
    uint64_t bytes; /* of its text */
    uint64_t tokens;
    ndup_reading reading;
    uint64_t text_hash; /* XXH3-64 of its text */
    uint64_t group;     /* of copies, told by a number */
    bool is_first;      /* stands for its group */
    int64_t added;      /* milliseconds since 1970 */
    ndup_text text;     /* from ndup_index_get, in indexes that keep texts; else empty */
} ndup_index_document;

/* Called for documents; what is not OK ends the walk. */
typedef ndup_status (*ndup_index_visitor)(void *context, const ndup_index_document *document,
                                          ndup_error *error);

/* Visits the document with an id. Errors: NOT_FOUND; IO, CORRUPT, MEMORY; those of the visitor. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_get(ndup_index *index, ndup_text id,
                                                   ndup_index_visitor visit, void *context,
                                                   ndup_error *error);

/* Visits all documents in the order of their numbers, as they are when each is reached. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_iterate(ndup_index *index, ndup_index_visitor visit,
                                                       void *context, ndup_error *error);

/* Visits the document with a number. Errors: as ndup_index_get. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_get_number(ndup_index *index, uint64_t number,
                                                          ndup_index_visitor visit, void *context,
                                                          ndup_error *error);

/* Called for groups; `group` is the number of the first document, too. */
typedef ndup_status (*ndup_index_group_visitor)(void *context, uint64_t group, uint64_t documents,
                                                ndup_error *error);

/* Visits the groups of two or more documents, by their numbers. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_iterate_groups(ndup_index *index,
                                                              ndup_index_group_visitor visit,
                                                              void *context, ndup_error *error);

/* What an index holds. Units: bytes. */
typedef struct ndup_index_statistics {
    uint64_t documents;
    uint64_t groups; /* of two or more documents */
    uint64_t copies; /* documents that are not the first of their group */
    uint64_t database_bytes;
    uint64_t segment_bytes;
    uint64_t segments;
    uint64_t fresh; /* documents that no segment holds yet */
    ndup_bands bands;
} ndup_index_statistics;

/* Counts and sizes. Errors: IO, CORRUPT, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_stat(ndup_index *index,
                                                    ndup_index_statistics *statistics,
                                                    ndup_error *error);

/* Adds the documents of another index, in the order in which they came there, as if they came now;
 * what has the id of a document that is there takes its place. A thousand are one transaction.
 * Secrets may differ, and texts that were known and not added (ndup_index_check_and_add) are not
 * moved. Errors: INVALID, naming what differs, when the two were made with other options. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_merge(ndup_index *index, ndup_index *other,
                                                     const ndup_hooks *hooks, ndup_error *error);

/* Called with a line without its end; what is not OK ends the work. */
typedef ndup_status (*ndup_index_line_visitor)(void *context, ndup_text line, ndup_error *error);

/* Tells an index as lines of JSON, which src/report/SCHEMA.md describes: first what it was made
 * with, then its documents in the order in which they came. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_dump(ndup_index *index,
                                                    ndup_index_line_visitor visit, void *context,
                                                    const ndup_hooks *hooks, ndup_error *error);

/* Adds the documents of lines of a dump, as ndup_index_merge does, all or none; blank lines are
 * passed over, and lines that say what an index was made with are compared with this one. *loaded,
 * which may be NULL, counts documents. Errors: CORRUPT with error->line, from 1; INVALID, naming
 * what differs. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_load(ndup_index *index, uint64_t *loaded,
                                                    const ndup_text *lines, size_t count,
                                                    ndup_error *error);

/* Writes all keys to one segment, without those of removed documents, and gives the database's free
 * pages back to the disk. Needs room for both once more. The hooks of the index hear how far the
 * first is, and may end it. Errors: as of changes; CANCELLED, with an index as before. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_compact(ndup_index *index, ndup_error *error);

/* Reads everything and checks it: the database by SQLite's own check, all counts, every row's keys
 * in the segments, all checksums. Errors: CORRUPT with what is wrong first. */
NDUP_API NDUP_NODISCARD ndup_status ndup_index_verify(ndup_index *index, const ndup_hooks *hooks,
                                                      ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
