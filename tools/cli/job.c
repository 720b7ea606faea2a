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

const cli_option cli_thread_table[] = {
    {.name = "threads",
     .letter = 'j',
     .kind = CLI_COUNT,
     .offset = offsetof(cli_thread_options, threads),
     .argument = "N",
     .range = {.least = 1, .most = 1024},
     .standard = "all processors",
     .help = "threads to use; the outcome does not depend on it"},
    {.name = NULL}};

bool cli_job_is_json(const cli_job *job)
{
    return job->progress.mode == CLI_PROGRESS_JSON;
}

/* Whether outputs are on their way to the terminal that the line of progress would stand on, maybe
 * through another program. */
static bool stdout_shares_line(const cli_job *job, ndup_stage stage)
{
    bool writes = stage == NDUP_STAGE_WRITE || job->writes_while_reading;
    return job->writes_stdout && writes && job->progress.mode == CLI_PROGRESS_LINE &&
           job->screen.held == NULL &&
           (cli_is_terminal(stdout) || (cli_is_pipe(stdout) && !job->progress.is_forced));
}

static bool on_progress(void *context, const ndup_progress *now)
{
    cli_job *job = context;
    if (stdout_shares_line(job, now->stage)) {
        cli_progress_clear(&job->progress);
    } else {
        cli_progress_show(&job->progress, now);
    }
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

static void on_problem(void *context, const ndup_problem *problem)
{
    cli_job *job = context;
    job->skipped += problem->skipped;
    if (job->quiet && !problem->skipped) {
        return;
    }
    if (cli_job_is_json(job)) {
        print_problem_json(problem);
    } else {
        cli_problems_add(&job->problems, problem);
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

/* What an interrupt would say now. */
static void describe(const cli_job *job, bool is_over)
{
    cli_signals_describe(
        (cli_interrupt_manner){.is_silent = is_over,
                               .is_json = cli_job_is_json(job),
                               .clears_line = job->progress.mode == CLI_PROGRESS_LINE,
                               .is_stdout_open = job->writes_stdout && job->screen.held == NULL,
                               .changes_index = job->changes_index});
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
    describe(job, false);
    cli_signals_catch();
}

ndup_status cli_job_dedup(const cli_job *job, ndup_result **result, ndup_work *work,
                          ndup_corpus *corpus, const ndup_dedup_options *options, ndup_error *error)
{
    ndup_status status = work != NULL
                             ? ndup_work_dedup(result, work, corpus, options, &job->hooks, error)
                             : ndup_dedup(result, corpus, options, &job->hooks, error);
    if (status == NDUP_STATUS_OK && cli_cancelled()) {
        error->status = NDUP_STATUS_CANCELLED;
        return NDUP_STATUS_CANCELLED;
    }
    return status;
}

void cli_job_use_stdout(cli_job *job)
{
    job->writes_stdout = true;
    describe(job, false);
}

void cli_job_changes_index(cli_job *job)
{
    job->changes_index = true;
    describe(job, false);
}

void cli_job_hold_stdout(cli_job *job, bool pages)
{
    job->pages = pages;
    cli_screen_hold(&job->screen);
    job->writes_stdout |= job->screen.held == NULL;
    describe(job, false);
}

/* Ends what is printed on the way. */
static void end_talk(cli_job *job)
{
    cli_progress_clear(&job->progress);
    cli_problems_print(&job->problems);
}

void cli_job_end(cli_job *job)
{
    describe(job, true);
    end_talk(job);
    job->seconds = cli_seconds() - job->start;
    cli_screen_show(&job->screen, job->pages);
    job->stdout_failed = cli_finish_stdout() != CLI_EXIT_DONE;
}

void cli_job_note_written(cli_job *job, const char *output)
{
    if (job->written_count < CLI_WRITTEN_MOST) {
        job->written[job->written_count++] = output;
    }
}

/* Names the outputs that are in their place although something failed. */
static void say_written(const cli_job *job)
{
    for (size_t i = 0; i < job->written_count && !cli_job_is_json(job); i++) {
        cli_complain("written all the same: %s", job->written[i]);
    }
}

int cli_job_status(cli_job *job, bool is_over, uint64_t skipped, bool is_unread)
{
    bool failed = job->stdout_failed || cli_finish_stdout() != CLI_EXIT_DONE;
    if (failed) {
        say_written(job);
    }
    if (failed) {
        return CLI_EXIT_FAILED;
    }
    if (is_over) {
        return CLI_EXIT_DUPLICATES;
    }
    skipped = job->skipped > skipped ? job->skipped : skipped;
    if (skipped == 0) {
        return is_unread ? CLI_EXIT_SKIPPED : CLI_EXIT_DONE;
    }
    if (!job->quiet && !cli_job_is_json(job)) {
        cli_formatted count;
        cli_complain("status %d: %s %s skipped, see above", CLI_EXIT_SKIPPED,
                     cli_format_count(&count, skipped),
                     skipped == 1 ? "input or record was" : "inputs or records were");
    }
    return CLI_EXIT_SKIPPED;
}

static void print_failure_json(const cli_job *job, const char *message, ndup_status status)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "error");
    cli_json_word(&json, "status", ndup_status_name(status));
    cli_json_word(&json, "message", message);
    if (job->written_count > 0) {
        cli_json_open(&json, "written", '[');
        for (size_t i = 0; i < job->written_count; i++) {
            cli_json_word(&json, NULL, job->written[i]);
        }
        cli_json_close(&json, ']');
    }
    cli_json_end(&json);
}

int cli_job_fail(cli_job *job, const ndup_error *error)
{
    int exit;
    cli_signals_pass_on();
    end_talk(job);
    cli_screen_drop(&job->screen);
    if (cli_job_is_json(job)) {
        print_failure_json(job, error->message, error->status);
        exit = error->status == NDUP_STATUS_INVALID ? CLI_EXIT_USAGE : CLI_EXIT_FAILED;
    } else {
        exit = cli_failure(job->command, error);
        say_written(job);
    }
    return exit;
}
