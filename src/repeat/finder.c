/* SPDX-License-Identifier: MIT */
/* From units to repeats: the same tokens by a hash table, similar ones by shared pairs of words
 * and exact comparison. */
#include "repeat/finder.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define NEARLY_SAME 0.9
#define SERIES_LEAST 2
/* Of the text from the first to the last of the units that another one gathers. */
#define GATHERED_SHARE 0.66
/* Captions are short. */
#define CAPTION_TOKENS_MOST 60
#define CREDITED_TOKENS_MOST 30 /* with a credit or a lead-in */

typedef struct search {
    ndup__repeat_finder *finder;
    const ndup_document *document;
    ndup__manner manner;
    bool knows_manner;
    size_t sorted;   /* repeats that stand in the order of units */
    size_t replaced; /* near ones that say another word in some place */
} search;

void ndup__repeat_finder_init(ndup__repeat_finder *finder, const ndup_flag_options *options)
{
    const ndup_allocator *allocator = options->allocator;
    *finder = (ndup__repeat_finder){
        .allocator = allocator,
        .refrains = options->refrains,
        .profile = {.allocator = allocator, .tokens = {.allocator = allocator}},
        .title = {.allocator = allocator},
        .candidates = {.allocator = allocator, .index = {.allocator = allocator}},
        .gatherer = {.allocator = allocator},
    };
    ndup__pairs_init(&finder->pairs, allocator, options->threshold);
    ndup__parter_init(&finder->parter, allocator);
}

static ndup_unit_kind role_of(const search *now, const ndup_repeat *repeat)
{
    const ndup__profile *profile = &now->finder->profile;
    ndup_unit_kind kind = profile->units[repeat->unit].kind;
    if (repeat->in_title) {
        return NDUP_UNIT_HEADLINE;
    }
    ndup_unit_kind first = profile->units[repeat->first].kind;
    if (kind == NDUP_UNIT_HEADLINE || first == NDUP_UNIT_HEADLINE) {
        return NDUP_UNIT_HEADLINE;
    }
    if (kind == NDUP_UNIT_CAPTION || first == NDUP_UNIT_CAPTION) {
        return NDUP_UNIT_CAPTION;
    }
    /* A picture brings its caption twice, as its description and below it: next to each other. */
    ndup_text text = ndup__profile_text(profile, repeat->unit);
    bool is_doubled = repeat->unit == repeat->first + 1;
    size_t most =
        repeat->kind == NDUP_REPEAT_CONTAINED ? CREDITED_TOKENS_MOST : CAPTION_TOKENS_MOST;
    bool is_short = profile->of[repeat->unit].token_count <= most &&
                    profile->of[repeat->first].token_count <= most;
    bool is_text = kind == NDUP_UNIT_PARAGRAPH && memchr(text.bytes, '\n', text.length) == NULL;
    return is_doubled && is_short && is_text ? NDUP_UNIT_CAPTION : kind;
}

/* The refrain that a repeat of this unit is. A unit that is not judged is one of some kind; of
 * which, matters only where refrains are not dropped. */
static ndup_refrain refrain_of(search *now, size_t unit, bool is_same)
{
    ndup__profile *profile = &now->finder->profile;
    if (!now->finder->refrains && !profile->of[unit].judged) {
        return NDUP_REFRAIN_SHORT;
    }
    uint8_t *known = &profile->of[unit].refrains[is_same];
    if (*known != 0) {
        return (ndup_refrain)(*known - 1);
    }
    if (!now->knows_manner) {
        now->manner = ndup__manner_of(profile);
        now->knows_manner = true;
    }
    ndup_refrain refrain = ndup__refrain_of(profile, &now->manner, unit, is_same);
    *known = (uint8_t)(refrain + 1);
    return refrain;
}

/* Appends a repeat; `made` has kind, unit, first, in_title, similarity, containment, refrain. */
static ndup_status add_repeat(search *now, ndup_repeat made, ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    ndup_status status = ndup__reserve(finder->allocator, &finder->repeats, &finder->capacity,
                                       finder->count + 1, sizeof *finder->repeats, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup_unit *units = finder->profile.units;
    if (made.refrain == NDUP_REFRAIN_NONE || made.refrain == NDUP_REFRAIN_SERIES) {
        bool is_same = made.kind <= NDUP_REPEAT_NORMALIZED;
        ndup_refrain of_units = refrain_of(now, made.unit, is_same);
        if (of_units == NDUP_REFRAIN_NONE && !is_same) {
            of_units = refrain_of(now, made.first, is_same);
        }
        made.refrain = of_units != NDUP_REFRAIN_NONE ? of_units : made.refrain;
    }
    made.offset = units[made.unit].offset;
    made.length = units[made.unit].length;
    made.first_offset = made.in_title ? 0 : units[made.first].offset;
    made.first_length = made.in_title ? now->document->title.length : units[made.first].length;
    made.removed = NDUP_NONE;
    made.block = NDUP_NONE;
    made.block_units = 1;
    made.role = role_of(now, &made);
    finder->profile.of[made.unit].found = true;
    finder->repeats[finder->count++] = made;
    return NDUP_STATUS_OK;
}

static ndup_repeat_kind kind_of_same(ndup_text a, ndup_text b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0 ? NDUP_REPEAT_EXACT
                                                                           : NDUP_REPEAT_NORMALIZED;
}

/* The unit has the tokens of an earlier one. */
static ndup_status add_same(search *now, size_t unit, ndup_error *error)
{
    const ndup__profile *profile = &now->finder->profile;
    size_t first = profile->of[unit].first;
    ndup_repeat made = {.unit = unit, .first = first, .similarity = 1, .containment = 1};
    made.kind = kind_of_same(ndup__profile_text(profile, unit), ndup__profile_text(profile, first));
    return add_repeat(now, made, error);
}

/* Compares a unit with its candidates and keeps the best repeat, if there is one. */
static ndup_status compare_all(search *now, size_t unit, ndup__pair *found, ndup_error *error)
{
    const ndup__candidates *candidates = &now->finder->candidates;
    ndup__pairs *pairs = &now->finder->pairs;
    const ndup__profile *profile = &now->finder->profile;
    ndup_status status = NDUP_STATUS_OK;
    bool is_set = false;
    bool enough = false;
    for (size_t i = 0; i < candidates->best_count && !enough && status == NDUP_STATUS_OK; i++) {
        ndup__pair pair;
        size_t other = candidates->best[i].unit;
        if (!now->finder->refrains && refrain_of(now, other, false) != NDUP_REFRAIN_NONE) {
            continue;
        }
        if (!is_set) {
            status = ndup__comparer_set(&pairs->comparer, profile, unit, error);
            is_set = true;
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__pair_judge(&pair, pairs, profile, unit, other, error);
        }
        if (status == NDUP_STATUS_OK && pair.repeats &&
            (!found->repeats || ndup__pair_is_better(profile, &pair, found))) {
            *found = pair;
            enough = pair.made.kind == NDUP_REPEAT_NEAR && pair.made.similarity >= NEARLY_SAME;
        }
    }
    return status;
}

/* Looks for a similar earlier unit. A near repeat becomes a candidate, too, unless it is nearly the
 * same: a copy of a copy may be like the copy only. */
static ndup_status find_near(search *now, size_t searched, ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    size_t unit = finder->candidates.units[searched].unit;
    ndup__pair found = {.repeats = false};
    ndup_status status = NDUP_STATUS_OK;
    ndup__candidates_find(&finder->candidates, &finder->profile, searched);
    /* What is only similar to a refrain, or a refrain itself, would be dropped. */
    if (finder->candidates.best_count > 0 &&
        (finder->refrains || refrain_of(now, unit, false) == NDUP_REFRAIN_NONE)) {
        status = compare_all(now, unit, &found, error);
    }
    bool is_near = found.repeats && found.made.kind == NDUP_REPEAT_NEAR;
    if (status == NDUP_STATUS_OK && (!is_near || found.made.similarity < NEARLY_SAME)) {
        ndup__candidates_add(&finder->candidates, searched);
    }
    finder->profile.of[unit].is_near = is_near;
    finder->profile.of[unit].replaces = found.replaces;
    now->replaced += found.replaces;
    return status == NDUP_STATUS_OK && found.repeats ? add_repeat(now, found.made, error) : status;
}

/* The first unit with the words of the title field. The title of a web page, whose units the reader
 * has found, stands in its head: the headline on the page is the first that is seen. */
static ndup_status find_title(search *now, size_t *unit, ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    ndup_text title = now->document->title;
    *unit = NDUP_NONE;
    if (now->document->units != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__tokenize(&finder->title, NDUP__TOKEN_WORDS, title.bytes, title.length, error);
    if (status == NDUP_STATUS_OK) {
        *unit = ndup__profile_find(&finder->profile, finder->title.hashes, finder->title.count);
    }
    return status;
}

/* The unit repeats the title. */
static ndup_status add_title(search *now, size_t unit, ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    ndup_text text = ndup__profile_text(&finder->profile, unit);
    ndup_repeat made = {.unit = unit,
                        .first = NDUP_NONE,
                        .in_title = true,
                        .similarity = 1,
                        .containment = 1,
                        .kind = kind_of_same(text, now->document->title)};
    return add_repeat(now, made, error);
}

/* Looks for a repeat of each unit that is listed, in order. The unit with the title may be none of
 * them; it is not searched for, but later units may be like it. */
static ndup_status find_listed(search *now, size_t title, ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    const ndup__profile *profile = &finder->profile;
    ndup_status status = NDUP_STATUS_OK;
    size_t searched = 0;
    for (size_t i = 0; i < profile->listed_count && status == NDUP_STATUS_OK; i++) {
        size_t unit = profile->listed[i];
        bool is_title = unit == title;
        if (title <= unit) {
            status = add_title(now, title, error);
            title = NDUP_NONE;
        }
        if (status != NDUP_STATUS_OK) {
            break;
        }
        if (profile->of[unit].first != unit) {
            status = add_same(now, unit, error);
        } else if (is_title) {
            ndup__candidates_add(&finder->candidates, searched++);
        } else {
            status = find_near(now, searched++, error);
        }
    }
    return status == NDUP_STATUS_OK && title != NDUP_NONE ? add_title(now, title, error) : status;
}

/* Profiles the units and gets the candidates ready; once more where units were parted. */
static ndup_status get_ready(ndup__repeat_finder *finder, ndup_text text, const ndup_unit *units,
                             size_t count, ndup_error *error)
{
    bool again = true;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t round = 0; round < 2 && again && status == NDUP_STATUS_OK; round++) {
        again = false;
        status = ndup__profile_make(&finder->profile, text, units, count, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__candidates_reset(&finder->candidates, &finder->profile, error);
        }
        if (status == NDUP_STATUS_OK && round == 0) {
            status = ndup__part_doubled(&again, &finder->parter, &finder->candidates,
                                        &finder->profile, error);
            units = again ? finder->parter.units : units;
            count = again ? finder->parter.count : count;
        }
    }
    return status;
}

static ndup_status find_all(search *now, ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    size_t title;
    ndup_status status = find_title(now, &title, error);
    ndup__comparer_reset(&finder->pairs.comparer);
    return status == NDUP_STATUS_OK ? find_listed(now, title, error) : status;
}

static int by_unit(const void *a, const void *b)
{
    size_t left = ((const ndup_repeat *)a)->unit;
    size_t right = ((const ndup_repeat *)b)->unit;
    return (left > right) - (left < right);
}

/* Makes the whole a repeat of what stands from one unit to another; a repeat of one of them that it
 * was found to be before says less. */
static ndup_status add_whole(search *now, size_t whole, size_t from, size_t to, double share,
                             ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    const ndup_unit *units = finder->profile.units;
    ndup_repeat *before = NULL;
    if (finder->profile.of[whole].found) {
        ndup_repeat key = {.unit = whole};
        before = bsearch(&key, finder->repeats, now->sorted, sizeof key, by_unit);
        if (before == NULL || before->kind != NDUP_REPEAT_CONTAINED) {
            return NDUP_STATUS_OK;
        }
    }
    size_t at = before != NULL ? (size_t)(before - finder->repeats) : finder->count;
    ndup_repeat made = {.kind = NDUP_REPEAT_CONTAINED,
                        .unit = whole,
                        .first = from,
                        .similarity = share < 1 ? share : 1,
                        .containment = 1};
    ndup_status status = add_repeat(now, made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_repeat *last = &finder->repeats[finder->count - 1];
    last->first_length = units[to].offset + units[to].length - units[from].offset;
    finder->profile.of[whole].gathers = true;
    if (before != NULL) {
        finder->repeats[at] = *last;
        finder->count--;
    }
    return status;
}

/* Parts [begin, end) are those of one unit. Those below it repeat it; where all stand above it and
 * close together, it repeats them. */
static ndup_status add_gathered(search *now, size_t begin, size_t end, ndup_error *error)
{
    const ndup__profile *profile = &now->finder->profile;
    const ndup__gathered *found = now->finder->gatherer.found;
    const ndup_unit *units = profile->units;
    size_t whole = found[begin].whole;
    size_t from = found[begin].unit;
    size_t to = from;
    size_t bytes = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        size_t part = found[i].unit;
        ndup_repeat made = {.kind = NDUP_REPEAT_CONTAINED,
                            .unit = part,
                            .first = whole,
                            .similarity = (double)units[part].length / (double)units[whole].length,
                            .containment = 1};
        if (part > whole && !profile->of[part].found) {
            status = add_repeat(now, made, error);
        }
        from = part < from ? part : from;
        to = part > to ? part : to;
        bytes += units[part].length;
    }
    size_t span = units[to].offset + units[to].length - units[from].offset;
    bool repeats = to < whole && (double)bytes >= GATHERED_SHARE * (double)span;
    double share = (double)bytes / (double)units[whole].length;
    return status == NDUP_STATUS_OK && repeats ? add_whole(now, whole, from, to, share, error)
                                               : status;
}

static ndup_status find_gathered(search *now, ndup_error *error)
{
    ndup__repeat_finder *finder = now->finder;
    ndup__gatherer *gatherer = &finder->gatherer;
    now->sorted = finder->count;
    ndup_status status = ndup__gather(gatherer, &finder->candidates, &finder->profile, error);
    for (size_t i = 0; i < gatherer->count && status == NDUP_STATUS_OK;) {
        size_t end = i;
        while (end < gatherer->count && gatherer->found[end].whole == gatherer->found[i].whole) {
            end++;
        }
        status = add_gathered(now, i, end, error);
        i = end;
    }
    if (finder->count > now->sorted) {
        ndup__repeat_sort(finder);
    }
    return status;
}

/* One passage reworked is a repeat; several lines that each say another word in one frame are a
 * series. */
static void find_series(const search *now)
{
    ndup__repeat_finder *finder = now->finder;
    const ndup__profile *profile = &finder->profile;
    for (size_t i = 0; i < finder->count && now->replaced >= SERIES_LEAST; i++) {
        ndup_repeat *repeat = &finder->repeats[i];
        if (repeat->refrain == NDUP_REFRAIN_NONE && profile->of[repeat->unit].replaces) {
            repeat->refrain = NDUP_REFRAIN_SERIES;
        }
    }
}

/* Drops the repeats that were not asked for. */
static void drop_refrains(ndup__repeat_finder *finder)
{
    size_t kept = 0;
    for (size_t i = 0; i < finder->count; i++) {
        if (finder->refrains || finder->repeats[i].refrain == NDUP_REFRAIN_NONE) {
            finder->repeats[kept++] = finder->repeats[i];
        }
    }
    finder->count = kept;
}

static void count_bytes(ndup__repeat_finder *finder)
{
    finder->unit_bytes = 0;
    finder->repeated_bytes = 0;
    for (size_t i = 0; i < finder->profile.count; i++) {
        finder->unit_bytes += finder->profile.units[i].length;
    }
    for (size_t i = 0; i < finder->count; i++) {
        finder->repeated_bytes += finder->repeats[i].in_title ? 0 : finder->repeats[i].length;
    }
}

ndup_status ndup__repeat_find(ndup__repeat_finder *finder, const ndup_document *document,
                              const ndup_unit *units, size_t count, ndup_error *error)
{
    search now = {.finder = finder, .document = document};
    finder->count = 0;
    ndup_status status = get_ready(finder, document->text, units, count, error);
    if (status == NDUP_STATUS_OK) {
        status = find_all(&now, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = find_gathered(&now, error);
    }
    if (status == NDUP_STATUS_OK) {
        find_series(&now);
        status = ndup__repeat_find_contents(finder, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__repeat_find_menus(finder, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__repeat_blocks(finder->repeats, finder->count, &finder->profile);
        drop_refrains(finder);
        status = ndup__repeat_choose_removed(finder, error);
    }
    if (status == NDUP_STATUS_OK) {
        count_bytes(finder);
    }
    return status;
}

ndup_status ndup__repeat_add_site(ndup__repeat_finder *finder, size_t unit, uint64_t pages,
                                  uint64_t host_pages, ndup_error *error)
{
    if ((finder->marks[unit] & NDUP__MARK_REPEATED) != 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(finder->allocator, &finder->repeats, &finder->capacity,
                                       finder->count + 1, sizeof *finder->repeats, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup_unit *of = &finder->profile.units[unit];
    finder->repeats[finder->count++] =
        (ndup_repeat){.kind = NDUP_REPEAT_SITE,
                      .role = of->kind,
                      .unit = unit,
                      .first = NDUP_NONE,
                      .similarity = 1,
                      .containment = 1,
                      .offset = of->offset,
                      .length = of->length,
                      .removed = (finder->marks[unit] & NDUP__MARK_GONE) == 0 ? unit : NDUP_NONE,
                      .block = NDUP_NONE,
                      .block_units = 1,
                      .pages = pages,
                      .host_pages = host_pages};
    finder->repeated_bytes += of->length;
    return NDUP_STATUS_OK;
}

void ndup__repeat_sort(ndup__repeat_finder *finder)
{
    if (finder->count > 1) {
        qsort(finder->repeats, finder->count, sizeof *finder->repeats, by_unit);
    }
}

void ndup__repeat_finder_deinit(ndup__repeat_finder *finder)
{
    ndup__profile_deinit(&finder->profile);
    ndup__tokens_deinit(&finder->title);
    ndup__candidates_deinit(&finder->candidates);
    ndup__pairs_deinit(&finder->pairs);
    ndup__gatherer_deinit(&finder->gatherer);
    ndup__parter_deinit(&finder->parter);
    ndup__free(finder->allocator, &finder->repeats, finder->capacity, sizeof *finder->repeats);
    ndup__free(finder->allocator, &finder->marks, finder->mark_capacity, 1);
    ndup__free(finder->allocator, &finder->places, finder->place_capacity, sizeof *finder->places);
    ndup__free(finder->allocator, &finder->listings, finder->listing_capacity,
               sizeof *finder->listings);
}
