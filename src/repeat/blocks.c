/* SPDX-License-Identifier: MIT */
/* Repeated blocks: p1 p2 p3 ... p1 p2 p3. */
#include "repeat/finder.h"

/* A run of repeats with one distance between the occurrences. */
typedef struct block_run {
    size_t begin; /* its repeats are [begin, end) */
    size_t end;
    size_t distance; /* unit - first */
    size_t last;     /* unit of the last repeat that counts by itself */
} block_run;

static bool counts(const ndup_repeat *repeat)
{
    return repeat->refrain == NDUP_REFRAIN_NONE && !repeat->in_title;
}

/* Units that do not count by themselves and may follow each other inside a block. More of them are
 * a menu or a table, with a repeat at either end. */
#define BRIDGE_UNITS_MOST 2

/* Whether the units between `from` and `to` are few and those that stand `distance` before them. */
static bool is_bridged(const ndup__profile *profile, size_t from, size_t to, size_t distance)
{
    if (to - from - 1 > BRIDGE_UNITS_MOST) {
        return false;
    }
    for (size_t unit = from + 1; unit < to; unit++) {
        bool same = profile->of[unit].first == profile->of[unit - distance].first;
        bool empty =
            profile->of[unit].token_count == 0 && profile->of[unit - distance].token_count == 0;
        if (!same && !empty) {
            return false;
        }
    }
    return true;
}

/* Repeats inside the run that do not count by themselves belong to it, at its distance. */
static size_t close_run(ndup_repeat *repeats, const ndup__profile *profile, const block_run *run,
                        size_t number)
{
    size_t first_unit = repeats[run->begin].unit;
    size_t units = run->last - first_unit + 1;
    if (units == 1) {
        return number;
    }
    for (size_t i = run->begin; i < run->end; i++) {
        ndup_repeat *repeat = &repeats[i];
        const ndup_unit *first = &profile->units[repeat->unit - run->distance];
        repeat->refrain = NDUP_REFRAIN_NONE;
        repeat->block = number;
        repeat->block_units = units;
        repeat->first = repeat->unit - run->distance;
        repeat->first_offset = first->offset;
        repeat->first_length = first->length;
    }
    return number + 1;
}

void ndup__repeat_blocks(ndup_repeat *repeats, size_t count, const ndup__profile *profile)
{
    size_t number = 0;
    block_run run = {0};
    bool open = false;
    for (size_t i = 0; i < count; i++) {
        if (!counts(&repeats[i])) {
            continue;
        }
        size_t distance = repeats[i].unit - repeats[i].first;
        bool goes_on = open && distance == run.distance && repeats[i].first > 0 &&
                       is_bridged(profile, run.last, repeats[i].unit, distance);
        if (open && !goes_on) {
            number = close_run(repeats, profile, &run, number);
        }
        if (!goes_on) {
            run.begin = i;
            run.distance = distance;
        }
        run.end = i + 1;
        run.last = repeats[i].unit;
        open = true;
    }
    if (open) {
        (void)close_run(repeats, profile, &run, number);
    }
}
