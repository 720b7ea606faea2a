/* SPDX-License-Identifier: MIT */
/* The list of output formats, and opening them by specification. */
#include <string.h>

#include "base/error.h"
#include "base/require.h"
#include "report/sink.h"

static const ndup__output_kind *const kinds[] = {
    &ndup__output_tree,      &ndup__output_jsonl,    &ndup__output_csv,
    &ndup__output_parquet,   &ndup__output_ids,      &ndup__output_removed,
    &ndup__output_annotated, &ndup__output_rejected, &ndup__output_uncompared,
    &ndup__output_plan,      &ndup__output_pairs,    &ndup__output_clusters,
    &ndup__output_summary,   &ndup__output_sources,  &ndup__output_html,
    &ndup__output_pages,     &ndup__output_sarif,    &ndup__output_text};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])
#define NAMES_BYTES 160

size_t ndup_output_count(void)
{
    return KIND_COUNT;
}

const ndup_output_info *ndup_output_get(size_t i)
{
    return i < KIND_COUNT ? &kinds[i]->info : NULL;
}

static const ndup__output_kind *find_kind(const char *name, size_t length)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strlen(kinds[i]->info.name) == length &&
            strncmp(kinds[i]->info.name, name, length) == 0) {
            return kinds[i];
        }
    }
    return NULL;
}

static ndup_status fail_specification(const char *specification, const char *problem,
                                      ndup_error *error)
{
    char names[NAMES_BYTES] = "";
    for (size_t i = 0; i < KIND_COUNT; i++) {
        size_t used = strlen(names);
        if (used + strlen(kinds[i]->info.name) + 2 < sizeof names) {
            strcat(names, i > 0 ? " " : "");
            strcat(names, kinds[i]->info.name);
        }
    }
    return ndup__fail(error, NDUP_STATUS_INVALID, "output '%.30s' %s: %s", specification, problem,
                      names);
}

ndup_status ndup_output_open(ndup_sink **sink, const char *specification,
                             const ndup_output_options *options, ndup_error *error)
{
    if (sink != NULL) {
        *sink = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "sink", sink, "specification", specification);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    if (options != NULL && options->struct_size < sizeof *options) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "struct_size %zu of the output options, must be %zu",
                          options->struct_size, sizeof *options);
    }
    const char *colon = strchr(specification, ':');
    if (colon == NULL) {
        return fail_specification(specification, "must be FORMAT:PATH, with a FORMAT of", error);
    }
    const ndup__output_kind *kind = find_kind(specification, (size_t)(colon - specification));
    if (kind == NULL) {
        return fail_specification(specification, "is of no known format", error);
    }
    if (colon[1] == '\0') {
        return ndup__fail(error, NDUP_STATUS_INVALID, "output '%s' names no file", specification);
    }
    ndup__output *output;
    ndup_status status = kind->open != NULL
                             ? kind->open(&output, colon + 1, options, error)
                             : ndup__file_output_open(&output, kind, colon + 1, options, error);
    if (status == NDUP_STATUS_OK) {
        *sink = &output->sink;
    }
    return status;
}
