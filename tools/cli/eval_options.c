/* SPDX-License-Identifier: MIT */
/* The options of `eval`. */
#include "eval_options.h"

#include "commands.h"
#include "eval_groups.h"
#include "output_options.h"

static const char *gold_choice(size_t i)
{
    static const char *const choices[] = {"auto", "pairs", "clusters"};
    return i < sizeof choices / sizeof *choices ? choices[i] : NULL;
}

static const cli_option gold_table[] = {
    {.name = "gold",
     .letter = 'g',
     .kind = CLI_TEXT,
     .offset = offsetof(cli_eval_own_options, gold),
     .argument = "FILE",
     .is_path = true,
     .help = "labels, as TSV or CSV: two ids and a level, or an id and its cluster; needed"},
    {.name = "gold-kind",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_eval_own_options, gold_kind),
     .argument = "KIND",
     .choice = gold_choice,
     .help = "what the labels are; auto looks for a column named cluster in the first line, or in "
             "one that begins with #"},
    {.name = "positive",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_eval_own_options, positive),
     .argument = "LEVELS",
     .standard = "dup",
     .help = "levels that count as duplicates, parted by commas"},
    {.name = "ignore",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_eval_own_options, ignore),
     .argument = "LEVELS",
     .standard = "contained,partial,some,ambiguous,short",
     .help = "levels that are left out of the count"},
    {.name = "cluster-column",
     .kind = CLI_COUNT,
     .offset = offsetof(cli_eval_own_options, cluster_column),
     .argument = "N",
     .range = {.least = 1, .most = 1000},
     .help = "column of the cluster behind the id, from 1"},
    {.name = NULL}};
static const cli_option level_table[] = {
    {.name = "level",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_eval_own_options, level),
     .argument = "LEVEL",
     .choice = cli_level_name,
     .standard = "none: near-duplicates as 'neardup dedup' finds them",
     .help = "measure 'neardup group': its groups of copies, the same with partial copies as pairs "
             "with what they are of, or its stories"},
    {.name = NULL}};
static const cli_option output_table[] = {
    {.name = "sweep",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_eval_own_options, sweep),
     .argument = "LOW:HIGH:STEP",
     .standard = CLI_SWEEP_USUAL,
     .help = "measure these thresholds too, from one run at the lowest; none: only the threshold "
             "itself, from the run that 'neardup dedup' would make, as always with a --rule that "
             "goes by containment"},
    {.name = "predicted",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_eval_own_options, predicted),
     .argument = "FILE",
     .is_path = true,
     .help = "write what is predicted at the threshold, tab-separated: id and id of every pair, or "
             "id and group; .csv, .gz and the like as for outputs; the sweep then begins at the "
             "threshold"},
    {.name = "force",
     .letter = 'f',
     .kind = CLI_FLAG,
     .offset = offsetof(cli_eval_own_options, force),
     .help = "replace FILE if it exists"},
    {.name = "csv-raw",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_eval_own_options, csv_raw),
     .help = CLI_CSV_RAW_HELP},
    {.name = "json",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_eval_own_options, json),
     .help = "print JSON"},
    {.name = NULL}};
static const cli_option search_table[] = {
    {.name = "exact",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_eval_own_options, exact),
     .help = "find every pair by an exact join instead of sketches; slower"},
    {.name = NULL}};
const cli_group cli_eval_option_groups[] = {
    {"Labels", gold_table, offsetof(cli_eval_options, own)},
    {"Groups", level_table, offsetof(cli_eval_options, own)},
    {"Groups", cli_group_table, offsetof(cli_eval_options, groups)},
    {"Output", output_table, offsetof(cli_eval_options, own)},
    {CLI_MATCHING_TITLE, cli_rule_table, offsetof(cli_eval_options, matching)},
    {CLI_MATCHING_TITLE, cli_shingle_table, offsetof(cli_eval_options, matching)},
    {CLI_KEEP_TITLE, cli_keep_table, offsetof(cli_eval_options, keep)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(cli_eval_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(cli_eval_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(cli_eval_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(cli_eval_options, inputs.storage)},
    {CLI_SEARCH_TITLE, cli_search_table, offsetof(cli_eval_options, matching)},
    {CLI_SEARCH_TITLE, cli_seed_table, offsetof(cli_eval_options, matching)},
    {CLI_SEARCH_TITLE, search_table, offsetof(cli_eval_options, own)},
    {"Running", cli_thread_table, offsetof(cli_eval_options, threads)},
    {"Running", cli_talk_table, offsetof(cli_eval_options, talk)},
    {NULL, NULL, 0}};

int cli_eval_check_level(const cli_eval_options *typed)
{
    const struct {
        const cli_option *table;
        const void *values;
    } others[] = {{cli_rule_table, &typed->matching},   {cli_shingle_table, &typed->matching},
                  {cli_search_table, &typed->matching}, {cli_seed_table, &typed->matching},
                  {cli_keep_table, &typed->keep},       {search_table, &typed->own}};
    const char *other = typed->own.sweep != NULL       ? "sweep"
                        : typed->own.predicted != NULL ? "predicted"
                                                       : NULL;
    for (size_t i = 0; i < sizeof others / sizeof *others && other == NULL; i++) {
        other = cli_option_given(others[i].table, others[i].values);
    }
    if (typed->own.gold == NULL) {
        return cli_usage_error(&cli_command_eval, "no labels given: --gold FILE");
    }
    return other == NULL ? CLI_GO_ON
                         : cli_usage_error(&cli_command_eval,
                                           "--%s is about near-duplicates, and --level measures "
                                           "groups; leave one out",
                                           other);
}
