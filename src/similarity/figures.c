/* SPDX-License-Identifier: MIT */
/* Comparing the numbers of two texts with the rest of their words. */
#include "similarity/figures.h"

#include <string.h>

#include "base/alloc.h"
#include "neardup/preset.h"
#include "similarity/jaccard.h"
#include "text/shingle.h"

bool ndup__figures_are_dense(size_t number_count, size_t token_count)
{
    return number_count > 0 && (double)number_count >= NDUP_NUMBER_SHARE * (double)token_count;
}

/* Common elements of two unsorted multisets. */
static ndup_status count_shared(size_t *shared, ndup__figure_room *room, const uint64_t *a,
                                size_t a_count, const uint64_t *b, size_t b_count,
                                ndup_error *error)
{
    size_t longer = a_count > b_count ? a_count : b_count;
    ndup_status status = ndup__reserve(room->allocator, &room->words, &room->capacity,
                                       a_count + b_count + longer, sizeof *room->words, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *sorted_a = room->words;
    uint64_t *sorted_b = sorted_a + a_count;
    uint64_t *scratch = sorted_b + b_count;
    memcpy(sorted_a, a, a_count * sizeof *a);
    memcpy(sorted_b, b, b_count * sizeof *b);
    ndup__sort_hashes(sorted_a, scratch, a_count);
    ndup__sort_hashes(sorted_b, scratch, b_count);
    *shared = ndup__multiset_intersection(sorted_a, a_count, sorted_b, b_count);
    return NDUP_STATUS_OK;
}

ndup_status ndup__figures_agreement(double *agreement, ndup__figure_room *room,
                                    const ndup__figures *a, const ndup__figures *b, double enough,
                                    ndup_error *error)
{
    size_t numbers = 0;
    size_t tokens = 0;
    *agreement = 1;
    if (!ndup__figures_are_dense(a->number_count, a->token_count) ||
        !ndup__figures_are_dense(b->number_count, b->token_count)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = count_shared(&numbers, room, a->numbers, a->number_count, b->numbers,
                                      b->number_count, error);
    double similarity = ndup__jaccard(numbers, a->number_count, b->number_count);
    if (status == NDUP_STATUS_OK && similarity < enough) {
        status = count_shared(&tokens, room, a->tokens, a->token_count, b->tokens, b->token_count,
                              error);
        size_t number_changes = a->number_count + b->number_count - 2 * numbers;
        size_t changes = a->token_count + b->token_count - 2 * tokens;
        similarity = changes > 2 * number_changes ? 1 : similarity;
    }
    *agreement = similarity;
    return status;
}

void ndup__figure_room_deinit(ndup__figure_room *room)
{
    ndup__free(room->allocator, &room->words, room->capacity, sizeof *room->words);
    room->capacity = 0;
}
