/* SPDX-License-Identifier: MIT */
/* Files of named sections, each with a checksum. They appear under their names when all of them is
 * on the disk, and are read mapped. stages/FORMAT.md describes the bytes. */
#ifndef NDUP__BASE_SECTION_FILE_H
#define NDUP__BASE_SECTION_FILE_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/new_file.h"

/* Where sections begin: at multiples of it, so that any array can be read in its place. */
#define NDUP__SECTION_ALIGN 64
#define NDUP__SECTION_HEADER_BYTES 64
/* Bytes of a name in the file, filled up with zeros. */
#define NDUP__SECTION_NAME_BYTES 16
#define NDUP__SECTIONS_MOST 64

/* What such files are of. */
typedef struct ndup__section_kind {
    char magic[9]; /* 8 letters */
    uint32_t version;
    const char *noun; /* for messages: "a part of a corpus" */
} ndup__section_kind;

/* A section: as the list at the end of the file has it, and where it is read. */
typedef struct ndup__section {
    char name[NDUP__SECTION_NAME_BYTES + 1];
    uint64_t offset;
    uint64_t length;
    uint64_t checksum; /* the lower half of XXH3-128 of its bytes */
    bool is_checked;
} ndup__section;

/* Open, then for each section begin and add, then commit; end in every case. Zeroed it may be
 * ended. Must not move. Threads: single-owner. */
typedef struct ndup__section_writer {
    const ndup__section_kind *kind;
    ndup__new_file file;
    ndup__section sections[NDUP__SECTIONS_MOST];
    unsigned count;
    uint64_t at; /* bytes written, or held to be */
    char *held;
    size_t held_bytes;
    ndup__hash_stream hash; /* of the last section, without what is held */
} ndup__section_writer;

/* Errors: those of ndup__new_file_open; UNSUPPORTED on a machine that stores the highest byte
 * first. */
NDUP_NODISCARD ndup_status ndup__section_writer_open(ndup__section_writer *writer, const char *path,
                                                     const ndup__section_kind *kind,
                                                     const ndup_allocator *allocator,
                                                     ndup_error *error);
/* Ends the section before and begins one of this name. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__section_begin(ndup__section_writer *writer, const char *name,
                                               ndup_error *error);
/* Adds to the section. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__section_add(ndup__section_writer *writer, const void *bytes,
                                             size_t length, ndup_error *error);
/* A whole section. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__section_put(ndup__section_writer *writer, const char *name,
                                             const void *bytes, size_t length, ndup_error *error);
/* Errors: IO. */
NDUP_NODISCARD ndup_status ndup__section_writer_commit(ndup__section_writer *writer,
                                                       ndup_error *error);
void ndup__section_writer_end(ndup__section_writer *writer);

/* An open file. Zeroed it may be closed. Threads: single-owner; what was read stays until it is
 * closed and may be read by any. */
typedef struct ndup__section_file {
    const ndup_allocator *allocator;
    char shown[100]; /* the path, for messages */
    const unsigned char *bytes;
    size_t length;
    uint64_t identity; /* a checksum over those of all sections: two files of one are the same */
    ndup__section *sections;
    unsigned count;
} ndup__section_file;

/* Maps a file and checks its header and its list of sections. Errors: NOT_FOUND, IO, MEMORY;
 * INVALID for what is no such file, VERSION for another version of it, CORRUPT for one that is cut
 * off or damaged, and says where. */
NDUP_NODISCARD ndup_status ndup__section_file_open(ndup__section_file *file, const char *path,
                                                   const ndup__section_kind *kind,
                                                   const ndup_allocator *allocator,
                                                   ndup_error *error);
void ndup__section_file_close(ndup__section_file *file);

/* The bytes of a section, which are checked the first time. *bytes is NULL when it is empty.
 * Errors: CORRUPT when it is damaged, or not there. */
NDUP_NODISCARD ndup_status ndup__section_get(const void **bytes, uint64_t *length,
                                             ndup__section_file *file, const char *name,
                                             ndup_error *error);
/* The same for an array of `count` items: *items is a pointer to the first. Errors: CORRUPT also
 * for another number of them. */
NDUP_NODISCARD ndup_status ndup__section_items(void *items, size_t count, size_t item_bytes,
                                               ndup__section_file *file, const char *name,
                                               ndup_error *error);

/* CORRUPT: what is wrong with a section. */
ndup_status ndup__section_fail(const ndup__section_file *file, const char *name, const char *what,
                               ndup_error *error);

/* Whether the file at the path begins as one of this kind, of whatever version; false also for what
 * cannot be read. */
bool ndup__section_file_is(const char *path, const ndup__section_kind *kind);

#endif
