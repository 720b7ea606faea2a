/* SPDX-License-Identifier: MIT */
/* The set is what the reader holds, and marks of repeats. */
#include "stream/text_set.h"

#include <string.h>

#include "base/alloc.h"
#include "similarity/figures.h"
#include "text/shingle.h"
#include "text/token_bytes.h"

void ndup__text_set_init(ndup__text_set *made, const ndup_allocator *allocator)
{
    *made = (ndup__text_set){.repeats = NULL};
    ndup__set_reader_init(&made->reader, allocator);
    made->reader.tokens.wants_numbers = true;
}

void ndup__text_set_deinit(ndup__text_set *made)
{
    const ndup_allocator *allocator = made->reader.tokens.allocator;
    ndup__free(allocator, &made->repeats, made->repeat_capacity, sizeof *made->repeats);
    ndup__set_reader_deinit(&made->reader);
}

static ndup_status index_shingles(ndup__set_reader *reader, unsigned size, ndup_error *error)
{
    const ndup__tokens *tokens = &reader->tokens;
    size_t count = ndup__shingle_count(tokens->count, size);
    ndup_status status =
        ndup__reserve(tokens->allocator, &reader->shingles, &reader->shingle_capacity, count,
                      sizeof *reader->shingles, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__shingle(reader->shingles, tokens->hashes, tokens->count, size);
    return ndup__index_fill(&reader->index, reader->shingles, count, error);
}

static void fill_set(ndup__set *set, const ndup__set_reader *reader, uint32_t number)
{
    const ndup__tokens *tokens = &reader->tokens;
    bool is_dense = ndup__figures_are_dense(tokens->number_count, tokens->count);
    *set = (ndup__set){.class_number = number,
                       .shingles = reader->shingles,
                       .count = reader->index.count,
                       .distinct = reader->index.distinct,
                       .numbers = tokens->numbers,
                       .number_count = tokens->number_count,
                       .token_hashes = is_dense ? tokens->hashes : NULL,
                       .text = {tokens->bytes, tokens->byte_count, tokens->count}};
}

static ndup_status mark_repeats(ndup__text_set *made, ndup_error *error)
{
    ndup__set *set = &made->set;
    size_t words = (set->count + 63) / 64;
    if (set->distinct == set->count) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(made->reader.tokens.allocator, &made->repeats,
                                       &made->repeat_capacity, words, sizeof *made->repeats, error);
    if (status == NDUP_STATUS_OK) {
        memset(made->repeats, 0, words * sizeof *made->repeats);
        ndup__index_mark_repeats(made->repeats, &made->reader.index);
        set->repeats = made->repeats;
    }
    return status;
}

ndup_status ndup__text_set_make(ndup__text_set *made, uint32_t number,
                                const ndup__shingling *shingling, ndup_text text, ndup_error *error)
{
    ndup__set_reader *reader = &made->reader;
    reader->tokens.seed = shingling->seed;
    reader->index_class = NDUP__NO_CLASS;
    ndup_status status =
        ndup__tokenize_bytes(&reader->tokens, shingling->mode, text.bytes, text.length, error);
    if (status == NDUP_STATUS_OK) {
        status = index_shingles(reader, shingling->size, error);
    }
    if (status == NDUP_STATUS_OK) {
        fill_set(&made->set, reader, number);
        reader->index_class = number;
        status = mark_repeats(made, error);
    }
    return status;
}
