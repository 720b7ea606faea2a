/* SPDX-License-Identifier: MIT */
/* sources:FILE of groups, which source copied how much from which other. */
#include "base/alloc.h"
#include "report/group_output.h"
#include "report/sink.h"
#include "report/source_table.h"

typedef struct sources_output {
    ndup__group_output group; /* first */
    ndup__sources sources;
    ndup__source_pairs pairs; /* until the end with documents in the place of givers */
} sources_output;

static ndup_status begin(ndup__group_output *output, ndup_error *error)
{
    (void)error;
    ((sources_output *)output)->sources.allocator = &output->target.allocator;
    return NDUP_STATUS_OK;
}

static ndup_status add_document(ndup__group_output *base, const ndup_grouping *grouping,
                                const ndup_document *document, ndup_error *error)
{
    sources_output *output = (sources_output *)base;
    ndup_status status = ndup__sources_add(&output->sources, document, error);
    if (status != NDUP_STATUS_OK || grouping->of == grouping->document) {
        return status;
    }
    uint32_t row = output->sources.of_document[grouping->document];
    double tokens = grouping->share * (double)grouping->tokens;
    output->sources.rows[row].dropped++;
    return ndup__source_pairs_add(&output->pairs, &base->target.allocator, row,
                                  (uint32_t)grouping->of, (uint64_t)(tokens + 0.5), error);
}

static ndup_status finish(ndup__group_output *base, const ndup_group_summary *summary,
                          ndup_error *error)
{
    static const ndup__source_names names = {"own", "copies", "copied", "copied_from", true};
    sources_output *output = (sources_output *)base;
    (void)summary;
    for (size_t i = 0; i < output->pairs.count; i++) {
        ndup__source_pair *pair = &output->pairs.pairs[i];
        pair->giver = output->sources.of_document[pair->giver];
        output->sources.rows[pair->giver].repeated++;
    }
    ndup__source_pairs_join(&output->pairs);
    return ndup__source_table_write(&base->target.out, &output->sources, &output->pairs, &names,
                                    ndup__output_has_suffix(base->target.path, ".csv"), error);
}

static void release(ndup__group_output *base)
{
    sources_output *output = (sources_output *)base;
    ndup__source_pairs_deinit(&output->pairs, &base->target.allocator);
    ndup__sources_deinit(&output->sources);
}

const ndup__group_kind ndup__group_sources = {
    .info = {"sources", "which source copied from which other, in documents and tokens; or .csv"},
    .own_bytes = sizeof(sources_output),
    .begin = begin,
    .document = add_document,
    .finish = finish,
    .release = release,
};
