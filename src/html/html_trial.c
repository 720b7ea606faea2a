/* SPDX-License-Identifier: MIT */
/* Reading on as if it were text, and going back if it was not. */
#include "html/html_trial.h"

/* Menus have labels of a few words; paragraphs have more. */
#define PARAGRAPH_BYTES ((size_t)200)
#define PARAGRAPHS_BYTES ((size_t)600)
/* What a tab is called is shorter. */
#define PANEL_BYTES ((size_t)100)

void ndup__html_trial_begin(ndup__html_trials *trials, ndup__html_blocks *blocks, bool is_tablist)
{
    unsigned number = trials->count++;
    if (number < NDUP__HTML_TRIALS) {
        trials->stack[number].before = *blocks;
        trials->stack[number].is_tablist = is_tablist;
        if (blocks->is_open) {
            trials->stack[number].open_unit = blocks->units[blocks->unit_count];
        }
        blocks->prose = (ndup__html_prose){0};
    }
}

static bool is_text(const ndup__html_blocks *blocks, bool is_tablist)
{
    const ndup__html_prose *prose = &blocks->prose;
    bool is_row = blocks->is_open && blocks->units[blocks->unit_count].kind == NDUP_UNIT_TABLE;
    size_t here = is_row ? 0 : prose->here;
    size_t longest = here > prose->longest ? here : prose->longest;
    return longest >= PARAGRAPH_BYTES || prose->sum >= PARAGRAPHS_BYTES ||
           (is_tablist && (prose->panels > 0 || prose->headings > 0 || longest >= PANEL_BYTES));
}

/* The blocks as they were; their memory may have moved. */
static void go_back(ndup__html_blocks *blocks, const ndup__html_blocks *before, ndup_unit open_unit)
{
    ndup__html_blocks now = *blocks;
    *blocks = *before;
    blocks->text = now.text;
    blocks->capacity = now.capacity;
    blocks->units = now.units;
    blocks->unit_capacity = now.unit_capacity;
    if (blocks->is_open) {
        blocks->units[blocks->unit_count] = open_unit;
    }
}

void ndup__html_trial_end(ndup__html_trials *trials, ndup__html_blocks *blocks)
{
    unsigned number = --trials->count;
    if (number >= NDUP__HTML_TRIALS) {
        return;
    }
    const ndup__html_prose *prose = &blocks->prose;
    const ndup__html_prose *before = &trials->stack[number].before.prose;
    if (!is_text(blocks, trials->stack[number].is_tablist)) {
        go_back(blocks, &trials->stack[number].before, trials->stack[number].open_unit);
        return;
    }
    blocks->prose = (ndup__html_prose){
        .here = prose->here,
        .longest = prose->longest > before->longest ? prose->longest : before->longest,
        .sum = prose->sum + before->sum,
        .headings = prose->headings + before->headings,
        .panels = prose->panels + before->panels};
}
