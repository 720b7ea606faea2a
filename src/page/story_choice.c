/* SPDX-License-Identifier: MIT */
/* Stories counted by their documents and sources, then ranked. */
#include "page/story_choice.h"

#include <stdlib.h>

#include "base/alloc.h"

static int most_sources_first(const void *left, const void *right)
{
    const ndup__ranked_story *a = left;
    const ndup__ranked_story *b = right;
    if (a->sources != b->sources) {
        return a->sources > b->sources ? -1 : 1;
    }
    if (a->documents != b->documents) {
        return a->documents > b->documents ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

static int rising(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return *a < *b ? -1 : *a > *b;
}

static size_t count_stories(const ndup__story_tally *tally)
{
    uint32_t most = 0;
    for (size_t i = 0; i < tally->count; i++) {
        most = tally->stories[i] >= most ? tally->stories[i] + 1 : most;
    }
    return most;
}

/* Numbers in `ranks` the stories of two or more documents, and lists them. */
static ndup_status list_stories(ndup__story_choice *choice, const ndup__story_tally *tally,
                                ndup_error *error)
{
    uint32_t *ranks = choice->ranks; /* documents, until they are ranked below */
    for (size_t i = 0; i < tally->count; i++) {
        ranks[tally->stories[i]]++;
    }
    for (size_t i = 0; i < choice->story_count; i++) {
        choice->count += ranks[i] > 1;
    }
    ndup_status status = ndup__resize(choice->allocator, &choice->items, 0, choice->count,
                                      sizeof *choice->items, error);
    size_t listed = 0;
    for (size_t i = 0; i < choice->story_count && status == NDUP_STATUS_OK; i++) {
        uint32_t documents = ranks[i];
        ranks[i] = documents > 1 ? (uint32_t)listed : NDUP__NOT_SHOWN;
        if (documents > 1) {
            choice->items[listed++] = (ndup__ranked_story){(uint32_t)i, documents, 0, 0};
        }
    }
    return status;
}

/* Each pair of story and source once; the list is as long as the documents of stories. */
static ndup_status count_sources(ndup__story_choice *choice, const ndup__story_tally *tally,
                                 ndup_error *error)
{
    uint64_t *pairs = NULL;
    size_t count = 0;
    ndup_status status =
        ndup__resize(choice->allocator, &pairs, 0, tally->count, sizeof *pairs, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < tally->count; i++) {
        uint64_t place = choice->ranks[tally->stories[i]];
        if (place != NDUP__NOT_SHOWN) {
            pairs[count++] = place << 32 | tally->sources.of_document[i];
        }
    }
    if (count > 0) {
        qsort(pairs, count, sizeof *pairs, rising);
    }
    for (size_t i = 0; i < count; i++) {
        choice->items[pairs[i] >> 32].sources += i == 0 || pairs[i] != pairs[i - 1];
    }
    ndup__free(choice->allocator, &pairs, tally->count, sizeof *pairs);
    return NDUP_STATUS_OK;
}

static void count_copies(ndup__story_choice *choice, const ndup__story_tally *tally)
{
    for (size_t i = 0; i < tally->taking_count; i++) {
        uint32_t place = choice->ranks[tally->stories[tally->takings[i].document]];
        if (place != NDUP__NOT_SHOWN) {
            choice->items[place].copies++;
        }
    }
}

static void rank(ndup__story_choice *choice, size_t most)
{
    if (choice->count > 0) {
        qsort(choice->items, choice->count, sizeof *choice->items, most_sources_first);
    }
    choice->shown = choice->count < most ? choice->count : most;
    for (size_t i = 0; i < choice->count; i++) {
        choice->ranks[choice->items[i].number] = i < choice->shown ? (uint32_t)i : NDUP__NOT_SHOWN;
    }
}

ndup_status ndup__story_choice_make(ndup__story_choice *choice, const ndup__story_tally *tally,
                                    size_t most, ndup_error *error)
{
    choice->story_count = count_stories(tally);
    ndup_status status = ndup__allocate_zeroed(choice->allocator, &choice->ranks,
                                               choice->story_count, sizeof *choice->ranks, error);
    if (status == NDUP_STATUS_OK) {
        status = list_stories(choice, tally, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count_sources(choice, tally, error);
    }
    if (status == NDUP_STATUS_OK) {
        count_copies(choice, tally);
        rank(choice, most);
    }
    return status;
}

void ndup__story_choice_deinit(ndup__story_choice *choice)
{
    ndup__free(choice->allocator, &choice->items, choice->count, sizeof *choice->items);
    ndup__free(choice->allocator, &choice->ranks, choice->story_count, sizeof *choice->ranks);
    choice->count = choice->story_count = 0;
}
