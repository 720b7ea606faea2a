/* SPDX-License-Identifier: MIT */
/* neardup bucket: the second stage of a run in stages. */
#include <stdio.h>

#include "commands.h"
#include "console.h"
#include "format.h"
#include "job.h"
#include "json_print.h"
#include "part_options.h"

typedef struct bucket_options {
    cli_part_options part;
    cli_talk_options talk;
} bucket_options;

static int run_bucket(int argc, char *argv[]);

static const cli_group bucket_groups[] = {
    {"Buckets", cli_part_table, offsetof(bucket_options, part)},
    {"Running", cli_talk_table, offsetof(bucket_options, talk)},
    {NULL, NULL, 0}};

static const cli_example bucket_examples[] = {
    {"who may be alike, of all parts", "neardup bucket *.part -o all.buckets"},
    {"the same by four jobs at once",
     "seq 4 | parallel neardup bucket *.part --shard {}/4 -o {}.buckets"},
    {NULL, NULL}};

static const char *const bucket_exit_lines[] = {
    "0  done", "2  the command line or an option is wrong", "4  failed",
    "130  cancelled by a signal (128 + its number)", NULL};

const cli_command cli_command_bucket = {
    .name = "bucket",
    .summary = "the second stage: which documents of all parts share a key",
    .operands = "PART...",
    .description =
        "Reads all parts that 'neardup sketch' wrote of a corpus and writes, for a share of all "
        "keys, which documents share one: those with the same text, and those whose sketches are "
        "the same in a band. Each key is in one share, with all its documents. Parts may be named "
        "in any order; a part that was made with other options, one that is named twice, and "
        "shares that are missing are refused.",
    .examples = bucket_examples,
    .groups = bucket_groups,
    .exit_lines = bucket_exit_lines,
    .run = run_bucket};

static void print_json(const ndup_bucket_summary *summary)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "summary");
    cli_json_count(&json, "documents", summary->documents);
    cli_json_count(&json, "classes", summary->classes);
    cli_json_count(&json, "class_members", summary->class_members);
    cli_json_count(&json, "buckets", summary->buckets);
    cli_json_count(&json, "bucket_members", summary->bucket_members);
    cli_json_count(&json, "largest", summary->largest);
    cli_json_end(&json);
}

static void print_summary(const cli_job *job, const ndup_bucket_summary *summary)
{
    cli_formatted documents, classes, buckets, largest, seconds;
    if (cli_job_is_json(job)) {
        print_json(summary);
    } else if (!job->quiet) {
        fprintf(stderr,
                "  documents      %s\n  same texts     %s\n  buckets        %s, the largest of "
                "%s\n  cost           %s\n",
                cli_format_count(&documents, summary->documents),
                cli_format_count(&classes, summary->classes),
                cli_format_count(&buckets, summary->buckets),
                cli_format_count(&largest, summary->largest),
                cli_format_seconds(&seconds, job->seconds));
    }
}

static int make_buckets(const bucket_options *typed, ndup_shard shard, const cli_operands *parts)
{
    cli_job job = {0};
    ndup_bucket_summary summary;
    ndup_error error = {0};
    cli_job_begin(&job, &cli_command_bucket, &typed->talk);
    if (ndup_bucket_parts(typed->part.output, (const char *const *)parts->items, parts->count,
                          shard, &summary, NULL, &job.hooks, &error) != NDUP_STATUS_OK) {
        return cli_job_fail(&job, &error);
    }
    cli_job_end(&job);
    print_summary(&job, &summary);
    return cli_job_status(&job, false, 0, false);
}

static int run_bucket(int argc, char *argv[])
{
    bucket_options typed = {0};
    cli_operands operands;
    ndup_shard shard;
    int status = cli_options_parse(&typed, &operands, &cli_command_bucket, argc, argv);
    if (status == CLI_GO_ON) {
        status = cli_part_resolve(&shard, &typed.part, &cli_command_bucket);
    }
    if (status == CLI_GO_ON && operands.count == 0) {
        status = cli_usage_error(&cli_command_bucket, "no parts given: neardup bucket PART... -o "
                                                      "FILE");
    }
    return status == CLI_GO_ON ? make_buckets(&typed, shard, &operands) : status;
}
