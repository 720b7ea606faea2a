/* SPDX-License-Identifier: MIT */
/* The measures of a run against labels, for people and as JSON. */
#include "eval_print.h"

#include <stdio.h>
#include <string.h>

#include "format.h"
#include "json_print.h"
#include "terminal.h"
#include "print_visible.h"
#include "rule_print.h"

/* What the best threshold is best at. */
static double quality(const cli_evaluation *evaluation, size_t i)
{
    const cli_measures *measures = &evaluation->measures[i];
    return evaluation->clusters ? measures->clusters.b3_f1 : measures->pairs.f1;
}

/* The best threshold; of equals the chosen one, else the lowest. */
static size_t best(const cli_evaluation *evaluation)
{
    size_t top = evaluation->chosen;
    for (size_t i = 0; i < evaluation->count; i++) {
        if (quality(evaluation, i) > quality(evaluation, top)) {
            top = i;
        }
    }
    return top;
}

static void print_pairs(const ndup_pair_measures *pairs)
{
    cli_formatted part, whole;
    uint64_t predicted = pairs->true_positives + pairs->false_positives;
    printf("  precision  %.4f  %s of %s pairs found are right\n", pairs->precision,
           cli_format_count(&part, pairs->true_positives), cli_format_count(&whole, predicted));
    printf("  recall     %.4f  %s of %s labelled pairs are found\n", pairs->recall,
           cli_format_count(&part, pairs->true_positives),
           cli_format_count(&whole, pairs->gold_positives));
    printf("  F1         %.4f\n", pairs->f1);
}

static void print_clusters(const ndup_cluster_measures *clusters)
{
    printf("  adjusted Rand  %.4f\n", clusters->adjusted_rand);
    printf("  B-cubed        %.4f  precision %.4f, recall %.4f\n", clusters->b3_f1,
           clusters->b3_precision, clusters->b3_recall);
    printf("  pairs F1       %.4f  precision %.4f, recall %.4f\n", clusters->pair_f1,
           clusters->pair_precision, clusters->pair_recall);
}

static void print_row(const cli_evaluation *evaluation, size_t i)
{
    const cli_measures *measures = &evaluation->measures[i];
    printf("%c %9.4g", i == evaluation->chosen ? '>' : ' ', measures->threshold);
    if (evaluation->clusters) {
        const ndup_cluster_measures *c = &measures->clusters;
        printf("  %6.4f  %6.4f  %6.4f  %6.4f  %6.4f  %6.4f  %6.4f", c->adjusted_rand,
               c->b3_precision, c->b3_recall, c->b3_f1, c->pair_precision, c->pair_recall,
               c->pair_f1);
    } else {
        const ndup_pair_measures *p = &measures->pairs;
        printf("     %6.4f  %6.4f  %6.4f  %8llu  %8llu", p->precision, p->recall, p->f1,
               (unsigned long long)p->true_positives, (unsigned long long)p->false_positives);
    }
}

static void print_sweep(const cli_evaluation *evaluation, const cli_colours *colours)
{
    size_t top = best(evaluation);
    if (evaluation->clusters) {
        printf("\n  threshold    Rand      B3P     B3R     B3F       P       R       F\n");
    } else {
        printf("\n  threshold  precision  recall      F1     right     wrong\n");
    }
    for (size_t i = 0; i < evaluation->count; i++) {
        fputs(i == top ? colours->good : "", stdout);
        print_row(evaluation, i);
        printf("%s%s\n", i == top ? "  best" : "", i == top ? colours->plain : "");
    }
    printf("\n> is the threshold of this run; best is by %s.\n",
           evaluation->clusters ? "B-cubed F1" : "F1");
}

/* What was measured. */
static void print_run(const cli_evaluation *evaluation, double threshold)
{
    char preset[60];
    if (evaluation->level != NULL) {
        printf(" at the level %s", evaluation->level);
        return;
    }
    cli_preset_text(preset, evaluation->options);
    printf(" at threshold %.4g (%s)", threshold, preset);
}

void cli_eval_print(const cli_evaluation *evaluation, const char *colour)
{
    const cli_measures *chosen = &evaluation->measures[evaluation->chosen];
    const cli_colours *colours = cli_terminal_colours(stdout, colour);
    printf("%s%s of ", colours->bold, evaluation->clusters ? "clusters" : "pairs");
    cli_print_visible(stdout, evaluation->gold, strlen(evaluation->gold));
    print_run(evaluation, chosen->threshold);
    puts(colours->plain);
    if (evaluation->clusters) {
        print_clusters(&chosen->clusters);
    } else {
        print_pairs(&chosen->pairs);
    }
    if (evaluation->count > 1) {
        print_sweep(evaluation, colours);
    }
}

static void print_json_pairs(cli_json *json, const ndup_pair_measures *pairs)
{
    cli_json_number(json, "precision", pairs->precision);
    cli_json_number(json, "recall", pairs->recall);
    cli_json_number(json, "f1", pairs->f1);
    cli_json_count(json, "true_positives", pairs->true_positives);
    cli_json_count(json, "false_positives", pairs->false_positives);
    cli_json_count(json, "gold_positives", pairs->gold_positives);
}

static void print_json_clusters(cli_json *json, const ndup_cluster_measures *clusters)
{
    cli_json_number(json, "adjusted_rand", clusters->adjusted_rand);
    cli_json_number(json, "b3_precision", clusters->b3_precision);
    cli_json_number(json, "b3_recall", clusters->b3_recall);
    cli_json_number(json, "b3_f1", clusters->b3_f1);
    cli_json_number(json, "pair_precision", clusters->pair_precision);
    cli_json_number(json, "pair_recall", clusters->pair_recall);
    cli_json_number(json, "pair_f1", clusters->pair_f1);
}

static void print_json_measures(cli_json *json, const char *key, const cli_evaluation *evaluation,
                                size_t i)
{
    const cli_measures *measures = &evaluation->measures[i];
    cli_json_open(json, key, '{');
    if (evaluation->level == NULL) {
        cli_json_number(json, "threshold", measures->threshold);
    }
    if (evaluation->clusters) {
        print_json_clusters(json, &measures->clusters);
    } else {
        print_json_pairs(json, &measures->pairs);
    }
    cli_json_close(json, '}');
}

static void print_json_sweep(cli_json *json, const cli_evaluation *evaluation)
{
    print_json_measures(json, "best", evaluation, best(evaluation));
    cli_json_open(json, "sweep", '[');
    for (size_t i = 0; i < evaluation->count; i++) {
        print_json_measures(json, NULL, evaluation, i);
    }
    cli_json_close(json, ']');
}

void cli_eval_print_json(const cli_evaluation *evaluation)
{
    cli_json json = {.out = stdout};
    cli_json_begin(&json);
    cli_json_word(&json, "gold", evaluation->gold);
    cli_json_word(&json, "kind", evaluation->clusters ? "clusters" : "pairs");
    if (evaluation->level != NULL) {
        cli_json_word(&json, "level", evaluation->level);
    } else {
        cli_json_word(&json, "preset", evaluation->options->preset);
    }
    cli_json_count(&json, "labelled_ids", evaluation->coverage->ids);
    cli_json_count(&json, "unknown_ids", evaluation->coverage->unknown);
    print_json_measures(&json, "chosen", evaluation, evaluation->chosen);
    if (evaluation->level == NULL) {
        print_json_sweep(&json, evaluation);
    }
    cli_json_end(&json);
}
