/* SPDX-License-Identifier: MIT */
/* The truth of an index: one SQLite file with a row a document. Knows bytes, and nothing of what
 * they are for. FORMAT.md describes the tables. */
#ifndef NDUP__STORE_DATABASE_H
#define NDUP__STORE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/document.h"
#include "neardup/status.h"

/* Of the tables in FORMAT.md. */
#define NDUP__DATABASE_FORMAT 2

/* Numbers of documents go up to here. */
#define NDUP__NUMBER_MOST (UINT32_MAX - 1)

/* One connection. Threads: one at a time; processes: any. */
typedef struct ndup__database ndup__database;

typedef enum ndup__database_mode {
    NDUP__DATABASE_READ,
    NDUP__DATABASE_WRITE,
    NDUP__DATABASE_CREATE /* an empty one; EXISTS when there is a file */
} ndup__database_mode;

/* When what was committed is on the disk. */
typedef enum ndup__database_sync {
    NDUP__SYNC_ALWAYS, /* when commit returns */
    NDUP__SYNC_BATCH,  /* after a while: a power failure may take the last transactions, whole */
    NDUP__SYNC_NEVER   /* when the system likes: a power failure may damage the file */
} ndup__database_sync;

/* Errors: NOT_FOUND, EXISTS, IO; VERSION for another format; CORRUPT for what is no index. */
NDUP_NODISCARD ndup_status ndup__database_open(ndup__database **database, const char *path,
                                               ndup__database_mode mode, ndup__database_sync sync,
                                               ndup_error *error);
void ndup__database_close(ndup__database *database);

/* All functions below: errors IO (a full disk among them), CORRUPT, also for a row that is not what
 * was written, MEMORY. Texts and blobs that
 * are handed out are borrowed until the next call of a function of the same name. */

/* A transaction of writing, which nobody else has then, or of reading one state. */
NDUP_NODISCARD ndup_status ndup__database_begin(ndup__database *database, bool writes,
                                                ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_commit(ndup__database *database, ndup_error *error);
void ndup__database_rollback(ndup__database *database);

/* A number that differs when another connection has committed since this one looked last. */
NDUP_NODISCARD ndup_status ndup__database_version(ndup__database *database, int64_t *version,
                                                  ndup_error *error);

/* What the index was made with, by name. *found is false where there is no such parameter. */
NDUP_NODISCARD ndup_status ndup__database_set_parameter(ndup__database *database, const char *name,
                                                        ndup_text value, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_get_parameter(ndup__database *database, const char *name,
                                                        ndup_text *value, bool *found,
                                                        ndup_error *error);

/* A hash of all parameters but one: the one that keeps it. */
NDUP_NODISCARD ndup_status ndup__database_hash_parameters(ndup__database *database,
                                                          const char *except, uint64_t *hash,
                                                          ndup_error *error);

/* A document without what it is compared by. */
typedef struct ndup__stored_document {
    uint32_t number;
    uint32_t family; /* number that the first document of its family had when it came */
    bool stands;     /* for its family: others are compared with it */
    bool is_dated;
    int64_t time;   /* milliseconds since 1970, where it is dated */
    int64_t added;  /* likewise, when it was added */
    uint64_t bytes; /* of its text */
    uint64_t tokens;
    unsigned reading; /* ndup_reading */
    uint64_t text_hash;
    uint64_t class_hash[2]; /* low, high */
    ndup_text id, url, source, title, date;
} ndup__stored_document;

/* What it is compared by. */
typedef struct ndup__stored_sketch {
    ndup_text row;    /* packed sketch */
    ndup_text tokens; /* coded list of tokens; empty in indexes of sketches only */
    ndup_text text;   /* compressed; empty unless texts are kept */
} ndup__stored_sketch;

/* Adds a document under the next number, which is left in document->number. Errors: LIMIT. */
NDUP_NODISCARD ndup_status ndup__database_add(ndup__database *database,
                                              ndup__stored_document *document,
                                              const ndup__stored_sketch *sketch, ndup_error *error);

/* *found is false where the number has no document (any more). */
NDUP_NODISCARD ndup_status ndup__database_document(ndup__database *database, uint32_t number,
                                                   ndup__stored_document *document, bool *found,
                                                   ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_sketch(ndup__database *database, uint32_t number,
                                                 ndup__stored_sketch *sketch, bool *found,
                                                 ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_remove(ndup__database *database, uint32_t number,
                                                 ndup_error *error);

/* Documents, in the order of their numbers, without their texts: the first with a number of at
 * least `from`. Fastest where that is behind the last one. */
NDUP_NODISCARD ndup_status ndup__database_next(ndup__database *database, uint32_t from,
                                               ndup__stored_document *document,
                                               ndup__stored_sketch *sketch, bool *found,
                                               ndup_error *error);

/* What is known of numbers together: those from block * 1,024 on. */
enum { NDUP__NUMBERS_OF_BLOCK = 1024, NDUP__REMOVED_BYTES = NDUP__NUMBERS_OF_BLOCK / 8 };

typedef struct ndup__stored_block {
    uint32_t block;
    int64_t least;    /* no document is dated before; INT64_MAX: none is dated */
    bool has_removed; /* else no number was */
    unsigned char removed[NDUP__REMOVED_BYTES]; /* a bit a number, lowest first */
} ndup__stored_block;

static inline bool ndup__block_has_removed(const ndup__stored_block *row, uint32_t number)
{
    uint32_t place = number % NDUP__NUMBERS_OF_BLOCK;
    return row->has_removed && (row->removed[place / 8] >> place % 8 & 1) != 0;
}

/* The first block from one on of which something is noted. */
NDUP_NODISCARD ndup_status ndup__database_next_block(ndup__database *database, uint32_t from,
                                                     ndup__stored_block *row, bool *found,
                                                     ndup_error *error);

/* The first document whose time is before `before`, of those with a number of at least `from`. */
NDUP_NODISCARD ndup_status ndup__database_next_older(ndup__database *database, uint32_t from,
                                                     int64_t before, uint32_t *number, bool *found,
                                                     ndup_error *error);

/* The member of a family that has the least number, of at least `from`, and does not stand for it.
 */
NDUP_NODISCARD ndup_status ndup__database_member(ndup__database *database, uint32_t family,
                                                 uint32_t from, uint32_t *number, bool *found,
                                                 ndup_error *error);

/* Tokens of texts that were found to be of a family and not added, by places from 0 on. */
NDUP_NODISCARD ndup_status ndup__database_witness(ndup__database *database, uint32_t family,
                                                  uint32_t place, ndup_text *tokens, bool *found,
                                                  ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_add_witness(ndup__database *database, uint32_t family,
                                                      uint32_t place, ndup_text tokens,
                                                      ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_remove_witnesses(ndup__database *database,
                                                           uint32_t family, ndup_error *error);

/* The family of two or more with the least number that is at least `from`. */
NDUP_NODISCARD ndup_status ndup__database_next_family(ndup__database *database, uint32_t from,
                                                      uint32_t *family, bool *found,
                                                      ndup_error *error);

/* Changes the number of members that a family has; families of one are not kept. */
NDUP_NODISCARD ndup_status ndup__database_count_members(ndup__database *database, uint32_t family,
                                                        int change, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_members(ndup__database *database, uint32_t family,
                                                  uint64_t *members, ndup_error *error);

/* The same, between changes: then a family of which nothing is counted has no copies. */
NDUP_NODISCARD ndup_status ndup__database_family_size(ndup__database *database, uint32_t family,
                                                      uint64_t *members, ndup_error *error);

/* A file of keys that is derived from the documents first..last. */
typedef struct ndup__stored_segment {
    uint32_t first, last;
    unsigned tier;
    ndup_text name; /* of the file */
} ndup__stored_segment;

/* The segment with the least `first` that is at least `from`. */
NDUP_NODISCARD ndup_status ndup__database_next_segment(ndup__database *database, uint32_t from,
                                                       ndup__stored_segment *segment, bool *found,
                                                       ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_add_segment(ndup__database *database,
                                                      const ndup__stored_segment *segment,
                                                      ndup_error *error);
NDUP_NODISCARD ndup_status ndup__database_remove_segments(ndup__database *database, uint32_t first,
                                                          uint32_t last, ndup_error *error);

/* What there is. */
typedef struct ndup__database_counts {
    uint64_t documents;
    uint64_t families; /* of two or more */
    uint64_t copies;   /* documents that do not stand for their family */
    uint32_t last;     /* greatest number that was given; 0 = none */
} ndup__database_counts;

NDUP_NODISCARD ndup_status ndup__database_count(ndup__database *database,
                                                ndup__database_counts *counts, ndup_error *error);

/* SQLite's own check of the file, then whether tables and counts fit together. Errors: CORRUPT,
 * with what is wrong first. Cost: some passes over all documents. */
NDUP_NODISCARD ndup_status ndup__database_verify(ndup__database *database, ndup_error *error);

/* Gives what was deleted back to the disk. */
NDUP_NODISCARD ndup_status ndup__database_vacuum(ndup__database *database, ndup_error *error);

#endif
