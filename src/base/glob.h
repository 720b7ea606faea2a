/* SPDX-License-Identifier: MIT */
/* Shell-like patterns. */
#ifndef NDUP__BASE_GLOB_H
#define NDUP__BASE_GLOB_H

#include <stdbool.h>

#include "neardup/document.h"

/* Match of a whole text: * any run, ? any byte, [a-z] [!a-z] classes, backslash escapes. */
bool ndup__glob_match(const char *pattern, ndup_text text);

/* Match of a whole path, as in .gitignore files: * and ? and classes stop at a slash; "**" between
 * slashes, or at either end, stands for any number of folders. */
bool ndup__glob_match_path(const char *pattern, const char *path);

#endif
