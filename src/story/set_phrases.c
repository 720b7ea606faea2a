/* SPDX-License-Identifier: MIT */
/* A table without chains: a phrase takes the cell of one that is not set. What comes every few days
 * is seldom driven out before it comes again, and what is set stays. */
#include "story/set_phrases.h"

#include "base/alloc.h"

#define CELLS_LEAST ((size_t)1 << 14)
#define CELLS_MOST ((size_t)1 << 24)
#define DAYS_LEAST 3
/* Phrases ahead of the one that is noted whose cells are fetched. */
#define AHEAD 16
#define DAY_MOST UINT16_MAX

/* A cell: 30 bits of the phrase, two that count days, and the first and the last day. */
#define TAG_SHIFT 34
#define COUNT_SHIFT 32
#define COUNT_MASK 3u
#define LAST_SHIFT 16

ndup_status ndup__set_phrases_init(ndup__set_phrases *phrases, uint64_t tokens, int64_t first_day,
                                   double window_days, const ndup_allocator *allocator,
                                   ndup_error *error)
{
    *phrases = (ndup__set_phrases){.allocator = allocator,
                                   .cell_count = CELLS_LEAST,
                                   .first_day = first_day,
                                   .window = (uint64_t)window_days};
    while (phrases->cell_count < tokens && phrases->cell_count < CELLS_MOST) {
        phrases->cell_count *= 2;
    }
    return ndup__allocate_zeroed(allocator, &phrases->cells, phrases->cell_count,
                                 sizeof *phrases->cells, error);
}

void ndup__set_phrases_deinit(ndup__set_phrases *phrases)
{
    ndup__free(phrases->allocator, &phrases->cells,
               phrases->cells != NULL ? phrases->cell_count : 0, sizeof *phrases->cells);
}

static uint64_t days_of(uint64_t cell)
{
    return cell >> COUNT_SHIFT & COUNT_MASK;
}

static uint64_t last_of(uint64_t cell)
{
    return cell >> LAST_SHIFT & DAY_MOST;
}

static bool is_set(const ndup__set_phrases *phrases, uint64_t cell)
{
    return days_of(cell) >= DAYS_LEAST && last_of(cell) - (cell & DAY_MOST) > phrases->window;
}

static uint64_t make_cell(uint64_t hash, uint64_t days, uint64_t first, uint64_t last)
{
    return hash >> TAG_SHIFT << TAG_SHIFT | days << COUNT_SHIFT | last << LAST_SHIFT | first;
}

static bool has_tag(uint64_t cell, uint64_t hash)
{
    return cell >> TAG_SHIFT == hash >> TAG_SHIFT;
}

/* Days beyond the count's range are three. */
static uint64_t meet_again(uint64_t cell, uint64_t hash, uint64_t day)
{
    uint64_t days = days_of(cell) + (day != last_of(cell));
    return make_cell(hash, days < DAYS_LEAST ? days : DAYS_LEAST, cell & DAY_MOST, day);
}

void ndup__set_phrases_add(ndup__set_phrases *phrases, const uint64_t *hashes, size_t count,
                           int64_t day)
{
    int64_t since = day - phrases->first_day;
    uint64_t today = since < 0 ? 0 : since < DAY_MOST ? (uint64_t)since : DAY_MOST;
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count) {
            ndup__set_phrases_prefetch(phrases, hashes[i + AHEAD]);
        }
        uint64_t *cell = &phrases->cells[hashes[i] & (phrases->cell_count - 1)];
        if (days_of(*cell) > 0 && has_tag(*cell, hashes[i])) {
            *cell = meet_again(*cell, hashes[i], today);
        } else if (!is_set(phrases, *cell)) {
            *cell = make_cell(hashes[i], 1, today, today);
        }
    }
}

void ndup__set_phrases_prefetch(const ndup__set_phrases *phrases, uint64_t hash)
{
    __builtin_prefetch(&phrases->cells[hash & (phrases->cell_count - 1)]);
}

bool ndup__set_phrases_has(const ndup__set_phrases *phrases, uint64_t hash)
{
    uint64_t cell = phrases->cells[hash & (phrases->cell_count - 1)];
    return has_tag(cell, hash) && is_set(phrases, cell);
}
