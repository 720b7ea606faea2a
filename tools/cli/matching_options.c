/* SPDX-License-Identifier: MIT */
/* Shared options of matching and search. */
#include "matching_options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "console.h"
#include "value.h"

/* Shingle size of --char-shingles where no preset has one. */
enum { CHARACTER_SHINGLE = 9, LOSSLESS_SHINGLE = 3, SHINGLE_MOST = 64 };

const char *cli_preset_name(size_t i)
{
    const ndup_preset *preset = ndup_preset_get(i);
    return preset != NULL ? preset->name : NULL;
}

const char *cli_sketch_name(size_t i)
{
    const ndup_sketch_info *kind = ndup_sketch_get(i);
    return kind != NULL ? kind->name : NULL;
}

static const char *cluster_choice(size_t i)
{
    static const char *const choices[] = {"leader", "components"};
    return i < sizeof choices / sizeof *choices ? choices[i] : NULL;
}

static const char *templates_choice(size_t i)
{
    return i <= NDUP_TEMPLATES_FOLD ? ndup_templates_name((ndup_templates)i) : NULL;
}

static const char *rule_choice(size_t i)
{
    return i <= NDUP_RULE_EITHER ? ndup_rule_name((ndup_rule)i) : NULL;
}

const cli_option cli_rule_table[] = {
    {.name = "preset",
     .letter = 'p',
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_matching_options, preset),
     .argument = "NAME",
     .choice = cli_preset_name,
     .help = "a named choice of the options below; 'neardup presets' lists them"},
    {.name = "threshold",
     .letter = 't',
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_matching_options, threshold),
     .argument = "T",
     .range = {.least = 0, .most = 1, .open_least = true},
     .standard = "the preset's",
     .help = "similarity from which two texts are near-duplicates: the share of their shingles "
             "that both have, above 0 and at most 1"},
    {.name = NULL}};

const cli_option cli_shingle_table[] = {
    {.name = "shingle-size",
     .kind = CLI_COUNT,
     .offset = offsetof(cli_matching_options, shingle_size),
     .argument = "N",
     .range = {.least = 1, .most = SHINGLE_MOST},
     .standard = "the preset's",
     .help = "tokens in a shingle, 1 to 64"},
    {.name = "char-shingles",
     .kind = CLI_COUNT_OPTIONAL,
     .offset = offsetof(cli_matching_options, character_shingles),
     .argument = "N",
     .range = {.least = 1, .most = SHINGLE_MOST},
     .help = "compare runs of N characters instead of words, for text with damaged letters"},
    {.name = "exact-tokens",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_matching_options, exact_tokens),
     .help = "marks and signs count, and so do case and accents: only white space does not; for "
             "texts in which C++ is not C# and -5 is not 5"},
    {.name = "number-agreement",
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_matching_options, number_agreement),
     .argument = "X",
     .range = {.least = 0, .most = 1},
     .standard = "the preset's",
     .help = "share of their numbers that two texts full of numbers must have in common, 0 to 1; "
             "tells forms filled in with other figures from copies"},
    {.name = NULL}};

const cli_option cli_search_table[] = {
    {.name = "recall",
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_matching_options, recall),
     .argument = "R",
     .range = {.least = 0, .most = 1, .open_least = true, .open_most = true},
     .standard = "0.99",
     .help = "share of the pairs at the threshold to be found, above 0 and below 1"},
    {.name = "sketch",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_matching_options, sketch),
     .argument = "KIND",
     .choice = cli_sketch_name,
     .help = "how documents are summarised"},
    {.name = "slots",
     .kind = CLI_COUNT,
     .offset = offsetof(cli_matching_options, slots),
     .argument = "N",
     .range = {.least = 1, .most = 65536},
     .standard = "what bands within 128 use, 96 at least, raised where the recall needs it",
     .help = "size of a sketch"},
    {.name = NULL}};

const cli_option cli_seed_table[] = {{.name = "seed",
                                      .kind = CLI_TEXT,
                                      .offset = offsetof(cli_matching_options, seed),
                                      .argument = "N|random",
                                      .standard = "0",
                                      .help = "key of all hashes of words; random, where somebody "
                                              "may have made the texts to look alike: it is told "
                                              "and recorded, and giving it again repeats the run"},
                                     {.name = NULL}};

const cli_option cli_keep_table[] = {
    {.name = "keep",
     .letter = 'k',
     .kind = CLI_TEXT,
     .offset = offsetof(cli_keep_options, keep),
     .argument = "CHAIN",
     .standard = "first",
     .help = "which document of a group stays, by a list such as prefer=reuters*,longest: first, "
             "last, longest, shortest (by tokens), newest, oldest, prefer=GLOB (of source, id or "
             "url), field:NAME:asc, field:NAME:desc; ties go by id"},
    {.name = "never-drop-from",
     .kind = CLI_LIST,
     .offset = offsetof(cli_keep_options, never_drop),
     .argument = "GLOB",
     .help = "keep every document whose source or id matches; may be repeated; one that matches "
             "nothing is an error"},
    {.name = "allow-empty-guard",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_keep_options, allow_empty_guard),
     .help = "go on when a GLOB of documents never to be dropped, or a SOURCE with a limit, "
             "matches nothing"},
    {.name = "templates",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_keep_options, templates),
     .argument = "WHAT",
     .choice = templates_choice,
     .help = "texts that fill one form, each with contents of its own (vacancies of one firm, "
             "replies to one post, weekly price lists): keep them all; drop all but one of each "
             "form; or fold, for reading: keep all, and in jsonl and tree write whole sentences "
             "that the first of a form has, too, there only, with a mark in their place"},
    {.name = "rule",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_keep_options, rule),
     .argument = "RULE",
     .choice = rule_choice,
     .help = "drop a text that is similar to a kept one; with contained, one that stands in a kept "
             "one, however much longer that is; with either, both. The latter two keep the longest "
             "first unless --keep says otherwise"},
    {.name = "containment",
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_keep_options, containment),
     .argument = "C",
     .range = {.least = 0, .most = 1, .open_least = true},
     .standard = "0.9",
     .help = "under contained and either: the share of a text's shingles that must stand in one "
             "kept document"},
    {.name = "lossless",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_keep_options, lossless),
     .help = "drop a text only where every run of three of its words stands in one kept document: "
             "--rule contained --containment 1 --shingle-size 3"},
    {.name = "cluster",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_keep_options, cluster),
     .argument = "RULE",
     .choice = cluster_choice,
     .help = "leader drops a document only for a kept one that is near it, components merges "
             "chains of neighbours"},
    {.name = NULL}};

/* The size of character shingles: as given, as --shingle-size says, as some preset has it. */
static unsigned character_shingle_size(const cli_matching_options *typed)
{
    if (typed->character_shingles.value > 0) {
        return (unsigned)typed->character_shingles.value;
    }
    for (size_t i = 0; ndup_preset_get(i) != NULL; i++) {
        const ndup_matching *matching = &ndup_preset_get(i)->matching;
        if (matching->tokens == NDUP_TOKEN_CHARACTERS) {
            return matching->shingle_size;
        }
    }
    return CHARACTER_SHINGLE;
}

static void resolve_rule(ndup_matching *matching, const cli_matching_options *typed)
{
    if (typed->threshold.given) {
        matching->threshold = typed->threshold.value;
    }
    if (typed->character_shingles.given) {
        matching->tokens = NDUP_TOKEN_CHARACTERS;
        matching->shingle_size = character_shingle_size(typed);
    }
    if (typed->exact_tokens) {
        matching->tokens = NDUP_TOKEN_EXACT;
    }
    if (typed->shingle_size.given) {
        matching->shingle_size = (unsigned)typed->shingle_size.value;
    }
    if (typed->number_agreement.given) {
        matching->number_agreement = typed->number_agreement.value;
    }
}

static int resolve_seed(uint64_t *seed, const char *typed, const cli_command *command)
{
    if (typed == NULL || cli_value_count(seed, typed)) {
        return CLI_GO_ON;
    }
    if (strcmp(typed, "random") != 0) {
        return cli_usage_error(command, "--seed: '%s' is neither a whole number nor random", typed);
    }
    if (getrandom(seed, sizeof *seed, 0) != (ssize_t)sizeof *seed) {
        ndup_error error = {.status = NDUP_STATUS_IO};
        snprintf(error.message, sizeof error.message,
                 "the system gives no random numbers; give --seed a number that nobody knows");
        return cli_failure(command, &error);
    }
    return CLI_GO_ON;
}

int cli_matching_resolve(ndup_dedup_options *resolved, const cli_matching_options *typed,
                         const cli_command *command)
{
    ndup_error error = {0};
    if (ndup_dedup_options_init(resolved, typed->preset, &error) != NDUP_STATUS_OK) {
        return cli_failure(command, &error);
    }
    if (typed->shingle_size.given && typed->character_shingles.value > 0) {
        return cli_usage_error(command, "--shingle-size and --char-shingles=N both give a size; "
                                        "leave one out");
    }
    if (typed->exact_tokens && typed->character_shingles.given) {
        return cli_usage_error(command, "--exact-tokens and --char-shingles both say what a token "
                                        "is; leave one out");
    }
    resolve_rule(&resolved->matching, typed);
    resolved->sketch = typed->sketch;
    if (typed->recall.given) {
        resolved->recall = typed->recall.value;
    }
    if (typed->slots.given) {
        resolved->slots = (unsigned)typed->slots.value;
    }
    return resolve_seed(&resolved->seed, typed->seed, command);
}

static void resolve_containment(ndup_dedup_options *resolved, const cli_keep_options *typed)
{
    for (size_t i = 0; typed->rule != NULL && rule_choice(i) != NULL; i++) {
        if (strcmp(typed->rule, rule_choice(i)) == 0) {
            resolved->rule = (ndup_rule)i;
        }
    }
    if (typed->containment.given) {
        resolved->containment = typed->containment.value;
    }
    if (typed->lossless) {
        resolved->rule = NDUP_RULE_CONTAINED;
        resolved->containment = 1;
        resolved->matching.shingle_size = LOSSLESS_SHINGLE;
    }
}

static int check_lossless(const cli_keep_options *typed, const cli_matching_options *matching,
                          const cli_command *command)
{
    const char *also = !typed->lossless               ? NULL
                       : typed->rule != NULL          ? "--rule"
                       : typed->containment.given     ? "--containment"
                       : matching->shingle_size.given ? "--shingle-size"
                                                      : NULL;
    return also == NULL ? CLI_GO_ON
                        : cli_usage_error(command,
                                          "--lossless stands for a rule, a containment and a "
                                          "shingle size of its own; leave out %s",
                                          also);
}

int cli_keep_resolve(ndup_dedup_options *resolved, const cli_keep_options *typed,
                     const cli_matching_options *matching, const cli_command *command)
{
    resolved->keep = typed->keep;
    resolved->never_drop = typed->never_drop.items;
    resolved->never_drop_count = typed->never_drop.count;
    resolved->allow_empty_guard = typed->allow_empty_guard;
    resolved->templates = NDUP_TEMPLATES_KEEP;
    for (size_t i = 0; typed->templates != NULL && templates_choice(i) != NULL; i++) {
        if (strcmp(typed->templates, templates_choice(i)) == 0) {
            resolved->templates = (ndup_templates)i;
        }
    }
    resolve_containment(resolved, typed);
    bool components = typed->cluster != NULL && strcmp(typed->cluster, "components") == 0;
    resolved->cluster = components ? NDUP_CLUSTER_COMPONENTS : NDUP_CLUSTER_LEADER;
    return check_lossless(typed, matching, command);
}
