/* SPDX-License-Identifier: MIT */
/* The HTML parser behind a memory limit. */
#ifndef NDUP__HTML_HTML_TREE_H
#define NDUP__HTML_HTML_TREE_H

#include <gumbo.h>

#include "base/arena.h"
#include "neardup/document.h"

/* Trees, one after the other, in memory that is reused. Zero-initialise, set arena.allocator.
 * Threads: single-owner. */
typedef struct ndup__html_tree {
    ndup__arena arena;
    size_t taken;       /* bytes of the current tree */
    ndup_status status; /* why the parser was left */
} ndup__html_tree;

/* Parses markup by the HTML standard (scripting off). The tree is valid until the next one; the
 * markup must live as long. Never recurses. Errors: LIMIT when the tree would take over 64 MiB;
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_tree_parse(const GumboNode **root, ndup__html_tree *tree,
                                                 ndup_text markup, ndup_error *error);

void ndup__html_tree_deinit(ndup__html_tree *tree);

#endif
