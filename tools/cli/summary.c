/* SPDX-License-Identifier: MIT */
/* The summary of a run, for people and as JSON. */
#include "summary.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "format.h"
#include "json_print.h"
#include "profile_print.h"
#include "terminal.h"
#include "print_visible.h"
#include "rule_print.h"

/* The most memory that the process has had. */
static double peak_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        return 0;
    }
#ifdef __APPLE__
    return (double)usage.ru_maxrss;
#else
    return (double)usage.ru_maxrss * 1024;
#endif
}

/* "  kept           20,417  rest of the line" */
static void print_count(const char *label, uint64_t count, const char *rest)
{
    cli_formatted number;
    fprintf(stderr, "  %-12s %13s", label, cli_format_count(&number, count));
    fprintf(stderr, "%s%s\n", rest[0] != '\0' ? "  " : "", rest);
}

static void print_count_if(const char *label, uint64_t count, const char *rest)
{
    if (count > 0) {
        print_count(label, count, rest);
    }
}

static void print_contained(const ndup_summary *summary, const ndup_dedup_options *options)
{
    char rest[80] = "near, and wholly inside the kept one";
    if (options->rule != NDUP_RULE_JACCARD) {
        snprintf(rest, sizeof rest, "%.4g %% of it%s inside the kept one",
                 100 * options->containment, options->containment < 1 ? " or more" : "");
    }
    print_count_if("  contained", summary->contained, rest);
}

static void print_documents(const ndup_summary *summary, const ndup_dedup_options *options,
                            const cli_colours *colours)
{
    cli_formatted share, bytes;
    char rest[80];
    print_count("documents", summary->documents,
                cli_format_bytes(&bytes, (double)summary->text_bytes));
    fputs(colours->good, stderr);
    snprintf(rest, sizeof rest, "%s, %s%s", cli_format_bytes(&bytes, (double)summary->kept_bytes),
             cli_format_share(&share, summary->kept_bytes, summary->text_bytes), colours->plain);
    print_count("kept", summary->kept, rest);
    fputs(colours->marked, stderr);
    snprintf(rest, sizeof rest, "%s%s",
             cli_format_share(&share, summary->dropped, summary->documents), colours->plain);
    print_count("dropped", summary->dropped, rest);
    print_count_if("  identical", summary->identical, "the same text");
    print_count_if("  normalized", summary->normalized, cli_same_tokens_text(options));
    print_contained(summary, options);
    print_count_if("  near", summary->near, "");
    if (options->templates == NDUP_TEMPLATES_DROP) {
        print_count_if("  templates", summary->templates, "one form, other contents");
    }
    print_count_if("  survivors", summary->dropped_survivors, "by --drop-all or by decision");
    snprintf(rest, sizeof rest, "the largest of %s documents",
             cli_format_count(&bytes, summary->largest_group));
    print_count("groups", summary->groups, summary->groups > 0 ? rest : "");
    if (options->templates != NDUP_TEMPLATES_DROP) {
        print_count_if("templates", summary->templates,
                       "kept: one form, other contents; --templates drop leaves one of each");
    }
    print_count_if("skipped", summary->skipped, "could not be read; see above");
    print_count_if("repaired", summary->repaired,
                   "damaged UTF-8, read with U+FFFD; see --encoding");
    print_count_if("  unreadable", summary->unreadable,
                   "UTF-8 damaged throughout; compared by their bytes only");
    print_count_if("no words", summary->empty,
                   "compared by the bytes of their files or records only");
    print_count_if("repeated ids", summary->duplicate_ids, "");
}

enum { LOSSES_SHOWN = 5 };

/* "lost most      wire-b: 859 of 861 dropped" */
static void print_losses(const ndup_result *result)
{
    const ndup_source_loss *losses;
    size_t count = ndup_result_losses(result, &losses);
    cli_formatted dropped, documents;
    for (size_t i = 0; i < count && i < LOSSES_SHOWN; i++) {
        fprintf(stderr, "  %-14s ", i == 0 ? "lost most" : "");
        cli_print_visible(stderr, losses[i].source.bytes, losses[i].source.length);
        fprintf(stderr, ": %s of %s dropped\n", cli_format_count(&dropped, losses[i].dropped),
                cli_format_count(&documents, losses[i].documents));
    }
    if (count > LOSSES_SHOWN) {
        fprintf(stderr, "  %-14s and %s more sources that lost over half of their documents\n", "",
                cli_format_count(&documents, count - LOSSES_SHOWN));
    }
}

static void print_losses_json(cli_json *json, const ndup_result *result)
{
    const ndup_source_loss *losses;
    size_t count = ndup_result_losses(result, &losses);
    cli_json_open(json, "losses", '[');
    for (size_t i = 0; i < count; i++) {
        cli_json_open(json, NULL, '{');
        cli_json_text(json, "source", losses[i].source.bytes, losses[i].source.length);
        cli_json_count(json, "documents", losses[i].documents);
        cli_json_count(json, "dropped", losses[i].dropped);
        cli_json_close(json, '}');
    }
    cli_json_close(json, ']');
}

static void print_search(const ndup_summary *summary, const ndup_dedup_options *options)
{
    const ndup_bands *bands = &summary->bands;
    if (options->exact) {
        fputs("  search         exact join of all documents\n", stderr);
    } else if (bands->bands > 0) {
        fprintf(stderr, "  search         %u bands of %u rows, %u slots; expected recall %.2f %%\n",
                bands->bands, bands->rows, bands->slots, 100 * bands->recall);
    }
    if (options->seed != 0) {
        fprintf(stderr, "  seed           %llu\n", (unsigned long long)options->seed);
    }
    if (summary->audit_pairs > 0) {
        cli_formatted found, pairs;
        fprintf(stderr,
                "  audit          %s of %s pairs found: recall %.2f to %.2f %% (95 %% sure)\n",
                cli_format_count(&found, summary->audit_found),
                cli_format_count(&pairs, summary->audit_pairs), 100 * summary->audit_low,
                100 * summary->audit_high);
        if (summary->audit_missed > 0) {
            fprintf(stderr,
                    "                 %s of %s sampled texts stayed beside a near-duplicate\n",
                    cli_format_count(&found, summary->audit_missed),
                    cli_format_count(&pairs, summary->audit_documents));
        }
    } else if (summary->audit_documents > 0) {
        fputs("  audit          the sample holds no pair at the threshold\n", stderr);
    }
}

static void print_cost(const cli_job *job, const ndup_summary *summary)
{
    double seconds = job->seconds;
    cli_formatted time, rate, memory;
    cli_format_bytes(&rate, seconds > 0 ? (double)summary->text_bytes / seconds : 0);
    fprintf(stderr, "  cost           %s, %s/s, peak memory %s\n",
            cli_format_seconds(&time, seconds), rate.text, cli_format_bytes(&memory, peak_bytes()));
}

static void print_outputs(const cli_list *outputs)
{
    for (size_t i = 0; i < outputs->count; i++) {
        const char *output = outputs->items[i];
        size_t format = strcspn(output, ":");
        bool is_stdout = strcmp(output + format, ":-") == 0;
        const char *path = is_stdout ? "standard output" : output + format + 1;
        fprintf(stderr, "  %-14s %-9.*s  ", i == 0 ? "written" : "", (int)format, output);
        cli_print_visible(stderr, path, strlen(path));
        fputc('\n', stderr);
    }
}

static void print_json(const cli_job *job, const ndup_result *result)
{
    const ndup_summary *summary = ndup_result_summary(result);
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "summary");
    cli_json_count(&json, "documents", summary->documents);
    cli_json_count(&json, "text_bytes", summary->text_bytes);
    cli_json_count(&json, "skipped", summary->skipped);
    cli_json_count(&json, "repaired", summary->repaired);
    cli_json_count(&json, "unreadable", summary->unreadable);
    cli_json_count(&json, "empty", summary->empty);
    cli_json_count(&json, "kept", summary->kept);
    cli_json_count(&json, "kept_bytes", summary->kept_bytes);
    cli_json_count(&json, "dropped", summary->dropped);
    cli_json_count(&json, "identical", summary->identical);
    cli_json_count(&json, "normalized", summary->normalized);
    cli_json_count(&json, "contained", summary->contained);
    cli_json_count(&json, "near", summary->near);
    cli_json_count(&json, "dropped_survivors", summary->dropped_survivors);
    cli_json_count(&json, "templates", summary->templates);
    cli_json_count(&json, "forms", summary->forms);
    cli_json_count(&json, "largest_form", summary->largest_form);
    cli_json_count(&json, "groups", summary->groups);
    cli_json_count(&json, "largest_group", summary->largest_group);
    print_losses_json(&json, result);
    cli_json_number(&json, "seconds", job->seconds);
    cli_json_number(&json, "peak_bytes", peak_bytes());
    if (ndup_result_profile(result) != NULL) {
        cli_profile_print_json(&json, ndup_result_profile(result));
    }
    cli_json_end(&json);
}

void cli_summary_print(const cli_job *job, const ndup_result *result, const cli_list *outputs)
{
    const ndup_summary *summary = ndup_result_summary(result);
    if (cli_job_is_json(job)) {
        print_json(job, result);
        return;
    }
    if (job->quiet) {
        return;
    }
    const ndup_dedup_options *options = ndup_result_options(result);
    print_documents(summary, options, cli_terminal_colours(stderr, job->colour));
    print_losses(result);
    fputc('\n', stderr);
    fputs("  rule           ", stderr);
    cli_rule_print(stderr, options);
    fputc('\n', stderr);
    print_search(summary, options);
    print_cost(job, summary);
    print_outputs(outputs);
    if (ndup_result_profile(result) != NULL) {
        cli_profile_print(stderr, ndup_result_profile(result));
    }
}
