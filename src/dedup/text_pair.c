/* SPDX-License-Identifier: MIT */
/* Sets of shingles of two texts, compared whole. */
#include "dedup/text_pair.h"

#include "base/alloc.h"
#include "similarity/jaccard.h"
#include "text/shingle.h"
#include "text/tokenize.h"

static ndup_status list_shingles(ndup__shingle_list *list, ndup__text_pair *pair, ndup_text text,
                                 ndup_error *error)
{
    ndup__tokens *tokens = &pair->tokens;
    ndup_status status =
        ndup__tokenize(tokens, pair->shingling.mode, text.bytes, text.length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    list->count = ndup__shingle_count(tokens->count, pair->shingling.size);
    status = ndup__reserve(pair->allocator, &list->shingles, &list->capacity, list->count,
                           sizeof *list->shingles, error);
    if (status == NDUP_STATUS_OK && list->count > 0) {
        ndup__shingle(list->shingles, tokens->hashes, tokens->count, pair->shingling.size);
    }
    return status;
}

ndup_status ndup__text_pair_read(ndup__shingle_list **list, ndup__text_pair *pair, ndup_text text,
                                 ndup_error *error)
{
    *list = &pair->lists[0];
    return list_shingles(*list, pair, text, error);
}

static ndup_status list_distinct(ndup__shingle_list *list, ndup__text_pair *pair, ndup_text text,
                                 ndup_error *error)
{
    ndup_status status = list_shingles(list, pair, text, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(pair->allocator, &pair->scratch, &pair->scratch_capacity,
                               list->count, sizeof *pair->scratch, error);
    }
    if (status == NDUP_STATUS_OK && list->count > 0) {
        list->count = ndup__sort_distinct(list->shingles, pair->scratch, list->count);
    }
    return status;
}

ndup_status ndup__text_pair_similarity(double *similarity, ndup__text_pair *pair, ndup_text a,
                                       ndup_text b, ndup_error *error)
{
    ndup__shingle_list *of_a = &pair->lists[0];
    ndup__shingle_list *of_b = &pair->lists[1];
    ndup_status status = list_distinct(of_a, pair, a, error);
    if (status == NDUP_STATUS_OK) {
        status = list_distinct(of_b, pair, b, error);
    }
    if (status == NDUP_STATUS_OK) {
        size_t shared =
            ndup__intersection(of_a->shingles, of_a->count, of_b->shingles, of_b->count, 0);
        *similarity = ndup__jaccard(shared, of_a->count, of_b->count);
    }
    return status;
}

void ndup__text_pair_deinit(ndup__text_pair *pair)
{
    ndup__tokens_deinit(&pair->tokens);
    for (unsigned i = 0; i < 2; i++) {
        ndup__free(pair->allocator, &pair->lists[i].shingles, pair->lists[i].capacity,
                   sizeof *pair->lists[i].shingles);
    }
    ndup__free(pair->allocator, &pair->scratch, pair->scratch_capacity, sizeof *pair->scratch);
}
