/* SPDX-License-Identifier: MIT */
/* The list of formats for passages, and opening them by specification. */
#include "base/require.h"
#include "report/output_specification.h"
#include "report/passage_output.h"

static const ndup__passage_kind *const kinds[] = {
    &ndup__passage_jsonl,   &ndup__passage_csv,  &ndup__passage_families, &ndup__passage_passim,
    &ndup__passage_summary, &ndup__passage_html, &ndup__passage_pages};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

size_t ndup_passage_output_count(void)
{
    return KIND_COUNT;
}

const ndup_output_info *ndup_passage_output_get(size_t i)
{
    return i < KIND_COUNT ? &kinds[i]->info : NULL;
}

ndup_status ndup_passage_output_open(ndup_passage_sink **sink, const char *specification,
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
            ndup__read_specification(&kind, &path, specification, ndup_passage_output_get, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__passage_output_open(sink, kinds[kind], path, options, error)
               : status;
}
