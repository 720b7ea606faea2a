/* SPDX-License-Identifier: MIT */
/* The list of formats for groups, and opening them by specification. */
#include "base/require.h"
#include "report/group_output.h"
#include "report/output_specification.h"

static const ndup__group_kind *const kinds[] = {
    &ndup__group_jsonl,   &ndup__group_csv,     &ndup__group_stories_out, &ndup__group_versions,
    &ndup__group_sources, &ndup__group_summary, &ndup__group_html,        &ndup__group_pages};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

size_t ndup_group_output_count(void)
{
    return KIND_COUNT;
}

const ndup_output_info *ndup_group_output_get(size_t i)
{
    return i < KIND_COUNT ? &kinds[i]->info : NULL;
}

ndup_status ndup_group_output_open(ndup_group_sink **sink, const char *specification,
                                   const ndup_output_options *options, ndup_error *error)
{
    size_t kind;
    const char *path;
    if (sink != NULL) {
        *sink = NULL;
    }
    ndup_status status = NDUP__REQUIRE(error, "sink", sink, "specification", specification);
    if (status == NDUP_STATUS_OK && options != NULL) {
        status = ndup__require_size(options->struct_size, sizeof *options, "output options", error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__read_specification(&kind, &path, specification, ndup_group_output_get, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__group_output_open(sink, kinds[kind], path, options, error)
               : status;
}
