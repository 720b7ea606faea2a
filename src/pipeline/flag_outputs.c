/* SPDX-License-Identifier: MIT */
/* The list of formats for flag runs, and opening them by specification. */
#include <string.h>

#include "base/error.h"
#include "base/require.h"
#include "report/flag_output.h"

static const ndup__flag_kind *const kinds[] = {
    &ndup__flag_jsonl, &ndup__flag_cleaned, &ndup__flag_annotated, &ndup__flag_summary,
    &ndup__flag_html,  &ndup__flag_pages,   &ndup__flag_sarif};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])
#define NAMES_BYTES 120

size_t ndup_flag_output_count(void)
{
    return KIND_COUNT;
}

const ndup_output_info *ndup_flag_output_get(size_t i)
{
    return i < KIND_COUNT ? &kinds[i]->info : NULL;
}

static const ndup__flag_kind *find_kind(const char *name, size_t length)
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
        if (strlen(names) + strlen(kinds[i]->info.name) + 2 < sizeof names) {
            strcat(names, i > 0 ? " " : "");
            strcat(names, kinds[i]->info.name);
        }
    }
    return ndup__fail(error, NDUP_STATUS_INVALID, "output '%.30s' %s: %s", specification, problem,
                      names);
}

ndup_status ndup_flag_output_open(ndup_flag_sink **sink, const char *specification,
                                  const ndup_output_options *options, ndup_error *error)
{
    if (sink != NULL) {
        *sink = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "sink", sink, "specification", specification);
    if (given == NDUP_STATUS_OK && options != NULL) {
        given = ndup__require_size(options->struct_size, sizeof *options, "output options", error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    const char *colon = strchr(specification, ':');
    if (colon == NULL) {
        return fail_specification(specification, "must be FORMAT:PATH, with a FORMAT of", error);
    }
    const ndup__flag_kind *kind = find_kind(specification, (size_t)(colon - specification));
    if (kind == NULL) {
        return fail_specification(specification, "is of no known format", error);
    }
    if (colon[1] == '\0') {
        return ndup__fail(error, NDUP_STATUS_INVALID, "output '%s' names no file", specification);
    }
    return ndup__flag_output_open(sink, kind, colon + 1, options, error);
}
