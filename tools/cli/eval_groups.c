/* SPDX-License-Identifier: MIT */
/* eval --level: measures a run of `group` against labels. */
#include "eval_groups.h"

#include <string.h>

static const struct {
    const char *name;
    ndup_group_level level;
} levels[] = {{"copy", NDUP_GROUP_LEVEL_COPY},
              {"partial", NDUP_GROUP_LEVEL_PARTIAL},
              {"story", NDUP_GROUP_LEVEL_STORY}};
#define LEVEL_COUNT (sizeof levels / sizeof *levels)

const char *cli_level_name(size_t i)
{
    return i < LEVEL_COUNT ? levels[i].name : NULL;
}

static ndup_group_level level_of(const char *name)
{
    size_t i = 0;
    while (i + 1 < LEVEL_COUNT && strcmp(name, levels[i].name) != 0) {
        i++;
    }
    return levels[i].level;
}

static ndup_status measure(cli_measures *measures, ndup_gold_coverage *coverage,
                           const ndup_found_groups *found, const ndup_gold *gold,
                           ndup_group_level level, ndup_error *error)
{
    ndup_status status = ndup_gold_cover_groups(coverage, gold, found, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return ndup_gold_is_clusters(gold)
               ? ndup_eval_group_clusters(&measures->clusters, found, gold, level, error)
               : ndup_eval_group_pairs(&measures->pairs, found, gold, level, error);
}

ndup_status cli_eval_groups(cli_evaluation *evaluation, cli_measures *measures,
                            ndup_gold_coverage *coverage, ndup_group_summary *summary,
                            ndup_corpus *corpus, const ndup_group_options *options,
                            const char *level, const ndup_gold *gold, const cli_job *job,
                            ndup_error *error)
{
    ndup_found_groups *found;
    evaluation->level = level;
    evaluation->clusters = ndup_gold_is_clusters(gold);
    evaluation->coverage = coverage;
    evaluation->measures = measures;
    evaluation->count = 1;
    ndup_status status = ndup_found_groups_new(&found, NULL, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_group_sink *sink = ndup_found_groups_sink(found);
    status = ndup_group(summary, corpus, options, &sink, 1, &job->hooks, error);
    if (status == NDUP_STATUS_OK) {
        status = measure(measures, coverage, found, gold, level_of(level), error);
    }
    ndup_found_groups_free(found);
    return status;
}
