/* SPDX-License-Identifier: MIT */
/* The files that inputs name and folders hold, before it is known which are read and as what. */
#ifndef NDUP__CORPUS_INPUT_FILES_H
#define NDUP__CORPUS_INPUT_FILES_H

#include "base/file.h"
#include "corpus/corpus_state.h"
#include "corpus/file_type.h"
#include "corpus/path_rules.h"

#define NDUP__NOT_LISTED SIZE_MAX

typedef struct ndup__listed_file {
    const char *path;
    const char *relative; /* below the input folder: the end of path */
    ndup__file_info info;
    ndup__suffix_kind kind;
    size_t input;      /* number of the input that it came with */
    size_t other_name; /* listed that is the same file under another name, or NOT_LISTED */
    bool is_named;     /* it is an input itself */
    bool is_included;  /* its folder's options name it: whatever its suffix, it is read */
    bool is_gone;      /* it is read under another name */
} ndup__listed_file;

/* How many files with one suffix were left out. */
typedef struct ndup__suffix_count {
    const char *suffix; /* "" for none */
    uint64_t files;
} ndup__suffix_count;

typedef struct ndup__listing {
    ndup_corpus *corpus;
    ndup__arena strings;
    ndup__listed_file *items;
    size_t count;
    size_t capacity;
    ndup__path_rule *included; /* [options.include_count] */
    ndup__path_rule *excluded;
    ndup__suffix_count *suffixes; /* of files that were left out */
    size_t suffix_count;
    size_t suffix_capacity;
    uint64_t folder_links; /* links to folders, which are not followed */
    uint64_t own_outputs;  /* what neardup wrote */
    const char *own_output;
} ndup__listing;

NDUP_NODISCARD ndup_status ndup__listing_init(ndup__listing *listing, ndup_corpus *corpus,
                                              ndup_error *error);
void ndup__listing_deinit(ndup__listing *listing);

/* Notes why something that an input names or holds is not read; `path` is copied. */
NDUP_NODISCARD ndup_status ndup__listing_note(ndup__listing *listing, const char *path,
                                              const ndup_error *cause, ndup_error *error);

/* Adds what the input names: a file, or the files of a folder that the options want. */
NDUP_NODISCARD ndup_status ndup__listing_add(ndup__listing *listing, size_t input,
                                             ndup_error *error);

/* Sees to it that one file is read once: links to files that are read anyway and files that an
 * earlier input has are gone; other names of a file (hard links) are listed with the first one. The
 * hooks are told. */
NDUP_NODISCARD ndup_status ndup__listing_unite(ndup__listing *listing, const ndup_hooks *hooks,
                                               ndup_error *error);

/* Counts a file that is left out for its suffix. */
NDUP_NODISCARD ndup_status ndup__listing_leave_out(ndup__listing *listing, const char *name,
                                                   ndup_error *error);

/* One line for a person; hooks may be NULL. */
void ndup__notice_text(const ndup_hooks *hooks, const char *message);

/* Tells the hooks what was left out and what would read it. */
void ndup__listing_tell(ndup__listing *listing, const ndup_hooks *hooks);

#endif
