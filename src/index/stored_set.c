/* SPDX-License-Identifier: MIT */
/* Shingles of tokens of which only some bits are known. */
#include "index/stored_set.h"

#include <string.h>

#include "base/alloc.h"
#include "text/shingle.h"

void ndup__stored_set_init(ndup__stored_set *stored, const ndup_allocator *allocator)
{
    *stored = (ndup__stored_set){.list = {.allocator = allocator}};
    ndup__set_reader_init(&stored->reader, allocator);
}

void ndup__stored_set_deinit(ndup__stored_set *stored)
{
    const ndup_allocator *allocator = stored->list.allocator;
    ndup__free(allocator, &stored->shingles, stored->shingle_capacity, sizeof *stored->shingles);
    ndup__free(allocator, &stored->repeats, stored->repeat_capacity, sizeof *stored->repeats);
    ndup__set_reader_deinit(&stored->reader);
    ndup__token_list_deinit(&stored->list);
}

static ndup_status mark_repeats(ndup__stored_set *stored, ndup_error *error)
{
    ndup__set *set = &stored->set;
    size_t words = (set->count + 63) / 64;
    if (set->distinct == set->count) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__reserve(stored->list.allocator, &stored->repeats, &stored->repeat_capacity, words,
                      sizeof *stored->repeats, error);
    if (status == NDUP_STATUS_OK) {
        memset(stored->repeats, 0, words * sizeof *stored->repeats);
        ndup__index_mark_repeats(stored->repeats, &stored->reader.index);
        set->repeats = stored->repeats;
    }
    return status;
}

ndup_status ndup__stored_set_make(ndup__stored_set *stored, uint32_t number, unsigned shingle_size,
                                  ndup_error *error)
{
    const ndup__token_list *list = &stored->list;
    size_t count = ndup__shingle_count(list->count, shingle_size);
    stored->reader.index_class = NDUP__NO_CLASS;
    ndup_status status =
        ndup__reserve(list->allocator, &stored->shingles, &stored->shingle_capacity, count,
                      sizeof *stored->shingles, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__shingle(stored->shingles, list->tokens, list->count, shingle_size);
    status = ndup__index_fill(&stored->reader.index, stored->shingles, count, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    stored->set = (ndup__set){.class_number = number,
                              .shingles = stored->shingles,
                              .count = count,
                              .distinct = stored->reader.index.distinct,
                              .numbers = list->numbers,
                              .number_count = list->number_count,
                              .token_hashes = list->tokens,
                              .text = {.tokens = list->count}};
    stored->reader.index_class = number;
    return mark_repeats(stored, error);
}
