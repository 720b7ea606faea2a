/* SPDX-License-Identifier: MIT */
/* The wanted paths of a record scanner, as a tree of keys. */
#ifndef NDUP__CORPUS_RECORD_PATH_H
#define NDUP__CORPUS_RECORD_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/record_scan.h"

/* Lists of children that a node has: so many that most hold one at most, and each of the customary
 * names has one for itself. */
#define NDUP__PATH_LISTS 32

/* One key on a wanted path; the root stands for the whole record and has no key. */
typedef struct ndup__path_node {
    const char *key;
    size_t length;
    const struct ndup__path_node *parent;
    /* First of a list through `next`, by the key's length, first and last byte. */
    struct ndup__path_node *children[NDUP__PATH_LISTS];
    struct ndup__path_node *next;
    uint32_t fields; /* bit i: paths[i] ends here */
    uint32_t below;  /* bit i: paths[i] ends here or further down */
} ndup__path_node;

struct ndup__record_scanner {
    ndup__path_node *nodes; /* nodes[0] is the root */
    size_t node_count;
    size_t node_capacity;
    char *keys; /* the unescaped keys of all nodes, without separators */
    size_t keys_length;
    size_t keys_capacity;
    size_t path_count;
    ndup_allocator allocator;
};

/* The child of `node` whose key is raw[0..length), which stands between quotes in a line and may
 * hold escapes; NULL if no path goes there. */
const ndup__path_node *ndup__path_find(const ndup__path_node *node, const char *raw, size_t length,
                                       bool escaped);

#endif
