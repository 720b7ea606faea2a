/* SPDX-License-Identifier: MIT */
/* The options that say what a near-duplicate is and how pairs are found; several commands share
 * them. */
#ifndef CLI_MATCHING_OPTIONS_H
#define CLI_MATCHING_OPTIONS_H

#include <stdio.h>

#include "neardup.h"
#include "option_table.h"

typedef struct cli_matching_options {
    const char *preset;
    cli_number threshold;
    cli_count shingle_size;
    cli_count character_shingles;
    bool exact_tokens;
    cli_number number_agreement;
    cli_number recall;
    const char *sketch;
    cli_count slots;
    const char *seed;
} cli_matching_options;

/* What counts as a near-duplicate: preset and threshold, and the parts of a preset. */
extern const cli_option cli_rule_table[];
extern const cli_option cli_shingle_table[];
/* How pairs are found: recall, sketch and slots, and the seed. All fill the struct above. */
extern const cli_option cli_search_table[];
extern const cli_option cli_seed_table[];
#define CLI_MATCHING_TITLE "What counts as a near-duplicate"
#define CLI_SEARCH_TITLE "How pairs are found"

/* Which documents stay, shared by the commands that make a run. */
typedef struct cli_keep_options {
    const char *keep;
    const char *cluster;
    const char *templates;
    const char *rule;
    cli_number containment;
    bool lossless;
    cli_list never_drop;
    bool allow_empty_guard;
} cli_keep_options;

extern const cli_option cli_keep_table[];
#define CLI_KEEP_TITLE "Which documents stay"

/* Turns what was typed into options of the library. Gives CLI_GO_ON or an exit status. */
int cli_matching_resolve(ndup_dedup_options *resolved, const cli_matching_options *typed,
                         const cli_command *command);
int cli_keep_resolve(ndup_dedup_options *resolved, const cli_keep_options *typed,
                     const cli_matching_options *matching, const cli_command *command);

/* The closed sets of the library; NULL past the end. */
const char *cli_preset_name(size_t i);
const char *cli_sketch_name(size_t i);

#endif
