/* SPDX-License-Identifier: MIT */
/* Two rows of cells; a term raises those of its two cells that are lowest. */
#include "story/term_counts.h"

#include <string.h>

#include "base/alloc.h"

#define WORD_CELLS ((size_t)1 << 21)
#define PAIR_CELLS_LEAST ((size_t)1 << 14)
#define PAIR_CELLS_MOST ((size_t)1 << 28)

static void find_cells(size_t cells[2], uint64_t hash, size_t count)
{
    cells[0] = hash & (count - 1);
    cells[1] = count + ((hash >> 32 | hash << 32) & (count - 1));
}

ndup_status ndup__term_counts_init(ndup__term_counts *counts, uint64_t tokens,
                                   const ndup_allocator *allocator, ndup_error *error)
{
    *counts = (ndup__term_counts){
        .allocator = allocator, .word_cells = WORD_CELLS, .pair_cells = PAIR_CELLS_LEAST};
    while (counts->pair_cells < tokens && counts->pair_cells < PAIR_CELLS_MOST) {
        counts->pair_cells *= 2;
    }
    if (counts->word_cells > counts->pair_cells) {
        counts->word_cells = counts->pair_cells;
    }
    ndup_status status = ndup__allocate_zeroed(allocator, &counts->words, 2 * counts->word_cells,
                                               sizeof *counts->words, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &counts->pairs, 2 * counts->pair_cells,
                                       sizeof *counts->pairs, error);
    }
    return status;
}

void ndup__term_counts_deinit(ndup__term_counts *counts)
{
    ndup__free(counts->allocator, &counts->words,
               counts->words != NULL ? 2 * counts->word_cells : 0, sizeof *counts->words);
    ndup__free(counts->allocator, &counts->pairs,
               counts->pairs != NULL ? 2 * counts->pair_cells : 0, sizeof *counts->pairs);
}

static void raise_word(ndup__term_counts *counts, uint64_t hash)
{
    size_t cells[2];
    find_cells(cells, hash, counts->word_cells);
    uint32_t *x = &counts->words[cells[0]];
    uint32_t *y = &counts->words[cells[1]];
    uint32_t next = (*x < *y ? *x : *y) + 1;
    *x = *x < next ? next : *x;
    *y = *y < next ? next : *y;
}

static void raise_pair(ndup__term_counts *counts, uint64_t hash)
{
    size_t cells[2];
    find_cells(cells, hash, counts->pair_cells);
    uint16_t *x = &counts->pairs[cells[0]];
    uint16_t *y = &counts->pairs[cells[1]];
    uint16_t least = *x < *y ? *x : *y;
    uint16_t next = (uint16_t)(least + (least < NDUP__PAIR_TEXTS_MOST));
    *x = *x < next ? next : *x;
    *y = *y < next ? next : *y;
}

void ndup__term_counts_add(ndup__term_counts *counts, const ndup__term *terms, size_t count)
{
    counts->texts++;
    for (size_t i = 0; i < count; i++) {
        if (terms[i].is_word) {
            raise_word(counts, terms[i].hash);
        } else {
            raise_pair(counts, terms[i].hash);
        }
    }
}

void ndup__term_counts_prefetch(const ndup__term_counts *counts, const ndup__term *term)
{
    size_t cells[2];
    if (!term->is_word) {
        find_cells(cells, term->hash, counts->pair_cells);
        __builtin_prefetch(&counts->pairs[cells[0]]);
        __builtin_prefetch(&counts->pairs[cells[1]]);
    }
}

uint32_t ndup__term_counts_get(const ndup__term_counts *counts, const ndup__term *term)
{
    size_t cells[2];
    if (term->is_word) {
        find_cells(cells, term->hash, counts->word_cells);
        uint32_t x = counts->words[cells[0]];
        uint32_t y = counts->words[cells[1]];
        return x < y ? x : y;
    }
    find_cells(cells, term->hash, counts->pair_cells);
    uint16_t x = counts->pairs[cells[0]];
    uint16_t y = counts->pairs[cells[1]];
    return x < y ? x : y;
}

/* A row of twice as many cells: what may have been in either half is in both. */
static ndup_status double_cells(const ndup_allocator *allocator, void *cells, size_t count,
                                size_t bytes, ndup_error *error)
{
    char *former;
    char *wider = NULL;
    memcpy(&former, cells, sizeof former);
    ndup_status status = ndup__resize(allocator, &wider, 0, 4 * count, bytes, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t row = count * bytes;
    for (size_t i = 0; i < 4; i++) {
        memcpy(wider + i * row, former + i / 2 * row, row);
    }
    ndup__free(allocator, &former, 2 * count, bytes);
    memcpy(cells, &wider, sizeof wider);
    return NDUP_STATUS_OK;
}

ndup_status ndup__term_counts_widen(ndup__term_counts *counts, uint64_t tokens, size_t most,
                                    ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (counts->pair_cells < tokens && counts->pair_cells < most && status == NDUP_STATUS_OK) {
        status = double_cells(counts->allocator, &counts->pairs, counts->pair_cells,
                              sizeof *counts->pairs, error);
        counts->pair_cells *= status == NDUP_STATUS_OK ? 2 : 1;
        if (status == NDUP_STATUS_OK && counts->word_cells < WORD_CELLS) {
            status = double_cells(counts->allocator, &counts->words, counts->word_cells,
                                  sizeof *counts->words, error);
            counts->word_cells *= status == NDUP_STATUS_OK ? 2 : 1;
        }
    }
    return status;
}

void ndup__term_counts_halve(ndup__term_counts *counts)
{
    counts->texts /= 2;
    for (size_t i = 0; i < 2 * counts->word_cells; i++) {
        counts->words[i] /= 2;
    }
    for (size_t i = 0; i < 2 * counts->pair_cells; i++) {
        counts->pairs[i] /= 2;
    }
}
