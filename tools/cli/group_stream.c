/* SPDX-License-Identifier: MIT */
/* An answer is a line of JSON, written out before the next document is looked at. */
#include "group_stream.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "answer_print.h"
#include "console.h"
#include "format.h"
#include "index_options.h"
#include "json_print.h"
#include "neardup.h"
#include "record_lines.h"

const cli_option cli_stream_table[] = {
    {.name = "stream",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_stream_options, stream),
     .help = "take documents one by one, in the order of their dates, and answer each with a line "
             "of JSON before the next; what is known is kept in --state"},
    {.name = "state",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_stream_options, state),
     .argument = "DIR",
     .is_path = true,
     .help = "the folder of the stream's state, which is made unless it is there; it keeps "
             "--share, --within, --bar and --ttl"},
    {.name = "ttl",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_stream_options, ttl),
     .argument = "TIME",
     .standard = "30d",
     .help = "forget documents that came so long before the latest date: 36h, 30d, 12w"},
    {.name = NULL}};

/* A stream on its way. */
typedef struct stream_job {
    cli_job job;
    ndup_story_stream *stream;
    uint64_t documents, joined, copies, again, odd_dates;
} stream_job;

static void print_moves(cli_json *json, const ndup_story_answer *answer)
{
    if (answer->move_count == 0) {
        return;
    }
    cli_json_open(json, "moved", '[');
    for (size_t i = 0; i < answer->move_count; i++) {
        const ndup_story_move *move = &answer->moves[i];
        cli_json_open(json, NULL, '{');
        cli_json_text(json, "id", move->id.bytes, move->id.length);
        cli_json_count(json, "from", move->from);
        cli_json_count(json, "story", move->to);
        cli_json_close(json, '}');
    }
    cli_json_close(json, ']');
}

static void print_answer(const ndup_story_answer *answer)
{
    cli_json json = {.out = stdout};
    cli_json_open(&json, NULL, '{');
    cli_json_text(&json, "id", answer->id.bytes, answer->id.length);
    cli_json_text(&json, "source", answer->source.bytes, answer->source.length);
    cli_json_word(&json, "decision", answer->joins ? "joins" : "new");
    cli_json_count(&json, "story", answer->story);
    cli_json_count(&json, "copy_group", answer->copy_group);
    cli_json_word(&json, "role", ndup_role_name(answer->role));
    if (answer->of.length > 0) {
        cli_json_text(&json, "of", answer->of.bytes, answer->of.length);
        cli_json_number(&json, "share", answer->share);
        cli_json_number(&json, "of_share", answer->of_share);
        cli_json_number(&json, "similarity", answer->similarity);
    }
    cli_json_word(&json, "date", ndup_dating_name(answer->dating));
    if (answer->is_again) {
        cli_json_bool(&json, "again", true);
    }
    print_moves(&json, answer);
    cli_json_close(&json, '}');
    putchar('\n');
}

static ndup_status flush(ndup_error *error)
{
    if (fflush(stdout) == 0) {
        return NDUP_STATUS_OK;
    }
    *error = (ndup_error){.status = NDUP_STATUS_IO, .system_errno = errno};
    snprintf(error->message, sizeof error->message, "cannot write to standard output");
    return error->status;
}

static ndup_status answer_document(stream_job *run, const ndup_document *document,
                                   ndup_error *error)
{
    ndup_story_answer answer;
    ndup_status status = ndup_story_stream_add(run->stream, &answer, document, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    run->documents++;
    run->again += answer.is_again;
    run->joined += answer.joins;
    run->copies += answer.role != NDUP_ROLE_FIRST && answer.role != NDUP_ROLE_COMPILES;
    run->odd_dates += answer.dating != NDUP_DATING_READ;
    print_answer(&answer);
    return flush(error);
}

/* The visitor of a corpus. */
static ndup_status answer_documents(void *context, const ndup_document *documents, size_t count,
                                    ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = answer_document(context, &documents[i], error);
    }
    return status;
}

static ndup_status tell_bad(stream_job *run, const cli_record_line *line, ndup_error *error)
{
    const ndup_problem problem = {.status = line->why.status,
                                  .skipped = true,
                                  .path = "-",
                                  .line = line->line,
                                  .message = line->why.message};
    cli_answer_print_error(CLI_ANSWER_JSON, line->line, line->why.message);
    run->job.hooks.problem(run->job.hooks.context, &problem);
    return flush(error);
}

static ndup_status answer_lines(void *context, const cli_record_lines *taken, ndup_error *error)
{
    stream_job *run = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < taken->count && status == NDUP_STATUS_OK; i++) {
        const cli_record_line *line = &taken->lines[i];
        status = line->is_bad ? tell_bad(run, line, error)
                              : answer_document(run, &taken->documents[line->document], error);
    }
    return status;
}

static ndup_status open_stream(stream_job *run, const cli_stream_plan *plan, ndup_error *error)
{
    const cli_group_options *typed = plan->group;
    ndup_story_stream_options options;
    ndup_story_stream_options_init(&options);
    options.share = typed->share.given ? typed->share.value : 0;
    options.within_days = typed->within.given ? typed->within.value : 0;
    options.bar = typed->bar.given ? typed->bar.value : 0;
    if (plan->stream->ttl != NULL) {
        (void)cli_parse_days(&options.ttl_days, plan->stream->ttl); /* it was checked */
    }
    return ndup_story_stream_open(&run->stream, plan->stream->state, &options, error);
}

static ndup_status answer_all(stream_job *run, const cli_stream_plan *plan,
                              const cli_inputs *inputs, ndup_error *error)
{
    ndup_corpus *corpus = NULL;
    ndup_error closing = {0};
    ndup_status status = open_stream(run, plan, error);
    if (status == NDUP_STATUS_OK && cli_record_lines_are(inputs, &plan->inputs->choice)) {
        status = cli_record_lines_visit(plan->inputs, true, answer_lines, run, error);
    } else if (status == NDUP_STATUS_OK) {
        status = cli_inputs_open(&corpus, inputs, plan->inputs, NULL, &run->job, error);
        if (status == NDUP_STATUS_OK) {
            status =
                ndup_corpus_walk(corpus, NULL, 0, answer_documents, run, &run->job.hooks, error);
        }
    }
    ndup_corpus_close(corpus);
    if (ndup_story_stream_close(run->stream, &closing) != NDUP_STATUS_OK &&
        status == NDUP_STATUS_OK) {
        *error = closing;
        status = closing.status;
    }
    return status;
}

static void print_counts(const stream_job *run)
{
    cli_formatted documents, joined, copies, odd, seconds;
    if (run->job.quiet || cli_job_is_json(&run->job)) {
        return;
    }
    cli_format_count(&documents, run->documents);
    cli_format_count(&joined, run->joined);
    cli_format_count(&copies, run->copies);
    cli_format_count(&odd, run->odd_dates);
    cli_format_seconds(&seconds, run->job.seconds);
    cli_complain("answered %s: %s joined stories, %s of them as copies; %s without a date in "
                 "order; %s",
                 documents.text, joined.text, copies.text, odd.text, seconds.text);
}

int cli_stream_check(const cli_stream_options *typed, const cli_command *command)
{
    double days;
    if (!typed->stream) {
        return typed->state != NULL || typed->ttl != NULL
                   ? cli_usage_error(command, "--state and --ttl go with --stream")
                   : CLI_GO_ON;
    }
    if (typed->state == NULL) {
        return cli_usage_error(command, "--stream needs --state DIR: where it keeps what it knows");
    }
    if (typed->ttl != NULL && !cli_parse_days(&days, typed->ttl)) {
        return cli_usage_error(command, "--ttl: '%s' is no length of time, such as 30d",
                               typed->ttl);
    }
    return CLI_GO_ON;
}

int cli_stream_run(const cli_stream_plan *plan, const cli_inputs *inputs)
{
    stream_job run = {.stream = NULL};
    ndup_error error = {0};
    cli_job_begin(&run.job, plan->command, plan->talk);
    cli_job_use_stdout(&run.job);
    run.job.writes_while_reading = true;
    if (answer_all(&run, plan, inputs, &error) != NDUP_STATUS_OK) {
        (void)cli_finish_stdout();
        return cli_job_fail(&run.job, &error);
    }
    cli_job_end(&run.job);
    print_counts(&run);
    return cli_job_status(&run.job, false, 0, false);
}
