/* SPDX-License-Identifier: MIT */
/* Defaults and checks of the options of a run. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/require.h"
#include "pipeline/options.h"
#include "lsh/bands.h"
#include "text/shingle.h"

#define RECALL_DEFAULT 0.99
#define THREADS_MOST 1024
#define AUDIT_MOST 1000000

const char *ndup_templates_name(ndup_templates templates)
{
    static const char *const names[] = {"keep", "drop", "fold"};
    return (unsigned)templates < sizeof names / sizeof names[0] ? names[templates] : "unknown";
}

const char *ndup_rule_name(ndup_rule rule)
{
    static const char *const names[] = {"jaccard", "contained", "either"};
    return (unsigned)rule < sizeof names / sizeof names[0] ? names[rule] : "unknown";
}

const char *ndup__options_keep(const ndup_dedup_options *options)
{
    const char *usual = options->rule == NDUP_RULE_JACCARD ? "first" : "longest";
    return options->keep != NULL ? options->keep : usual;
}

double ndup__options_containment(const ndup_dedup_options *options)
{
    return options->containment > 0 ? options->containment : NDUP_CONTAINMENT;
}

static ndup_status check_rule(const ndup_dedup_options *options, ndup_error *error)
{
    if ((unsigned)options->rule > NDUP_RULE_EITHER) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "rule %d, must be jaccard, contained or either", (int)options->rule);
    }
    if (!(options->containment >= 0 && options->containment <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "containment %g, must be over 0 and at most 1", options->containment);
    }
    if (options->rule == NDUP_RULE_JACCARD) {
        return options->containment == 0
                   ? NDUP_STATUS_OK
                   : ndup__fail(error, NDUP_STATUS_INVALID,
                                "containment %g under the rule jaccard, which asks for none: the "
                                "rules contained and either do",
                                options->containment);
    }
    const char *wrong = options->exact                                ? "the exact join"
                        : options->cluster == NDUP_CLUSTER_COMPONENTS ? "clusters of components"
                                                                      : NULL;
    return wrong == NULL ? NDUP_STATUS_OK
                         : ndup__fail(error, NDUP_STATUS_INVALID,
                                      "%s with the rule %s: only pairs by similarity make them",
                                      wrong, ndup_rule_name(options->rule));
}

static ndup_status fail_preset(const char *name, ndup_error *error)
{
    char names[120] = "";
    size_t used = 0;
    for (size_t i = 0; i < ndup_preset_count() && used < sizeof names; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                                 ndup_preset_get(i)->name);
    }
    return ndup__fail(error, NDUP_STATUS_NOT_FOUND, "no preset named '%.40s'; there are %s", name,
                      names);
}

ndup_status ndup_dedup_options_init(ndup_dedup_options *options, const char *preset,
                                    ndup_error *error)
{
    ndup_status given = NDUP__REQUIRE(error, "options", options);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    const ndup_preset *chosen = preset != NULL ? ndup_preset_find(preset) : ndup_preset_get(0);
    *options = (ndup_dedup_options){.struct_size = sizeof *options, .recall = RECALL_DEFAULT};
    if (chosen == NULL) {
        return fail_preset(preset, error);
    }
    options->matching = chosen->matching;
    options->preset = chosen->name;
    return NDUP_STATUS_OK;
}

static ndup_status check_matching(const ndup_matching *matching, ndup_error *error)
{
    if (!(matching->threshold > 0 && matching->threshold <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "threshold %g, must be over 0 and at most 1",
                          matching->threshold);
    }
    if (matching->shingle_size < 1 || matching->shingle_size > NDUP__SHINGLE_SIZE_MAX) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "shingle size %u, must be 1..%d",
                          matching->shingle_size, NDUP__SHINGLE_SIZE_MAX);
    }
    if ((unsigned)matching->tokens > NDUP_TOKEN_POSTS) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "token mode %d, must be words, characters, exact, code or posts",
                          (int)matching->tokens);
    }
    if (!(matching->number_agreement >= 0 && matching->number_agreement <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "number agreement %g, must be 0..1",
                          matching->number_agreement);
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_lists(const ndup_dedup_options *options, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (options->never_drop_count > 0) {
        status = NDUP__REQUIRE(error, "never_drop", options->never_drop);
    }
    for (size_t i = 0; i < options->never_drop_count && status == NDUP_STATUS_OK; i++) {
        status = NDUP__REQUIRE(error, "a glob of never_drop", options->never_drop[i]);
    }
    if (status == NDUP_STATUS_OK && options->max_loss_count > 0) {
        status = NDUP__REQUIRE(error, "max_loss", options->max_loss);
    }
    for (size_t i = 0; i < options->max_loss_count && status == NDUP_STATUS_OK; i++) {
        if (!(options->max_loss[i].share >= 0 && options->max_loss[i].share <= 1)) {
            status = ndup__fail(error, NDUP_STATUS_INVALID, "greatest loss %g, must be 0..1",
                                options->max_loss[i].share);
        }
    }
    return status;
}

ndup_status ndup__options_check(const ndup_dedup_options *options, ndup_error *error)
{
    if (options->struct_size < sizeof *options) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "struct_size %zu of the options, must be %zu",
                          options->struct_size, sizeof *options);
    }
    if (!(options->recall > 0 && options->recall < 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "recall %g, must be between 0 and 1",
                          options->recall);
    }
    if (options->threads > THREADS_MOST) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%u threads, must be at most %d",
                          options->threads, THREADS_MOST);
    }
    if (options->audit > AUDIT_MOST) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "audit of %llu documents, must be at most %d",
                          (unsigned long long)options->audit, AUDIT_MOST);
    }
    ndup_status status = check_lists(options, error);
    if (status == NDUP_STATUS_OK) {
        status = check_rule(options, error);
    }
    return status == NDUP_STATUS_OK ? check_matching(&options->matching, error) : status;
}

ndup__shingling ndup__options_shingling(const ndup_dedup_options *options)
{
    return (ndup__shingling){
        .mode = ndup__token_mode_of(options->matching.tokens),
        .size = options->matching.shingle_size,
        .seed = options->seed,
    };
}

ndup_status ndup__options_sketcher(ndup_sketcher **sketcher, ndup_bands *bands,
                                   const ndup_dedup_options *options, ndup_error *error)
{
    ndup_sketcher *asked;
    ndup_status status = ndup_sketcher_new(&asked, options->sketch, options->slots, options->seed,
                                           options->allocator, error);
    *sketcher = NULL;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup_sketch_info *kind = ndup_sketcher_info(asked);
    status = ndup_bands_choose(bands, kind, options->matching.threshold, options->recall,
                               options->slots, error);
    ndup_sketcher_free(asked);
    if (status == NDUP_STATUS_OK) {
        status = ndup_sketcher_new(sketcher, kind->name, bands->slots, options->seed,
                                   options->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__row_widen(*sketcher, ndup__bands_wide_slots(bands, kind), bands->rows, bands->bands);
    }
    return status;
}
