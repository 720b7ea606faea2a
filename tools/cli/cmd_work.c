/* SPDX-License-Identifier: MIT */
/* neardup work: how far a run is that can go on. */
#include <stdio.h>

#include "commands.h"
#include "console.h"
#include "format.h"
#include "json_print.h"
#include "neardup.h"

typedef struct work_options {
    bool json;
} work_options;

static int run_work(int argc, char *argv[]);

static const cli_option work_table[] = {
    {.name = "json",
     .kind = CLI_FLAG,
     .offset = offsetof(work_options, json),
     .help = "print JSON"},
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"},
    {.name = NULL}};
static const cli_group work_groups[] = {{"Options", work_table, 0}, {NULL, NULL, 0}};
static const cli_example work_examples[] = {
    {"begin a long run; after a kill, type the same again",
     "neardup dedup crawl/ --work-dir run/ -o plan:plan.jsonl"},
    {"how far is it?", "neardup work run/"},
    {"for a program", "neardup work run/ --json"},
    {NULL, NULL}};

const cli_command cli_command_work = {
    .name = "work",
    .summary = "say how far a run with --work-dir is",
    .operands = "DIR",
    .description =
        "Looks at the folder that 'neardup dedup --work-dir DIR' keeps its state in, and "
        "changes nothing: what is finished and would not be done again after a kill. "
        "The run itself may be at work.",
    .examples = work_examples,
    .groups = work_groups,
    .run = run_work};

static void print_json(const ndup_work_progress *progress)
{
    cli_json json = {.out = stdout};
    cli_json_begin(&json);
    cli_json_word(&json, "stage", ndup_work_stage_name(progress->stage));
    cli_json_bool(&json, "running", progress->is_running);
    cli_json_count(&json, "parts", progress->parts);
    cli_json_count(&json, "documents", progress->documents);
    cli_json_count(&json, "read_bytes", progress->read_bytes);
    cli_json_count(&json, "total_bytes", progress->total_bytes);
    cli_json_count(&json, "classes", progress->classes);
    cli_json_count(&json, "decided", progress->decided);
    cli_json_count(&json, "disk_bytes", progress->disk_bytes);
    cli_json_end(&json);
}

/* What is finished of a stage, as a share where the whole is known. */
static void print_share(uint64_t part, uint64_t whole)
{
    cli_formatted share;
    if (whole > 0) {
        printf(", %s", cli_format_share(&share, part, whole));
    }
    putchar('\n');
}

static void print_stage(const ndup_work_progress *progress)
{
    static const char *const remains[] = {
        "everything remains to be done",
        "remain: the rest of the inputs, the decisions, the outputs",
        "remain: the rest of the decisions, the outputs",
        "remain: the outputs, which are written from their beginning",
        "nothing remains; the same command begins anew",
    };
    printf("stage      %s%s\n", ndup_work_stage_name(progress->stage),
           progress->is_running ? " (a process is at work)" : "");
    printf("           %s\n", remains[progress->stage]);
}

static void print_text(const ndup_work_progress *progress)
{
    cli_formatted count, bytes;
    print_stage(progress);
    printf("documents  %s in %llu parts\n", cli_format_count(&count, progress->documents),
           (unsigned long long)progress->parts);
    printf("read       %s", cli_format_bytes(&bytes, (double)progress->read_bytes));
    print_share(progress->read_bytes, progress->total_bytes);
    if (progress->classes > 0) {
        printf("decided    %s distinct texts", cli_format_count(&count, progress->decided));
        print_share(progress->decided, progress->classes);
    }
    printf("on disk    %s\n", cli_format_bytes(&bytes, (double)progress->disk_bytes));
}

static int run_work(int argc, char *argv[])
{
    work_options options = {0};
    cli_operands operands;
    ndup_work_progress progress = {.struct_size = sizeof progress};
    ndup_error error = {0};
    int status = cli_options_parse(&options, &operands, &cli_command_work, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (operands.count != 1) {
        return cli_usage_error(&cli_command_work, "one work folder is expected");
    }
    if (ndup_work_look(&progress, operands.items[0], &error) != NDUP_STATUS_OK) {
        return cli_failure(&cli_command_work, &error);
    }
    if (options.json) {
        print_json(&progress);
    } else {
        print_text(&progress);
    }
    return cli_finish_stdout();
}
