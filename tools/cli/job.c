/* SPDX-License-Identifier: MIT */
/* The hooks of a run. */
#include "job.h"

#include <stdio.h>
#include <string.h>

#include "console.h"
#include "format.h"
#include "json_print.h"
#include "signals.h"
#include "terminal.h"

enum { PROBLEMS_IN_FULL = 20 };

const cli_option cli_talk_table[] = {
    {.name = "progress",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_talk_options, progress),
     .argument = "WHEN",
     .choice = cli_progress_choice,
     .help = "show progress on standard error; json turns all of standard error into JSON lines"},
    {.name = "color",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_talk_options, colour),
     .argument = "WHEN",
     .choice = cli_colour_choice,
     .help = "use colours; auto heeds NO_COLOR"},
    {.name = "quiet",
     .letter = 'q',
     .kind = CLI_FLAG,
     .offset = offsetof(cli_talk_options, quiet),
     .help = "print errors and skipped inputs only"},
    {.name = "help", .letter = 'h', .kind = CLI_HELP, .help = "print this help"},
    {.name = NULL}};

bool cli_job_is_json(const cli_job *job)
{
    return job->progress.mode == CLI_PROGRESS_JSON;
}

static bool on_progress(void *context, const ndup_progress *now)
{
    cli_job *job = context;
    cli_progress_show(&job->progress, now);
    return !cli_cancelled();
}

static void print_problem_json(const ndup_problem *problem)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "problem");
    cli_json_word(&json, "path", problem->path);
    cli_json_count(&json, "line", problem->line);
    cli_json_count(&json, "offset", problem->offset);
    cli_json_bool(&json, "skipped", problem->skipped);
    cli_json_word(&json, "message", problem->message);
    cli_json_end(&json);
}

static void print_problem(const ndup_problem *problem)
{
    const char *path = problem->path != NULL ? problem->path : "input";
    if (strstr(problem->message, path) != NULL) { /* a file that could not be opened or decoded */
        cli_complain("%s", problem->message);
    } else if (problem->line > 0) {
        cli_complain("%s:%llu: %s", path, (unsigned long long)problem->line, problem->message);
    } else if (problem->offset > 0) {
        cli_complain("%s: byte %llu: %s", path, (unsigned long long)problem->offset,
                     problem->message);
    } else {
        cli_complain("%s: %s", path, problem->message);
    }
}

static void on_problem(void *context, const ndup_problem *problem)
{
    cli_job *job = context;
    job->skipped += problem->skipped;
    if (job->quiet && !problem->skipped) {
        return;
    }
    job->problems++;
    if (cli_job_is_json(job)) {
        print_problem_json(problem);
    } else if (job->problems <= PROBLEMS_IN_FULL) {
        cli_progress_clear(&job->progress);
        print_problem(problem);
    }
}

static void on_notice(void *context, const char *message)
{
    cli_job *job = context;
    if (cli_job_is_json(job)) {
        cli_json json = {.out = stderr};
        cli_json_begin(&json);
        cli_json_word(&json, "event", "notice");
        cli_json_word(&json, "message", message);
        cli_json_end(&json);
    } else if (!job->quiet) {
        cli_progress_clear(&job->progress);
        cli_complain("%s", message);
    }
}

static void print_forecast_json(const ndup_forecast *forecast)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "forecast");
    cli_json_count(&json, "documents", forecast->documents);
    cli_json_count(&json, "memory_bytes", forecast->memory_bytes);
    cli_json_count(&json, "available_bytes", forecast->available_bytes);
    cli_json_number(&json, "seconds", forecast->seconds);
    cli_json_end(&json);
}

static void on_forecast(void *context, const ndup_forecast *forecast)
{
    cli_job *job = context;
    cli_formatted documents, memory, time, available;
    if (cli_job_is_json(job)) {
        print_forecast_json(forecast);
        return;
    }
    if (job->quiet) {
        return;
    }
    cli_progress_clear(&job->progress);
    cli_format_round(&documents, forecast->documents);
    cli_format_bytes(&memory, (double)forecast->memory_bytes);
    cli_complain("about %s documents, %s of memory, %s", documents.text, memory.text,
                 cli_format_seconds(&time, forecast->seconds));
    if (forecast->available_bytes > 0 && forecast->memory_bytes > forecast->available_bytes) {
        cli_format_bytes(&available, (double)forecast->available_bytes);
        cli_complain("warning: only %s of memory are available; fewer --slots, or parts of the "
                     "corpus one by one, need less",
                     available.text);
    }
}

void cli_job_begin(cli_job *job, const cli_command *command, const cli_talk_options *talk)
{
    *job = (cli_job){
        .command = command, .quiet = talk->quiet, .colour = talk->colour, .start = cli_seconds()};
    cli_progress_init(&job->progress, talk->progress, talk->quiet);
    job->hooks = (ndup_hooks){.struct_size = sizeof(ndup_hooks),
                              .context = job,
                              .progress = on_progress,
                              .problem = on_problem,
                              .notice = on_notice,
                              .forecast = on_forecast};
    cli_signals_catch();
}

ndup_status cli_job_dedup(const cli_job *job, ndup_result **result, ndup_corpus *corpus,
                          const ndup_dedup_options *options, ndup_error *error)
{
    ndup_status status = ndup_dedup(result, corpus, options, &job->hooks, error);
    if (status == NDUP_STATUS_OK && cli_cancelled()) {
        error->status = NDUP_STATUS_CANCELLED;
        return NDUP_STATUS_CANCELLED;
    }
    return status;
}

void cli_job_end(cli_job *job)
{
    cli_progress_clear(&job->progress);
    if (job->problems > PROBLEMS_IN_FULL && !cli_job_is_json(job)) {
        cli_formatted more;
        cli_complain("and %s more such problems",
                     cli_format_count(&more, job->problems - PROBLEMS_IN_FULL));
    }
    job->problems = 0;
}

static void print_failure_json(const char *message, ndup_status status)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "error");
    cli_json_word(&json, "status", ndup_status_name(status));
    cli_json_word(&json, "message", message);
    cli_json_end(&json);
}

int cli_job_fail(cli_job *job, const ndup_error *error)
{
    cli_job_end(job);
    /* A read that an interrupt broke off fails with an error of its own. */
    if (error->status == NDUP_STATUS_CANCELLED || cli_cancelled()) {
        const char *message = job->writes_stdout
                                  ? "cancelled; standard output is incomplete, and no other output "
                                    "was written"
                                  : "cancelled; nothing was written";
        if (cli_job_is_json(job)) {
            print_failure_json(message, NDUP_STATUS_CANCELLED);
        } else {
            cli_complain("%s", message);
        }
        return CLI_EXIT_FAILED;
    }
    if (cli_job_is_json(job)) {
        print_failure_json(error->message, error->status);
        return error->status == NDUP_STATUS_INVALID ? CLI_EXIT_USAGE : CLI_EXIT_FAILED;
    }
    return cli_failure(job->command, error);
}
