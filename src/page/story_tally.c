/* SPDX-License-Identifier: MIT */
/* A few numbers a document, in corpus order. */
#include "page/story_tally.h"

#include "base/alloc.h"

#define DAY_MILLISECONDS ((int64_t)24 * 3600 * 1000)

static int32_t day_of(const ndup_grouping *grouping)
{
    int64_t milliseconds = grouping->milliseconds;
    return grouping->is_dated
               ? (int32_t)(milliseconds / DAY_MILLISECONDS - (milliseconds % DAY_MILLISECONDS < 0))
               : NDUP__NO_DAY;
}

static ndup_status add_taking(ndup__story_tally *tally, const ndup_grouping *grouping,
                              ndup_error *error)
{
    ndup_status status = ndup__reserve(tally->allocator, &tally->takings, &tally->taking_capacity,
                                       tally->taking_count + 1, sizeof *tally->takings, error);
    if (status == NDUP_STATUS_OK) {
        tally->takings[tally->taking_count++] =
            (ndup__taking){(uint32_t)grouping->document, (uint32_t)grouping->of};
    }
    return status;
}

ndup_status ndup__story_tally_add(ndup__story_tally *tally, const ndup_grouping *grouping,
                                  const ndup_document *document, ndup_error *error)
{
    ndup_status status = ndup__sources_add(&tally->sources, document, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(tally->allocator, &tally->stories, &tally->story_capacity,
                               tally->count + 1, sizeof *tally->stories, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(tally->allocator, &tally->days, &tally->day_capacity,
                               tally->count + 1, sizeof *tally->days, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    tally->stories[tally->count] = (uint32_t)grouping->story;
    tally->days[tally->count++] = day_of(grouping);
    return grouping->of != grouping->document ? add_taking(tally, grouping, error) : NDUP_STATUS_OK;
}

ndup_status ndup__story_tally_end(ndup__story_tally *tally, size_t most, ndup_error *error)
{
    ndup__sources *sources = &tally->sources;
    for (size_t i = 0; i < tally->taking_count; i++) {
        sources->rows[sources->of_document[tally->takings[i].document]].dropped++;
        sources->rows[sources->of_document[tally->takings[i].of]].repeated++;
    }
    ndup_status status = ndup__source_matrix_init(&tally->matrix, sources, most, error);
    for (size_t i = 0; i < tally->taking_count && status == NDUP_STATUS_OK; i++) {
        ndup__source_matrix_count(&tally->matrix, sources->of_document[tally->takings[i].of],
                                  sources->of_document[tally->takings[i].document]);
    }
    return status;
}

void ndup__story_tally_deinit(ndup__story_tally *tally)
{
    ndup__free(tally->allocator, &tally->stories, tally->story_capacity, sizeof *tally->stories);
    ndup__free(tally->allocator, &tally->days, tally->day_capacity, sizeof *tally->days);
    ndup__free(tally->allocator, &tally->takings, tally->taking_capacity, sizeof *tally->takings);
    ndup__source_matrix_deinit(&tally->matrix, tally->allocator);
    ndup__sources_deinit(&tally->sources);
}
