/* SPDX-License-Identifier: MIT */
/* neardup sketch: the first stage of a run in stages. */
#include <stdio.h>

#include "commands.h"
#include "encoding_hint.h"
#include "format.h"
#include "input_options.h"
#include "job.h"
#include "json_print.h"
#include "matching_options.h"
#include "part_options.h"

/* 1 EiB: so that sums do not overflow. */
#define MEMORY_MOST 0x1p60

typedef struct sketch_own_options {
    bool drop_all;
    cli_count memory;
} sketch_own_options;

typedef struct sketch_options {
    cli_part_options part;
    cli_matching_options matching;
    cli_keep_options keep;
    cli_input_options inputs;
    cli_thread_options threads;
    cli_talk_options talk;
    sketch_own_options own;
} sketch_options;

static int run_sketch(int argc, char *argv[]);

static const cli_option keep_table[] = {{.name = "drop-all",
                                         .kind = CLI_FLAG,
                                         .offset = offsetof(sketch_own_options, drop_all),
                                         .help = "drop the kept document of every group too"},
                                        {.name = NULL}};
static const cli_option memory_table[] = {
    {.name = "memory",
     .kind = CLI_SIZE,
     .offset = offsetof(sketch_own_options, memory),
     .argument = "SIZE",
     .range = {.least = 1, .most = MEMORY_MOST},
     .standard = "60 % of what is free",
     .help = "memory to take; what needs more lies in temporary files. Takes K, M, G"},
    {.name = NULL}};

static const cli_group sketch_groups[] = {
    {"Part", cli_part_table, offsetof(sketch_options, part)},
    {CLI_MATCHING_TITLE, cli_rule_table, offsetof(sketch_options, matching)},
    {CLI_MATCHING_TITLE, cli_shingle_table, offsetof(sketch_options, matching)},
    {CLI_KEEP_TITLE, cli_keep_table, offsetof(sketch_options, keep)},
    {CLI_KEEP_TITLE, keep_table, offsetof(sketch_options, own)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(sketch_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(sketch_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(sketch_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(sketch_options, inputs.storage)},
    {CLI_SEARCH_TITLE, cli_search_table, offsetof(sketch_options, matching)},
    {CLI_SEARCH_TITLE, cli_seed_table, offsetof(sketch_options, matching)},
    {"Running", cli_thread_table, offsetof(sketch_options, threads)},
    {"Running", memory_table, offsetof(sketch_options, own)},
    {"Running", cli_talk_table, offsetof(sketch_options, talk)},
    {NULL, NULL, 0}};

static const cli_example sketch_examples[] = {
    {"one part of a whole corpus", "neardup sketch crawl/ -o crawl.part"},
    {"seventeen parts, by as many jobs at once",
     "seq 17 | parallel neardup sketch crawl/ --shard {}/17 -o {}.part"},
    {"what came today, beside what is there", "neardup sketch today.jsonl.zst -o today.part"},
    {NULL, NULL}};

static const char *const sketch_exit_lines[] = {
    "0  done",
    "2  the command line or an option is wrong",
    "3  done, but some inputs were skipped or could not be read (they are named)",
    "4  failed",
    "130  cancelled by a signal (128 + its number)",
    NULL};

const cli_command cli_command_sketch = {
    .name = "sketch",
    .summary = "the first stage of a run in stages: read documents, write a part",
    .operands = "INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Reads the documents of the inputs, or those of a share of their files, and writes what "
        "'neardup dedup' finds out about them in its first pass to a file: sketches, hashes of "
        "texts, ids, and what they are ranked by, but no text. A part remembers all options that "
        "decide the answer, and only parts of the same options go together. Parts are made on any "
        "machines, in any order; the stages behind this one, of which 'neardup bucket' is the "
        "next, take them in any order, too.\n\n"
        "Shares are runs of whole files of about as many bytes each; one file is not shared out. "
        "Documents are compared by their texts later, so files have to stay where they are and as "
        "they are; standard input and members of archives cannot be read again.\n\n"
        "An INPUT is what 'neardup dedup' takes. Inputs are never changed.",
    .examples = sketch_examples,
    .groups = sketch_groups,
    .exit_lines = sketch_exit_lines,
    .run = run_sketch};

static int resolve(ndup_dedup_options *resolved, const sketch_options *typed)
{
    int status = cli_matching_resolve(resolved, &typed->matching, &cli_command_sketch);
    if (status == CLI_GO_ON) {
        status = cli_keep_resolve(resolved, &typed->keep, &typed->matching, &cli_command_sketch);
    }
    resolved->titles = true; /* plans have them */
    resolved->drop_all = typed->own.drop_all;
    resolved->memory = typed->own.memory.value;
    resolved->threads = (unsigned)typed->threads.threads.value;
    return status;
}

static void print_json(const ndup_summary *summary)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "summary");
    cli_json_count(&json, "documents", summary->documents);
    cli_json_count(&json, "text_bytes", summary->text_bytes);
    cli_json_count(&json, "skipped", summary->skipped);
    cli_json_count(&json, "unreadable", summary->unreadable);
    cli_json_end(&json);
}

static void print_summary(const cli_job *job, const ndup_summary *summary)
{
    cli_formatted count, bytes, seconds;
    if (cli_job_is_json(job)) {
        print_json(summary);
    } else if (!job->quiet) {
        fprintf(stderr, "  documents      %s, %s of text, %s\n",
                cli_format_count(&count, summary->documents),
                cli_format_bytes(&bytes, (double)summary->text_bytes),
                cli_format_seconds(&seconds, job->seconds));
    }
}

static int make_part(const sketch_options *typed, const ndup_dedup_options *options,
                     ndup_shard shard, const cli_inputs *inputs)
{
    cli_job job = {0};
    ndup_corpus *corpus = NULL;
    ndup_summary summary;
    ndup_error error = {0};
    int exit;
    cli_job_begin(&job, &cli_command_sketch, &typed->talk);
    ndup_status status =
        cli_inputs_open(&corpus, inputs, &typed->inputs, options->preset, &job, &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_sketch_part(typed->part.output, corpus, options, shard, &summary, &job.hooks,
                                  &error);
    }
    if (status != NDUP_STATUS_OK) {
        exit = cli_job_fail(&job, &error);
    } else {
        cli_job_end(&job);
        print_summary(&job, &summary);
        bool is_unread = cli_unread_say(&job, summary.unreadable);
        exit = cli_job_status(&job, false, summary.skipped, is_unread);
    }
    ndup_corpus_close(corpus);
    return exit;
}

static int run_sketch(int argc, char *argv[])
{
    sketch_options typed = {0};
    cli_operands operands;
    ndup_dedup_options options;
    ndup_shard shard;
    cli_inputs inputs = {0};
    int status = cli_options_parse(&typed, &operands, &cli_command_sketch, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = cli_part_resolve(&shard, &typed.part, &cli_command_sketch);
    if (status == CLI_GO_ON) {
        status = resolve(&options, &typed);
    }
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_sketch);
    }
    if (status == CLI_GO_ON) {
        status = make_part(&typed, &options, shard, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_list_free(&typed.keep.never_drop);
    cli_list_free(&typed.inputs.choice.include);
    cli_list_free(&typed.inputs.choice.exclude);
    return status;
}
