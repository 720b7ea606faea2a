/* SPDX-License-Identifier: MIT */
/* Files of sorted keys that never change: which numbers have a key, table by table. */
#ifndef NDUP__STORE_SEGMENT_H
#define NDUP__STORE_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* A segment is derived: it can be made again from what its numbers stand for, so that a damaged one
 * is an error to report and no loss. It is written once, under a name that it gets when it is
 * complete, and then mapped. FORMAT.md describes its bytes.
 *
 * Not promised: a file that is made shorter, or a disk that fails to read, while the file is mapped
 * ends the process with SIGBUS, as with every mapped file. Whoever replaces a segment renames
 * another one over it; handles that are open keep the old one. */

/* A table is a set of hashes of one kind, such as the keys of one band. */
#define NDUP__SEGMENT_TABLES_MOST 4096

typedef struct ndup__segment_facts {
    uint64_t identity; /* of the index that it belongs to */
    uint32_t tables;   /* 1 .. NDUP__SEGMENT_TABLES_MOST */
    uint32_t first; /* it speaks for the numbers from first to last, also for those of them that */
    uint32_t last;  /* it does not hold */
    uint64_t entries; /* pairs of key and number in all tables; a writer counts them itself */
} ndup__segment_facts;

/* Threads: any number may use an open segment. */
typedef struct ndup__segment ndup__segment;

/* Maps a segment and checks all but its tables' pages: each of these is checked when it is first
 * needed. Takes memory of 1/32768 of the file. Errors: NOT_FOUND; IO; MEMORY; VERSION for another
 * format; CORRUPT for what is no segment, or damaged; INVALID for one of another identity;
 * UNSUPPORTED on a machine that stores the highest byte first. */
NDUP_NODISCARD ndup_status ndup__segment_open(ndup__segment **segment, const char *path,
                                              uint64_t identity, const ndup_allocator *allocator,
                                              ndup_error *error);
void ndup__segment_close(ndup__segment *segment);

const ndup__segment_facts *ndup__segment_get_facts(const ndup__segment *segment);

/* Numbers that have a key, ascending; borrowed from the segment. */
typedef struct ndup__segment_range {
    const unsigned char *bytes; /* of [count] numbers, each less `first` */
    uint32_t width;             /* bytes of each */
    uint32_t first;
    size_t count; /* that may be read: no more than were asked for */
    size_t total; /* that there are */
} ndup__segment_range;

/* A number of 1 to 4 bytes in a segment, where three more may be read. */
static inline uint32_t ndup__segment_load(const unsigned char *at, uint32_t width)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word & UINT32_MAX >> (32 - 8 * width);
}

static inline uint32_t ndup__segment_number(const ndup__segment_range *range, size_t i)
{
    return range->first + ndup__segment_load(range->bytes + i * range->width, range->width);
}

/* The numbers of a key. No more than `most` are made ready to be read, so that a key that a million
 * numbers have costs no more than another. Errors: CORRUPT, naming file, page and byte; the segment
 * is then to be made again. */
NDUP_NODISCARD ndup_status ndup__segment_find(ndup__segment_range *range,
                                              const ndup__segment *segment, uint32_t table,
                                              uint32_t key, size_t most, ndup_error *error);

/* Makes more of a range that was found ready to be read: up to `most` of its total. */
NDUP_NODISCARD ndup_status ndup__segment_read_more(ndup__segment_range *range,
                                                   const ndup__segment *segment, size_t most,
                                                   ndup_error *error);

/* The same for one key a table, keys[tables], in three steps. The first two ask for the memory that
 * the next one needs, so that waiting times overlap: with several segments, take each step with all
 * of them before the next. ranges[tables] is the second step's result for the third, and that
 * one's result. */
void ndup__segment_prefetch(const ndup__segment *segment, const uint32_t *keys);
NDUP_NODISCARD ndup_status ndup__segment_narrow(ndup__segment_range *ranges,
                                                const ndup__segment *segment, const uint32_t *keys,
                                                ndup_error *error);
NDUP_NODISCARD ndup_status ndup__segment_settle(ndup__segment_range *ranges,
                                                const ndup__segment *segment, const uint32_t *keys,
                                                size_t most, ndup_error *error);

/* All three steps with one segment. */
NDUP_NODISCARD ndup_status ndup__segment_find_all(ndup__segment_range *ranges,
                                                  const ndup__segment *segment,
                                                  const uint32_t *keys, size_t most,
                                                  ndup_error *error);

/* Called now and then with how many of the entries are done; false ends the work: CANCELLED. */
typedef bool (*ndup__segment_progress)(void *context, uint64_t done, uint64_t total);

/* Reads everything and checks what open and find rely on: checksums, order, numbers, directories.
 * `progress` may be NULL. Errors: CORRUPT with what and where; CANCELLED. */
NDUP_NODISCARD ndup_status ndup__segment_verify(const ndup__segment *segment,
                                                ndup__segment_progress progress, void *context,
                                                ndup_error *error);

/* Writes a segment: open, each table in turn, commit, and close in every case. Threads:
 * single-owner. */
typedef struct ndup__segment_writer ndup__segment_writer;

/* Errors: INVALID for facts out of range; NOT_FOUND without the folder; IO; MEMORY; UNSUPPORTED. */
NDUP_NODISCARD ndup_status ndup__segment_writer_open(ndup__segment_writer **writer,
                                                     const char *path,
                                                     const ndup__segment_facts *facts,
                                                     const ndup_allocator *allocator,
                                                     ndup_error *error);

/* The next table: keys[count] and numbers[count], sorted by key, then number. Errors: IO; MEMORY;
 * INVALID for entries that are not in order, numbers out of first .. last, and tables too many. */
NDUP_NODISCARD ndup_status ndup__segment_writer_table(ndup__segment_writer *writer,
                                                      const uint32_t *keys, const uint32_t *numbers,
                                                      size_t count, ndup_error *error);

/* The same in pieces: begins a table of `count` entries, which are then added. */
NDUP_NODISCARD ndup_status ndup__segment_writer_begin_table(ndup__segment_writer *writer,
                                                            size_t count, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__segment_writer_add(ndup__segment_writer *writer,
                                                    const uint32_t *keys, const uint32_t *numbers,
                                                    size_t count, ndup_error *error);

/* Brings all to the disk and gives the file its name, in place of what had it. Errors: IO; MEMORY;
 * INVALID when tables or entries are missing. */
NDUP_NODISCARD ndup_status ndup__segment_writer_commit(ndup__segment_writer *writer,
                                                       ndup_error *error);

/* Frees the writer (which may be NULL); of a file that has no name yet nothing is left. */
void ndup__segment_writer_close(ndup__segment_writer *writer);

/* What merge asks; each may be NULL. */
typedef struct ndup__segment_merging {
    void *context;
    /* Whether a number goes on; NULL: all do. The answer must not change during the merge. */
    bool (*keep)(void *context, uint32_t number);
    ndup__segment_progress progress;
} ndup__segment_merging;

/* Writes one segment with the entries of several of one identity and as many tables, whose numbers
 * ascend: each one's first is behind the last of that before it. Cost: linear in the entries, times
 * the logarithm of the segments; a megabyte of memory. `merging` may be NULL. Errors: INVALID for
 * segments that do not fit together; CORRUPT; CANCELLED; those of the writer. */
NDUP_NODISCARD ndup_status ndup__segment_merge(const char *path,
                                               const ndup__segment *const *segments, size_t count,
                                               const ndup__segment_merging *merging,
                                               const ndup_allocator *allocator, ndup_error *error);

#endif
