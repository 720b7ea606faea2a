/* SPDX-License-Identifier: MIT */
/* Elements that are left out unless they hold running text: navigation by name or by role. */
#ifndef NDUP__HTML_HTML_TRIAL_H
#define NDUP__HTML_HTML_TRIAL_H

#include "html/html_blocks.h"

/* Deepest nesting of such elements of which each is judged by itself. */
#define NDUP__HTML_TRIALS 16

/* The trials that go on. Zero-initialise before a page. Threads: single-owner. */
typedef struct ndup__html_trials {
    struct {
        ndup__html_blocks before; /* as they were at the element's beginning */
        ndup_unit open_unit;
        bool is_tablist;
    } stack[NDUP__HTML_TRIALS];
    unsigned count; /* deeper ones are counted, too */
} ndup__html_trials;

/* Begins an element on trial, before its first text. */
void ndup__html_trial_begin(ndup__html_trials *trials, ndup__html_blocks *blocks, bool is_tablist);

/* Ends it, when its boundary has been left. What was added to the blocks meanwhile stays if a block
 * of it has 200 bytes outside of links, or its blocks of over 80 bytes have 600 together. A list
 * of tabs stays also for a heading, a panel or 100 bytes in a block, as accordions have them. */
void ndup__html_trial_end(ndup__html_trials *trials, ndup__html_blocks *blocks);

#endif
