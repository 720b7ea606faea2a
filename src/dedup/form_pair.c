/* SPDX-License-Identifier: MIT */
/* Where two texts differ, and in how many others what differs stands. */
#include "dedup/form_pair.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static bool get_bit(const uint64_t *bits, size_t i)
{
    return bits != NULL && (bits[i / 64] >> (i % 64) & 1) != 0;
}

static void set_bit(uint64_t *bits, size_t i)
{
    bits[i / 64] |= (uint64_t)1 << (i % 64);
}

/* Marks which shingles of the two the other has, too. */
static ndup_status mark_met(ndup__form_room *room, const ndup__set *a, const ndup__set *b,
                            const ndup__shingle_index *index, ndup_error *error)
{
    size_t words_a = a->count / 64 + 1;
    size_t words_b = b->count / 64 + 1;
    size_t words = 2 * (words_a + words_b);
    ndup_status status = ndup__reserve(room->allocator, &room->bits, &room->capacity, words,
                                       sizeof *room->bits, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(room->bits, 0, words * sizeof *room->bits);
    room->sides[0] = (ndup__form_side){a, room->bits, room->bits + words_a + words_b};
    room->sides[1] = (ndup__form_side){b, room->bits + words_a, room->bits + 2 * words_a + words_b};
    for (size_t i = 0; i < a->count; i++) {
        uint32_t place = index->meetings[i];
        if (place != 0) {
            set_bit(room->bits, i);
        }
        while (place != 0 && !get_bit(room->bits + words_a, place - 1)) {
            set_bit(room->bits + words_a, place - 1);
            place = index->nexts[place - 1];
        }
    }
    return NDUP_STATUS_OK;
}

/* Counts what is shared with the first side only: it is the same. */
static void count_side(ndup__form_room *room, const ndup__frequencies *frequencies, int side)
{
    const ndup__set *set = room->sides[side].set;
    bool was_met = true;
    for (size_t i = 0; i < set->count; i++) {
        bool is_met = get_bit(room->sides[side].met, i);
        room->counts.places += was_met && !is_met;
        was_met = is_met;
        if (set->shingles[i] <= room->most && !get_bit(set->repeats, i) && (side == 0 || !is_met)) {
            uint32_t *counts = is_met ? room->counts.shared : room->counts.alone[side];
            counts[ndup__frequency_of(frequencies, set->shingles[i])]++;
        }
    }
}

/* Share of a text in long runs of what the other has not and, where a family is known, few have. */
static double own_in_runs(const ndup__form_room *room, const ndup__frequencies *frequencies,
                          int side, uint32_t many)
{
    const ndup__set *set = room->sides[side].set;
    uint64_t *own = room->sides[side].own;
    for (size_t i = 0; i < set->count; i++) {
        bool is_known = many > 0 && set->shingles[i] <= room->most;
        if (!get_bit(room->sides[side].met, i) &&
            (!is_known || ndup__frequency_of(frequencies, set->shingles[i]) < many)) {
            set_bit(own, i);
        }
    }
    return ndup__share_in_runs(own, set->count);
}

/* Where both texts are members, frequencies tell of their family. */
static void ask_frequencies(ndup__form_signs *signs, ndup__form_room *room,
                            const ndup__frequencies *frequencies)
{
    const ndup__set *a = room->sides[0].set;
    const ndup__set *b = room->sides[1].set;
    if (!ndup__frequencies_has(frequencies, a->class_number) ||
        !ndup__frequencies_has(frequencies, b->class_number)) {
        return;
    }
    room->most = ndup__frequency_hash_most(a->count > b->count ? a->count : b->count);
    room->counts = (ndup__form_counts){.places = 0};
    count_side(room, frequencies, 0);
    count_side(room, frequencies, 1);
    ndup__form_measure(signs, &room->counts);
}

ndup_status ndup__form_pair_measure(ndup__form_signs *signs, ndup__form_room *room,
                                    const ndup__frequencies *frequencies, const ndup__set *a,
                                    const ndup__set *b, const ndup__shingle_index *index,
                                    ndup_error *error)
{
    *signs = (ndup__form_signs){.family = 0};
    ndup_status status = mark_met(room, a, b, index, error);
    if (status == NDUP_STATUS_OK) {
        ask_frequencies(signs, room, frequencies);
        for (int side = 0; side < 2; side++) {
            signs->runs[side] = own_in_runs(room, frequencies, side, signs->many);
        }
    }
    return status;
}

void ndup__form_room_deinit(ndup__form_room *room)
{
    ndup__free(room->allocator, &room->bits, room->capacity, sizeof *room->bits);
}
