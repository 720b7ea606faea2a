/* SPDX-License-Identifier: MIT */
/* Blocks of text being put together from runs of text and the elements around them. */
#ifndef NDUP__HTML_HTML_BLOCKS_H
#define NDUP__HTML_HTML_BLOCKS_H

#include <gumbo.h>
#include <stdbool.h>
#include <stddef.h>

#include "html/html_tags.h"
#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* What speaks for running text in what was added since it was last set to zero. */
typedef struct ndup__html_prose {
    size_t here;    /* bytes of the last block outside of links */
    size_t longest; /* of such a block that has ended */
    size_t sum;     /* of those of them that are no labels */
    unsigned headings;
    unsigned panels;
} ndup__html_prose;

/* Zero-initialise, set the allocator. Threads: single-owner. */
typedef struct ndup__html_blocks {
    const ndup_allocator *allocator;
    char *text; /* [length] the blocks, joined by empty lines */
    size_t length;
    size_t capacity;
    ndup_unit *units; /* [unit_count] */
    size_t unit_count;
    size_t unit_capacity;
    size_t most_bytes; /* of both; 0 = no limit */

    unsigned headings; /* how many elements of each kind are open */
    unsigned captions;
    unsigned quotes;
    unsigned items;
    unsigned verbatims;
    unsigned figures;
    unsigned links;
    bool is_in_cell;    /* the last boundary was a cell's */
    bool is_after_link; /* a link has just ended */

    bool is_open;       /* a block has begun; its unit is units[unit_count] */
    size_t start;       /* of that block */
    unsigned cells;     /* of the row that is that block */
    size_t cell_start;  /* where the last of them begins */
    char gap;           /* what stands before the next character of the block, or 0 */
    unsigned line_ends; /* <br> since the last character */
    ndup__html_prose prose;
} ndup__html_blocks;

/* Forgets the blocks of the page before. */
void ndup__html_blocks_begin(ndup__html_blocks *blocks);

/* The boundaries of an element. Errors: LIMIT beyond most_bytes; MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_blocks_enter(ndup__html_blocks *blocks, GumboTag tag,
                                                   ndup__html_mark mark, ndup_error *error);
void ndup__html_blocks_leave(ndup__html_blocks *blocks, GumboTag tag, ndup__html_mark mark);

/* Text of the element that was entered last: valid UTF-8, in which numeric character references are
 * decoded where `has_references`. Errors: LIMIT beyond most_bytes; MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_blocks_add(ndup__html_blocks *blocks, ndup_text text,
                                                 bool has_references, ndup_error *error);

/* Ends the block that is open, if any. */
void ndup__html_blocks_end(ndup__html_blocks *blocks);

void ndup__html_blocks_deinit(ndup__html_blocks *blocks);

#endif
