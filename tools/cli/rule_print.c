/* SPDX-License-Identifier: MIT */
/* The rule of a run in words. */
#include "rule_print.h"

#include <stdbool.h>

static bool same_rule(const ndup_matching *a, const ndup_matching *b)
{
    return a->threshold == b->threshold && a->shingle_size == b->shingle_size &&
           a->tokens == b->tokens && a->number_agreement == b->number_agreement;
}

const char *cli_same_tokens_text(const ndup_dedup_options *options)
{
    return options->matching.tokens == NDUP_TOKEN_EXACT
               ? "the same words and marks in other spaces"
               : "the same words in other case, marks or spaces";
}

void cli_preset_text(char text[60], const ndup_dedup_options *options)
{
    const ndup_preset *preset = options->preset != NULL ? ndup_preset_find(options->preset) : NULL;
    if (preset == NULL) {
        snprintf(text, 60, "no preset");
        return;
    }
    bool same = same_rule(&preset->matching, &options->matching);
    snprintf(text, 60, "preset %.40s%s", preset->name, same ? "" : ", changed");
}

void cli_rule_print(FILE *out, const ndup_dedup_options *options)
{
    static const char *const units[] = {[NDUP_TOKEN_WORDS] = "word",
                                        [NDUP_TOKEN_CHARACTERS] = "character",
                                        [NDUP_TOKEN_EXACT] = "exact-token",
                                        [NDUP_TOKEN_CODE] = "code-word",
                                        [NDUP_TOKEN_POSTS] = "post-word"};
    const ndup_matching *matching = &options->matching;
    char preset[60];
    if (options->rule != NDUP_RULE_CONTAINED) {
        fprintf(out, "similarity >= %.4g, ", matching->threshold);
    }
    if (options->rule != NDUP_RULE_JACCARD) {
        fprintf(out, "%s%.4g %% of a text in one kept document, ",
                options->rule == NDUP_RULE_EITHER ? "or " : "", 100 * options->containment);
    }
    fprintf(out, "%u-%s shingles", matching->shingle_size, units[matching->tokens]);
    if (matching->number_agreement > 0) {
        fprintf(out, ", numbers %.4g", matching->number_agreement);
    }
    cli_preset_text(preset, options);
    fprintf(out, " (%s)", preset);
}
