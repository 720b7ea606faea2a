/* SPDX-License-Identifier: MIT */
/* Labels too short to count by themselves that come again together: menus, share bars, heads of
 * messages. */
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "repeat/finder.h"
#include "repeat/refrain.h"
#include "text/utf8.h"

#define MENU_UNITS_LEAST 4
#define MENU_DISTINCT_LEAST 3
/* Lines of verse have more words. */
#define LABEL_WORDS_MOST 3.5
/* Where each character is a word. */
#define LABEL_CHARACTERS_MOST 8
/* Earlier places of two labels in a row that are looked at. */
#define PLACES_MOST 8

/* What stands at a place of the sequence of units with words: the first unit with its words. */
static uint32_t label_at(const ndup__repeat_finder *finder, size_t place)
{
    return finder->profile.of[finder->places[place].unit].first;
}

static size_t slot_of(const ndup__repeat_finder *finder, size_t place, size_t mask)
{
    uint64_t pair = (uint64_t)label_at(finder, place) << 32 | label_at(finder, place + 1);
    return (size_t)ndup__slot_hash(ndup__mix64(pair), finder->profile.slot_key) & mask;
}

/* Whether the same two labels stand at two places. */
static bool begin_alike(const ndup__repeat_finder *finder, size_t first, size_t place)
{
    return label_at(finder, first) == label_at(finder, place) &&
           label_at(finder, first + 1) == label_at(finder, place + 1);
}

static size_t measure_run(const ndup__repeat_finder *finder, size_t count, size_t first,
                          size_t place)
{
    size_t length = 0;
    while (first + length < place && place + length < count &&
           label_at(finder, first + length) == label_at(finder, place + length)) {
        length++;
    }
    return length;
}

/* Whether what counts by itself is half of the run: a teaser with its stamp, a signature. */
static bool has_weight(const ndup__repeat_finder *finder, size_t at, size_t place, size_t length)
{
    const ndup__profile *profile = &finder->profile;
    size_t bytes = 0;
    size_t counted = 0;
    for (size_t i = 0; i < length; i++) {
        size_t unit = finder->places[place + i].unit;
        while (at < finder->count && finder->repeats[at].unit < unit) {
            at++;
        }
        bool counts = at < finder->count && finder->repeats[at].unit == unit &&
                      finder->repeats[at].refrain == NDUP_REFRAIN_NONE;
        bytes += profile->units[unit].length;
        counted += counts ? profile->units[unit].length : 0;
    }
    return 2 * counted >= bytes;
}

/* Whether the run is of labels: most are words and not rows, three at least differ. */
static bool is_menu(const ndup__repeat_finder *finder, size_t place, size_t length)
{
    const ndup__profile *profile = &finder->profile;
    size_t tokens = 0;
    size_t characters = 0;
    size_t rows = 0;
    size_t distinct = 0;
    for (size_t i = 0; i < length; i++) {
        size_t unit = finder->places[place + i].unit;
        ndup_text text = ndup__profile_text(profile, unit);
        tokens += profile->of[unit].token_count;
        characters += ndup__utf8_count(text.bytes, text.length);
        rows += ndup__is_tabular(profile, unit);
        size_t before = i; /* the same label in front of it stops there */
        while (distinct < MENU_DISTINCT_LEAST && before > 0 &&
               label_at(finder, place + before - 1) != label_at(finder, place + i)) {
            before--;
        }
        distinct += distinct < MENU_DISTINCT_LEAST && before == 0;
    }
    bool are_labels = (double)tokens < LABEL_WORDS_MOST * (double)length ||
                      characters < LABEL_CHARACTERS_MOST * length;
    return are_labels && 2 * rows < length && distinct >= MENU_DISTINCT_LEAST;
}

/* Makes the repeats of the run repeats of the earlier one; *at goes through the repeats. */
static void take_run(ndup__repeat_finder *finder, size_t *at, size_t first, size_t place,
                     size_t length)
{
    for (size_t i = 0; i < length; i++) {
        size_t unit = finder->places[place + i].unit;
        while (*at < finder->count && finder->repeats[*at].unit < unit) {
            ++*at;
        }
        ndup_repeat *repeat = &finder->repeats[*at];
        if (*at < finder->count && repeat->unit == unit && !repeat->in_title) {
            const ndup_unit *of = &finder->profile.units[finder->places[first + i].unit];
            repeat->refrain = NDUP_REFRAIN_NONE;
            repeat->first = finder->places[first + i].unit;
            repeat->first_offset = of->offset;
            repeat->first_length = of->length;
        }
    }
}

/* The earlier place from which on the most labels are those from `place` on. */
static size_t find_longest(size_t *first, const ndup__repeat_finder *finder, size_t count,
                           size_t place, uint32_t entry)
{
    size_t longest = 0;
    for (size_t met = 0; met < PLACES_MOST && entry != 0; entry = finder->places[entry - 1].next) {
        if (!begin_alike(finder, entry - 1, place)) {
            continue; /* shares the slot by chance, which must not decide what is looked at */
        }
        size_t length = measure_run(finder, count, entry - 1, place);
        if (length >= longest) {
            longest = length;
            *first = entry - 1;
        }
        met++;
    }
    return longest;
}

static size_t list_places(ndup__repeat_finder *finder)
{
    const ndup__profile *profile = &finder->profile;
    size_t count = 0;
    for (size_t i = 0; i < profile->count; i++) {
        if (profile->of[i].token_count > 0) {
            finder->places[count++] = (ndup__label_place){.unit = (uint32_t)i};
        }
    }
    return count;
}

static void find_runs(ndup__repeat_finder *finder, uint32_t *slots, size_t mask)
{
    size_t count = list_places(finder);
    size_t at = 0;
    size_t taken = 0; /* places before this one are part of a run */
    for (size_t place = 0; place + 1 < count; place++) {
        uint32_t *slot = &slots[slot_of(finder, place, mask)];
        bool is_again = label_at(finder, place) != finder->places[place].unit;
        size_t first = 0;
        size_t length =
            is_again && place >= taken ? find_longest(&first, finder, count, place, *slot) : 0;
        if ((length >= MENU_UNITS_LEAST && is_menu(finder, place, length)) ||
            (length > 1 && has_weight(finder, at, place, length))) {
            take_run(finder, &at, first, place, length);
            taken = place + length;
        } else {
            taken =
                place >= taken ? place + length / 2 : taken; /* linear in a text that is twice */
        }
        finder->places[place].next = *slot;
        *slot = (uint32_t)place + 1;
    }
}

/* Whether two units next to each other stand there again, at all. */
static bool has_pairs(const ndup__repeat_finder *finder)
{
    const ndup__unit_profile *of = finder->profile.of;
    for (size_t i = 1; i < finder->count; i++) {
        size_t unit = finder->repeats[i].unit;
        size_t last = finder->repeats[i - 1].unit;
        if (unit <= last + 2 && of[unit].first != unit && of[last].first != last) {
            return true;
        }
    }
    return false;
}

ndup_status ndup__repeat_find_menus(ndup__repeat_finder *finder, ndup_error *error)
{
    size_t count = finder->profile.count;
    if (finder->count < MENU_UNITS_LEAST || !has_pairs(finder)) {
        return NDUP_STATUS_OK;
    }
    /* The table of the profile is not needed any more and has room enough. */
    ndup_status status = ndup__reserve(finder->allocator, &finder->places, &finder->place_capacity,
                                       count, sizeof *finder->places, error);
    if (status == NDUP_STATUS_OK) {
        uint32_t *slots = finder->profile.table;
        memset(slots, 0, (finder->profile.mask + 1) * sizeof *slots);
        find_runs(finder, slots, finder->profile.mask);
    }
    return status;
}
