/* SPDX-License-Identifier: MIT */
/* Gumbo with an arena: nodes are not freed one by one, and running out of memory, which Gumbo does
 * not expect, jumps out of it. */
#include "html/html_tree.h"

#include <setjmp.h>

#include "base/error.h"

#define TREE_BYTES_MOST ((size_t)64 << 20)
/* A tree over this size was an exception: its memory is given back. */
#define TREE_BYTES_KEPT ((size_t)4 << 20)

typedef struct tree_memory {
    ndup__html_tree *tree; /* what changes is in there: locals may not survive the jump */
    ndup_error *error;
    jmp_buf give_up;
} tree_memory;

static void *take(void *context, size_t bytes)
{
    tree_memory *memory = context;
    ndup__html_tree *tree = memory->tree;
    void *block = NULL;
    tree->taken += bytes;
    if (tree->taken > TREE_BYTES_MOST) {
        tree->status =
            ndup__fail(memory->error, NDUP_STATUS_LIMIT,
                       "a page whose markup needs over %zu MiB of memory", TREE_BYTES_MOST >> 20);
    } else {
        tree->status = ndup__arena_take(&tree->arena, &block, bytes, memory->error);
    }
    if (tree->status != NDUP_STATUS_OK) {
        longjmp(memory->give_up, 1);
    }
    return block;
}

static void give_back(void *context, void *block)
{
    (void)context;
    (void)block;
}

ndup_status ndup__html_tree_parse(const GumboNode **root, ndup__html_tree *tree, ndup_text markup,
                                  ndup_error *error)
{
    tree_memory memory = {.tree = tree, .error = error};
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = take;
    options.deallocator = give_back;
    options.userdata = &memory;
    options.max_errors = 0;
    if (tree->taken > TREE_BYTES_KEPT) {
        ndup__html_tree_deinit(tree);
    }
    ndup__arena_reset(&tree->arena);
    tree->taken = 0;
    tree->status = NDUP_STATUS_OK;
    *root = NULL;
    if (setjmp(memory.give_up) == 0) {
        *root = gumbo_parse_with_options(&options, markup.bytes, markup.length)->root;
    }
    return tree->status;
}

void ndup__html_tree_deinit(ndup__html_tree *tree)
{
    ndup__arena_deinit(&tree->arena);
}
