/* SPDX-License-Identifier: MIT */
/* neardup advise: what a threshold and a recall cost. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "format.h"
#include "matching_options.h"
#include "neardup.h"

enum { PLOT_COLUMNS = 61, PLOT_ROWS = 11, DOCUMENTS_USUAL = 1000000 };

typedef struct advise_own_options {
    cli_count documents;
} advise_own_options;

typedef struct advise_options {
    cli_matching_options matching;
    advise_own_options own;
} advise_options;

static int run_advise(int argc, char *argv[]);

static const cli_option advise_table[] = {
    {.name = "documents",
     .letter = 'n',
     .kind = CLI_COUNT,
     .offset = offsetof(advise_own_options, documents),
     .argument = "N",
     .range = {.least = 1, .most = 1e12},
     .standard = "1000000",
     .help = "size of the corpus"},
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"},
    {.name = NULL}};
static const cli_group advise_groups[] = {
    {"Options", cli_rule_table, offsetof(advise_options, matching)},
    {"Options", cli_search_table, offsetof(advise_options, matching)},
    {"Options", advise_table, offsetof(advise_options, own)},
    {NULL, NULL, 0}};
static const cli_example advise_examples[] = {
    {"how are sketches cut for these wishes?", "neardup advise --threshold 0.8 --recall 0.99"},
    {"what do ten million documents take?", "neardup advise --preset web --documents 10000000"},
    {"with more slots fewer unlike documents meet", "neardup advise -t 0.5 --slots 256"},
    {NULL, NULL}};

const cli_command cli_command_advise = {
    .name = "advise",
    .summary = "show bands, recall curve, candidates and memory for a threshold",
    .operands = "",
    .description =
        "Sketches are cut into bands of rows; two documents become candidates when they agree in a "
        "whole band, and every candidate is then compared exactly. Prints the cut that 'neardup "
        "dedup' would choose, how likely pairs of each similarity become candidates, and what to "
        "expect of a corpus.",
    .examples = advise_examples,
    .groups = advise_groups,
    .run = run_advise};

/* What the advice is about. */
typedef struct advice {
    const ndup_sketch_info *kind;
    ndup_bands bands;
    double threshold;
    double recall;
    uint64_t documents;
} advice;

static double probability(const advice *about, double similarity)
{
    return ndup_bands_curve(&about->bands, about->kind, similarity);
}

static void print_cut(const advice *about)
{
    const ndup_bands *bands = &about->bands;
    printf("%u bands of %u rows, from %u slots of %s%s\n", bands->bands, bands->rows, bands->slots,
           about->kind->name, bands->slots_raised ? " (raised: the recall needs them)" : "");
    printf("recall of pairs at similarity %.4g: %.4f (%.4g asked for%s)\n", about->threshold,
           bands->recall, about->recall,
           bands->recall_missed ? "; this sketch cannot reach it" : "");
}

/* One line of the plot: the columns where the curve is nearest to this height. */
static void print_plot_row(const advice *about, int row)
{
    char line[PLOT_COLUMNS + 1];
    int marked = (int)lround(about->threshold * (PLOT_COLUMNS - 1));
    for (int i = 0; i < PLOT_COLUMNS; i++) {
        double height = probability(about, (double)i / (PLOT_COLUMNS - 1));
        bool on_curve = (int)lround(height * (PLOT_ROWS - 1)) == row;
        line[i] = on_curve ? '*' : i == marked ? ':' : ' ';
    }
    size_t length = PLOT_COLUMNS;
    while (length > 0 && line[length - 1] == ' ') {
        length--;
    }
    if (row % 5 == 0) {
        printf("  %3.1f |%.*s\n", (double)row / (PLOT_ROWS - 1), (int)length, line);
    } else {
        printf("      |%.*s\n", (int)length, line);
    }
}

static void print_plot(const advice *about)
{
    printf("\nprobability that a pair becomes a candidate, by similarity\n\n");
    for (int row = PLOT_ROWS - 1; row >= 0; row--) {
        print_plot_row(about, row);
    }
    char axis[PLOT_COLUMNS + 1];
    memset(axis, '-', PLOT_COLUMNS);
    printf("      +%.*s\n", PLOT_COLUMNS, axis);
    printf("       0         0.2         0.4         0.6         0.8          1\n");
    int marked = (int)lround(about->threshold * (PLOT_COLUMNS - 1));
    printf("       %*s: threshold %.4g\n", marked, "", about->threshold);
}

static void print_table(const advice *about)
{
    printf("\n  similarity  candidate        similarity  candidate\n");
    for (int i = 1; i <= 10; i++) {
        double left = 0.05 * i, right = 0.5 + 0.05 * i;
        printf("  %10.2f  %9.6f        %10.2f  %9.6f\n", left, probability(about, left), right,
               probability(about, right));
    }
}

static const char *format_large(cli_formatted *formatted, double value)
{
    if (value < 1e15) {
        return cli_format_count(formatted, (uint64_t)(value + 0.5));
    }
    snprintf(formatted->text, sizeof formatted->text, "%.3g", value);
    return formatted->text;
}

/* Candidates depend on how alike unlike documents are, so that is said beside them. */
static void print_corpus(const advice *about)
{
    static const double backgrounds[] = {0.01, 0.05, 0.10, 0.20};
    cli_formatted number;
    double count = (double)about->documents;
    double bytes = ndup_bands_bytes_per_document(&about->bands, about->kind);
    printf("\n%s documents\n", cli_format_count(&number, about->documents));
    printf("  memory  %s, %.0f bytes a document\n", cli_format_bytes(&number, bytes * count),
           bytes);
    printf("  pairs of unlike documents to be compared, where such pairs have the similarity\n");
    for (size_t i = 0; i < sizeof backgrounds / sizeof *backgrounds; i++) {
        double pairs = count * (count - 1) / 2 * probability(about, backgrounds[i]);
        const char *all = format_large(&number, pairs);
        printf("    %.2f  %24s  %.1f a document\n", backgrounds[i], all, pairs / count);
    }
}

static const ndup_sketch_info *find_kind(const char *name)
{
    for (size_t i = 0; name != NULL && ndup_sketch_get(i) != NULL; i++) {
        if (strcmp(ndup_sketch_get(i)->name, name) == 0) {
            return ndup_sketch_get(i);
        }
    }
    return ndup_sketch_get(0);
}

static int advise(const advise_options *typed)
{
    ndup_dedup_options resolved;
    int status = cli_matching_resolve(&resolved, &typed->matching, &cli_command_advise);
    if (status != CLI_GO_ON) {
        return status;
    }
    advice about = {.kind = find_kind(resolved.sketch),
                    .threshold = resolved.matching.threshold,
                    .recall = resolved.recall,
                    .documents =
                        typed->own.documents.given ? typed->own.documents.value : DOCUMENTS_USUAL};
    ndup_error error = {0};
    if (ndup_bands_choose(&about.bands, about.kind, about.threshold, about.recall, resolved.slots,
                          &error) != NDUP_STATUS_OK) {
        return cli_failure(&cli_command_advise, &error);
    }
    print_cut(&about);
    print_plot(&about);
    print_table(&about);
    print_corpus(&about);
    return cli_finish_stdout();
}

static int run_advise(int argc, char *argv[])
{
    advise_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_advise, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (operands.count > 0) {
        return cli_usage_error(&cli_command_advise,
                               "'%s' is not expected; advise looks at no corpus",
                               operands.items[0]);
    }
    return advise(&typed);
}
