/* SPDX-License-Identifier: MIT */
/* Patterns for the files of a folder, as .gitignore files have them. */
#ifndef NDUP__CORPUS_PATH_RULES_H
#define NDUP__CORPUS_PATH_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* One pattern. Without a slash in it, it is about names in any folder, with one about paths from
 * the folder where it holds; with a slash at its end it is about folders only. */
typedef struct ndup__path_rule {
    const char *pattern; /* without the slashes at its ends */
    bool is_path;
    bool folders_only;
    bool negated; /* of .gitignore files: what matches is wanted after all */
} ndup__path_rule;

/* Reads a pattern; parts of it that have to be changed are copied to `strings`. */
NDUP_NODISCARD ndup_status ndup__path_rule_read(ndup__path_rule *rule, const char *pattern,
                                                size_t length, ndup__arena *strings,
                                                ndup_error *error);

/* Whether the rule is about this path, which is relative to where the rule holds. */
bool ndup__path_rule_match(const ndup__path_rule *rule, const char *path, bool is_folder);

/* The same, or about a folder that the path is in. */
bool ndup__path_rule_holds(const ndup__path_rule *rule, const char *path);

/* The rules of one .gitignore file, behind those of the folders above. */
typedef struct ndup__ignore_file {
    const struct ndup__ignore_file *above;
    ndup__path_rule *rules;
    size_t count;
    size_t base; /* length of the folder's path, with its slash, in front of paths */
} ndup__ignore_file;

/* Reads the .gitignore at `path`; everything lives in `strings`. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__ignore_file_read(ndup__ignore_file *file, const char *path,
                                                  ndup__arena *strings, ndup_error *error);

/* Whether the files say that the path, relative to the topmost folder, is to be left out. */
bool ndup__ignore_file_match(const ndup__ignore_file *file, const char *path, bool is_folder);

#endif
