/* SPDX-License-Identifier: MIT */
/* A part: what the first pass over some documents found out, as a file. FORMAT.md describes it. */
#ifndef NDUP__STAGES_PART_FILE_H
#define NDUP__STAGES_PART_FILE_H

#include "base/section_file.h"
#include "corpus/known_file.h"
#include "dedup/table.h"

extern const ndup__section_kind ndup__part_kind;

/* Numbers of a part, as they stand in the file. */
typedef struct ndup__part_counts {
    uint64_t documents;
    uint64_t classes;
    uint64_t sources;
    uint64_t files;
    uint64_t row_bytes;
    uint64_t keep_values; /* of each document */
    uint64_t has_titles;
    uint64_t shard; /* of so many, from 0 */
    uint64_t shards;
    uint64_t first_file; /* the number that file 0 had in the corpus of who wrote */
    /* Of the summary of the pass. */
    uint64_t skipped;
    uint64_t repaired;
    uint64_t reserved[4];
} ndup__part_counts;

/* What a part is made of: documents [from, to) of a table that is not sealed. */
typedef struct ndup__part_source {
    const ndup__table *table;
    size_t from;
    size_t to;
    const ndup_corpus *corpus; /* where they stand; NULL: nobody reads them again */
    ndup_text settings;        /* of ndup__run_settings_write */
    uint32_t shard;
    uint32_t shards; /* 0 = 1 */
    uint64_t skipped;
    uint64_t repaired;
} ndup__part_source;

/* Errors: IO, MEMORY; CHANGED when a file is not what it was when it was read. */
NDUP_NODISCARD ndup_status ndup__part_write(const char *path, const ndup__part_source *source,
                                            ndup_error *error);

/* An open part: its columns, mapped. Classes are numbered in the order of their first documents.
 * Zeroed it may be closed. Threads: immutable once open. */
typedef struct ndup__part {
    ndup__section_file file;
    char path[4096];
    ndup__part_counts counts;
    ndup_text settings;
    const uint64_t *places; /* with the numbers of the part's files */
    const uint32_t *lengths;
    const uint32_t *classes;
    const uint64_t *text_hashes;
    const uint32_t *text_lengths;
    const uint32_t *sources;
    const uint8_t *flags;
    const uint16_t *id_lengths;
    const char *id_bytes;
    const uint64_t *keep_numbers; /* [documents][keep_values] */
    const uint32_t *keep_lengths; /* the same: 1 + bytes of strings, 0 for numbers */
    const char *keep_bytes;
    const uint8_t *title_lengths;
    const char *title_bytes;
    const uint16_t *source_lengths;
    const char *source_bytes;
    const uint32_t *class_tokens;
    const ndup__hash128 *class_hashes;
    const uint8_t *rows; /* [classes][row_bytes] */
    const uint64_t *file_facts;
    const char *file_names;
    uint64_t file_name_bytes;
    const char *input_names; /* as they were given, each with the zero behind it */
    uint64_t input_bytes;
} ndup__part;

/* Opens a part and checks all of it. Errors: those of ndup__section_file_open. */
NDUP_NODISCARD ndup_status ndup__part_open(ndup__part *part, const char *path,
                                           const ndup_allocator *allocator, ndup_error *error);
void ndup__part_close(ndup__part *part);

/* Goes through a part's files. *at begins as zero. */
typedef struct ndup__part_walk {
    uint64_t file;
    const char *name;
} ndup__part_walk;
/* The next file, false at the end; strings stay with the part. */
bool ndup__part_next_file(ndup__known_file *known, ndup__part_walk *walk, const ndup__part *part);

/* Which documents of a part are appended, and as what. */
typedef struct ndup__part_choice {
    const uint8_t *wanted; /* bit a document, by its number among all; NULL: all */
    uint64_t first_number; /* of the part's first document among all documents */
    const uint32_t *files; /* [counts.files] number in the table's corpus; NULL: as for who wrote */
} ndup__part_choice;

/* Appends documents to a table, which gets what a first pass over them would have given it. Keep
 * values by the input order are numbers among all documents. Errors: INVALID for a table with other
 * rows or keep values; MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__part_append(ndup__table *table, const ndup__part *part,
                                             const ndup__part_choice *choice, ndup_error *error);

#endif
