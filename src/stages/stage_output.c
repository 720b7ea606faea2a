/* SPDX-License-Identifier: MIT */
/* A stage that is run once more replaces its own output, and nothing else. */
#include "stages/stage_output.h"

#include "base/error.h"
#include "base/file.h"

ndup_status ndup__stage_output_check(const char *path, const ndup__section_kind *kind,
                                     ndup_error *error)
{
    ndup__file_info info;
    char shown[100];
    if (ndup__file_get_info(&info, path, NULL) == NDUP_STATUS_NOT_FOUND ||
        ndup__section_file_is(path, kind)) {
        return NDUP_STATUS_OK;
    }
    return ndup__fail(error, NDUP_STATUS_EXISTS, "%s is there, and is not %s: name another file",
                      ndup__shorten_path(shown, sizeof shown, path), kind->noun);
}

ndup_status ndup__shard_check(ndup_shard *shard, ndup_error *error)
{
    if (shard->of == 0 && shard->number == 0) {
        shard->of = 1;
    }
    return shard->number < shard->of
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "shard %u of %u, must be 0 to %u",
                            shard->number, shard->of, shard->of > 0 ? shard->of - 1 : 0);
}

ndup_status ndup__stages_check(const ndup_dedup_options *options, ndup_error *error)
{
    const char *wrong = options->exact                            ? "the exact join"
                        : options->pairs                          ? "all pairs"
                        : options->audit > 0                      ? "an audit"
                        : options->rule != NDUP_RULE_JACCARD      ? "a rule of containment"
                        : options->cluster != NDUP_CLUSTER_LEADER ? "clusters of components"
                                                                  : NULL;
    return wrong == NULL
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "%s in stages: it compares documents that share no key; a run of "
                            "dedup does it",
                            wrong);
}
